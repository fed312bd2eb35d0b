"""The clinic's calendar as somebody sees it who speaks of days from today on.

Where a text says no more, the window of `WINDOW_DAYS` days is meant, today included.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WINDOW_DAYS = 14
_WEEK = 7
_SATURDAY, _SUNDAY = 5, 6
_MONTHS_TO_SEARCH = 25
_MONTHS_TO_A_LEAP_DAY = 13 * 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The clinic's calendar as seen from a day."""

    today: date

    @property
    def window(self) -> frozenset[date]:
        """The days that are meant where no date says otherwise."""
        return days_from(self.today, WINDOW_DAYS)

    @property
    def weekend(self) -> frozenset[date]:
        """The Saturdays and Sundays of the window."""
        return self.on_weekday(_SATURDAY) | self.on_weekday(_SUNDAY)

    def on_weekday(self, weekday: int) -> frozenset[date]:
        """Return every such day of the window; 0 is Monday."""
        return frozenset(day for day in self.window if day.weekday() == weekday)

    def week(self, ahead: int) -> frozenset[date]:
        """Return the days, Monday to Sunday, of a week; of the present week those from today on."""
        monday = self.today + timedelta(days=ahead * _WEEK - self.today.weekday())
        return frozenset(day for day in days_from(monday, _WEEK) if day >= self.today)

    def rest_of_month(self) -> frozenset[date]:
        """Return the days from today to the end of this month."""
        return days_from(self.today, monthrange(self.today.year, self.today.month)[1] - self.today.day + 1)

    def next_dated(self, day: int, month: int | None = None, year: int | None = None) -> date | None:
        """Return the next date with this day, month, year from today on; None when there is none."""
        if month is not None and year is not None:
            return date(year, month, day) if day <= monthrange(year, month)[1] else None
        for ahead in range(_MONTHS_TO_SEARCH if month is None else _MONTHS_TO_A_LEAP_DAY):
            first = self.first_of_month(ahead)
            if month in {None, first.month} and day <= monthrange(first.year, first.month)[1]:
                found = first.replace(day=day)
                if found >= self.today:
                    return found
        return None

    def in_months(self, ahead: int) -> date:
        """Return today's date some months ahead, or the last day of that month."""
        first = self.first_of_month(ahead)
        return first.replace(day=min(self.today.day, monthrange(first.year, first.month)[1]))

    def beginning(self, month: int, day: int = 1) -> date:
        """Return the next such day from today on; of a month that has begun, today."""
        if day == 1 and month == self.today.month:
            return self.today
        return self.next_dated(day, month) or self.today

    def first_of_month(self, ahead: int) -> date:
        """Return the first day of the month some months ahead of this one."""
        months = self.today.year * 12 + self.today.month - 1 + ahead
        return date(months // 12, months % 12 + 1, 1)


def days_from(first: date, count: int) -> frozenset[date]:
    """Return so many days in a row."""
    return frozenset(first + timedelta(days=ahead) for ahead in range(count))


def earliest(days: Iterable[date], count: int = 1) -> frozenset[date]:
    """Return the earliest of some days."""
    return frozenset(sorted(days)[:count])
