"""Which of the free times to offer: a few, clearly different ones, near to what was wished for.

Pure. What is offered together differs in day or in part of the day where the calendar allows, and ascends.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum
from itertools import tee
from operator import itemgetter

from flows.meaning import TimeWish
from flows.slots import Slot
from storage.calendars.free_time import MINUTES_A_DAY, Start
from storage.calendars.quarters import QUARTER

NOON = 12 * 60  # as all times of the day here: minutes since local midnight
EVENING = 17 * 60
A_DAY_IS_WORTH = 180  # minutes
A_WEEK = timedelta(days=7) // QUARTER
CLEARLY_LATER = timedelta(hours=1) // QUARTER

OTHER_DAY_AND_PART, OTHER_DAY, OTHER_PART, LATER, MUCH_ALIKE = range(5)
"""How like a start is to those picked already: the less, the better it stands beside them."""


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


def part_of_day(minute: int) -> PartOfDay:
    """Return the part of the day in which a minute of it lies: morning before 12, evening from 17."""
    if minute < NOON:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if minute < EVENING else PartOfDay.EVENING


def within(wish: TimeWish, starts: Iterable[Start]) -> Iterable[Start]:
    """Leave out the starts that do not lie within a wish; both bounds included."""
    if not wish.names_something:
        return starts
    days = None if wish.dates is None else frozenset(wish.dates)
    earliest = 0 if wish.earliest is None else _minute_from(wish.earliest)
    latest = MINUTES_A_DAY if wish.latest is None else _minute(wish.latest)
    return (start for start in starts if earliest <= start.minute <= latest and (days is None or start.day in days))


def on_grid(grid_minutes: int, starts: Iterable[Start]) -> Iterable[Start]:
    """Leave out the starts beside a grid that is counted from local midnight."""
    return (start for start in starts if start.minute % grid_minutes == 0)


def distance(start: Start, wish: TimeWish) -> int:
    """Return how far a start lies from a wish; 0 is within it.

    In minutes beside the wished time of day, and three hours for every day beside the wished days: two hours later on
    the same day is nearer than the same time on the next, that is nearer than the other half of the day.
    """
    days = min((abs((start.day - day).days) for day in wish.dates or ()), default=0)
    too_early = 0 if wish.earliest is None else _minute(wish.earliest) - start.minute
    too_late = 0 if wish.latest is None else start.minute - _minute(wish.latest)
    return days * A_DAY_IS_WORTH + max(0, too_early, too_late)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _minute_from(moment: time) -> int:
    """Return the first whole minute at or after a time of the day."""
    return _minute(moment) + (moment.second > 0 or moment.microsecond > 0)


def choose_soonest(starts: Iterable[Start], *, count: int) -> tuple[Start, ...]:
    """Pick up to `count` of the starts (ascending), the soonest first and the others clearly different from it.

    Args:
        starts: free times, ascending, each once; read no further than needed.
        count: how many to pick at most.

    Returns:
        the picked starts, ascending; no two at the same time.
    """
    return _pick(_of_the_first_week(starts, at_least=count), count=count)


def choose_nearest(starts: Iterable[Start], *, wish: TimeWish, count: int) -> tuple[Start, ...]:
    """Pick up to `count` starts (given ascending) near a wish that none fits, clearly different; ascending."""
    # With no day named the soonest days count, not the best minute of a month.
    found = _of_the_first_week(starts) if wish.dates is None else starts
    ranked = sorted(((distance(start, wish), start) for start in found), key=itemgetter(0))
    # To be different is worth a day's distance, no more.
    near = [start for away, start in ranked if away - ranked[0][0] <= A_DAY_IS_WORTH]
    return _pick(near if len(near) >= count else [start for _, start in ranked[:count]], count=count)


def choose_days(starts: Iterable[Start], *, count: int) -> tuple[date, ...]:
    """Return the first `count` local days on which something is free, ascending; read no further than needed."""
    days: dict[date, None] = {}
    for start in starts:
        days.setdefault(start.day)
        if len(days) == count:
            break
    return tuple(days)


def _of_the_first_week(starts: Iterable[Start], at_least: int = 1) -> Iterator[Start]:
    """Yield starts until one is more than a week after the first of them; `at_least` so many, if there are."""
    soon: int | None = None
    for number, start in enumerate(starts):
        if soon is None:
            soon = start.quarter + A_WEEK
        if number >= at_least and start.quarter > soon:
            return
        yield start


def _pick(ranked: Iterable[Start], *, count: int) -> tuple[Start, ...]:
    """Take the best, then again and again the best of those most unlike all taken so far; read as far as needed."""
    picked: list[Start] = []
    while len(picked) < count:
        ranked, ahead = tee(ranked)
        following = _most_unlike(picked, ahead)
        if following is None:
            break
        picked.append(following)
    return tuple(sorted(picked))


def _most_unlike(picked: Sequence[Start], ranked: Iterable[Start]) -> Start | None:
    """Return the first of the starts most unlike all picked, read as far as needed; None if there are no others."""
    days = {start.day for start in picked}
    parts = list(dict.fromkeys(part_of_day(start.minute) for start in picked))
    # Once all parts of the day are taken, nothing can be more unlike than another day.
    least_possible = OTHER_DAY_AND_PART if len(parts) < len(PartOfDay) else OTHER_DAY

    def likeness(start: Start) -> int:
        other_part = part_of_day(start.minute) not in parts
        if start.day not in days:
            return OTHER_DAY_AND_PART if other_part else OTHER_DAY
        if other_part:
            return OTHER_PART
        return LATER if all(abs(start.quarter - other.quarter) >= CLEARLY_LATER for other in picked) else MUCH_ALIKE

    found, least = None, MUCH_ALIKE + 1
    for start in ranked:
        alike = likeness(start)
        if alike < least and start not in picked:
            found, least = start, alike
        if least == least_possible:
            break
    return found
