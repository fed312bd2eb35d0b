"""The forms in which people say a time of day, whatever the language: which items make one, and which time it is.

A form takes the items from a place on and returns the time with the number of items it took, or None.
"""

from collections.abc import Callable
from datetime import time
from enum import StrEnum

from bot.understanding.clock_figures import DAY, DIAL, HOUR, Found, clock_time, compound_time, is_dashed_time
from bot.understanding.day_parts import half_of_day, within
from bot.understanding.rows import Row
from bot.understanding.sharing import shared_month
from bot.understanding.time_items import Bounds, Kind

_NOT_AFTER_AN_HOUR = frozenset(
    {Kind.UNIT, Kind.MONTH, Kind.SHORT_MONTH, Kind.SUFFIX, Kind.MINUTE, Kind.COMPOUND, Kind.AGO, Kind.MEASURE}
)
_SIDES = frozenset({Kind.PAST, Kind.TO, Kind.BEFORE})
_BEHIND = frozenset({Kind.HALF_PAST, Kind.QUARTER_PAST, Kind.QUARTER_TO, Kind.LESS})
_DAY_BEFORE = frozenset({Kind.WEEKDAY, Kind.SHORT, Kind.MONTH, Kind.SHORT_MONTH, Kind.DATED})
_BIG_HAND = frozenset({5, 10, 20, 25})
"""Minutes that people say before an hour without the word "minutes"."""

_FIVE_TO = 5
_RUN_TOGETHER = range(700, 2360)
_NOON_HOURS = Bounds(time(DIAL), time(DIAL + 2))
"""What "midi" says by itself; "midi trente" is half past twelve."""
_HUNDRED = 100
_RATHER_YEARS = range(2020, 2041)
_DATE = ((1, 31), (1, 12))


class HalfHour(StrEnum):
    """What "half" before an hour means: "half nine" is 9:30, "half tien" is 9:30 too."""

    PAST = "past"
    TO = "to"


Form = Callable[[Row, HalfHour, frozenset[str]], Found | None]


def spoken_time(row: Row, half: HalfHour, around: frozenset[str]) -> Found | None:
    """Read the time that begins here. around: "led" by a word that makes a number an hour; within a "range"."""
    form = None if shared_month(row) else _FORMS.get(row.kind())
    found = form(row, half, around) if form else None
    if found is None:
        return None
    kind, value, taken = found
    if row.kind(taken) is Kind.HOUR:
        taken += 1
    if row.kind(taken) in {Kind.AM, Kind.PM} and isinstance(value, time):
        evening = row.kind(taken) is Kind.PM
        return Kind.CLOCK, value.replace(hour=value.hour % DIAL + (DIAL if evening else 0)), taken + 1
    part = half_of_day(row.after(taken))
    told = within(value, part) if part and isinstance(value, time) else None
    if told:
        return Kind.CLOCK, told, taken + 1
    return kind, value, taken


def _given(row: Row, _half: HalfHour, _around: frozenset[str]) -> Found | None:
    value = row.item().value
    if row.kind(1) in {Kind.HALF_PAST, Kind.QUARTER_PAST} and isinstance(value, time):
        return row.kind(), value.replace(minute=30 if row.kind(1) is Kind.HALF_PAST else 15), 2
    return row.kind(), value, 1


def _article(row: Row, _half: HalfHour, _around: frozenset[str]) -> Found | None:
    return _hour_and_more(row, 1, 2) if row.kind(1) is Kind.HOUR else None


def _compound(row: Row, _half: HalfHour, around: frozenset[str]) -> Found | None:
    text = str(row.item().value)
    if is_dashed_time(text, led="led" in around):
        text = text.replace("-", ":")
    if "." in text and ":" not in text:
        first, _, second = text.partition(".")
        if not (first.isdecimal() and second.isdecimal() and len(second) == len("30")):
            return None
        marked = "led" in around or row.kind(1) in {Kind.HOUR, Kind.AM, Kind.PM}
        ranges = zip((int(first), int(second)), _DATE, strict=True)
        if not marked and all(least <= number <= most for number, (least, most) in ranges):
            return None
        text = f"{first}:{second}"
    found = compound_time(text)
    return (*found, 1) if found and ":" in text else None


def _half(row: Row, half: HalfHour, _around: frozenset[str]) -> Found | None:
    past = row.kind(1) is Kind.PAST
    taken = 2 if past else 1
    hour = _hour(row.after(taken))
    if hour is None:
        return None
    return _minutes_from(hour, 30 if past or half is HalfHour.PAST else -30, taken + 1)


def _quarter(row: Row, _half: HalfHour, _around: frozenset[str]) -> Found | None:
    if row.kind(1) is Kind.ORDINAL:
        return _minutes_from(_hour(row.after(1)), -45, 2)
    return _beside_hour(row, 15, 1)


def _minus(row: Row, _half: HalfHour, _around: frozenset[str]) -> Found | None:
    if row.kind(1) not in {Kind.NUMBER, Kind.QUARTER}:
        return None
    minutes = 15 if row.kind(1) is Kind.QUARTER else row.number(1)
    taken = 3 if row.kind(2) is Kind.MINUTE else 2
    return _minutes_from(_hour(row.after(taken)), -minutes, taken + 1)


def _number(row: Row, half: HalfHour, around: frozenset[str]) -> Found | None:
    first, following = row.number(), row.kind(1)
    if following is Kind.HOUR or following in _BEHIND:
        return _hour_and_more(row, first, 2 if following is Kind.HOUR else 1)
    if following in {Kind.AM, Kind.PM} and 1 <= first <= DIAL:
        return Kind.BARE, time(first % DIAL if following is Kind.AM else first), 1
    if following is Kind.HOUR_PART and 1 <= first <= DIAL:
        return Kind.BARE, time(first), 1
    if "range" not in around:
        found = _minutes_and_hour(row, first, half)
        if found:
            return found
    return _led_number(row, first) if "led" in around else None


def _minutes_and_hour(row: Row, minutes: int, half: HalfHour) -> Found | None:
    if rather_a_stretch(row):
        return None
    spoken = row.kind(1) is Kind.MINUTE
    taken = 2 if spoken else 1
    if minutes >= HOUR or not (spoken or minutes in _BIG_HAND):
        return None
    if spoken and row.kind(2) is Kind.ORDINAL:
        return _minutes_from(_hour(row.after(2)), minutes - HOUR, 3)
    if half is HalfHour.TO and row.kind(taken) in {*_SIDES, Kind.FROM} and row.kind(taken + 1) is Kind.HALF:
        beside = minutes if row.kind(taken) in {Kind.PAST, Kind.FROM} else -minutes
        return _minutes_from(_hour(row.after(taken + 2)), beside - 30, taken + 3)
    return _beside_hour(row, minutes, taken)


def rather_a_stretch(row: Row) -> bool:
    """Tell whether "10 to 12" in figures are two hours; in words it is ten minutes before twelve."""
    first, last = row.item(), row.item(2)
    if not (first.figures and last.figures) or row.kind(1) is not Kind.TO or row.kind(3) in _NOT_AFTER_AN_HOUR:
        return False
    return row.number() != _FIVE_TO and row.number() < row.number(2) <= DIAL


def _part(row: Row, _half: HalfHour, _around: frozenset[str]) -> Found | None:
    part = row.item().value
    if part != _NOON_HOURS:
        return None
    if not (row.kind(1) in _BEHIND or (row.kind(1) is Kind.NUMBER and row.number(1) > DIAL)):
        return None
    return _hour_and_more(row, DIAL, 1)


def _beside_hour(row: Row, minutes: int, taken: int) -> Found | None:
    after = row.kind(taken) is Kind.FROM and row.number(taken) > 0 and row.kind(-1) not in _DAY_BEFORE
    if row.kind(taken) not in _SIDES and not after:
        return None
    beside = minutes if after or row.kind(taken) is Kind.PAST else -minutes
    return _minutes_from(_hour(row.after(taken + 1)), beside, taken + 2)


def _led_number(row: Row, first: int) -> Found | None:
    following = row.kind(1)
    if first >= _HUNDRED:
        hour, minute = divmod(first, _HUNDRED)
        rather = first in _RUN_TOGETHER and first not in _RATHER_YEARS and minute % 5 == 0
        return clock_time(hour, minute, 1) if rather and following not in _NOT_AFTER_AN_HOUR else None
    if following is Kind.NUMBER and row.kind(2) not in _NOT_AFTER_AN_HOUR:
        found = clock_time(first, row.number(1), 2)
        if found:
            return found
    return None if following in _NOT_AFTER_AN_HOUR or first >= DAY else clock_time(first, 0, 1)


def _hour_and_more(row: Row, hour: int, taken: int) -> Found | None:
    minutes, further = row.number(taken), row.kind(taken + 1)
    match row.kind(taken):
        case Kind.HALF_PAST:
            return clock_time(hour, 30, taken + 1)
        case Kind.QUARTER_PAST:
            return clock_time(hour, 15, taken + 1)
        case Kind.QUARTER_TO:
            return _minutes_from(hour, -15, taken + 1)
        case Kind.LESS if further is Kind.NUMBER:
            return _minutes_from(hour, -row.number(taken + 1), taken + 2)
        case Kind.NUMBER if minutes < HOUR and further is Kind.MINUTE:
            return clock_time(hour, minutes, taken + 2)
        case Kind.NUMBER if minutes < HOUR and further not in {*_NOT_AFTER_AN_HOUR, Kind.HOUR}:
            return clock_time(hour, minutes, taken + 1)
        case _:
            return clock_time(hour, 0, taken)


def _hour(row: Row) -> int | None:
    return row.number() if row.kind() in {Kind.NUMBER, Kind.ORDINAL} and 1 <= row.number() <= DIAL else None


def _minutes_from(hour: int | None, minutes: int, taken: int) -> Found | None:
    if hour is None or not -HOUR < minutes < HOUR or hour > DAY:
        return None
    total = (hour * HOUR + minutes) % ((DAY if hour > DIAL else DIAL) * HOUR)
    return clock_time(total // HOUR or DIAL, total % HOUR, taken)


_FORMS: dict[Kind, Form] = {
    Kind.CLOCK: _given,
    Kind.BARE: _given,
    Kind.ARTICLE: _article,
    Kind.COMPOUND: _compound,
    Kind.HALF: _half,
    Kind.QUARTER: _quarter,
    Kind.MINUS: _minus,
    Kind.NUMBER: _number,
    Kind.PART: _part,
}
BEGIN_TIMES = frozenset(_FORMS)
"""What a time of day may begin with."""
