"""What the pieces of a text say of time: the kinds of item, their values, and how the data writes them."""

from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from bot.understanding.feasts import Feast, read_feast
from bot.understanding.patterns import PatternError


class Kind(StrEnum):
    """What an item says. The comment names its value in the data, if it has one."""

    DAY = "day"  # days from today: "day +1"
    WEEKDAY = "weekday"  # 0 is Monday
    SHORT = "short"  # a weekday's abbreviation that is a word of its own too: only beside another time
    WORKDAYS = "workdays"
    WORK_WEEK = "work_week"  # likewise, but for "before" or "after" a feast a week: "la semaine avant Noël"
    WEEKEND = "weekend"
    WEEK = "week"  # weeks from this one
    WEEK_AFTER = "week_after"  # next week, or the one that follows a feast right behind it: "the week after Christmas"
    THIS_MONTH = "this_month"
    MONTH = "month"  # 1 to 12
    SHORT_MONTH = "short_month"  # a month that is a word of its own too: only beside a number or after "in"
    NEXT_MONTH = "next_month"
    NEXT_YEAR = "next_year"
    SEASON = "season"  # month and day it begins: "season 03-01"
    FEAST = "feast"  # first and last day: "feast 12-25 12-26", "feast easter+0 easter+1"; one day: "feast 12-24"
    NUMBER = "number"
    ORDINAL = "ordinal"
    ARTICLE = "article"  # a one that is also "a": only before a unit or an hour
    SUFFIX = "suffix"  # the "th" of "24th"
    CLOCK = "clock"  # "clock 12:00"
    BARE = "bare"  # an hour of the clock's twelve: "bare 9:30"
    PART = "part"  # "part 06:00-12:00", "part 17:00-"
    HOUR_PART = "hour_part"  # a part that tells which half of the day an hour before it means: "du soir"
    DAYS_OR_PM = "days_or_pm"  # "дня": days, or behind an hour the afternoon
    HALF = "half"
    QUARTER = "quarter"
    PAST = "past"
    TO = "to"
    BEFORE = "before"  # both "quarter to" and "until"
    MINUS = "minus"  # before minutes and hour: "без пяти десять"
    HALF_PAST = "half_past"  # behind the hour: "et demie"
    QUARTER_PAST = "quarter_past"
    QUARTER_TO = "quarter_to"
    LESS = "less"  # behind the hour, minutes follow: "moins dix"
    HOUR = "hour"
    MINUTE = "minute"
    AM = "am"
    PM = "pm"
    AT = "at"
    FROM = "from"  # 0 when the day itself counts, 1 when it does not
    UNTIL = "until"  # 0 or -1, likewise
    EARLIEST = "earliest"  # before or behind what it bounds: "au plus tôt"
    LATEST = "latest"  # likewise: "at the latest"
    WEAK_FROM = "weak_from"  # "from" only where a time or a day follows: "dès" looks like "des"
    BETWEEN = "between"
    RANGE = "range"  # "de 14 h à 16 h": nothing unless a second time follows
    AND = "and"
    OR = "or"
    NOT = "not"
    EXCEPT = "except"
    ANY_DAY = "any_day"
    IN = "in"
    MEASURE = "measure"  # what numbers that are no times count: "euros", "children"
    UNIT = "unit"  # day, week, month, year
    ABOUT = "about"  # a unit, of which about so many follow: "een maand of" drie is "about month"
    NEXT = "next"
    COMING = "coming"
    LAST = "last"
    SINCE = "since"
    AGO = "ago"
    HENCE = "hence"  # "two weeks from now"
    SHIFT = "shift"  # minutes from the time on the table, or from the visit there is: "shift -1440"
    SHIFTED = "shifted"  # behind a count: "two days later" is +1, "earlier" -1
    FURTHER = "further"  # days on top of a day: "jeudi en huit" is "further +7"
    SAME_TIME = "same_time"
    THE_ONE = "the_one"  # the day that follows points at an offer: "celui de jeudi"
    MONTHS = "months"  # months from today: "months +6"
    DATED = "dated"  # the day of a month follows: "le 24"
    BEGIN = "begin"
    MIDDLE = "middle"
    END = "end"
    GLUE = "glue"  # "the", "of": nothing, but nothing stands between its neighbours either
    SKIP = "skip"  # "good morning": sounds like a time, is none
    WORD = "word"
    COMPOUND = "compound"  # "9:30", "24/11", "2-4": decided by its neighbours


class Bounds(NamedTuple):
    """A stretch of the day; None is open."""

    earliest: time | None
    latest: time | None


Value = int | str | time | date | Bounds | Feast


class Item(NamedTuple):
    """A word or phrase: what it says, in which clause and up to which word of the text.

    figures: it is a number written in figures.
    """

    kind: Kind
    value: Value
    clause: int
    last: int
    figures: bool = False


_WHOLE_NUMBERS = frozenset(
    {
        Kind.DAY, Kind.WEEKDAY, Kind.SHORT, Kind.WEEK, Kind.MONTH, Kind.SHORT_MONTH, Kind.NUMBER, Kind.ORDINAL,
        Kind.FROM, Kind.UNTIL, Kind.SHIFT, Kind.SHIFTED, Kind.FURTHER, Kind.MONTHS,
    }
)  # fmt: skip
_A_LEAP_YEAR = 2000
_UNITS = {unit: unit for unit in ("day", "week", "month", "year")}


def read_code(code: str) -> tuple[tuple[Kind, Value], ...]:
    """Read what a phrase says, for example "day +0, part 17:00-22:00". Raises PatternError."""
    return tuple(_read_one(part.split()) for part in code.split(","))


def _read_one(words: list[str]) -> tuple[Kind, Value]:
    try:
        return _kind_and_value(words)
    except (ValueError, LookupError) as broken:
        raise PatternError(f"unknown time '{' '.join(words)}': see the kinds of time in bot/understanding") from broken


def _kind_and_value(words: list[str]) -> tuple[Kind, Value]:
    kind = Kind(words[0])
    if kind in _WHOLE_NUMBERS:
        return kind, int(words[1])
    if kind in {Kind.CLOCK, Kind.BARE}:
        return kind, _clock(words[1])
    if kind in {Kind.PART, Kind.HOUR_PART}:
        earliest, latest = words[1].split("-")
        return kind, Bounds(_clock(earliest) if earliest else None, _clock(latest) if latest else None)
    if kind is Kind.SEASON:
        month, day = words[1].split("-")
        return kind, date(_A_LEAP_YEAR, int(month), int(day))
    if kind is Kind.FEAST:
        return kind, read_feast(words[1], words[-1])
    if kind in {Kind.UNIT, Kind.ABOUT}:
        return kind, _UNITS[words[1]]
    return kind, 0


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))
