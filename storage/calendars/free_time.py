"""Free time: from opening hours and taken quarters to the times at which a visit could begin.

Pure. Opening hours are wall-clock minutes of the clinic's zone, starts are instants: when the clocks change nothing
is offered in the hour that does not exist, nor in the second passage of the hour that comes twice. Of the many starts
few are ever offered: all is reckoned in whole minutes and the bits of quarters, and only what was picked becomes a
`Slot`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flows.ids import ProviderId, VisitTypeId
from flows.slots import Slot
from storage.calendars.quarters import QUARTER_MINUTES, beginning_of, first_quarter_from, minute_of
from storage.calendars.taken import Taken

MINUTES_A_DAY = 24 * 60
_DAY = timedelta(days=1)


class Opening(NamedTuple):
    """One stretch of a provider's working week.

    weekday: 0 is Monday. opens_minute, closes_minute: minutes since local midnight; closing at 1440 is midnight.
    """

    provider_id: ProviderId
    weekday: int
    opens_minute: int
    closes_minute: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Diary:
    """What is known of the clinic's chairs.

    openings: the preferred provider's first. closed: days (clinic's calendar) on which nobody works.
    """

    zone: ZoneInfo
    openings: tuple[Opening, ...]
    taken: Taken = field(default_factory=Taken)
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitLength:
    """The type of visit looked for and the chair time it takes."""

    visit_type_id: VisitTypeId
    minutes: int

    @property
    def quarters(self) -> int:
        """Whole quarters of the chair."""
        return -(-self.minutes // QUARTER_MINUTES)

    def slot_of(self, start: "Start") -> Slot:
        """Return the slot of such a visit that begins then."""
        starts_at = beginning_of(start.quarter)
        return Slot(
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=self.minutes),
            provider_id=start.provider_id,
            visit_type_id=self.visit_type_id,
        )


class Start(NamedTuple):
    """A time at which a visit could begin, and with whom; starts sort by time.

    day, minute: what the clinic's calendar and clock show then, the minutes since local midnight.
    """

    quarter: int
    day: date
    minute: int
    provider_id: ProviderId


def instant_at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a wall-clock minute of a local day.

    A minute the clock skips is the instant it would have been; one that comes twice is meant the first time.
    """
    midnight = datetime.combine(day, time())
    return (midnight + timedelta(minutes=minute)).replace(tzinfo=zone).astimezone(UTC)


def free_starts(diary: Diary, *, days: Iterable[date], length: VisitLength, not_before: datetime) -> Iterator[Start]:
    """Yield every time at which a visit could begin, a day at a time and ascending within each day.

    Args:
        diary: opening hours, closed days, taken time.
        days: the local days to look at, in the order wanted; each is looked at when it is reached.
        length: what has to fit in.
        not_before: earliest start, aware UTC.

    Yields:
        each time once: where several are free, with the provider whose opening comes first.
    """
    soonest = first_quarter_from(not_before)
    week: list[list[Opening]] = [[] for _ in range(7)]
    for opening in diary.openings:
        week[opening.weekday].append(opening)
    for day in days:
        openings = week[day.weekday()]
        if openings and day not in diary.closed:
            yield from _starts(_LocalDay.of(day, diary.zone), openings, diary.taken, length, soonest)


class _LocalDay(NamedTuple):
    """A day of a zone. midnight: its first minute, since the epoch. even: its clock shows each of 24 hours once."""

    day: date
    zone: ZoneInfo
    midnight: int
    even: bool

    @classmethod
    def of(cls, day: date, zone: ZoneInfo) -> "_LocalDay":
        midnight = datetime.combine(day, time(), zone)
        even = midnight.utcoffset() == (midnight + _DAY).utcoffset()
        return cls(day=day, zone=zone, midnight=minute_of(midnight), even=even)

    def minute_at(self, minute: int) -> int:
        """Return the minute since the epoch at which the clock shows a minute of this day; as `instant_at`."""
        return self.midnight + minute if self.even else minute_of(instant_at(self.day, minute, self.zone))


def _starts(
    local: _LocalDay, openings: Sequence[Opening], taken: Taken, length: VisitLength, soonest: int
) -> Iterator[Start]:
    begin = local.midnight // QUARTER_MINUTES
    anybody, chairs = 0, []
    for opening in openings:
        first, fits = _fitting(local, opening, taken, length, soonest)
        if fits:
            fits <<= first - begin
            anybody |= fits
            chairs.append((fits, opening.provider_id))
    while anybody:
        # The lowest bit: the next time at which somebody is free.
        now = anybody & -anybody
        anybody ^= now
        quarter = begin + now.bit_length() - 1
        provider_id = _first_free(now, chairs)
        if local.even:
            yield Start(quarter, local.day, quarter * QUARTER_MINUTES - local.midnight, provider_id)
            continue
        shown = beginning_of(quarter).astimezone(local.zone)
        # In the second passage of a doubled hour the clock names the first: nobody could be told when to come.
        if not shown.fold:
            yield Start(quarter, shown.date(), shown.hour * 60 + shown.minute, provider_id)


def _first_free(now: int, chairs: Sequence[tuple[int, ProviderId]]) -> ProviderId:
    """Return the first of those who could begin now; somebody can."""
    for fits, provider_id in chairs:
        if fits & now:
            return provider_id
    raise LookupError


def _fitting(local: _LocalDay, opening: Opening, taken: Taken, length: VisitLength, soonest: int) -> tuple[int, int]:
    """Return the first quarter of an opening, and the bits of those from it on at which the whole visit would fit."""
    opens = local.minute_at(opening.opens_minute)
    closes = local.minute_at(min(opening.closes_minute, MINUTES_A_DAY))
    first = max(soonest, -(-opens // QUARTER_MINUTES))
    last = (closes - length.minutes) // QUARTER_MINUTES
    fits = free = taken.free(opening.provider_id, range(first, last + length.quarters))
    for later in range(1, length.quarters):
        fits &= free >> later
    return first, fits
