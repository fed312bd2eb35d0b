"""What a synthetic patient does about what stands on their phone: press, write, or nothing.

Decided from the words' buttons, the person's temperament and their own chance; never from what is stored.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from random import Random
from typing import TypeAlias

from bot.rehearsal.simulation.people import Person
from bot.rehearsal.simulation.temperaments import TRAITS, Said, Traits
from bot.services.ports import OutgoingButton
from flows.engine.choices import Choice, Payload
from flows.vocabulary import Language

MOST_IN_A_ROW = 10
"""Whoever has said so much at one go puts the phone away."""

CHANGES_THEIR_MIND = 0.15
_PHRASES: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
    (resources.files(__package__) / "phrases.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """Write some words."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """Press a button."""

    payload: str


Act: TypeAlias = Write | Press
Buttons: TypeAlias = Mapping[Choice, Sequence[str]]


@dataclass(kw_only=True, slots=True)
class Mind:
    """What goes on in a synthetic patient. chance: their own; begun: they said what they had at heart."""

    person: Person
    chance: Random
    begun: bool = False
    in_a_row: int = 0
    buttons: Buttons = field(default_factory=dict)

    @property
    def traits(self) -> Traits:
        """How they behave."""
        return TRAITS[self.person.temperament]

    def says(self, what: Said) -> Write:
        """Put it in their words."""
        return Write(text=phrase(what, self.person.language, self.chance))

    def sees(self, buttons: Sequence[OutgoingButton]) -> None:
        """Look at the last message's buttons; older ones are forgotten."""
        shown: dict[Choice, list[str]] = {}
        for button in buttons:
            shown.setdefault(Payload.decode(button.payload).choice, []).append(button.payload)
        self.buttons = shown

    def is_called_upon(self) -> Act | None:
        """React to a message that came by itself; None: not now."""
        self.in_a_row = 0
        if self.chance.random() >= self.traits.answers:
            return None
        if self.traits.begins is not None and not self.begun and Choice.SLOT in self.buttons:
            self.begun = True
            return self.says(self.traits.begins)
        return self.goes_on()

    def goes_on(self) -> Act | None:
        """React to what the last message asks; None: the talk is over for them."""
        self.in_a_row += 1
        if self.in_a_row > MOST_IN_A_ROW:
            return None
        for choice, react in _REACTIONS.items():
            if choice in self.buttons:
                return react(self)
        return None

    def presses(self, *wanted: Choice) -> Act | None:
        """Press one of these, the first that is there; which of several alike is left to chance."""
        there = next((self.buttons[choice] for choice in wanted if choice in self.buttons), None)
        return None if there is None else Press(payload=self.chance.choice(there))

    def happens(self, probability: float) -> bool:
        """Throw the dice."""
        return self.chance.random() < probability


def phrase(what: Said, language: Language, chance: Random) -> str:
    """Put something in words of a language."""
    return chance.choice(_PHRASES[language.value][what.value])


def _about_permission(mind: Mind) -> Act | None:
    return mind.presses(Choice.ALLOW if mind.happens(mind.traits.allows) else Choice.NO_THANKS)


def _about_times(mind: Mind) -> Act | None:
    if mind.happens(mind.traits.books):
        if Choice.OTHER_TIMES in mind.buttons and mind.happens(CHANGES_THEIR_MIND):
            return mind.presses(Choice.OTHER_TIMES)
        return mind.presses(Choice.SLOT)
    if mind.happens(CHANGES_THEIR_MIND):
        return mind.says(Said.LATER)
    return mind.presses(Choice.NOT_NOW, Choice.NO_THANKS)


def _about_reminder(mind: Mind) -> Act | None:
    if not mind.happens(mind.traits.changes):
        return mind.presses(Choice.WILL_COME)
    if mind.happens(CHANGES_THEIR_MIND):
        return mind.says(Said.CANCEL)
    return mind.presses(Choice.CHANGE_VISIT) or mind.says(Said.MOVE)


def _about_check_in(mind: Mind) -> Act | None:
    return mind.says(Said.WORRY) if mind.happens(CHANGES_THEIR_MIND) else mind.presses(Choice.ALL_GOOD)


def _about_cancelling(mind: Mind) -> Act | None:
    return mind.presses(Choice.CONFIRM_CANCEL if mind.happens(mind.traits.changes) else Choice.KEEP_VISIT)


def _any(*choices: Choice) -> "Reaction":
    return lambda mind: mind.presses(*choices)


Reaction: TypeAlias = "Callable[[Mind], Act | None]"
_REACTIONS: Mapping[Choice, Reaction] = {
    Choice.ALLOW: _about_permission,
    Choice.MYSELF: _any(Choice.MYSELF),
    Choice.RHYTHM: _any(Choice.RHYTHM),
    Choice.WAY: _any(Choice.WAY),
    Choice.ALL_GOOD: _about_check_in,
    Choice.CONFIRM_CANCEL: _about_cancelling,
    Choice.WILL_COME: _about_reminder,
    Choice.CORRECT: _any(Choice.CORRECT),
    Choice.SLOT: _about_times,
    Choice.DAY: _any(Choice.DAY),
    Choice.PART_OF_DAY: _any(Choice.PART_OF_DAY),
    Choice.IN_MONTHS: _any(Choice.IN_MONTHS, Choice.NO_THANKS),
    Choice.MEANT: _any(Choice.MEANT),
}
"""What a message asks is seen by its buttons; the first that is there decides."""
