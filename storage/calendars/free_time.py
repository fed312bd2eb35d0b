"""Free time: from opening hours and taken quarters to the slots that could be booked.

Pure. Opening hours are wall-clock minutes of the clinic's zone, slots are instants: when the clocks change nothing
is offered in the hour that does not exist, nor in the second passage of the hour that comes twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from flows.ids import ProviderId, VisitTypeId
from flows.slots import Slot
from storage.calendars.quarters import QUARTER_MINUTES, beginning_of, first_quarter_from, quarter_of

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

    @property
    def whole(self) -> timedelta:
        """The time from the visit's start to its end."""
        return timedelta(minutes=self.minutes)


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
    whole = length.whole
    for day in days:
        if day in diary.closed:
            continue
        openings = [opening for opening in diary.openings if opening.weekday == day.weekday()]
        for quarter, provider_id in _starts(openings, day=day, diary=diary, length=length, not_before=not_before):
            starts_at = beginning_of(quarter)
            yield Slot(
                starts_at=starts_at,
                ends_at=starts_at + whole,
                provider_id=provider_id,
                visit_type_id=length.visit_type_id,
            )


def _starts(
    openings: Sequence[Opening], *, day: date, diary: Diary, length: VisitLength, not_before: datetime
) -> Iterator[tuple[int, ProviderId]]:
    """Yield the quarters in which a visit may begin and with whom, ascending; of one provider each once."""
    within = (
        _starts_within(opening, place, day=day, diary=diary, length=length, not_before=not_before)
        for place, opening in enumerate(openings)
    )
    latest: dict[ProviderId, int] = {}
    for quarter, place in merge(*within):
        provider_id = openings[place].provider_id
        if latest.get(provider_id) != quarter:
            latest[provider_id] = quarter
            yield quarter, provider_id


def _starts_within(
    opening: Opening, place: int, *, day: date, diary: Diary, length: VisitLength, not_before: datetime
) -> Iterator[tuple[int, int]]:
    """Yield the quarters of one opening in which a visit may begin, ascending, each with the opening's place."""
    closes_minute = min(opening.closes_minute, MINUTES_A_DAY)
    opens_at = instant_at(day, opening.opens_minute, diary.zone)
    closes_at = instant_at(day, closes_minute, diary.zone)
    needed = length.quarters
    taken = diary.taken.get(opening.provider_id, frozenset())
    first = first_quarter_from(max(opens_at, not_before))
    last = quarter_of(closes_at - length.whole)
    clock_changes = closes_at - opens_at != timedelta(minutes=closes_minute - opening.opens_minute)
    for quarter in range(first, last + 1):
        # In the second passage of a doubled hour the clock names the first: nobody could be told when to come.
        if clock_changes and beginning_of(quarter).astimezone(diary.zone).fold:
            continue
        if taken.isdisjoint(range(quarter, quarter + needed)):
            yield quarter, place
