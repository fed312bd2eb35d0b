"""By when a person must have looked at a ticket."""

from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.opening import open_time_after
from flows.vocabulary import Urgency

NOW_MINUTES = timedelta(minutes=15)
TODAY_OPEN_TIME = timedelta(hours=2)
WHEN_FREE_OPEN_TIME = timedelta(hours=8)


def due_at(urgency: Urgency, now: datetime, clinic: Clinic) -> datetime:
    """The deadline of a ticket opened now (UTC): minutes at any hour for NOW, else hours the clinic is open."""
    if urgency is Urgency.NOW:
        return now + NOW_MINUTES
    return open_time_after(clinic, now, TODAY_OPEN_TIME if urgency is Urgency.TODAY else WHEN_FREE_OPEN_TIME)
