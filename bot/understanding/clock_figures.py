"""Times of day in figures: "9:30", "14", "10-30"."""

from datetime import time

from bot.understanding.time_items import Kind, Value

DIAL, DAY, HOUR = 12, 24, 60
_DASHED = frozenset({"00", "30", "45"})
_DASHED_IF_LED = _DASHED | {"15"}

Found = tuple[Kind, Value, int]
"""The kind of item a time makes, the time, and how many items it takes."""


def compound_time(text: str) -> tuple[Kind, Value] | None:
    """Read "9:30" or "14"."""
    hour, _, minute = text.partition(":")
    if not hour.isdecimal() or (minute and not minute.isdecimal()):
        return None
    found = clock_time(int(hour), int(minute or 0), 1)
    if found is None:
        return None
    return (Kind.CLOCK if hour.startswith("0") else found[0]), found[1]


def clock_time(hour: int, minute: int, taken: int) -> Found | None:
    """Return an hour and minute as a finding; None where no clock shows them."""
    if not (0 <= hour <= DAY and 0 <= minute < HOUR):
        return None
    return Kind.BARE if 1 <= hour <= DIAL else Kind.CLOCK, time(hour % DAY, minute), taken


def is_dashed_time(text: str, *, led: bool) -> bool:
    """Tell whether "10-30" is a time of day: in front of a full, half or quarter hour a dash stands for a colon."""
    hour, _, minute = text.partition("-")
    return hour.isdecimal() and int(hour) < DAY and minute in (_DASHED_IF_LED if led else _DASHED)
