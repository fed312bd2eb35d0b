"""What pages need from the catalogue: words by key, dates and times by style, and the clinic's own facts.

No page holds a sentence of its own; every word it shows comes through here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from flows.vocabulary import Language


class PageText(Protocol):
    """One language's words at one moment; in templates it is called `t`."""

    def __call__(self, key: str, /, **values: str | int) -> str:
        """Word a key (`page.*`, `desk.*`, `demo.*`); `values` fill the text's places. Raises for an unknown key."""
        ...

    def show(self, value: date | datetime, style: str, /) -> str:
        """Write a day, or an aware instant in the clinic's zone.

        Styles: "time", "day", "date" (with its year), "short" (day and time, brief), "alone" (day and time).
        """
        ...


class PageWords(Protocol):
    """The words of all languages."""

    def page(self, language: Language, now: datetime, /) -> PageText:
        """Give the words of a language; `now` (aware UTC) decides where a year is shown."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """What every page may say about the clinic. `zone` is an IANA name, `language` that of strangers.

    names: what it is called in a language, where that differs from `name`.
    """

    name: str
    phone: str
    zone: str
    language: Language
    names: Mapping[Language, str] = field(default_factory=dict)

    def named(self, language: Language) -> "Clinic":
        """The clinic as pages in a language call it."""
        return replace(self, name=self.names.get(language, self.name))
