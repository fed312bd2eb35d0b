"""Days told from a feast: "the week after Christmas", "twee weken voor kerst", "une semaine avant Noël".

A reader returns the days it read with the number of items they took; those that are past are left out.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from bot.understanding.calendar_days import Calendar, days_from
from bot.understanding.day_dates import Found, feast
from bot.understanding.rows import Row
from bot.understanding.time_items import Item, Kind

_BEFORE = frozenset({Kind.BEFORE, Kind.UNTIL})
_AHEAD = frozenset({Kind.IN, Kind.PAST})
_BY_WHAT_FOLLOWS = frozenset({Kind.WEEK_AFTER, Kind.WORK_WEEK})
_SAY_HOW_MANY = frozenset({Kind.WORD, Kind.SKIP})
_DAYS = {"day": 1, "week": 7}
_MOST_DAYS = 52 * 7
_MINUTES_A_DAY = 24 * 60


def is_before_a_feast(row: Row, at: int) -> bool:
    """Tell whether "before Christmas" stands there; "in two weeks, before Christmas" counts from today all the same."""
    feast_there = row.kind(at) in _BEFORE and row.kind(at + 1) is Kind.FEAST
    return feast_there and row.kind(-1) not in _AHEAD and row.item(at + 1).clause == row.item().clause


def counted_back(row: Row, unit: int, calendar: Calendar) -> Found | None:
    """Read "two weeks before Christmas" as that day, and "the week before Christmas" as its seven days."""
    days = _DAYS.get(str(row.item(unit).value), 0) * (row.number() if row.kind() is Kind.NUMBER else 1)
    of_feast, taken = feast(row.after(unit + 2), calendar)
    taken += unit + 2
    before = row.item(-1)
    # "A few weeks before": the word says how many, and is not known.
    counted_otherwise = not unit and before.kind in _SAY_HOW_MANY and before.last == row.item().last - 1
    if not of_feast or counted_otherwise or not 0 < days <= _MOST_DAYS:
        return frozenset(), taken
    first = min(of_feast) - timedelta(days=days)
    if unit or days == 1:
        return frozenset([first] if first >= calendar.today else []), taken
    return frozenset(day for day in days_from(first, days) if day >= calendar.today), taken


def shifted_from_a_feast(row: Row, calendar: Calendar) -> Found | None:
    """Read "a week before Christmas" where its first words say by themselves how far from another day it is."""
    days, rest = divmod(row.number(), _MINUTES_A_DAY)
    if row.kind(1) is not Kind.FEAST or rest or days >= 0 or row.item(1).clause != row.item().clause:
        return None
    of_feast, taken = feast(row.after(1), calendar)
    day = min(of_feast, default=calendar.today) + timedelta(days=days)
    return frozenset([day] if day >= calendar.today else []), 1 + taken


def fold_weeks(items: list[Item]) -> list[Item]:
    """Put what is a week only beside a feast in plain words: "the week after Christmas", "la semaine avant Noël"."""
    if all(item.kind not in _BY_WHAT_FOLLOWS for item in items):
        return items
    folded: list[Item] = []
    for at, item in enumerate(items):
        row = Row(items, at)
        week = item._replace(kind=Kind.UNIT, value="week")
        if item.kind is Kind.WEEK_AFTER:
            of_feast = row.kind(1) is Kind.FEAST and row.item(1).clause == item.clause
            after = item._replace(kind=Kind.FROM, value=1)
            folded += [week, after] if of_feast else [item._replace(kind=Kind.WEEK, value=1)]
        elif item.kind is Kind.WORK_WEEK:
            of_feast = row.kind(1) in {*_BEFORE, Kind.FROM} and row.kind(2) is Kind.FEAST
            of_feast = of_feast and row.item(2).clause == item.clause
            folded.append(week if of_feast else item._replace(kind=Kind.WORKDAYS))
        else:
            folded.append(item)
    return folded


def week_after(of_feast: AbstractSet[date], taken: int) -> Found:
    """Return the seven days behind a feast."""
    return days_from(max(of_feast) + timedelta(days=1), 7), taken
