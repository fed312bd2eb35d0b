"""Times of day in a row of items: "half past nine", "17 h 30", "без четверти десять" become one item each.

A time of the clock's twelve hours stays `BARE`: which half of the day is meant is decided with the whole text in view.
"""

from collections.abc import Callable
from datetime import time
from enum import StrEnum

from bot.understanding.time_words import Item, Kind, Value

TIMES = frozenset({Kind.CLOCK, Kind.BARE})
_LEADS = frozenset({Kind.AT, Kind.FROM, Kind.UNTIL, Kind.BEFORE, Kind.BETWEEN})
_LINKS = frozenset({Kind.AND, Kind.OR, Kind.TO, Kind.UNTIL, Kind.AT})
_NOT_AN_HOUR = frozenset({Kind.UNIT, Kind.MONTH, Kind.SHORT_MONTH, Kind.SUFFIX, Kind.MINUTE, Kind.COMPOUND})
_BIG_HAND = frozenset({5, 10, 20, 25})
_LONGEST_RANGE = 6


class HalfHour(StrEnum):
    """What "half" before an hour means: "half nine" is 9:30, "half tien" is 9:30 too."""

    PAST = "past"
    TO = "to"


Found = tuple[Kind, Value, int]
"""A time, and how many items it takes."""


def fold_clocks(items: list[Item], half: HalfHour) -> list[Item]:
    """Replace every time of day by one item. `half` is the language's use of "half" before an hour."""
    folded: list[Item] = []
    at = 0
    while at < len(items):
        if items[at].kind is Kind.COMPOUND:
            stretch = _range(items[at], folded)
            if stretch:
                folded.extend(stretch)
                at += 1
                continue
        found = _clock_at(items[at : at + 7], folded, half)
        if found is None:
            folded.append(items[at])
            at += 1
            continue
        kind, value, taken = found
        last = items[at + taken - 1]
        folded.append(Item(kind, value, items[at].clause, last.last))
        at += taken
    return folded


def _clock_at(ahead: list[Item], before: list[Item], half: HalfHour) -> Found | None:
    reader = _READERS.get(ahead[0].kind)
    found = reader(ahead, before, half) if reader else None
    if found is None:
        return None
    kind, value, taken = found
    for follower in ahead[taken : taken + 2]:
        if follower.kind is Kind.HOUR:
            taken += 1
        elif follower.kind in {Kind.AM, Kind.PM} and isinstance(value, time):
            return Kind.CLOCK, _in_half_day(value, follower.kind), taken + 1
    return kind, value, taken


def _given(ahead: list[Item], _before: list[Item], _half: HalfHour) -> Found | None:
    value = ahead[0].value
    if len(ahead) > 1 and ahead[1].kind in {Kind.HALF_PAST, Kind.QUARTER_PAST} and isinstance(value, time):
        return ahead[0].kind, value.replace(minute=30 if ahead[1].kind is Kind.HALF_PAST else 15), 2
    return ahead[0].kind, value, 1


def _article(ahead: list[Item], before: list[Item], half: HalfHour) -> Found | None:
    if len(ahead) > 1 and ahead[1].kind is Kind.HOUR:
        return _number_first([ahead[0]._replace(kind=Kind.NUMBER, value=1), *ahead[1:]], before, half)
    return None


def _compound(ahead: list[Item], before: list[Item], _half: HalfHour) -> Found | None:
    text = str(ahead[0].value)
    mark = ":" if ":" in text else "."
    parts = text.split(mark)
    if len(parts) < 2 or not all(part.isdecimal() for part in parts):
        return None
    hour, minute = int(parts[0]), int(parts[1])
    if mark == ".":
        marked = (before and before[-1].kind in _LEADS) or (len(ahead) > 1 and ahead[1].kind in {Kind.HOUR, Kind.AM, Kind.PM})
        could_be_date = 1 <= hour <= 31 and 1 <= minute <= 12
        if len(parts) != 2 or len(parts[1]) != 2 or (could_be_date and not marked):
            return None
    return _time(hour, minute, 1, padded=parts[0].startswith("0"))


def _half(ahead: list[Item], _before: list[Item], half: HalfHour) -> Found | None:
    rest = ahead[1:]
    taken = 2
    if rest and rest[0].kind is Kind.PAST:
        rest, taken, half = rest[1:], 3, HalfHour.PAST
    hour = _hour(rest)
    if hour is None:
        return None
    return _time(hour, 30, taken) if half is HalfHour.PAST else _minutes_from(hour, -30, taken)


def _quarter(ahead: list[Item], _before: list[Item], _half: HalfHour) -> Found | None:
    if len(ahead) > 1 and ahead[1].kind is Kind.ORDINAL:
        return _minutes_from(_hour(ahead[1:]), -45, 2)
    return _around(ahead[1:], 15, 1)


def _minus(ahead: list[Item], _before: list[Item], _half: HalfHour) -> Found | None:
    rest = ahead[1:]
    if not rest or rest[0].kind not in {Kind.NUMBER, Kind.QUARTER}:
        return None
    minutes = 15 if rest[0].kind is Kind.QUARTER else _number(rest[0])
    taken = 2 if len(rest) > 1 and rest[1].kind is Kind.MINUTE else 1
    return _minutes_from(_hour(rest[taken:]), -minutes, taken + 2)


def _number_first(ahead: list[Item], before: list[Item], half: HalfHour) -> Found | None:
    first = _number(ahead[0])
    after = [item.kind for item in ahead[1:5]] + [Kind.WORD] * 4
    if after[0] is Kind.HOUR and first <= 24:
        return _hour_and_more(ahead, first, 2)
    if after[0] in {Kind.HALF_PAST, Kind.QUARTER_PAST, Kind.QUARTER_TO} and first <= 24:
        return _hour_and_more(ahead, first, 1)
    if after[0] in {Kind.AM, Kind.PM} and 1 <= first <= 12:
        return Kind.BARE, time(first % 12 if after[0] is Kind.AM else first), 1
    in_range = bool(before) and before[-1].kind in {Kind.FROM, Kind.BETWEEN, Kind.RANGE}
    spoken = 2 if after[0] is Kind.MINUTE else 1
    if not in_range and (first in _BIG_HAND or spoken == 2) and first < 60:
        if spoken == 2 and after[1] is Kind.ORDINAL:
            return _minutes_from(_hour(ahead[2:]), first - 60, 3)
        found = _around(ahead[spoken:], first, spoken)
        if found:
            return found
        if after[spoken - 1] in {Kind.PAST, Kind.TO, Kind.BEFORE} and after[spoken] is Kind.HALF and half is HalfHour.TO:
            minutes = (first if after[spoken - 1] is Kind.PAST else -first) - 30
            return _minutes_from(_hour(ahead[spoken + 2 :]), minutes, spoken + 3)
    return _led_number(ahead, before, first)


def _led_number(ahead: list[Item], before: list[Item], first: int) -> Found | None:
    if not before or first > 24:
        return None
    following = ahead[1].kind if len(ahead) > 1 else Kind.WORD
    led = (
        before[-1].kind in _LEADS
        or (before[-1].kind in _LINKS and len(before) > 1 and before[-2].kind in TIMES)
        or (before[-1].kind is Kind.RANGE and following in _LINKS and len(ahead) > 2 and ahead[2].kind is Kind.NUMBER)
    )
    if following is Kind.NUMBER and led and 0 <= _number(ahead[1]) < 60:
        beyond = ahead[2].kind if len(ahead) > 2 else Kind.WORD
        if beyond not in _NOT_AN_HOUR:
            return _time(first, _number(ahead[1]), 2)
    if led and following not in _NOT_AN_HOUR:
        return _time(first, 0, 1)
    return None


def _hour_and_more(ahead: list[Item], hour: int, taken: int) -> Found | None:
    rest = ahead[taken:]
    kind = rest[0].kind if rest else Kind.WORD
    match kind:
        case Kind.HALF_PAST:
            return _time(hour, 30, taken + 1)
        case Kind.QUARTER_PAST:
            return _time(hour, 15, taken + 1)
        case Kind.QUARTER_TO:
            return _minutes_from(hour, -15, taken + 1)
        case Kind.LESS if len(rest) > 1 and rest[1].kind is Kind.NUMBER and _number(rest[1]) < 60:
            return _minutes_from(hour, -_number(rest[1]), taken + 2)
        case Kind.NUMBER if _number(rest[0]) < 60 and not (len(rest) > 1 and rest[1].kind in {*_NOT_AN_HOUR, Kind.HOUR}):
            return _time(hour, _number(rest[0]), taken + 1)
        case Kind.NUMBER if len(rest) > 1 and rest[1].kind is Kind.MINUTE and _number(rest[0]) < 60:
            return _time(hour, _number(rest[0]), taken + 2)
        case _:
            return _time(hour, 0, taken)


def _around(rest: list[Item], minutes: int, taken: int) -> Found | None:
    if len(rest) < 2 or rest[0].kind not in {Kind.PAST, Kind.TO, Kind.BEFORE}:
        return None
    hour = _hour(rest[1:])
    if hour is None:
        return None
    if rest[0].kind is Kind.PAST:
        return _time(hour, minutes, taken + 2)
    return _minutes_from(hour, -minutes, taken + 2)


def _hour(rest: list[Item]) -> int | None:
    if rest and rest[0].kind in {Kind.NUMBER, Kind.ORDINAL} and 1 <= _number(rest[0]) <= 12:
        return _number(rest[0])
    return None


def _number(item: Item) -> int:
    return item.value if isinstance(item.value, int) else 0


def _minutes_from(hour: int | None, minutes: int, taken: int) -> Found | None:
    if hour is None:
        return None
    total = (hour * 60 + minutes) % (24 * 60 if hour > 12 else 12 * 60)
    return _time(total // 60 or 12, total % 60, taken)


def _time(hour: int, minute: int, taken: int, *, padded: bool = False) -> Found | None:
    if hour > 24 or minute > 59:
        return None
    bare = 1 <= hour <= 12 and not padded
    return Kind.BARE if bare else Kind.CLOCK, time(hour % 24, minute), taken


def _in_half_day(value: time, kind: Kind) -> time:
    return value.replace(hour=value.hour % 12 + (12 if kind is Kind.PM else 0))


def _range(item: Item, before: list[Item]) -> list[Item] | None:
    text = str(item.value)
    parts = (text.replace(".", ":") if text.count(".") == 2 else text).split("-")
    if len(parts) != 2:
        return None
    ends = [_time(*_hour_minute(part), 1, padded=part.startswith("0")) for part in parts]
    first, second = ends
    if first is None or second is None or not isinstance(first[1], time) or not isinstance(second[1], time):
        return None
    apart = second[1].hour - first[1].hour
    led = bool(before) and before[-1].kind in _LEADS
    if ":" not in parts[0] and not led and not 1 <= apart <= _LONGEST_RANGE:
        return None
    return [
        Item(Kind.BETWEEN, 0, item.clause, item.last),
        Item(first[0], first[1], item.clause, item.last),
        Item(Kind.AND, 0, item.clause, item.last),
        Item(second[0], second[1], item.clause, item.last),
    ]


def _hour_minute(text: str) -> tuple[int, int]:
    hour, _, minute = text.partition(":")
    if not hour.isdecimal() or (minute and not minute.isdecimal()):
        return 99, 0
    return int(hour), int(minute or 0)


_READERS: dict[Kind, Callable[[list[Item], list[Item], HalfHour], Found | None]] = {
    Kind.CLOCK: _given,
    Kind.BARE: _given,
    Kind.COMPOUND: _compound,
    Kind.HALF: _half,
    Kind.QUARTER: _quarter,
    Kind.MINUS: _minus,
    Kind.NUMBER: _number_first,
    Kind.ARTICLE: _article,
}
