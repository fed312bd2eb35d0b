"""A search for free time: which days are looked at, and what of them is offered.

Pure: what is open and taken comes in, offers go out. Nothing before the lead time is ever offered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby, islice
from operator import attrgetter
from zoneinfo import ZoneInfo

from flows.meaning import ANY_TIME, TimeWish
from storage.calendars.free_time import Diary, Opening, Start, VisitLength, free_starts
from storage.calendars.offers import FoundSlots, choose_days, choose_nearest, choose_soonest, on_grid, within
from storage.calendars.quarters import QUARTER_MINUTES, first_quarter_from, quarter_of_utc
from storage.calendars.taken import Taken

FURTHEST = timedelta(days=400)
BEFORE_A_WISH = timedelta(days=7)
AFTER_A_WISH = timedelta(days=14)
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferRules:
    """How the clinic wants its time offered.

    lead_minutes: no start sooner than so long from now. grid_minutes: starts are offered at these minutes of the hour
    as long as some are free there. horizon_days: how far ahead is looked when no day is named. closed: days on which
    nobody works.
    """

    lead_minutes: int = 120
    grid_minutes: int = QUARTER_MINUTES
    horizon_days: int = 28
    closed: frozenset[date] = frozenset()


STANDARD = OfferRules()


@dataclass(frozen=True, kw_only=True)
class Search:
    """A search at one moment.

    openings: each provider's together, the preferred provider's first. now: aware UTC. after: no start at or before
    this instant.
    """

    zone: ZoneInfo
    openings: tuple[Opening, ...]
    length: VisitLength
    rules: OfferRules
    now: datetime
    after: datetime | None

    @cached_property
    def not_before(self) -> datetime:
        """The earliest start (UTC)."""
        soonest = self.now + timedelta(minutes=self.rules.lead_minutes)
        return soonest if self.after is None else max(soonest, self.after + _MOMENT)

    def wished_days(self, wish: TimeWish) -> Iterable[date]:
        """The days on which the wish could be met, ascending: those named and not past, else all of the horizon."""
        return self.days_near(ANY_TIME) if wish.dates is None else self._named(wish)

    def days_near(self, wish: TimeWish) -> Iterable[date]:
        """The days to fall back on, ascending: around those wished for and with them, or all of the horizon."""
        first, last = self._bounds(wish)
        return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))

    def span(self, wish: TimeWish) -> range:
        """The quarters that have to be known to look for a wish; some more do no harm."""
        first, last = self._bounds(wish)
        # A day of the clinic's begins and ends within a day of the same day in UTC.
        begin = max(first_quarter_from(self.not_before), quarter_of_utc(first - _DAY))
        return range(begin, quarter_of_utc(last + 2 * _DAY))

    def find(self, wish: TimeWish, *, count: int, taken: Taken) -> FoundSlots:
        """Choose up to `count` free times within the wish; if there are none, the nearest to it."""
        exact = self._within(wish, count=count, taken=taken)
        chosen = exact or choose_nearest(self._free(self.days_near(wish), taken), wish=wish, count=count)
        return FoundSlots(slots=tuple(map(self.length.slot_of, chosen)), exact=bool(exact))

    def find_days(self, *, count: int, taken: Taken) -> tuple[date, ...]:
        """Choose the first `count` days of the horizon that have free time."""
        days = self.days_near(ANY_TIME)
        first_of_each_day = (start for day in days for start in islice(self._free([day], taken), 1))
        return choose_days(first_of_each_day, count=count)

    def count(self, *, taken: Taken) -> int:
        """Count how many visits still fit into the horizon, side by side in each provider's time."""
        fitting, days = 0, list(self.days_near(ANY_TIME))
        for _, own in groupby(self.openings, attrgetter("provider_id")):
            busy_until = 0
            for start in self._free(days, taken, tuple(own)):
                if start.quarter >= busy_until:
                    fitting += 1
                    busy_until = start.quarter + self.length.quarters
        return fitting

    @cached_property
    def _first_day(self) -> date:
        return self.not_before.astimezone(self.zone).date()

    def _named(self, wish: TimeWish) -> list[date]:
        """The days a wish names, ascending, but those past or too far ahead."""
        if wish.dates is None:
            return []
        first = self._first_day
        return sorted({day for day in wish.dates if first <= day <= first + FURTHEST})

    def _bounds(self, wish: TimeWish) -> tuple[date, date]:
        """The first and the last day that are looked at for a wish."""
        first, named = self._first_day, self._named(wish)
        if not named:
            return first, first + timedelta(days=self.rules.horizon_days)
        return max(first, named[0] - BEFORE_A_WISH), min(named[-1] + AFTER_A_WISH, first + FURTHEST)

    def _within(self, wish: TimeWish, *, count: int, taken: Taken) -> tuple[Start, ...]:
        to_the_minute = wish.earliest is not None and wish.earliest == wish.latest
        if not to_the_minute and self.rules.grid_minutes != QUARTER_MINUTES:
            readable = on_grid(self.rules.grid_minutes, within(wish, self._free(self.wished_days(wish), taken)))
            chosen = choose_soonest(readable, count=count)
            if len(chosen) == count:
                return chosen
        return choose_soonest(within(wish, self._free(self.wished_days(wish), taken)), count=count)

    def _free(self, days: Iterable[date], taken: Taken, openings: tuple[Opening, ...] | None = None) -> Iterable[Start]:
        """The free times of some days; openings: all, if none are named."""
        diary = Diary(zone=self.zone, openings=openings or self.openings, taken=taken, closed=self.rules.closed)
        return free_starts(diary, days=days, length=self.length, not_before=self.not_before)
