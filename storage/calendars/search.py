"""A search for free time: which days are looked at, and what of them is offered.

Pure: what is open and taken comes in, offers go out. Nothing before the lead time is ever offered.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from flows.ids import ProviderId
from flows.meaning import ANY_TIME, TimeWish
from flows.slots import Slot
from storage.calendars.free_time import Diary, Opening, VisitLength, free_slots, instant_at
from storage.calendars.offers import FoundSlots, choose_days, choose_nearest, choose_soonest, fits, readable
from storage.calendars.quarters import QUARTER_MINUTES, first_quarter_from, quarter_of

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """A search at one moment.

    openings: in the order in which providers are preferred. now: aware UTC. after: no start at or before this instant.
    """

    zone: ZoneInfo
    openings: tuple[Opening, ...]
    length: VisitLength
    rules: OfferRules
    now: datetime
    after: datetime | None

    @property
    def not_before(self) -> datetime:
        """The earliest start (UTC)."""
        soonest = self.now + timedelta(minutes=self.rules.lead_minutes)
        return soonest if self.after is None else max(soonest, self.after + _MOMENT)

    def wished_days(self, wish: TimeWish) -> list[date]:
        """The days on which the wish could be met, ascending: those named and not past, else all of the horizon."""
        first = self._first_day
        if wish.dates is None:
            return _days(first, first + timedelta(days=self.rules.horizon_days))
        return sorted({day for day in wish.dates if first <= day <= first + FURTHEST})

    def days_near(self, wish: TimeWish) -> list[date]:
        """The days to fall back on: around those wished for, or all of the horizon; ascending."""
        wished = self.wished_days(wish)
        if wish.dates is None:
            return wished
        if not wished:
            return self.wished_days(ANY_TIME)
        first = max(self._first_day, wished[0] - BEFORE_A_WISH)
        return _days(first, min(wished[-1] + AFTER_A_WISH, self._first_day + FURTHEST))

    def span(self, days: Sequence[date]) -> range:
        """The quarters that have to be known to look at these days; there is at least one."""
        # A day begins and ends where the clock says; a day more does no harm.
        first = quarter_of(instant_at(min(days), 0, self.zone))
        return range(first, first_quarter_from(instant_at(max(days) + _DAY, 0, self.zone)))

    def find(self, wish: TimeWish, *, count: int, taken: Mapping[ProviderId, AbstractSet[int]]) -> FoundSlots:
        """Choose up to `count` free times within the wish; if there are none, the nearest to it."""
        exact = self._within(wish, count=count, taken=taken)
        if exact:
            return FoundSlots(slots=exact, exact=True)
        near = self._free(self.days_near(wish), taken)
        return FoundSlots(slots=choose_nearest(near, wish=wish, count=count, zone=self.zone), exact=False)

    def find_days(
        self, days: Sequence[date], *, count: int, taken: Mapping[ProviderId, AbstractSet[int]]
    ) -> tuple[date, ...]:
        """Choose the first `count` of the days that have free time."""
        first_of_each_day = (slot for day in days for slot in islice(self._free([day], taken), 1))
        return choose_days(first_of_each_day, count=count, zone=self.zone)

    def count(self, days: Sequence[date], *, taken: Mapping[ProviderId, AbstractSet[int]]) -> int:
        """Count how many visits still fit into these days, side by side in each provider's time."""
        fitting, busy_until = 0, dict.fromkeys((opening.provider_id for opening in self.openings), self.now)
        for slot in self._free(days, taken):
            if slot.starts_at >= busy_until[slot.provider_id]:
                fitting += 1
                busy_until[slot.provider_id] = slot.ends_at
        return fitting

    @property
    def _first_day(self) -> date:
        return self.not_before.astimezone(self.zone).date()

    def _within(self, wish: TimeWish, *, count: int, taken: Mapping[ProviderId, AbstractSet[int]]) -> tuple[Slot, ...]:
        days = self.wished_days(wish)
        to_the_minute = wish.earliest is not None and wish.earliest == wish.latest
        if not to_the_minute and self.rules.grid_minutes != QUARTER_MINUTES:
            on_grid = (
                slot
                for slot in self._free(days, taken)
                if fits(slot, wish, self.zone) and readable(slot, self.rules.grid_minutes, self.zone)
            )
            chosen = choose_soonest(on_grid, count=count, zone=self.zone)
            if len(chosen) == count:
                return chosen
        wished = (slot for slot in self._free(days, taken) if fits(slot, wish, self.zone))
        return choose_soonest(wished, count=count, zone=self.zone)

    def _free(self, days: Iterable[date], taken: Mapping[ProviderId, AbstractSet[int]]) -> Iterable[Slot]:
        diary = Diary(zone=self.zone, openings=self.openings, taken=taken, closed=self.rules.closed)
        return free_slots(diary, days=days, length=self.length, not_before=self.not_before)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
