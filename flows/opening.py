"""When somebody is at the clinic: its opening hours, all providers together, on the wall clock of its zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

DAYS_TO_LOOK = 30
MINUTES_A_DAY = 24 * 60
WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningHours:
    """Opening hours as they repeat, less the days without any.

    week: for each weekday, Monday first, stretches of minutes since local midnight, in order; an end is exclusive.
    closed: days on which nobody comes. zone: where all of it is meant.
    """

    week: tuple[tuple[tuple[int, int], ...], ...]
    closed: frozenset[date]
    zone: tzinfo

    def next_opening(self, now: datetime) -> datetime | None:
        """When somebody is there next (UTC); None while somebody is, or where nobody ever is. now: aware UTC."""
        for opens, closes in self._stretches(now):
            if opens <= now < closes:
                return None
            if opens > now:
                return opens
        return None

    def after(self, now: datetime, needed: timedelta) -> datetime:
        """The instant (UTC) at which `needed` of opening time has passed since `now` (aware UTC)."""
        left = needed
        for opens, closes in self._stretches(now):
            if closes <= now:
                continue
            begins = max(opens, now)
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        return now + needed

    def _stretches(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        today = now.astimezone(self.zone).date()
        for days in range(DAYS_TO_LOOK):
            day = today + timedelta(days=days)
            if day in self.closed:
                continue
            midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            for opens, closes in self.week[day.weekday()]:
                yield (_civil(midnight, opens), _civil(midnight, closes))


ALWAYS_OPEN = OpeningHours(week=(((0, MINUTES_A_DAY),),) * WEEK, closed=frozenset(), zone=UTC)


def _civil(midnight: datetime, minute: int) -> datetime:
    # Adding to a zoned datetime counts civil time, which is what opening hours mean across a clock change.
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)
