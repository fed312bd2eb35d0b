"""When a person is there: the clinic's opening hours, all providers together, in its own zone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.services.clinic import Clinic

DAYS_TO_LOOK = 30


def staff_back_at(clinic: Clinic, now: datetime) -> datetime | None:
    """When somebody is there next (UTC); None while somebody is, or where nobody ever is."""
    for opens, closes in _openings(clinic, now):
        if opens <= now < closes:
            return None
        if opens > now:
            return opens
    return None


def open_time_after(clinic: Clinic, now: datetime, needed: timedelta) -> datetime:
    """The instant at which `needed` of opening time has passed since `now` (UTC)."""
    left = needed
    for opens, closes in _openings(clinic, now):
        if closes <= now:
            continue
        begins = max(opens, now)
        if begins + left <= closes:
            return begins + left
        left -= closes - begins
    return now + needed


def _openings(clinic: Clinic, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    today = now.astimezone(clinic.zone).date()
    for days in range(DAYS_TO_LOOK):
        day = today + timedelta(days=days)
        if day in clinic.settings.clinic.closed:
            continue
        midnight = datetime(day.year, day.month, day.day, tzinfo=clinic.zone)
        for opens, closes in clinic.open_hours[day.weekday()]:
            yield (_civil(midnight, opens), _civil(midnight, closes))


def _civil(midnight: datetime, minute: int) -> datetime:
    # Adding to a zoned datetime counts civil time, which is what opening hours mean across a clock change.
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)
