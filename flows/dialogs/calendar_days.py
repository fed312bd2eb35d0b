"""Reckoning with days and months in the clinic's calendar."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS_IN_A_YEAR = 12


def months_later(day: date, months: int) -> date:
    """Go on by calendar months; the day is cut to the length of the month reached."""
    year, month = divmod(day.year * MONTHS_IN_A_YEAR + day.month - 1 + months, MONTHS_IN_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant (UTC) at which a day begins in the clinic's zone."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(ZoneInfo("UTC"))


def last_instant_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the last instant (UTC) before the next day begins in the clinic's zone."""
    return start_of(day + timedelta(days=1), zone) - timedelta(microseconds=1)
