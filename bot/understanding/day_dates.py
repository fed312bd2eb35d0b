"""Dates in a row of items: "24 November", "le 24", "24/11", "двадцать четвёртого", "in three weeks", "in spring".

A date without its year or month is the next such day. A reader takes the items from a place on and returns the days
it read with the number of items they took, or None.
"""

from collections.abc import Callable
from datetime import date, timedelta

from bot.understanding.calendar_days import Calendar
from bot.understanding.feasts import Feast
from bot.understanding.rows import Row
from bot.understanding.sharing import shared_month
from bot.understanding.time_items import Kind

NUMBERS = frozenset({Kind.NUMBER, Kind.ORDINAL})
MONTHS = frozenset({Kind.MONTH, Kind.SHORT_MONTH})
LAST_DAY = 31
_LAST_MONTH = 12
_YEARS = range(2000, 2101)
_CENTURY = 100
_WEEK = 7
_DIGITS_OF_A_YEAR = 4
_MOST_AHEAD = {"day": 366, "week": 104, "month": 36, "year": 5}
_LEADS_TO_MONTH = frozenset({Kind.IN, Kind.FROM, Kind.UNTIL, Kind.BEFORE, Kind.AT, Kind.OR, Kind.NEXT, Kind.COMING})
_NO_DAY_BEFORE = frozenset({Kind.HOUR, Kind.UNIT, Kind.MINUTE, Kind.AM, Kind.PM, Kind.SKIP, Kind.MEASURE})
_BETWEEN_DATES = frozenset({Kind.OR, Kind.AND, Kind.TO, Kind.UNTIL})
_TENS = frozenset({20, 30})
_UNITS = range(1, 10)
_SURELY_A_DATE = 4
"""The first to the third may also be one of some offers; from here on an ordinal is a day of the month."""

Found = tuple[frozenset[date], int]
Reader = Callable[[Row, Calendar], Found | None]


def one_day(day: date | None, taken: int) -> Found:
    """Return one day as a finding. The 31st of February names no day; its items are taken all the same."""
    return (frozenset([day]) if day else frozenset()), taken


def compound_date(row: Row, calendar: Calendar) -> Found | None:
    """Read "24/11", "24.11.2025", "2025-11-24"; day before month unless only the other way makes a date."""
    text = str(row.item().value)
    mark = next((mark for mark in "/.-" if mark in text), "/")
    parts = text.split(mark)
    if not all(part.isdecimal() for part in parts):
        return None
    match [int(part) for part in (reversed(parts) if len(parts[0]) == _DIGITS_OF_A_YEAR else parts)]:
        case [day, month]:
            year = None
        case [day, month, year]:
            year = year + _YEARS.start if year < _CENTURY else year
        case _:
            return None
    if month > _LAST_MONTH >= day:
        day, month = month, day
    if not (1 <= month <= _LAST_MONTH and 1 <= day <= LAST_DAY) or (year is not None and year not in _YEARS):
        return None
    return one_day(calendar.next_dated(day, month, year), 1)


def numbered_date(row: Row, calendar: Calendar) -> Found | None:
    """Read "24 November", "24th", "twenty-fourth"; take "5 years" as no date."""
    day, taken = _day_of_month(row)
    month = shared_month(row)
    if month and day is not None:
        return one_day(calendar.next_dated(day, month), taken)
    if row.kind(taken) is Kind.UNIT:
        if row.kind(taken + 1) is Kind.HENCE:
            return days_after(row.number(), str(row.item(taken).value), taken + 2, calendar)
        return frozenset(), taken + 1
    if day is None:
        return None
    if row.kind(taken) in MONTHS:
        year, more = _year(row.after(taken + 1))
        return one_day(calendar.next_dated(day, row.number(taken), year), taken + 1 + more)
    if row.kind(-3) in MONTHS and _follows_a_date(row, taken):
        return one_day(calendar.next_dated(day, row.number(-3)), taken)
    suffixed = Kind.SUFFIX in {row.kind(at) for at in range(taken)}
    if suffixed or _follows_a_date(row, taken) or (row.kind(taken - 1) is Kind.ORDINAL and day >= _SURELY_A_DATE):
        return one_day(calendar.next_dated(day), taken)
    return None


def _follows_a_date(row: Row, taken: int) -> bool:
    """Tell whether a number is the second of "le 24 ou 25", "du 24 au 26", "the 24th or 25"."""
    dated = row.kind(-2) is Kind.SUFFIX or (row.kind(-2) is Kind.NUMBER and row.kind(-3) in {Kind.DATED, *MONTHS})
    return dated and row.kind(-1) in _BETWEEN_DATES and row.kind(taken) not in _NO_DAY_BEFORE


def further_days(row: Row) -> tuple[int, int]:
    """Return how many days on top of the day before are said ("en huit", "week"), and how many items say so."""
    if row.kind() is Kind.FURTHER:
        return row.number(), 1
    if row.kind() is Kind.DAY and row.number() and row.number() % _WEEK == 0:
        return row.number(), 1
    unit = 0
    if row.kind() in {Kind.IN, Kind.PAST}:
        unit = 2 if row.kind(1) in {Kind.NUMBER, Kind.ARTICLE} else 1
    if row.item(unit).value != "week" or row.kind(unit + 1) in {Kind.LAST, Kind.AGO, Kind.HENCE}:
        return 0, 0
    count = row.number(1) or 1 if unit > 1 else 1
    return (count * _WEEK, unit + 1) if count <= _MOST_AHEAD["week"] else (0, 0)


def led_date(row: Row, calendar: Calendar) -> Found | None:
    """Read "le 24" where the word before makes the number a day of the month."""
    if row.kind(1) not in NUMBERS:
        return None
    found = numbered_date(row.after(1), calendar)
    if found:
        return found[0], found[1] + 1
    day, taken = _day_of_month(row.after(1))
    could_be_offer = row.kind(1) is Kind.ORDINAL and (day or 0) < _SURELY_A_DATE
    if day is None or row.kind(taken + 1) in _NO_DAY_BEFORE or could_be_offer:
        return None
    return one_day(calendar.next_dated(day), taken + 1)


def month_date(row: Row, calendar: Calendar) -> Found | None:
    """Read "November 24" and a month alone, which is its first day."""
    taken = 2 if row.kind(1) is Kind.DATED else 1
    if row.kind(taken) in NUMBERS:
        day, more = _day_of_month(row.after(taken))
        taken += more
        if day is not None and row.kind(taken) not in _NO_DAY_BEFORE:
            year, years = _year(row.after(taken))
            return one_day(calendar.next_dated(day, row.number(), year), taken + years)
    if row.kind() is Kind.SHORT_MONTH and row.kind(-1) not in _LEADS_TO_MONTH:
        return None
    year, years = _year(row.after(1))
    if year:
        return one_day(date(year, row.number(), 1), 1 + years)
    return one_day(calendar.beginning(row.number()), 1)


def time_ahead(row: Row, calendar: Calendar) -> Found | None:
    """Read "in two weeks", "in a month", "in May"."""
    if row.kind(1) in MONTHS:
        found = month_date(row.after(1), calendar)
        return (found[0], found[1] + 1) if found else None
    counted = row.kind(1) in {Kind.NUMBER, Kind.ARTICLE}
    unit = 2 if counted else 1
    if row.kind(unit) is not Kind.UNIT:
        return None
    return days_after(row.number(1) or 1 if counted else 1, str(row.item(unit).value), unit + 1, calendar)


def season(row: Row, calendar: Calendar) -> Found:
    """Read "in spring", "after the summer": the first day concerned."""
    value = row.item().value
    begins = value if isinstance(value, date) else calendar.today
    return one_day(calendar.next_dated(begins.day, begins.month), 1)


def feast(row: Row, calendar: Calendar) -> Found:
    """Read "Christmas", "le lundi de Pâques", "the Easter weekend": all days of the next such feast."""
    value = row.item().value
    days = value.next_days(calendar.today) if isinstance(value, Feast) else frozenset()
    return days, 2 if row.kind(1) is Kind.WEEKEND else 1


def months_ahead(row: Row, calendar: Calendar) -> Found:
    """Read "next month", "next year", "in half a year"."""
    match row.kind():
        case Kind.NEXT_YEAR:
            return one_day(date(calendar.today.year + 1, 1, 1), 1)
        case Kind.NEXT_MONTH:
            return one_day(calendar.first_of_month(1), 1)
        case _:
            return one_day(calendar.in_months(row.number()), 1)


def days_after(number: int, unit: str, taken: int, calendar: Calendar) -> Found | None:
    """Return the day so many days, weeks, months or years from today; None where that is beyond all planning."""
    if number > _MOST_AHEAD[unit]:
        return None
    match unit:
        case "day":
            return one_day(calendar.today + timedelta(days=number), taken)
        case "week":
            return one_day(calendar.today + timedelta(weeks=number), taken)
        case "month":
            return one_day(calendar.in_months(number), taken)
        case _:
            return one_day(calendar.in_months(number * 12), taken)


def _day_of_month(row: Row) -> tuple[int | None, int]:
    day, taken = row.number(), 1
    if day in _TENS and row.kind(1) in NUMBERS and row.number(1) in _UNITS:
        day, taken = day + row.number(1), 2
    if row.kind(taken) is Kind.SUFFIX:
        taken += 1
    return (day if 1 <= day <= LAST_DAY else None), taken


def _year(row: Row) -> tuple[int | None, int]:
    return (row.number(), 1) if row.kind() is Kind.NUMBER and row.number() in _YEARS else (None, 0)
