"""Counts that are not one number: "a week or two", "2 or 3 months", "een maand of drie", "через два-три месяца".

Each is put as somebody would say it who names every count by itself: "in 2 months or in 3 months".
"""

from bot.understanding.rows import Row
from bot.understanding.time_items import Item, Kind

_COUNTED = frozenset({Kind.UNIT, Kind.DAYS_OR_PM})
_LINKS = frozenset({Kind.OR, Kind.TO, Kind.AT, Kind.UNTIL})
_AHEAD = frozenset({Kind.IN, Kind.PAST})
_MAKES_A_TIME = frozenset(
    {
        Kind.HOUR, Kind.HOUR_PART, Kind.MINUTE, Kind.AM, Kind.PM, Kind.SUFFIX, Kind.MONTH, Kind.SHORT_MONTH, Kind.UNIT,
        Kind.DAYS_OR_PM, Kind.MEASURE, Kind.PAST, Kind.TO, Kind.BEFORE, Kind.NUMBER,
    }
)  # fmt: skip
_FEW = range(2, 13)
"""What people name two counts of, or "a week or" so many."""


def fold_counts(items: list[Item]) -> list[Item]:
    """Put every such count in plain words."""
    if all(item.kind not in _COUNTED and item.kind is not Kind.ABOUT for item in items):
        return items
    folded: list[Item] = []
    at = 0
    while at < len(items):
        row = Row(items, at)
        said, taken = _about(row) or _several(row) or ([row.item()], 1)
        folded += said
        at += taken
    return folded


def _about(row: Row) -> tuple[list[Item], int] | None:
    """Read "een maand of 3": three of them; "een week of" with no number behind it is a week, or something else."""
    about, number = row.item(), row.item(1)
    if about.kind is not Kind.ABOUT:
        return None
    unit = about._replace(kind=Kind.UNIT)
    counted_on = row.kind(2) in _MAKES_A_TIME and row.item(2).clause == about.clause
    if _is_few(number) and number.clause == about.clause and not counted_on:
        return [number, unit._replace(last=number.last)], 2
    return [unit, about._replace(kind=Kind.OR, value=0)], 1


def _several(row: Row) -> tuple[list[Item], int] | None:
    """Read two counts of what lies ahead: "in 2 or 3 weeks", "in a week or two", "недели через две-три"."""
    ahead = row.item()
    if ahead.kind in _COUNTED and row.kind(1) in _AHEAD:
        counts, taken = _two_counts(row.after(2), within=ahead.clause)
        return (_named_apart(row.item(1), counts, ahead), 2 + taken) if counts else None
    if ahead.kind not in _AHEAD:
        return None
    if row.kind(1) is Kind.ABOUT:
        counts, taken = _two_counts(row.after(2), within=ahead.clause)
        return (_named_apart(ahead, counts, row.item(1)._replace(kind=Kind.UNIT)), 2 + taken) if counts else None
    counts, taken = _two_counts(row.after(1))
    if counts and row.kind(1 + taken) in _COUNTED:
        return _named_apart(ahead, counts, row.item(1 + taken)), 2 + taken
    return _one_or_more(row)


def _one_or_more(row: Row) -> tuple[list[Item], int] | None:
    unit = 1 + (row.kind(1) is Kind.ARTICLE or (row.kind(1) is Kind.NUMBER and row.number(1) == 1))
    more = unit + 1 + (row.kind(unit + 1) is Kind.OR)
    linked = (more > unit + 1 or not row.item(more).figures) and row.item(more).clause == row.item().clause
    if row.kind(unit) is Kind.UNIT and linked and _is_few(row.item(more)) and row.kind(more + 1) not in _MAKES_A_TIME:
        one = row.item(unit)._replace(kind=Kind.NUMBER, value=1)
        return _named_apart(row.item(), [one, row.item(more)], row.item(unit)), more + 1
    return None


def _two_counts(row: Row, within: int | None = None) -> tuple[list[Item], int]:
    """Return two counts and how many items they took, where given those of one clause only; none if there are none."""
    first = row.item()
    if first.kind is Kind.COMPOUND:
        counts = str(first.value).split("-")
        if len(counts) == 2 and all(count.isdecimal() for count in counts):  # noqa: PLR2004 - "2-3"
            both = [first._replace(kind=Kind.NUMBER, value=int(count), figures=True) for count in counts]
            return (both, 1) if _are_two(*both) else ([], 0)
        return [], 0
    second = 1 + (row.kind(1) in _LINKS)
    if within is not None and row.item(second).clause != within:
        return [], 0
    return ([first, row.item(second)], second + 1) if _are_two(first, row.item(second)) else ([], 0)


def _are_two(first: Item, second: Item) -> bool:
    less, more = first.value, second.value
    counts = first.kind is Kind.NUMBER and _is_few(second)
    return counts and isinstance(less, int) and isinstance(more, int) and 1 <= less < more


def _is_few(item: Item) -> bool:
    return item.kind is Kind.NUMBER and item.value in _FEW


def _named_apart(ahead: Item, counts: list[Item], unit: Item) -> list[Item]:
    last = max(item.last for item in (ahead, *counts, unit))
    link = Item(Kind.OR, 0, ahead.clause, last)
    unit = unit._replace(kind=Kind.UNIT, value="day") if unit.kind is Kind.DAYS_OR_PM else unit
    first, second = ([ahead, count, unit] for count in counts)
    return [item._replace(last=last, clause=ahead.clause) for item in (*first, link, *second)]
