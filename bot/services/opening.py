"""When a person is there: the clinic's opening hours, all providers together, in its own zone."""

from datetime import datetime, timedelta

from bot.services.clinic import Clinic


def staff_back_at(clinic: Clinic, now: datetime) -> datetime | None:
    """When somebody is there next (UTC); None while somebody is, or where nobody ever is."""
    return clinic.opening_hours.next_opening(now)


def open_time_after(clinic: Clinic, now: datetime, needed: timedelta) -> datetime:
    """The instant at which `needed` of opening time has passed since `now` (UTC)."""
    return clinic.opening_hours.after(now, needed)
