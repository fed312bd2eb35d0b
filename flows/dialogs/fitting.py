"""Which of the offers on the table a text means: by place ("the second"), or by day and time."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.meaning import Meaning, TimeWish
from flows.slots import Slot


def fits(starts_at: datetime, wish: TimeWish, zone: ZoneInfo) -> bool:
    """Tell whether a time (UTC) is within a wish (in the clinic's zone)."""
    there = starts_at.astimezone(zone)
    return (
        (wish.dates is None or there.date() in wish.dates)
        and (wish.earliest is None or there.time() >= wish.earliest)
        and (wish.latest is None or there.time() <= wish.latest)
    )


def fitting(offers: Sequence[Slot], meaning: Meaning, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Give the offers a text may mean: the one it points at, or all within the times it names, if it names any."""
    if meaning.ordinal is not None and -len(offers) <= meaning.ordinal < len(offers):
        return (offers[meaning.ordinal],)
    if not meaning.times.names_something:
        return ()
    return tuple(slot for slot in offers if fits(slot.starts_at, meaning.times, zone))
