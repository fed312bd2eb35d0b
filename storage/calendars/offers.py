"""Which of the free times to offer: a few, clearly different ones, near to what was wished for.

Pure. What is offered together differs in day or in part of the day where the calendar allows, and ascends.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import tee
from operator import itemgetter
from zoneinfo import ZoneInfo

from flows.meaning import TimeWish
from flows.slots import Slot

NOON = time(12)
EVENING = time(17)
DAYS_BETWEEN_OFFERS = timedelta(days=7)
A_DAY_IS_WORTH = 180  # minutes
CLEARLY_LATER = timedelta(hours=1)

OTHER_DAY_AND_PART, OTHER_DAY, OTHER_PART, LATER, MUCH_ALIKE = range(5)
"""How like a slot is to those picked already: the less, the better it stands beside them."""


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
    if not wish.names_something:
        return True
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
    return _pick(_of_the_first_week(_each_start_once(slots), at_least=count), count=count, zone=zone)


def choose_nearest(slots: Iterable[Slot], *, wish: TimeWish, count: int, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Pick up to `count` slots (given ascending by start) near a wish that none fits, clearly different; ascending."""
    found = _each_start_once(slots)
    if wish.dates is None:
        # With no day named the soonest days count, not the best minute of a month.
        found = _of_the_first_week(found)
    ranked = sorted(((distance(slot, wish, zone), slot) for slot in found), key=itemgetter(0))
    # To be different is worth a day's distance, no more.
    near = [slot for away, slot in ranked if away - ranked[0][0] <= A_DAY_IS_WORTH]
    return _pick(near if len(near) >= count else [slot for _, slot in ranked[:count]], count=count, zone=zone)


def choose_days(slots: Iterable[Slot], *, count: int, zone: ZoneInfo) -> tuple[date, ...]:
    """Return the first `count` local days on which something is free, ascending; read no further than needed."""
    days: dict[date, None] = {}
    for slot in slots:
        days.setdefault(slot.starts_at.astimezone(zone).date())
        if len(days) == count:
            break
    return tuple(days)


def _each_start_once(slots: Iterable[Slot]) -> Iterator[Slot]:
    """Leave out every slot that starts when the one before it does.

    One start is one offer, whoever treats; the first provider named is the preferred one.
    """
    last: datetime | None = None
    for slot in slots:
        if slot.starts_at != last:
            last = slot.starts_at
            yield slot


def _of_the_first_week(slots: Iterable[Slot], at_least: int = 1) -> Iterator[Slot]:
    """Yield slots until one starts more than a week after the first of them; `at_least` so many, if there are."""
    soon: datetime | None = None
    for number, slot in enumerate(slots):
        soon = soon or slot.starts_at + DAYS_BETWEEN_OFFERS
        if number >= at_least and slot.starts_at > soon:
            return
        yield slot


def _pick(ranked: Iterable[Slot], *, count: int, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Take the best, then again and again the best of those most unlike all taken so far; read as far as needed."""
    picked: list[Slot] = []
    while len(picked) < count:
        ranked, ahead = tee(ranked)
        following = _most_unlike(picked, ahead, zone)
        if following is None:
            break
        picked.append(following)
    return tuple(sorted(picked))


def _most_unlike(picked: Sequence[Slot], ranked: Iterable[Slot], zone: ZoneInfo) -> Slot | None:
    """Return the first of the slots most unlike all picked, read as far as needed; None if there are no others."""
    local = [slot.starts_at.astimezone(zone) for slot in picked]
    days = {moment.date() for moment in local}
    parts = [part for part in PartOfDay if part in map(part_of_day, local)]
    # Once all parts of the day are taken, nothing can be more unlike than another day.
    least_possible = OTHER_DAY_AND_PART if len(parts) < len(PartOfDay) else OTHER_DAY

    def likeness(slot: Slot) -> int:
        moment = slot.starts_at.astimezone(zone)
        other_part = part_of_day(moment) not in parts
        if moment.date() not in days:
            return OTHER_DAY_AND_PART if other_part else OTHER_DAY
        if other_part:
            return OTHER_PART
        return LATER if all(abs(slot.starts_at - other.starts_at) >= CLEARLY_LATER for other in picked) else MUCH_ALIKE

    found, least = None, MUCH_ALIKE + 1
    for slot in ranked:
        alike = likeness(slot)
        if alike < least and slot not in picked:
            found, least = slot, alike
        if least == least_possible:
            break
    return found
