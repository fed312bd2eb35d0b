"""Days in a row of items: weekdays, weeks and dates become sets of days of the clinic's calendar.

A bare weekday is every such day of the window. Days of the past ("since Monday", "mardi dernier") are dropped.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from bot.understanding.calendar_days import Calendar, earliest
from bot.understanding.day_dates import (
    LAST_DAY,
    MONTHS,
    NUMBERS,
    Found,
    Reader,
    compound_date,
    led_date,
    month_date,
    months_ahead,
    numbered_date,
    one_day,
    season,
    time_ahead,
)
from bot.understanding.rows import NOTHING, Row
from bot.understanding.time_words import Item, Kind

_NEAR = timedelta(days=60)
_FAR = timedelta(days=21)
_WEEKEND = frozenset({5, 6})
_WEEKDAYS = frozenset({Kind.WEEKDAY, Kind.SHORT})
_LINKS = frozenset({Kind.OR, Kind.AND})
_SOON = frozenset({Kind.NEXT, Kind.COMING})
_DATED = frozenset({*NUMBERS, Kind.COMPOUND, Kind.DATED})
_CLOCK_FOLLOWS = frozenset({Kind.HOUR, Kind.AM, Kind.PM, Kind.UNIT})
_FAR_KINDS = frozenset({Kind.SEASON, Kind.NEXT_MONTH, Kind.NEXT_YEAR, Kind.MONTHS})
_PAST_WITHOUT_DAYS = frozenset({Kind.UNIT, Kind.PART, Kind.CLOCK, Kind.BARE})
_NAMED_DAYS = frozenset(
    {Kind.WEEKDAY, Kind.WEEK, Kind.WEEKEND, Kind.DAY, Kind.NEXT, Kind.COMING, Kind.WORKDAYS, Kind.LAST, Kind.ORDINAL}
)
_TELLING = frozenset(
    {
        Kind.NUMBER, Kind.ORDINAL, Kind.COMPOUND, Kind.CLOCK, Kind.BARE, Kind.PART, Kind.WEEKDAY, Kind.SHORT, Kind.WEEK,
        Kind.OR, Kind.AT, Kind.FROM, Kind.NEXT, Kind.COMING,
    }
)  # fmt: skip


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
    items = [item for item, following in pairwise([*items, NOTHING]) if not _only_leads(item, following)]
    at = 0
    while at < len(items):
        row = Row(items, at)
        if row.kind() in {Kind.SINCE, Kind.LAST}:
            at += 1 + _length_of_past(row.after(1), calendar)
            continue
        found = _found_at(row, calendar)
        if found is None:
            pieces.append(row.item())
            at += 1
            continue
        days, taken = found
        at += taken
        if row.kind(taken) in {Kind.LAST, Kind.AGO}:
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


def _length_of_past(row: Row, calendar: Calendar) -> int:
    found = _found_at(row, calendar)
    return found[1] if found else int(row.kind() in _PAST_WITHOUT_DAYS)


def _found_at(row: Row, calendar: Calendar) -> Found | None:
    reader = _READERS.get(row.kind())
    return reader(row, calendar) if reader else None


def _day(row: Row, calendar: Calendar) -> Found:
    return one_day(calendar.today + timedelta(days=row.number()), 1)


def _weekday(row: Row, calendar: Calendar) -> Found | None:
    weekday, following = row.number(), row.kind(1)
    if row.kind() is Kind.SHORT and following not in _TELLING and row.kind(-1) not in _TELLING:
        return None
    dated = _date_after_weekday(row.after(1), weekday, calendar)
    if dated:
        return dated[0], dated[1] + 1
    if following in _SOON:
        return earliest(calendar.on_weekday(weekday) - {calendar.today}), 2
    if following is Kind.WEEK:
        return _only(calendar.week(row.number(1)), {weekday}), 2
    if following in _LINKS and row.kind(2) is Kind.WEEKDAY and row.kind(3) is Kind.WEEK:
        return _only(calendar.week(row.number(3)), {weekday, row.number(2)}), 4
    return calendar.on_weekday(weekday), 1


def _date_after_weekday(row: Row, weekday: int, calendar: Calendar) -> Found | None:
    match row.kind():
        case Kind.DATED:
            return led_date(row, calendar)
        case Kind.COMPOUND:
            return compound_date(row, calendar)
        case Kind.NUMBER | Kind.ORDINAL:
            return numbered_date(row, calendar) or _plain_number(row, weekday, calendar)
        case _:
            return None


def _plain_number(row: Row, weekday: int, calendar: Calendar) -> Found | None:
    if not 1 <= row.number() <= LAST_DAY or row.kind(1) in _CLOCK_FOLLOWS:
        return None
    day = calendar.next_dated(row.number())
    fits = day is not None and day.weekday() == weekday and day - calendar.today < _NEAR
    return one_day(day, 1) if fits else None


def _next(row: Row, calendar: Calendar) -> Found | None:
    coming = row.kind() is Kind.COMING
    if row.kind(1) in _WEEKDAYS:
        days = calendar.on_weekday(row.number(1)) - {calendar.today}
        return (earliest(days) if coming else _only(calendar.week(1), {row.number(1)})), 2
    if row.kind(1) is Kind.WEEKEND:
        return (earliest(calendar.weekend, 2) if coming else _only(calendar.week(1), _WEEKEND)), 2
    return None


def _weekend(row: Row, calendar: Calendar) -> Found:
    if row.kind(1) in _SOON:
        return earliest(calendar.weekend, 2), 2
    if row.kind(1) is Kind.WEEK:
        return _only(calendar.week(row.number(1)), _WEEKEND), 2
    return calendar.weekend, 1


def _week(row: Row, calendar: Calendar) -> Found:
    week = calendar.week(row.number())
    if row.kind(1) is not Kind.WEEKDAY or row.kind(2) in _DATED:
        return week, 1
    if row.kind(2) in _LINKS and row.kind(3) is Kind.WEEKDAY:
        return _only(week, {row.number(1), row.number(3)}), 4
    return _only(week, {row.number(1)}), 2


def _third(row: Row, calendar: Calendar) -> Found | None:
    third, of = row.kind(), row.item(1)
    on = {Kind.BEGIN: 1, Kind.MIDDLE: 15}.get(third, 25)
    if of.kind is Kind.WEEK or (of.kind is Kind.UNIT and of.value == "week"):
        weekdays = {Kind.BEGIN: {0, 1}, Kind.MIDDLE: {1, 2, 3}}.get(third, {3, 4})
        return _only(calendar.week(row.number(1)), weekdays), 2
    if of.kind in MONTHS:
        return one_day(calendar.beginning(row.number(1), on), 2)
    if of.kind in {Kind.NEXT_MONTH, Kind.THIS_MONTH} or (of.kind is Kind.UNIT and of.value == "month"):
        month = calendar.first_of_month(1 if of.kind is Kind.NEXT_MONTH else 0)
        return one_day(max(month.replace(day=on), calendar.today), 2)
    return None


def _this_month(_row: Row, calendar: Calendar) -> Found:
    return calendar.rest_of_month(), 1


def _workdays(_row: Row, calendar: Calendar) -> Found:
    return calendar.window - calendar.weekend, 1


def _only(days: frozenset[date], weekdays: AbstractSet[int]) -> frozenset[date]:
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
