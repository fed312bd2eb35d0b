"""Days in a row of items: weekdays, weeks and dates become sets of days of the clinic's calendar.

A bare weekday is every such day of the window. Days of the past ("since Monday", "mardi dernier") are dropped.
"""

from datetime import date, timedelta
from typing import NamedTuple

from bot.understanding.calendar_days import Calendar
from bot.understanding.day_dates import (
    MONTHS,
    NUMBERS,
    Found,
    Reader,
    compound_date,
    feast,
    led_date,
    month_date,
    months_ahead,
    numbered_date,
    one_day,
    season,
)
from bot.understanding.feast_weeks import shifted_from_a_feast
from bot.understanding.rows import Row
from bot.understanding.time_items import Item, Kind
from bot.understanding.weekdays import (
    WEEKDAYS,
    day_named,
    fold_dated_parts,
    next_named,
    numbered,
    only_on,
    week_named,
    weekday_named,
    weekend_named,
    weeks_ahead,
    weeks_before,
)

_FAR = timedelta(days=21)
_LEADS = frozenset({Kind.DATED, Kind.AT})
_BEGINS_RANGE = frozenset({Kind.RANGE, Kind.BETWEEN})
_FAR_KINDS = frozenset({Kind.SEASON, Kind.NEXT_MONTH, Kind.NEXT_YEAR, Kind.MONTHS})
_OF_A_FEAST = frozenset({Kind.FEAST, Kind.WEEKEND})
_FAR_WHEN_OFF = frozenset({Kind.UNIT, Kind.FEAST})
_PAST_WITHOUT_DAYS = frozenset({Kind.UNIT, Kind.PART, Kind.CLOCK, Kind.BARE})
_NAMED_DAYS = frozenset(
    {Kind.WEEKDAY, Kind.WEEK, Kind.WEEKEND, Kind.DAY, Kind.NEXT, Kind.COMING, Kind.WORKDAYS, Kind.LAST, Kind.ORDINAL}
)


class Days(NamedTuple):
    """Some days that a text names, with the clause and the place of the last word that named them.

    far: a month, a season or a day some weeks off. month: a month alone, by its first day. feast: a feast by all its
    days, so that what comes after it comes after the last. led: a word like "on" leads it ("в среду").
    """

    days: frozenset[date]
    clause: int
    last: int
    far: bool = False
    month: bool = False
    feast: bool = False
    led: bool = False


Piece = Item | Days


def fold_dates(items: list[Item], calendar: Calendar) -> list[Piece]:
    """Replace what names days by those days."""
    pieces: list[Piece] = []
    led = {items[at + 1].last for at, item in enumerate(items) if item.kind is Kind.AT and _only_leads(Row(items, at))}
    items = fold_dated_parts(
        [item for at, item in enumerate(items) if item.kind not in _LEADS or not _only_leads(Row(items, at))], calendar
    )
    at = 0
    while at < len(items):
        row = Row(items, at)
        if row.kind() in {Kind.SINCE, Kind.LAST}:
            at += 1 + _length_of_past(row.after(1), calendar)
            continue
        found = _found_at(row, calendar)
        if found is None:
            if row.kind() is not Kind.DATED:
                pieces.append(row.item())
            at += 1
            continue
        days, taken = found
        at += taken
        if row.kind(taken) in {Kind.LAST, Kind.AGO}:
            at += 1
        elif days:
            named = _days(days, items[at - taken : at], calendar)
            pieces.append(named._replace(led=True) if items[at - taken].last in led else named)
    return pieces


def _only_leads(row: Row) -> bool:
    """Tell whether an item is the "at" of "в понедельник" or the "le" of "le lundi": neither says anything of a day.

    The "à" of "de lundi à mercredi" does.
    """
    if row.kind() is Kind.DATED and row.kind(1) in _NAMED_DAYS - {Kind.ORDINAL}:
        return True
    within_a_range = row.kind(-2) in _BEGINS_RANGE and row.kind(-1) in {*WEEKDAYS, Kind.DAY}
    return row.kind() is Kind.AT and row.kind(1) in _NAMED_DAYS and not within_a_range


def _days(days: frozenset[date], items: list[Item], calendar: Calendar) -> Days:
    kinds = {item.kind for item in items}
    month_alone = bool(kinds & MONTHS) and not kinds & NUMBERS
    counted_off = bool(kinds & _FAR_WHEN_OFF) and min(days) - calendar.today > _FAR
    return Days(
        days=days,
        clause=items[0].clause,
        last=items[-1].last,
        far=bool(kinds & _FAR_KINDS) or month_alone or counted_off,
        month=month_alone,
        feast=Kind.FEAST in kinds and kinds <= _OF_A_FEAST,
    )


def _length_of_past(row: Row, calendar: Calendar) -> int:
    found = _found_at(row, calendar)
    return found[1] if found else int(row.kind() in _PAST_WITHOUT_DAYS)


def _found_at(row: Row, calendar: Calendar) -> Found | None:
    reader = _READERS.get(row.kind())
    return reader(row, calendar) if reader else None


def _third(row: Row, calendar: Calendar) -> Found | None:
    third, of = row.kind(), row.item(1)
    on = {Kind.BEGIN: 1, Kind.MIDDLE: 15}.get(third, 25)
    if of.kind is Kind.WEEK or (of.kind is Kind.UNIT and of.value == "week"):
        weekdays = {Kind.BEGIN: {0, 1}, Kind.MIDDLE: {1, 2, 3}}.get(third, {3, 4})
        return only_on(calendar.week(row.number(1)), weekdays), 2
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


_READERS: dict[Kind, Reader] = {
    Kind.DAY: day_named,
    Kind.WEEKDAY: weekday_named,
    Kind.SHORT: weekday_named,
    Kind.NEXT: next_named,
    Kind.COMING: next_named,
    Kind.WEEKEND: weekend_named,
    Kind.WORKDAYS: _workdays,
    Kind.WEEK: week_named,
    Kind.BEGIN: _third,
    Kind.MIDDLE: _third,
    Kind.END: _third,
    Kind.COMPOUND: compound_date,
    Kind.NUMBER: numbered,
    Kind.ARTICLE: weeks_before,
    Kind.UNIT: weeks_before,
    Kind.ORDINAL: numbered_date,
    Kind.IN: weeks_ahead,
    Kind.PAST: weeks_ahead,
    Kind.DATED: led_date,
    Kind.MONTH: month_date,
    Kind.SHORT_MONTH: month_date,
    Kind.SEASON: season,
    Kind.FEAST: feast,
    Kind.SHIFT: shifted_from_a_feast,
    Kind.MONTHS: months_ahead,
    Kind.NEXT_MONTH: months_ahead,
    Kind.NEXT_YEAR: months_ahead,
    Kind.THIS_MONTH: _this_month,
}
