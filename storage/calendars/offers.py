"""Which of the free times to offer: a few, clearly different ones, near to what was wished for.

Pure. What is offered together differs in day or in part of the day where the calendar allows, and ascends.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from flows.meaning import TimeWish
from flows.slots import Slot

NOON = time(12)
EVENING = time(17)
DAYS_BETWEEN_OFFERS = timedelta(days=7)
A_DAY_IS_WORTH = 180  # minutes
CLEARLY_LATER = timedelta(hours=1)


class PartOfDay(Enum):
    """How people name a time of the day roughly."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundSlots:
    """Free times, ascending; `exact` tells whether they lie within the wish. Nothing found is exact in no way."""

    slots: tuple[Slot, ...]
    exact: bool


def part_of_day(local: datetime) -> PartOfDay:
    """Return the part of the day in which a local time lies: morning before 12, evening from 17."""
    if local.time() < NOON:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if local.time() < EVENING else PartOfDay.EVENING


def fits(slot: Slot, wish: TimeWish, zone: ZoneInfo) -> bool:
    """Tell whether a slot's local start lies within a wish; both bounds included."""
    local = slot.starts_at.astimezone(zone)
    return (
        (wish.dates is None or local.date() in wish.dates)
        and (wish.earliest is None or local.time() >= wish.earliest)
        and (wish.latest is None or local.time() <= wish.latest)
    )


def distance(slot: Slot, wish: TimeWish, zone: ZoneInfo) -> int:
    """Return how far a slot's start lies from a wish; 0 is within it.

    In minutes beside the wished time of day, and three hours for every day beside the wished days: two hours later on
    the same day is nearer than the same time on the next, that is nearer than the other half of the day.
    """
    local = slot.starts_at.astimezone(zone)
    minute = _minute(local.time())
    days = min((abs((local.date() - day).days) for day in wish.dates or ()), default=0)
    too_early = 0 if wish.earliest is None else _minute(wish.earliest) - minute
    too_late = 0 if wish.latest is None else minute - _minute(wish.latest)
    return days * A_DAY_IS_WORTH + max(0, too_early, too_late)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def readable(slot: Slot, grid_minutes: int, zone: ZoneInfo) -> bool:
    """Tell whether a slot starts on the grid, counted from local midnight."""
    return _minute(slot.starts_at.astimezone(zone).time()) % grid_minutes == 0


def choose_soonest(slots: Iterable[Slot], *, count: int, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Pick up to `count` of the slots (ascending), the soonest first and the others clearly different from it.

    Args:
        slots: free times, ascending by start; read no further than needed.
        count: how many to pick at most.
        zone: the clinic's, for what is a day and a part of it.

    Returns:
        the picked slots, ascending; no two start at the same time.
    """
    near: list[Slot] = []
    for slot in slots:
        # One start is one offer, whoever treats; the first provider named is the preferred one.
        if near and slot.starts_at == near[-1].starts_at:
            continue
        if len(near) >= count and (not near or slot.starts_at - near[0].starts_at > DAYS_BETWEEN_OFFERS):
            break
        near.append(slot)
    return _pick(near, count=count, zone=zone)


def choose_nearest(slots: Iterable[Slot], *, wish: TimeWish, count: int, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Pick up to `count` slots near a wish that none fits, clearly different from each other; ascending."""
    ranked: list[Slot] = []
    starts: set[datetime] = set()
    for slot in sorted(slots, key=lambda slot: (distance(slot, wish, zone), slot.starts_at)):
        if slot.starts_at not in starts:
            starts.add(slot.starts_at)
            ranked.append(slot)
    if wish.dates is None and ranked:
        # With no day named the soonest days count, not the best minute of a month.
        soon = min(starts) + DAYS_BETWEEN_OFFERS
        ranked = [slot for slot in ranked if slot.starts_at <= soon]
    # To be different is worth a day's distance, no more.
    near = [slot for slot in ranked if distance(slot, wish, zone) - distance(ranked[0], wish, zone) <= A_DAY_IS_WORTH]
    return _pick(near if len(near) >= count else ranked[:count], count=count, zone=zone)


def choose_days(slots: Iterable[Slot], *, count: int, zone: ZoneInfo) -> tuple[date, ...]:
    """Return the first `count` local days on which something is free, ascending; read no further than needed."""
    days: dict[date, None] = {}
    for slot in slots:
        days.setdefault(slot.starts_at.astimezone(zone).date())
        if len(days) == count:
            break
    return tuple(days)


def _pick(ranked: Sequence[Slot], *, count: int, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Take the best, then again and again the best of those most unlike all taken so far."""
    picked = list(ranked[: min(count, 1)])
    while len(picked) < min(count, len(ranked)):
        rest = [slot for slot in ranked if slot not in picked]
        picked.append(min(rest, key=_likeness(picked, zone)))
    return tuple(sorted(picked))


def _likeness(picked: Sequence[Slot], zone: ZoneInfo) -> Callable[[Slot], int]:
    local = [slot.starts_at.astimezone(zone) for slot in picked]
    days = {moment.date() for moment in local}
    parts = {part_of_day(moment) for moment in local}

    def likeness(slot: Slot) -> int:
        moment = slot.starts_at.astimezone(zone)
        if moment.date() not in days:
            return 0 if part_of_day(moment) not in parts else 1
        if part_of_day(moment) not in parts:
            return 2
        return 3 if all(abs(slot.starts_at - other.starts_at) >= CLEARLY_LATER for other in picked) else 4

    return likeness
