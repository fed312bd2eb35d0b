"""The manner of a language as data: patterns of dates, times and money, and forms of address, from `style.toml`.

A file with an unknown or missing part does not load; all languages have the same styles.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from babel import Locale

from flows.vocabulary import Language
from locales import language_file

PART = re.compile(r"\{([^{}]+)\}")
TIME = "time"
BARE_TIME = "clock"
DAY_OF_MONTH = "day"
WEEK = 7
YEAR = 12


class StyleError(ValueError):
    """A language's `style.toml` cannot be used; the message names the language and the part."""


class MomentStyle(StrEnum):
    """The ways a date or an instant is shown, each in every language; texts write `{first:sentence}`.

    SENTENCE: day and time within a sentence. ALONE: the same where it stands alone. SHORT: the same on a button.
    TIME: the bare time. DAY: weekday and date. ON_DAY: the same, saying when. UNTIL: the date after "until" or
    "before". DATE: the date with its year. SHORT_DAY: a day on a button. IN_MONTH: saying in which month ("in March
    last year"). SOON_MONTH: the same for one of the next twelve months, without a year.
    """

    SENTENCE = "sentence"
    ALONE = "alone"
    SHORT = "short"
    TIME = "time"
    DAY = "day"
    ON_DAY = "on_day"
    UNTIL = "until"
    DATE = "date"
    SHORT_DAY = "short_day"
    IN_MONTH = "in_month"
    SOON_MONTH = "soon_month"


NEEDS_TIME = frozenset({MomentStyle.SENTENCE, MomentStyle.ALONE, MomentStyle.SHORT, MomentStyle.TIME})
"""Styles a mere day cannot be shown in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A style of moments, by the year of the moment: this one, the last, another.

    Braces hold a table's name, `time`, `clock` (the bare time), `day` (of the month), or a Babel pattern.
    """

    this_year: str
    last_year: str
    other_year: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Babel patterns of the time of day; `bare` is for narrow places."""

    full_hour: str
    other: str
    bare: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyPatterns:
    """Babel patterns of amounts."""

    whole: str
    broken: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Forms of address.

    titles: written title in lower case → kind of person (`lady`, `gentleman`, `doctor`, `professor`).
    forms: kind → form; `any` serves whom no kind is known of. prefix: how the family name begins without first name.
    """

    nameless: str
    named: str
    titles: Mapping[str, str]
    forms: Mapping[str, str]
    prefix: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Style:
    """All of one language's `style.toml`, read once: two are the same only if they are one."""

    language: Language
    locale: Locale
    first_of_month: str
    clock: Clock
    moments: Mapping[MomentStyle, Pattern]
    tables: Mapping[str, tuple[str, ...]]
    money: MoneyPatterns
    address: Address


def load_style(language: Language) -> Style:
    """Read `locales/<language>/style.toml`. Raises StyleError."""
    raw = tomllib.loads(language_file(language, "style.toml").read_text(encoding="utf-8"))
    try:
        style = Style(
            language=language,
            locale=Locale.parse(raw["locale"]),
            first_of_month=raw["first_of_month"],
            clock=Clock(**raw["clock"]),
            moments={MomentStyle(name): _pattern(parts) for name, parts in raw["moments"].items()},
            tables={name: tuple(words) for name, words in raw.get("tables", {}).items()},
            money=MoneyPatterns(**raw["money"]),
            address=Address(**raw["address"]),
        )
    except (KeyError, TypeError, ValueError) as broken:
        raise StyleError(f"{language}/style.toml: {broken}") from broken
    _require_whole(style)
    return style


def _pattern(raw: Mapping[str, str]) -> Pattern:
    if unknown := raw.keys() - {"this_year", "last_year", "other_year"}:
        raise ValueError(f"unknown part {min(unknown)}")
    other = raw.get("other_year", raw["this_year"])
    return Pattern(this_year=raw["this_year"], last_year=raw.get("last_year", other), other_year=other)


def _require_whole(style: Style) -> None:
    if missing := set(MomentStyle) - style.moments.keys():
        raise StyleError(f"{style.language}/style.toml: moments.{min(missing)} is missing")
    for name, words in style.tables.items():
        if len(words) not in (WEEK, YEAR):
            raise StyleError(f"{style.language}/style.toml: tables.{name} has neither seven nor twelve entries")
    for name, pattern in style.moments.items():
        parts = {
            part for text in (pattern.this_year, pattern.last_year, pattern.other_year) for part in PART.findall(text)
        }
        if name not in NEEDS_TIME and parts & {TIME, BARE_TIME}:
            raise StyleError(f"{style.language}/style.toml: moments.{name} shows days and cannot show a time")
