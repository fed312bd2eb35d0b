"""Months, hours and days, read anew from the field page: nothing here is borrowed from the gate."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.laws.case import Case

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_MONTH_AHEAD = 31
A_YEAR = 12
DAY = timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """The same day of another month (an earlier one if negative), or the last day of that month."""
    year, month = day.year, day.month + months
    while not 1 <= month <= A_YEAR:
        year, month = (year + 1, month - A_YEAR) if month > A_YEAR else (year - 1, month + A_YEAR)
    while True:
        try:
            return date(year, month, day.day)
        except ValueError:
            day -= DAY


def age(born: date, today: date) -> int:
    """Whole years."""
    return today.year - born.year - (today.timetuple()[1:3] < born.timetuple()[1:3])


def hours_against(case: Case, hours: Mapping[str, Any], at: datetime) -> str | None:
    """Why a message may not leave at a moment."""
    local = at.astimezone(case.zone)
    if DAYS[local.weekday()] not in hours["days"]:
        return "weekday"
    if local.date() in case.holidays and hours["holidays"] == "rest":
        return "holiday"
    wall = local.strftime("%H:%M")
    return None if hours["from"] <= wall < hours["to"] else "quiet_hours"


def next_open(case: Case, hours: Mapping[str, Any], at: datetime) -> datetime | None:
    """The first moment from then on at which a message may leave, within a month."""
    if hours_against(case, hours, at) is None:
        return at
    for ahead in range(A_MONTH_AHEAD + 1):
        day = case.day_of(at) + ahead * DAY
        opening = datetime.combine(day, time.fromisoformat(hours["from"]), tzinfo=case.zone).astimezone(UTC)
        if opening >= at and hours_against(case, hours, opening) is None:
            return opening
    return None
