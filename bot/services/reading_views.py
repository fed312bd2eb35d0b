"""What a patient's words were understood to say, as staff see it and can put it right."""

from dataclasses import dataclass

from flows.meaning import Intent
from flows.vocabulary import Language

LIKELY = 3
"""So many of the likeliest meanings stand first in the list to choose from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """What a text was taken to mean. others: the next likeliest, likeliest first. meant: what staff said it means."""

    intent: Intent
    sure: bool
    others: tuple[Intent, ...] = ()
    language: Language | None = None
    meant: Intent | None = None

    @property
    def second(self) -> Intent | None:
        """What it was likeliest to mean, but for `intent`."""
        return next(iter(self.others), None)

    @property
    def likely(self) -> tuple[Intent, ...]:
        """The meanings to choose from first: the alternatives, and what it was taken for unless that was sure."""
        first = () if self.sure else (self.intent,)
        return (*first, *self.others)[:LIKELY]

    @property
    def unlikely(self) -> tuple[Intent, ...]:
        """All others, in their own order, with what it was surely taken for: to take a correction back."""
        return tuple(intent for intent in Intent if intent not in self.likely)
