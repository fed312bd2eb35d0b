"""What the calendar offers, said plainly: every free time is listed first, and only then chosen from.

Slow, and the measure for the real search, which reads no further than it must.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta

from flows.ids import ProviderId
from flows.meaning import TimeWish
from flows.slots import Slot
from storage.calendars.free_time import Opening, instant_at
from storage.calendars.offers import FoundSlots, PartOfDay
from storage.calendars.quarters import QUARTER, QUARTER_MINUTES, beginning_of, first_quarter_from, quarter_of, quarters
from storage.calendars.search import Search
from storage.calendars.taken import BLOCK, Taken

Quarters = Mapping[ProviderId, AbstractSet[int]]
"""What is taken, by provider."""

DAYS_BETWEEN_OFFERS = timedelta(days=7)
CLEARLY_LATER = timedelta(hours=1)
A_DAY_IS_WORTH = 180  # minutes
LONG_AGO = quarter_of(datetime(2023, 1, 1, tzinfo=UTC))


def taken_of(quarters: Quarters) -> Taken:
    """Tell what is taken as a database does: by provider and half a day."""
    blocks: Counter[tuple[ProviderId, int]] = Counter()
    for provider, each in quarters.items():
        for quarter in each:
            blocks[provider, quarter // BLOCK] += 1 << quarter % BLOCK
    return Taken.of_blocks([(*block, bits) for block, bits in blocks.items()], since=LONG_AGO)


def free(search: Search, days: Iterable[date], taken: Quarters) -> list[Slot]:
    """List every slot of these days that could be booked; those of one start in the order of the openings."""
    found: list[Slot] = []
    for day in days:
        if day in search.rules.closed:
            continue
        opened = [opening for opening in search.openings if opening.weekday == day.weekday()]
        slots = dict.fromkeys(slot for opening in opened for slot in _free_within(search, opening, day, taken))
        found += sorted(slots, key=lambda slot: slot.starts_at)
    return found


def _free_within(search: Search, opening: Opening, day: date, taken: Quarters) -> list[Slot]:
    opens_at = instant_at(day, opening.opens_minute, search.zone)
    closes_at = instant_at(day, min(opening.closes_minute, 24 * 60), search.zone)
    starts_at, found = beginning_of(first_quarter_from(opens_at)), []
    while starts_at < closes_at:
        ends_at = starts_at + timedelta(minutes=search.length.minutes)
        chair = quarters(starts_at, starts_at + search.length.quarters * QUARTER)
        if (
            starts_at >= search.not_before
            and ends_at <= closes_at
            and not taken.get(opening.provider_id, set()) & set(chair)
            and not starts_at.astimezone(search.zone).fold
        ):
            found.append(
                Slot(
                    starts_at=starts_at,
                    ends_at=ends_at,
                    provider_id=opening.provider_id,
                    visit_type_id=search.length.visit_type_id,
                )
            )
        starts_at += QUARTER
    return found


def find(search: Search, wish: TimeWish, *, count: int, taken: Quarters) -> FoundSlots:
    """Choose up to `count` free times within the wish; if there are none, the nearest to it."""
    wished = [slot for slot in free(search, search.wished_days(wish), taken) if _fits(search, slot, wish)]
    on_grid = [slot for slot in wished if _minutes(_local(search, slot).time()) % search.rules.grid_minutes == 0]
    to_the_minute = wish.earliest is not None and wish.earliest == wish.latest
    exact = _soonest(search, wished, count)
    if not to_the_minute and search.rules.grid_minutes != QUARTER_MINUTES:
        readable = _soonest(search, on_grid, count)
        exact = readable if len(readable) == count else exact
    if exact:
        return FoundSlots(slots=exact, exact=True)
    near = _nearest(search, free(search, search.days_near(wish), taken), wish, count)
    return FoundSlots(slots=near, exact=False)


def find_days(search: Search, days: Iterable[date], *, count: int, taken: Quarters) -> tuple[date, ...]:
    """Choose the first `count` of the days that have free time."""
    found = dict.fromkeys(_local(search, slot).date() for slot in free(search, days, taken))
    return tuple(found)[:count]


def count(search: Search, days: Iterable[date], taken: Quarters) -> int:
    """Count how many visits fit one behind the other, at each provider's own chair."""
    slots, fitting = free(search, days, taken), 0
    for provider_id in {slot.provider_id for slot in slots}:
        chair_is_free = search.now
        for slot in slots:
            if slot.provider_id == provider_id and slot.starts_at >= chair_is_free:
                fitting += 1
                chair_is_free = slot.starts_at + search.length.quarters * QUARTER
    return fitting


def _soonest(search: Search, slots: Sequence[Slot], count: int) -> tuple[Slot, ...]:
    ascending = each_start_once(slots)
    soon = [slot for slot in ascending if slot.starts_at - ascending[0].starts_at <= DAYS_BETWEEN_OFFERS]
    return _pick(search, soon if len(soon) >= count else ascending[:count], count)


def _nearest(search: Search, slots: Sequence[Slot], wish: TimeWish, count: int) -> tuple[Slot, ...]:
    away = {slot: _distance(search, slot, wish) for slot in slots}
    ranked = each_start_once(sorted(slots, key=lambda slot: (away[slot], slot.starts_at)))
    if wish.dates is None and ranked:
        soon = min(slot.starts_at for slot in ranked) + DAYS_BETWEEN_OFFERS
        ranked = [slot for slot in ranked if slot.starts_at <= soon]
    near = [slot for slot in ranked if away[slot] - away[ranked[0]] <= A_DAY_IS_WORTH]
    return _pick(search, near if len(near) >= count else ranked[:count], count)


def _pick(search: Search, ranked: Sequence[Slot], count: int) -> tuple[Slot, ...]:
    picked = list(ranked[: min(count, 1)])
    while len(picked) < min(count, len(ranked)):
        rest = [slot for slot in ranked if slot not in picked]
        picked.append(min(rest, key=lambda slot: _likeness(search, slot, picked)))
    return tuple(sorted(picked))


def _likeness(search: Search, slot: Slot, picked: Sequence[Slot]) -> int:
    """How like a slot is to those picked; of the least like the first is taken."""
    moment, others = _local(search, slot), [_local(search, other) for other in picked]
    other_day = all(moment.date() != other.date() for other in others)
    other_part = all(_part(moment) != _part(other) for other in others)
    if other_day:
        return 0 if other_part else 1
    if other_part:
        return 2
    return 3 if all(abs(slot.starts_at - other.starts_at) >= CLEARLY_LATER for other in picked) else 4


def each_start_once(slots: Sequence[Slot]) -> list[Slot]:
    """Leave out whoever comes later at the same time."""
    first: dict[datetime, Slot] = {}
    for slot in slots:
        first.setdefault(slot.starts_at, slot)
    return list(first.values())


def _fits(search: Search, slot: Slot, wish: TimeWish) -> bool:
    local = _local(search, slot)
    on_the_day = wish.dates is None or local.date() in wish.dates
    late_enough = wish.earliest is None or local.time() >= wish.earliest
    return on_the_day and late_enough and (wish.latest is None or local.time() <= wish.latest)


def _distance(search: Search, slot: Slot, wish: TimeWish) -> int:
    """Minutes beside the wished time of day, and three hours for every day beside the wished days."""
    local = _local(search, slot)
    days = min((abs((local.date() - day).days) for day in wish.dates or ()), default=0)
    beside = [0]
    if wish.earliest is not None:
        beside.append(_minutes(wish.earliest) - _minutes(local.time()))
    if wish.latest is not None:
        beside.append(_minutes(local.time()) - _minutes(wish.latest))
    return days * A_DAY_IS_WORTH + max(beside)


def _part(local: datetime) -> PartOfDay:
    if local.hour < 12:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if local.hour < 17 else PartOfDay.EVENING


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _local(search: Search, slot: Slot) -> datetime:
    return slot.starts_at.astimezone(search.zone)
