"""Feasts whose days are the same each year or told from Easter: Christmas, Ascension, the Russian days off in May.

Nothing but the calendar is asked, so that what a country calls a day off does not count.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

_A_COMMON_YEAR = 2001
"""So that a feast that three years of four would not have is refused."""
_JULIAN_BEHIND = timedelta(days=13)
"""By so much the Julian calendar is behind from 1900 to 2099."""


class Easter(StrEnum):
    """Whose Easter days are told from."""

    WESTERN = "easter"
    ORTHODOX = "orthodox"


class FeastDay(NamedTuple):
    """A day of each year: `of_year` in any, or some days `from_easter`."""

    of_year: date | None
    easter: Easter = Easter.WESTERN
    from_easter: int = 0

    def in_year(self, year: int) -> date:
        """Return the day of one year."""
        if self.of_year:
            return self.of_year.replace(year=year)
        return easter_sunday(year, self.easter) + timedelta(days=self.from_easter)


class Feast(NamedTuple):
    """A feast by its first and its last day; the last may be in the next year."""

    begins: FeastDay
    ends: FeastDay

    def next_days(self, today: date) -> frozenset[date]:
        """Return the days of the feast that is on or comes next, those from today on."""
        for year in range(today.year - 1, today.year + 2):
            first, last = self.begins.in_year(year), self.ends.in_year(year)
            last = last if last >= first else self.ends.in_year(year + 1)
            if last >= today:
                first = max(first, today)
                return frozenset(first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
        return frozenset()


def read_feast(begins: str, ends: str) -> Feast:
    """Read a feast from its days: "12-25" is month and day, "easter+1" and "orthodox-2" are told from Easter Sunday.

    Raises ValueError.
    """
    return Feast(_read_day(begins), _read_day(ends))


def _read_day(text: str) -> FeastDay:
    easter = next((easter for easter in Easter if text.startswith(easter)), None)
    if easter:
        return FeastDay(None, easter, int(text.removeprefix(easter)))
    month, day = text.split("-")
    return FeastDay(date(_A_COMMON_YEAR, int(month), int(day)))


def easter_sunday(year: int, easter: Easter) -> date:
    """Return Easter Sunday of a year from 1900 to 2099, by the Gregorian calendar."""
    return _western(year) if easter is Easter.WESTERN else _orthodox(year)


def _western(year: int) -> date:
    # The rule of 1876, printed in Butcher's calendar and right for every year: the Sunday after the paschal full moon.
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _orthodox(year: int) -> date:
    # Meeus: the same by the Julian calendar.
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + _JULIAN_BEHIND
