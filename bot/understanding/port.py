"""The port of understanding: a text and its circumstances in, a meaning out.

Pure computation: whoever implements it loads what it needs before the first text and does no input or output after.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from flows.meaning import Expecting, Meaning
from flows.vocabulary import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The circumstances in which a text is read.

    language: the patient's setting, None where nobody set one; a text that is in another is read in that.
    expecting: what the open question waits for. now: aware UTC. zone: the clinic's. offers: starts of the times on the
    table (UTC), ascending. visit: start of the patient's own appointment (UTC), if there is one.
    """

    language: Language | None
    expecting: Expecting
    now: datetime
    zone: ZoneInfo
    offers: tuple[datetime, ...] = ()
    visit: datetime | None = None


class Understander(Protocol):
    """Whatever can read a text."""

    @property
    def is_quick(self) -> bool:
        """Whether a short text is read within a millisecond; what takes longer has no place on the event loop."""
        ...

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Return what a text means. Any text gives a meaning; nothing is raised."""
        ...

    def courtesies(self, language: Language) -> frozenset[str]:
        """Return the words, normalised, that may be added to others and change nothing: "please"."""
        ...
