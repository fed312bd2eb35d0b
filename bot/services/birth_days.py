"""Owns which days a date of birth in somebody's words can mean, in figures or with the month in words.

Invariant: whatever a flow takes for a date of birth (`flows.dialogs.person_in_text`) has its days here, if the calendar
has them; where figures can be read in two ways, both are told, for staff decide.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from babel import Locale

from flows.vocabulary import Language

FEWEST_LETTERS = 3
"""So few letters of a month's name tell which it is, or which two."""

_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./\- ]+(\d{1,2})[./\- ]+(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})[./\-](\d{1,2})[./\-](\d{1,2})(?!\d)")
_WITHOUT_GAPS = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")
_YEAR_WITHOUT_GAPS = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_DAY_AND_YEAR = re.compile(r"([^\W\d_]*)[. ]*(?<!\d)(\d{1,2})(?!\d)(\D{2,20})(?<!\d)((?:19|20)\d{2})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_CENTURIES = ("19", "20")


def days_in(words: str) -> tuple[date, ...]:
    """The days that dates in a text can mean; day before month, or the other way round."""
    found = (
        _day(year, month, day)
        for reading in (_in_figures(words), _in_words(plain(words)))
        for year, month, day in reading
    )
    return tuple(dict.fromkeys(day for day in found if day is not None))


def plain(words: str) -> str:
    """A text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _in_figures(words: str) -> Iterator[tuple[str, str, str]]:
    for form in (_DAY_FIRST, _WITHOUT_GAPS):
        for first, second, written in form.findall(words):
            for year in (written,) if len(written) > 2 else (f"{century}{written}" for century in _CENTURIES):  # noqa: PLR2004 - digits
                yield year, second, first
                yield year, first, second
    for form in (_YEAR_FIRST, _YEAR_WITHOUT_GAPS):
        yield from form.findall(words)


def _in_words(words: str) -> Iterator[tuple[str, str, str]]:
    """Dates like "2 May 1984", "le 2 mai 1984" and "May 2, 1984"."""
    for before, day, between, year in _DAY_AND_YEAR.findall(words):
        named = [month for word in _WORD.findall(between) for month in _months().get(word, ())]
        for month in named or sorted(_months().get(before, frozenset())):
            yield year, str(month), day


@cache
def _months() -> Mapping[str, frozenset[int]]:
    """Which months a word can mean, in all languages: their names, and what is cut short of them."""
    found: dict[str, set[int]] = defaultdict(set)
    for language in Language:
        for widths in Locale.parse(language.value).months.values():
            for width in ("wide", "abbreviated"):
                for month, name in widths[width].items():
                    word = plain(name).rstrip(".")
                    for length in range(min(FEWEST_LETTERS, len(word)), len(word) + 1):
                        found[word[:length]].add(month)
    return {word: frozenset(months) for word, months in found.items()}


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
