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

    language: the patient's setting; a text plainly in another language is read in that one. expecting: what the open
    question waits for. now: aware UTC. zone: the clinic's. offers: starts of the times on the table (UTC), ascending.
    visit: start of the patient's own appointment (UTC), if there is one.
    """

    language: Language
    expecting: Expecting
    now: datetime
    zone: ZoneInfo
    offers: tuple[datetime, ...] = ()
    visit: datetime | None = None


class Understander(Protocol):
    """Whatever can read a text."""

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Return what a text means. Any text gives a meaning; nothing is raised."""
        ...

    def courtesies(self, language: Language) -> frozenset[str]:
        """Return the words, normalised, that may be added to others and change nothing: "please"."""
        ...
