"""The public holidays of the simulated clinic's country, reckoned anew: a law borrows nothing from what it judges."""

from datetime import date, timedelta

FIXED_HOLIDAYS = ((1, 1), (12, 25), (12, 26))
AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension and Whit Monday, in days after Easter Sunday."""


def holidays(year: int) -> set[date]:
    """The days of a year on which nothing leaves by itself."""
    easter = _easter(year)
    return {date(year, *each) for each in FIXED_HOLIDAYS} | {easter + timedelta(days) for days in AFTER_EASTER}


def _easter(year: int) -> date:
    """Easter Sunday: the first Sunday after the full moon of the church's tables (golden number and epact)."""
    golden, century = year % 19 + 1, year // 100 + 1
    skipped_leap_days, moon = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    epact = (11 * golden + 20 + moon - skipped_leap_days) % 30
    epact += (epact == 25 and golden > 11) or epact == 24  # noqa: PLR2004 - the tables' two exceptions
    full_moon = 44 - epact if 44 - epact >= 21 else 74 - epact  # noqa: PLR2004 - counted from the end of February
    sunday = 5 * year // 4 - skipped_leap_days - 10
    return date(year, 3, 1) + timedelta(full_moon + 7 - (sunday + full_moon) % 7 - 1)
