"""Weekdays and weeks in a row of items: "next Tuesday", "jeudi en huit", "Monday or Wednesday next week".

A bare weekday is every such day of the window. A reader returns the days it read with the number of items they took.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from bot.understanding.calendar_days import Calendar, earliest
from bot.understanding.day_dates import (
    LAST_DAY,
    NUMBERS,
    Found,
    compound_date,
    days_after,
    feast,
    further_days,
    led_date,
    numbered_date,
    one_day,
    time_ahead,
)
from bot.understanding.feast_weeks import counted_back, is_before_a_feast, week_after
from bot.understanding.rows import Row
from bot.understanding.sharing import gives_its_week, shared_week, shares_coming
from bot.understanding.time_items import Item, Kind

_NEAR = timedelta(days=60)
_WEEKEND = frozenset({5, 6})
WEEKDAYS = frozenset({Kind.WEEKDAY, Kind.SHORT})
_LINKS = frozenset({Kind.OR, Kind.AND})
SOON = frozenset({Kind.NEXT, Kind.COMING})
_OF_ITS_OWN = frozenset({*NUMBERS, Kind.COMPOUND, Kind.DATED, Kind.WEEK})
_CLOCK_FOLLOWS = frozenset({Kind.HOUR, Kind.AM, Kind.PM, Kind.UNIT})
_MOST_WEEKS = 52
_LAST_HOUR = 12
_NEARBY = 5
"""Items: so far back stands the week of "not this week, the next"."""

_TELLING = frozenset(
    {
        Kind.NUMBER, Kind.ORDINAL, Kind.COMPOUND, Kind.CLOCK, Kind.BARE, Kind.PART, Kind.WEEKDAY, Kind.SHORT, Kind.WEEK,
        Kind.OR, Kind.AT, Kind.FROM, Kind.NEXT, Kind.COMING, Kind.FURTHER, Kind.RANGE, Kind.UNTIL, Kind.TO,
    }
)  # fmt: skip


def day_named(row: Row, calendar: Calendar) -> Found:
    """Read "tomorrow", "demain en huit", "over twee weken maandag"."""
    day = calendar.today + timedelta(days=row.number())
    if row.number() and row.number() % 7 == 0 and row.kind(1) in WEEKDAYS:
        return _coming(row.number(1), calendar, row.number()), 2
    further, taken = further_days(row.after(1))
    return one_day(day + timedelta(days=further), 1 + taken)


def weekday_named(row: Row, calendar: Calendar) -> Found | None:
    """Read a weekday with all that says which: "Friday 27th", "jeudi en huit", "Monday or Tuesday next week"."""
    weekday, following = row.number(), row.kind(1)
    if row.kind() is Kind.SHORT and following not in _TELLING and row.kind(-1) not in _TELLING:
        return None
    dated = _date_after_weekday(row.after(1), weekday, calendar)
    if dated:
        return dated[0], dated[1] + 1
    further, taken = further_days(row.after(1))
    if further:
        return _coming(weekday, calendar, further), 1 + taken
    if following in SOON and row.kind(2) not in WEEKDAYS:
        return _coming(weekday, calendar), 2
    if shares_coming(row, SOON) > 1:
        return _coming(weekday, calendar), 1
    week = shared_week(row)
    if week is not None:
        return only_on(calendar.week(week), {weekday}), 1
    return calendar.on_weekday(weekday), 1


def fold_dated_parts(items: list[Item], calendar: Calendar) -> list[Item]:
    """Put the part of the day that parts a weekday from its date behind both: "Thursday afternoon, 3 December"."""
    folded: list[Item] = []
    at = 0
    while at < len(items):
        begins, ends = _date_after_part(Row(items, at), calendar)
        folded += [items[at], *items[at + begins : at + ends], *items[at + 1 : at + begins]]
        at += max(1, ends)
    return folded


def _date_after_part(row: Row, calendar: Calendar) -> tuple[int, int]:
    """Return where the date of a weekday begins and ends behind parts of the day; a small number is rather an hour."""
    if row.kind() not in WEEKDAYS or row.kind(1) is not Kind.PART:
        return 0, 0
    begins = 3 if row.kind(2) is Kind.PART else 2
    date_row = row.after(begins)
    found = _date_after_weekday(date_row, row.number(), calendar)
    may_be_an_hour = date_row.kind() is Kind.NUMBER and date_row.number() <= _LAST_HOUR
    if not found or (may_be_an_hour and not numbered_date(date_row, calendar)):
        return 0, 0
    return begins, begins + found[1]


def _coming(weekday: int, calendar: Calendar, further: int = 0) -> frozenset[date]:
    first = min(calendar.on_weekday(weekday) - {calendar.today})
    return frozenset([first + timedelta(days=further)])


def weeks_before(row: Row, calendar: Calendar) -> Found | None:
    """Read "a week on Tuesday", "two weeks from Monday", "через неделю в среду"; also "дней через пять"."""
    counted = row.kind() in {Kind.NUMBER, Kind.ARTICLE}
    unit = 1 if counted else 0
    if row.kind(unit) is not Kind.UNIT:
        return None
    if is_before_a_feast(row, unit + 1):
        return counted_back(row, unit, calendar)
    if row.kind(unit + 1) is Kind.IN and row.kind(unit + 2) is Kind.NUMBER and not counted:
        return days_after(row.number(unit + 2), str(row.item().value), unit + 3, calendar)
    if row.kind(1) in {Kind.RANGE, Kind.DATED} and row.item().value == "week":
        return _week_of(row, calendar)
    on = unit + 1 + (row.kind(unit + 1) is Kind.FROM)
    if row.item(unit).value != "week" or row.item(on).clause != row.item().clause:
        return None
    days = 7 * (row.number() or 1 if counted else 1)
    if days > _MOST_WEEKS * 7:
        return None
    found = _weeks_from(row.after(on), days, calendar)
    if row.kind(on) is Kind.FEAST and on > unit + 1:
        of_feast, taken = feast(row.after(on), calendar)
        found = one_day(min(of_feast) + timedelta(days=days), taken) if counted else week_after(of_feast, taken)
    return (found[0], on + found[1]) if found else None


def _weeks_from(row: Row, days: int, calendar: Calendar) -> Found | None:
    if row.kind() in WEEKDAYS:
        return _coming(row.number(), calendar, days), 1
    if row.kind() is Kind.DAY:
        return one_day(calendar.today + timedelta(days=row.number() + days), 1)
    return None


def _week_of(row: Row, calendar: Calendar) -> Found | None:
    """Read "la semaine du 23", "the week of the 23rd"."""
    begins = 1 + (row.kind(1) is Kind.RANGE)
    found = _date_after_weekday(row.after(begins), 0, calendar)
    if not found or not found[0]:
        return None
    day = min(found[0])
    week = (day - calendar.today + timedelta(days=calendar.today.weekday())).days // 7
    return calendar.week(week), begins + found[1]


def weeks_ahead(row: Row, calendar: Calendar) -> Found | None:
    """Read "in two weeks", "через неделю в среду"."""
    before = weeks_before(row.after(1), calendar)
    return (before[0], before[1] + 1) if before else time_ahead(row, calendar)


def numbered(row: Row, calendar: Calendar) -> Found | None:
    """Read what a number begins: a date, or weeks before a weekday."""
    return weeks_before(row, calendar) or numbered_date(row, calendar)


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


def next_named(row: Row, calendar: Calendar) -> Found | None:
    """Read "next Tuesday or Wednesday", "komend weekend", "not this week, the next"."""
    coming = row.kind() is Kind.COMING
    if row.kind(1) in WEEKDAYS:
        weekdays, taken = _weekdays_in_a_row(row.after(1))
        if coming:
            return frozenset().union(*(_coming(weekday, calendar) for weekday in weekdays)), 1 + taken
        return only_on(calendar.week(1), weekdays), 1 + taken
    if row.kind(1) is Kind.WEEKEND:
        return (earliest(calendar.weekend, 2) if coming else only_on(calendar.week(1), _WEEKEND)), 2
    of_this_week = any(row.kind(-at) is Kind.WEEK and row.number(-at) == 0 for at in range(1, _NEARBY))
    return (calendar.week(1), 1) if of_this_week else None


def _weekdays_in_a_row(row: Row) -> tuple[frozenset[int], int]:
    weekdays, taken = {row.number()}, 1
    while row.kind(taken) in _LINKS and row.kind(taken + 1) in WEEKDAYS and row.kind(taken + 2) not in _OF_ITS_OWN:
        weekdays.add(row.number(taken + 1))
        taken += 2
    return frozenset(weekdays), taken


def weekend_named(row: Row, calendar: Calendar) -> Found:
    """Read a weekend."""
    if row.kind(1) in SOON:
        return earliest(calendar.weekend, 2), 2
    if row.kind(1) is Kind.WEEK:
        return only_on(calendar.week(row.number(1)), _WEEKEND), 2
    return calendar.weekend, 1


def week_named(row: Row, calendar: Calendar) -> Found:
    """Read a week; nothing where it only tells which weekdays are meant."""
    return (frozenset() if gives_its_week(row) else calendar.week(row.number())), 1


def only_on(days: frozenset[date], weekdays: AbstractSet[int]) -> frozenset[date]:
    """Return the days that fall on some weekdays."""
    return frozenset(day for day in days if day.weekday() in weekdays)
