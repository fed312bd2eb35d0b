"""Chair time in quarters of an hour: the unit in which the calendar is taken.

A quarter is the number of whole quarter hours since 1970-01-01 UTC. Every zone in use today is a multiple of a quarter
away from UTC, so that a local time at :00, :15, :30 or :45 is the beginning of a quarter.
"""

from datetime import UTC, date, datetime, timedelta

QUARTER_MINUTES = 15
QUARTER = timedelta(minutes=QUARTER_MINUTES)
QUARTERS_A_DAY = timedelta(days=1) // QUARTER
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def quarter_of(instant: datetime) -> int:
    """Return the quarter in which an aware instant lies."""
    return (instant - _EPOCH) // QUARTER


def first_quarter_from(instant: datetime) -> int:
    """Return the first quarter that begins at or after an aware instant."""
    return -((_EPOCH - instant) // QUARTER)


def quarter_of_utc(day: date) -> int:
    """Return the first quarter of a day as it is in UTC."""
    return (day.toordinal() - _EPOCH.toordinal()) * QUARTERS_A_DAY


def quarters(starts_at: datetime, ends_at: datetime) -> range:
    """Return every quarter an interval of aware instants touches; its end is exclusive."""
    return range(quarter_of(starts_at), first_quarter_from(ends_at))


def beginning_of(quarter: int) -> datetime:
    """Return the instant (UTC) at which a quarter begins."""
    return _EPOCH + quarter * QUARTER


def minute_of(instant: datetime) -> int:
    """Return how many whole minutes since 1970-01-01 UTC have passed at an aware instant."""
    return (instant - _EPOCH) // _MINUTE
