"""Civil time: whether a moment lies inside a policy's hours, and when the next one does.

Instants are UTC; hours are read on the wall clock of the zone, so a clock change moves no message out of its hours.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.outreach.bands import add_months
from flows.outreach.policy import Caps, Hours, OnHolidays
from flows.outreach.verdict import Wait

HORIZON_DAYS = 31
"""How far ahead a free moment is looked for."""

MONTHS_A_YEAR = 12


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant in a zone."""
    return at.astimezone(zone).date()


def instants(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The two readings (UTC, ascending) of a wall time; they differ only where the clock is set back or forward."""
    readings = (datetime.combine(day, wall, tzinfo=zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    first, second = sorted(readings)
    return first, second


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) of a calendar day."""
    return next(at for at in instants(day, time.min, zone) if local_day(at, zone) == day)


def closed_by(at: datetime, hours: Hours, zone: ZoneInfo, holidays: frozenset[date]) -> Wait | None:
    """Why no message may leave at `at` (UTC): the day of the week, else a holiday, else the hour; None if it may."""
    local = at.astimezone(zone)
    if local.isoweekday() not in hours.days:
        return Wait.WEEKDAY
    if hours.on_holidays is OnHolidays.REST and local.date() in holidays:
        return Wait.HOLIDAY
    return None if hours.opens <= local.time() < hours.closes else Wait.QUIET_HOURS


def allowed(at: datetime, hours: Hours, zone: ZoneInfo, holidays: frozenset[date]) -> bool:
    """Whether a message may leave at `at` (UTC)."""
    return closed_by(at, hours, zone, holidays) is None


def next_allowed(at: datetime, hours: Hours, zone: ZoneInfo, holidays: frozenset[date]) -> datetime | None:
    """The first moment (UTC) at or after `at` inside the hours; None if there is none within HORIZON_DAYS."""
    if allowed(at, hours, zone, holidays):
        return at
    today = local_day(at, zone)
    openings = (
        opening
        for ahead in range(HORIZON_DAYS + 1)
        for opening in instants(today + timedelta(days=ahead), hours.opens, zone)
    )
    return next((opening for opening in openings if opening >= at and allowed(opening, hours, zone, holidays)), None)


def year_began(now: datetime, zone: ZoneInfo) -> datetime:
    """Since when (UTC) messages count towards the cap of a year."""
    return day_begins(add_months(local_day(now, zone), -MONTHS_A_YEAR), zone)


def cycle_began(now: datetime, caps: Caps, zone: ZoneInfo) -> datetime:
    """Since when (UTC) messages count towards the cap of the cycle."""
    return day_begins(add_months(local_day(now, zone), -caps.cycle_months), zone)
