"""What pages need from the catalogue: words by key, dates and times by style, and the clinic's own facts.

No page holds a sentence of its own; every word it shows comes through here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flows.vocabulary import Language


class PageText(Protocol):
    """Words of a page by their key (`page.*`, `desk.*`, `demo.*`)."""

    def __call__(self, key: str, language: Language, /, **params: str) -> str:
        """Word a key; `params` fill the text's places. Raises KeyError for a key no catalogue has."""
        ...


class Moment(Protocol):
    """Dates and times as people write them."""

    def __call__(self, at: datetime, style: str, language: Language, /) -> str:
        """Write an aware instant, which is already in the zone to show.

        Styles: "time", "day" (no year), "date" (with year), "sentence" (day and time), "short" (day and time, brief).
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """What every page may say about the clinic. `zone` is an IANA name, `language` that of strangers."""

    name: str
    phone: str
    zone: str
    language: Language
