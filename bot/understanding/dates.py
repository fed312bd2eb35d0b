"""Days in a row of items: weekdays, weeks and dates become sets of days of the clinic's calendar.

A bare weekday is every such day of the window. Days of the past ("since Monday", "mardi dernier") are dropped.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from bot.understanding.calendar_days import Calendar, earliest
from bot.understanding.day_dates import (
    MONTHS,
    NUMBERS,
    Found,
    Reader,
    compound_date,
    led_date,
    month_date,
    months_ahead,
    number_of,
    numbered_date,
    one_day,
    season,
    time_ahead,
)
from bot.understanding.time_words import Item, Kind

_LONGEST = 6
_LAST_DAY = 31
_NEAR = timedelta(days=60)
_FAR = timedelta(days=21)
_WEEKDAYS = frozenset({Kind.WEEKDAY, Kind.SHORT})
_CLOCK_FOLLOWS = frozenset({Kind.HOUR, Kind.AM, Kind.PM, Kind.UNIT})
_LINKS = frozenset({Kind.OR, Kind.AND})
_FAR_KINDS = frozenset({Kind.SEASON, Kind.NEXT_MONTH, Kind.NEXT_YEAR, Kind.MONTHS})
_PAST_WITHOUT_DAYS = frozenset({Kind.UNIT, Kind.PART, Kind.CLOCK, Kind.BARE})
_TELLING = frozenset(
    {
        Kind.NUMBER, Kind.ORDINAL, Kind.COMPOUND, Kind.CLOCK, Kind.BARE, Kind.PART, Kind.WEEKDAY, Kind.SHORT, Kind.WEEK,
        Kind.OR, Kind.AT, Kind.FROM, Kind.NEXT, Kind.COMING,
    }
)  # fmt: skip


_NAMED_DAYS = frozenset(
    {Kind.WEEKDAY, Kind.WEEK, Kind.WEEKEND, Kind.DAY, Kind.NEXT, Kind.COMING, Kind.WORKDAYS, Kind.LAST, Kind.ORDINAL}
)
_NOTHING = Item(Kind.WORD, "", -1, -1)


class Days(NamedTuple):
    """Some days that a text names, with the clause and the place of the last word that named them.

    far: a month, a season or a day some weeks off. month: a month alone, by its first day.
    """

    days: frozenset[date]
    clause: int
    last: int
    far: bool = False
    month: bool = False


Piece = Item | Days


def fold_dates(items: list[Item], calendar: Calendar) -> list[Piece]:
    """Replace what names days by those days."""
    pieces: list[Piece] = []
    items = [item for item, following in pairwise([*items, _NOTHING]) if not _only_leads(item, following)]
    at = 0
    while at < len(items):
        ahead = items[at : at + _LONGEST]
        if ahead[0].kind in {Kind.SINCE, Kind.LAST}:
            at += 1 + _length_of_past(ahead[1:], calendar)
            continue
        found = _found_at(ahead, items[at - 1] if at else None, calendar)
        if found is None:
            pieces.append(ahead[0])
            at += 1
            continue
        days, taken = found
        at += taken
        if at < len(items) and items[at].kind in {Kind.LAST, Kind.AGO}:
            at += 1
        elif days:
            pieces.append(_days(days, items[at - taken : at], calendar))
    return pieces


def _only_leads(item: Item, following: Item) -> bool:
    """Tell whether an item is the "at" of "в понедельник", which says nothing of a day."""
    return item.kind is Kind.AT and following.kind in _NAMED_DAYS


def _days(days: frozenset[date], items: list[Item], calendar: Calendar) -> Days:
    kinds = {item.kind for item in items}
    month_alone = bool(kinds & MONTHS) and not kinds & NUMBERS
    counted_off = Kind.UNIT in kinds and min(days) - calendar.today > _FAR
    return Days(
        days=days,
        clause=items[0].clause,
        last=items[-1].last,
        far=bool(kinds & _FAR_KINDS) or month_alone or counted_off,
        month=month_alone,
    )


def _length_of_past(ahead: list[Item], calendar: Calendar) -> int:
    if not ahead:
        return 0
    found = _found_at(ahead, None, calendar)
    if found:
        return found[1]
    return int(ahead[0].kind in _PAST_WITHOUT_DAYS)


def _found_at(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    reader = _READERS.get(ahead[0].kind)
    return reader(ahead, before, calendar) if reader else None


def _day(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    return one_day(calendar.today + timedelta(days=number_of(ahead[0])), 1)


def _weekday(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    weekday, rest = number_of(ahead[0]), ahead[1:]
    if ahead[0].kind is Kind.SHORT and not _beside_a_time(rest, before):
        return None
    if not rest:
        return calendar.on_weekday(weekday), 1
    dated = _date_after_weekday(rest, weekday, calendar)
    if dated:
        return dated[0], dated[1] + 1
    if rest[0].kind in {Kind.NEXT, Kind.COMING}:
        return earliest(calendar.on_weekday(weekday) - {calendar.today}), 2
    if rest[0].kind is Kind.WEEK:
        return _only(calendar.week(number_of(rest[0])), {weekday}), 2
    if len(rest) > 2 and rest[0].kind in _LINKS and rest[1].kind is Kind.WEEKDAY and rest[2].kind is Kind.WEEK:
        return _only(calendar.week(number_of(rest[2])), {weekday, number_of(rest[1])}), 4
    return calendar.on_weekday(weekday), 1


def _beside_a_time(rest: list[Item], before: Item | None) -> bool:
    return (bool(rest) and rest[0].kind in _TELLING) or (before is not None and before.kind in _TELLING)


def _date_after_weekday(rest: list[Item], weekday: int, calendar: Calendar) -> Found | None:
    match rest[0].kind:
        case Kind.DATED:
            return led_date(rest, None, calendar)
        case Kind.COMPOUND:
            return compound_date(rest, None, calendar)
        case Kind.NUMBER | Kind.ORDINAL:
            return numbered_date(rest, None, calendar) or _plain_number(rest, weekday, calendar)
        case _:
            return None


def _plain_number(rest: list[Item], weekday: int, calendar: Calendar) -> Found | None:
    number = number_of(rest[0])
    if not 1 <= number <= _LAST_DAY or (len(rest) > 1 and rest[1].kind in _CLOCK_FOLLOWS):
        return None
    day = calendar.next_dated(number)
    fits = day is not None and day.weekday() == weekday and day - calendar.today < _NEAR
    return one_day(day, 1) if fits else None


def _next(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found | None:
    if len(ahead) == 1:
        return None
    coming, of = ahead[0].kind is Kind.COMING, ahead[1]
    if of.kind in _WEEKDAYS:
        days = calendar.on_weekday(number_of(of)) - {calendar.today}
        return (earliest(days) if coming else _only(calendar.week(1), {number_of(of)})), 2
    if of.kind is Kind.WEEKEND:
        return (earliest(calendar.weekend, 2) if coming else _only(calendar.week(1), {5, 6})), 2
    return None


def _weekend(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    if len(ahead) > 1 and ahead[1].kind in {Kind.NEXT, Kind.COMING}:
        return earliest(calendar.weekend, 2), 2
    if len(ahead) > 1 and ahead[1].kind is Kind.WEEK:
        return _only(calendar.week(number_of(ahead[1])), {5, 6}), 2
    return calendar.weekend, 1


def _week(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    week = calendar.week(number_of(ahead[0]))
    if len(ahead) > 1 and ahead[1].kind is Kind.WEEKDAY and not _is_dated(ahead[2:]):
        if len(ahead) > 3 and ahead[2].kind in _LINKS and ahead[3].kind is Kind.WEEKDAY:
            return _only(week, {number_of(ahead[1]), number_of(ahead[3])}), 4
        return _only(week, {number_of(ahead[1])}), 2
    return week, 1


def _is_dated(rest: list[Item]) -> bool:
    return bool(rest) and rest[0].kind in {*NUMBERS, Kind.COMPOUND, Kind.DATED}


def _third(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found | None:
    if len(ahead) == 1:
        return None
    third, of = ahead[0].kind, ahead[1]
    on = {Kind.BEGIN: 1, Kind.MIDDLE: 15}.get(third, 25)
    if of.kind is Kind.WEEK or (of.kind is Kind.UNIT and of.value == "week"):
        weekdays = {Kind.BEGIN: {0, 1}, Kind.MIDDLE: {1, 2, 3}}.get(third, {3, 4})
        return _only(calendar.week(number_of(of)), weekdays), 2
    if of.kind in MONTHS:
        return one_day(calendar.beginning(number_of(of), on), 2)
    if of.kind in {Kind.NEXT_MONTH, Kind.THIS_MONTH} or (of.kind is Kind.UNIT and of.value == "month"):
        month = calendar.first_of_month(1 if of.kind is Kind.NEXT_MONTH else 0)
        return one_day(max(month.replace(day=on), calendar.today), 2)
    return None


def _this_month(_ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    return calendar.rest_of_month(), 1


def _workdays(_ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    return calendar.window - calendar.weekend, 1


def _only(days: frozenset[date], weekdays: set[int]) -> frozenset[date]:
    return frozenset(day for day in days if day.weekday() in weekdays)


_READERS: dict[Kind, Reader] = {
    Kind.DAY: _day,
    Kind.WEEKDAY: _weekday,
    Kind.SHORT: _weekday,
    Kind.NEXT: _next,
    Kind.COMING: _next,
    Kind.WEEKEND: _weekend,
    Kind.WORKDAYS: _workdays,
    Kind.WEEK: _week,
    Kind.BEGIN: _third,
    Kind.MIDDLE: _third,
    Kind.END: _third,
    Kind.COMPOUND: compound_date,
    Kind.NUMBER: numbered_date,
    Kind.ORDINAL: numbered_date,
    Kind.IN: time_ahead,
    Kind.PAST: time_ahead,
    Kind.DATED: led_date,
    Kind.MONTH: month_date,
    Kind.SHORT_MONTH: month_date,
    Kind.SEASON: season,
    Kind.MONTHS: months_ahead,
    Kind.NEXT_MONTH: months_ahead,
    Kind.NEXT_YEAR: months_ahead,
    Kind.THIS_MONTH: _this_month,
}
