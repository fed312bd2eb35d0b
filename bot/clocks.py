"""Where the time comes from: the system's clock, and the rehearsal's, which can be moved forward."""

from datetime import UTC, datetime, timedelta
from threading import Lock


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Tell the time as an aware UTC datetime."""
        return datetime.now(UTC)


class RehearsalClock:
    """A clock that stands still but for being moved; it never goes back."""

    def __init__(self, start: datetime) -> None:
        """Start at an aware UTC datetime."""
        self._now = start
        # Looked at from the threads of the database while it is moved from the event loop.
        self._one_at_a_time = Lock()

    def now(self) -> datetime:
        """Tell the rehearsal's time. A millisecond passes with each look, so that what follows has a later time."""
        with self._one_at_a_time:
            self._now += timedelta(milliseconds=1)
            return self._now

    def move_to(self, moment: datetime) -> None:
        """Move forward to a moment; an earlier one changes nothing."""
        with self._one_at_a_time:
            self._now = max(self._now, moment)
