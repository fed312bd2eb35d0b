"""Words the pages and the desk in one language; what their templates call.

A key nobody declared, a missing value or one too many is an error of ours and raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.wording.catalogue import Catalogue, Lexicon
from bot.wording.moments import Calendar, show_moment
from bot.wording.page_entries import PageEntry
from bot.wording.pages import PAGE_ENTRIES
from bot.wording.style import MomentStyle
from bot.wording.templates import Gap
from bot.wording.values import show_value
from flows.messages.text import Parameter
from flows.vocabulary import Language


class PageTextError(LookupError):
    """A page asks for a text that is not declared, or with other values than declared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageText:
    """The texts of pages in one language, at one time."""

    lexicon: Lexicon
    calendar: Calendar
    entries: Mapping[str, PageEntry]

    def __call__(self, key: str, /, **values: Parameter) -> str:
        """Say a text of `bot.wording.pages`; plain text, not escaped. Raises PageTextError."""
        declared = self.entries.get(key)
        entry = self.lexicon.entries.get((key, None))
        if declared is None or entry is None:
            raise PageTextError(f"no text {key} in {self.lexicon.style.language}")
        if values.keys() != declared.parameters:
            raise PageTextError(f"{key} takes the values {sorted(declared.parameters)}, not {sorted(values)}")

        def show(gap: Gap) -> str:
            return show_value(values[gap.name], gap.style, self.lexicon.style, self.calendar)

        count = int(str(values[declared.counts])) if declared.counts else None
        return self.lexicon.form(entry, count).fill(show)

    def show(self, value: date | datetime, style: str) -> str:
        """Show a day or an aware instant by itself, in the clinic's zone; `style` is one of MomentStyle."""
        return show_moment(value, MomentStyle(style), self.lexicon.style, self.calendar)


class PageWords:
    """The texts of pages, in every language."""

    def __init__(self, *, catalogue: Catalogue, zone: ZoneInfo) -> None:
        """Keep the catalogue and the clinic's zone."""
        self._catalogue = catalogue
        self._zone = zone

    def page(self, language: Language, now: datetime) -> PageText:
        """Give the texts of one language. now: aware UTC."""
        return PageText(
            lexicon=self._catalogue.lexicon(language),
            calendar=Calendar.at(now, self._zone),
            entries=PAGE_ENTRIES,
        )
