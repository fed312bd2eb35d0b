"""Parts of the day in a row of items: "end of the afternoon", "Monday am", "8 du soir" are made plain."""

from datetime import time

from bot.understanding.rows import Row
from bot.understanding.time_items import Bounds, Item, Kind

NOON = time(12)
MORNING, AFTERNOON = Bounds(time(6), NOON), Bounds(NOON, time(18))
_EVENING = Bounds(time(17), time(22))
_EARLY, _LATE = Bounds(time(6), time(9)), Bounds(time(16), time(18))
_ENDS: dict[tuple[Kind, Bounds], Bounds] = {
    (Kind.BEGIN, MORNING): _EARLY,
    (Kind.MIDDLE, MORNING): Bounds(time(9), time(11)),
    (Kind.END, MORNING): Bounds(time(10), NOON),
    (Kind.BEGIN, AFTERNOON): Bounds(NOON, time(15)),
    (Kind.MIDDLE, AFTERNOON): Bounds(time(14), time(16)),
    (Kind.END, AFTERNOON): _LATE,
    (Kind.BEGIN, _EVENING): Bounds(time(17), time(19)),
    (Kind.END, _EVENING): Bounds(time(20), time(22)),
}
_OF_THE_DAY = {Kind.BEGIN: _EARLY, Kind.END: _LATE}
_PARTS = frozenset({Kind.PART, Kind.HOUR_PART})
_HALVES = {Kind.AM: MORNING, Kind.PM: AFTERNOON}
_TOLD = frozenset({*_HALVES, Kind.HOUR_PART, Kind.DAYS_OR_PM, *(kind for kind, _ in _ENDS)})
_DAYS = frozenset({Kind.WEEKDAY, Kind.SHORT, Kind.DAY, Kind.WEEK, Kind.MONTH, Kind.SUFFIX, Kind.COMPOUND})


def fold_parts(items: list[Item]) -> list[Item]:
    """Make one item of every part of the day; what told an hour's half of the day is gone already."""
    folded: list[Item] = []
    at = 0
    while at < len(items):
        item, taken = _part(Row(items, at)) if items[at].kind in _TOLD else (items[at], 1)
        folded.append(item)
        at += taken
    return folded


def _part(row: Row) -> tuple[Item, int]:
    item, of = row.item(), row.item(1)
    if item.kind in _HALVES and row.kind(-1) in _DAYS:
        return item._replace(kind=Kind.PART, value=_HALVES[item.kind]), 1
    if item.kind is Kind.HOUR_PART:
        return item._replace(kind=Kind.PART), 1
    if item.kind is Kind.DAYS_OR_PM:
        return item._replace(kind=Kind.UNIT, value="day"), 1
    narrow = None
    if of.kind in _PARTS and isinstance(of.value, Bounds):
        narrow = _ENDS.get((item.kind, of.value))
    elif of.kind is Kind.DAYS_OR_PM or (of.kind is Kind.UNIT and of.value == "day"):
        narrow = _OF_THE_DAY.get(item.kind)
    return (of._replace(kind=Kind.PART, value=narrow), 2) if narrow else (item, 1)


def half_of_day(row: Row) -> Bounds | None:
    """Return the half of the day, or the part, that the item here gives to the hour before it."""
    item = row.item()
    if item.kind in _HALVES:
        return _HALVES[item.kind]
    if item.kind is Kind.DAYS_OR_PM:
        return AFTERNOON
    return item.value if item.kind is Kind.HOUR_PART and isinstance(item.value, Bounds) else None


def within(hour: time, part: Bounds) -> time | None:
    """Return the time of day that an hour means within a part of the day; None where it has no place there.

    A morning and an afternoon are taken as wide as "am" and "pm".
    """
    if part == MORNING:
        part = Bounds(time(0), time(12, 59))
    elif part in {AFTERNOON, _EVENING}:
        part = Bounds(NOON, time(23, 59))
    begins, ends = part.earliest or time.min, part.latest or time.max
    early = hour.replace(hour=hour.hour % 12)
    late = early.replace(hour=early.hour + 12)
    return next((one for one in (hour, early, late) if begins <= one <= ends), None)
