"""Free time: from opening hours and taken quarters to the slots that could be booked.

Pure. Opening hours are wall-clock minutes of the clinic's zone, slots are instants: when the clocks change nothing
is offered in the hour that does not exist, nor in the second passage of the hour that comes twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.ids import ProviderId, VisitTypeId
from flows.slots import Slot
from storage.calendars.quarters import QUARTER_MINUTES, beginning_of, first_quarter_from

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
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

    closed: days (clinic's calendar) on which nobody works. taken: by provider, the quarters that are booked or held.
    """

    zone: ZoneInfo
    openings: tuple[Opening, ...]
    taken: Mapping[ProviderId, AbstractSet[int]] = field(default_factory=dict)
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


def instant_at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a wall-clock minute of a local day.

    A minute the clock skips is the instant it would have been; one that comes twice is meant the first time.
    """
    midnight = datetime.combine(day, time())
    return (midnight + timedelta(minutes=minute)).replace(tzinfo=zone).astimezone(UTC)


def free_slots(diary: Diary, *, days: Iterable[date], length: VisitLength, not_before: datetime) -> Iterator[Slot]:
    """Yield every slot that could be booked, a day at a time and ascending within each day.

    Args:
        diary: opening hours, closed days, taken time.
        days: the local days to look at, in the order wanted.
        length: what has to fit in.
        not_before: earliest start, aware UTC.

    Yields:
        slots that begin on a quarter; where two providers are free at once, one slot each in the order of the openings.
    """
    for day in days:
        if day in diary.closed:
            continue
        openings = [opening for opening in diary.openings if opening.weekday == day.weekday()]
        found = {
            slot: None
            for opening in openings
            for slot in _slots_within(opening, day=day, diary=diary, length=length, not_before=not_before)
        }
        yield from sorted(found, key=lambda slot: slot.starts_at)


def _slots_within(
    opening: Opening, *, day: date, diary: Diary, length: VisitLength, not_before: datetime
) -> Iterator[Slot]:
    opens_at = instant_at(day, opening.opens_minute, diary.zone)
    closes_at = instant_at(day, min(opening.closes_minute, MINUTES_A_DAY), diary.zone)
    needed = length.quarters
    taken = diary.taken.get(opening.provider_id, frozenset())
    first = first_quarter_from(max(opens_at, not_before))
    for quarter in range(first, first_quarter_from(closes_at) - needed + 1):
        if not taken.isdisjoint(range(quarter, quarter + needed)):
            continue
        starts_at = beginning_of(quarter)
        ends_at = starts_at + timedelta(minutes=length.minutes)
        # In the second passage of a doubled hour the clock names the first: nobody could be told when to come.
        if ends_at <= closes_at and not starts_at.astimezone(diary.zone).fold:
            yield Slot(
                starts_at=starts_at,
                ends_at=ends_at,
                provider_id=opening.provider_id,
                visit_type_id=length.visit_type_id,
            )
