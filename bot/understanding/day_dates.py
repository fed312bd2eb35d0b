"""Dates in a row of items: "24 November", "le 24", "24/11", "двадцать четвёртого", "in three weeks", "in spring".

A date without its year or month is the next such day. A reader takes the items from a place on and returns the days
it read with the number of items they took, or None.
"""

from collections.abc import Callable
from datetime import date, timedelta

from bot.understanding.calendar_days import Calendar
from bot.understanding.time_words import Item, Kind

NUMBERS = frozenset({Kind.NUMBER, Kind.ORDINAL})
MONTHS = frozenset({Kind.MONTH, Kind.SHORT_MONTH})
_MOST_AHEAD = {"day": 366, "week": 104, "month": 36, "year": 5}
_LEADS_TO_MONTH = frozenset(
    {Kind.IN, Kind.FROM, Kind.UNTIL, Kind.BEFORE, Kind.AT, Kind.OR, Kind.NEXT, Kind.COMING}
)
_NO_DAY_BEFORE = frozenset({Kind.HOUR, Kind.UNIT, Kind.MINUTE, Kind.AM, Kind.PM})
_LAST_DAY = 31
_TENS = frozenset({20, 30})
_SURELY_A_DATE = 6
"""The first to the fifth may also be one of some offers; from here on an ordinal is a day of the month."""

Found = tuple[frozenset[date], int]
Reader = Callable[[list[Item], Item | None, Calendar], Found | None]


def number_of(item: Item) -> int:
    """Return an item's number, 0 where it has none."""
    return item.value if isinstance(item.value, int) else 0


def one_day(day: date | None, taken: int) -> Found:
    """Return one day as a finding. The 31st of February names no day; its items are taken all the same."""
    return (frozenset([day]) if day else frozenset()), taken


def compound_date(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found | None:
    """Read "24/11", "24.11.2025", "2025-11-24"; day before month unless only the other way makes a date."""
    text = str(ahead[0].value)
    mark = next((mark for mark in "/.-" if mark in text), None)
    parts = text.split(mark)
    if mark is None or len(parts) not in {2, 3} or not all(part.isdecimal() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(parts[0]) == len("2025"):
        numbers.reverse()
    day, month = numbers[-2:] if len(parts[0]) == len("2025") and len(parts) == 2 else numbers[:2]
    year = None if len(numbers) == 2 else numbers[2] + (2000 if numbers[2] < 100 else 0)
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= _LAST_DAY) or (year is not None and not 2000 <= year <= 2100):
        return None
    return one_day(calendar.next_dated(day, month, year), 1)


def numbered_date(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found | None:
    """Read "24 November", "24th", "twenty-fourth"; take "5 years" as no date."""
    day, taken = _day_of_month(ahead)
    rest = ahead[taken:]
    if rest and rest[0].kind is Kind.UNIT:
        if len(rest) > 1 and rest[1].kind is Kind.HENCE:
            return _after(number_of(ahead[0]), str(rest[0].value), taken + 2, calendar)
        return frozenset(), taken + 1
    if day is None:
        return None
    if rest and rest[0].kind in MONTHS:
        year, more = _year(rest[1:])
        return one_day(calendar.next_dated(day, number_of(rest[0]), year), taken + 1 + more)
    suffixed = any(item.kind is Kind.SUFFIX for item in ahead[:taken])
    if suffixed or (ahead[taken - 1].kind is Kind.ORDINAL and day >= _SURELY_A_DATE):
        return one_day(calendar.next_dated(day), taken)
    return None


def led_date(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    """Read "le 24" where the word before makes the number a day of the month."""
    rest = ahead[1:]
    if not rest or rest[0].kind not in NUMBERS:
        return None
    found = numbered_date(rest, before, calendar)
    if found:
        return found[0], found[1] + 1
    day, taken = _day_of_month(rest)
    if day is None or (len(rest) > taken and rest[taken].kind in _NO_DAY_BEFORE):
        return None
    if rest[0].kind is Kind.ORDINAL and day < _SURELY_A_DATE:
        return None
    return one_day(calendar.next_dated(day), taken + 1)


def month_date(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    """Read "November 24" and a month alone, which is its first day."""
    rest, taken = ahead[1:], 1
    if rest and rest[0].kind is Kind.DATED:
        rest, taken = rest[1:], 2
    if rest and rest[0].kind in NUMBERS:
        day, more = _day_of_month(rest)
        followed = rest[more].kind if len(rest) > more else Kind.WORD
        if day is not None and followed not in _NO_DAY_BEFORE:
            year, years = _year(rest[more:])
            return one_day(calendar.next_dated(day, number_of(ahead[0]), year), taken + more + years)
    if ahead[0].kind is Kind.SHORT_MONTH and (before is None or before.kind not in _LEADS_TO_MONTH):
        return None
    year, years = _year(ahead[1:])
    if year:
        return one_day(date(year, number_of(ahead[0]), 1), 1 + years)
    return one_day(calendar.beginning(number_of(ahead[0])), 1)


def time_ahead(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found | None:
    """Read "in two weeks", "in a month", "in May"."""
    rest, number, taken = ahead[1:], 1, 1
    if rest and rest[0].kind in MONTHS:
        found = month_date(rest, ahead[0], calendar)
        return (found[0], found[1] + 1) if found else None
    if rest and rest[0].kind in {Kind.NUMBER, Kind.ARTICLE}:
        number, rest, taken = number_of(rest[0]) or 1, rest[1:], 2
    if not rest or rest[0].kind is not Kind.UNIT:
        return None
    return _after(number, str(rest[0].value), taken + 1, calendar)


def season(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    """Read "in spring", "after the summer": the first day concerned."""
    value = ahead[0].value
    begins = value if isinstance(value, date) else calendar.today
    return one_day(calendar.next_dated(begins.day, begins.month), 1)


def months_ahead(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    """Read "next month", "next year", "in half a year"."""
    match ahead[0].kind:
        case Kind.NEXT_YEAR:
            return one_day(date(calendar.today.year + 1, 1, 1), 1)
        case Kind.NEXT_MONTH:
            return one_day(calendar.first_of_month(1), 1)
        case _:
            return one_day(calendar.in_months(number_of(ahead[0])), 1)


def _after(number: int, unit: str, taken: int, calendar: Calendar) -> Found | None:
    if number > _MOST_AHEAD[unit]:
        return None
    match unit:
        case "day":
            return one_day(calendar.today + timedelta(days=number), taken)
        case "week":
            return one_day(calendar.today + timedelta(weeks=number), taken)
        case _:
            return one_day(calendar.in_months(number * (12 if unit == "year" else 1)), taken)


def _day_of_month(ahead: list[Item]) -> tuple[int | None, int]:
    day, taken = number_of(ahead[0]), 1
    if day in _TENS and len(ahead) > 1 and ahead[1].kind in NUMBERS and 1 <= number_of(ahead[1]) <= 9:
        day, taken = day + number_of(ahead[1]), 2
    if len(ahead) > taken and ahead[taken].kind is Kind.SUFFIX:
        taken += 1
    return (day if 1 <= day <= _LAST_DAY else None), taken


def _year(rest: list[Item]) -> tuple[int | None, int]:
    if rest and rest[0].kind is Kind.NUMBER and 2000 <= number_of(rest[0]) <= 2100:
        return number_of(rest[0]), 1
    return None, 0
