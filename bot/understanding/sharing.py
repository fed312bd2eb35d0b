"""What one word gives to several: the month of "24 or 25 November", the week of "Monday to Wednesday next week"."""

from bot.understanding.rows import Row
from bot.understanding.time_items import Item, Kind

_NUMBERS = frozenset({Kind.NUMBER, Kind.ORDINAL})
MONTHS = frozenset({Kind.MONTH, Kind.SHORT_MONTH})
_WEEKDAYS = frozenset({Kind.WEEKDAY, Kind.SHORT})
_WEEK = frozenset({Kind.WEEK})
_CHOICES = frozenset({Kind.OR, Kind.AND})
_LINKS = _CHOICES | {Kind.UNTIL, Kind.TO, Kind.AT}
_BESIDE_WEEKDAYS = frozenset(
    {
        *_WEEKDAYS, *_LINKS, Kind.PART, Kind.CLOCK, Kind.BARE, Kind.FROM, Kind.BETWEEN, Kind.RANGE, Kind.BEFORE,
    }
)  # fmt: skip
_LONGEST_LIST = 12
"""Items: nobody names more days before the week they share."""

_LAST_DAY, _LAST_MONTH = 31, 12


def shared_month(row: Row) -> int:
    """Return the month, 1 to 12, that a number takes from one further on; 0 where there is none.

    "may" and the like only where nothing follows: "between 2 and 4 may suit me" names no day.
    """
    if row.kind() not in _NUMBERS or not 1 <= row.number() <= _LAST_DAY:
        return 0
    at, links = _after_suffix(row, 1), 0
    for _ in range(_LONGEST_LIST):
        linked = row.kind(at) in _LINKS
        at += linked
        at += row.kind(at) is Kind.DATED
        if row.kind(at) not in _NUMBERS or not 1 <= row.number(at) <= _LAST_DAY:
            return 0
        links += linked
        at = _after_suffix(row, at + 1)
        if row.kind(at) in MONTHS:
            sure = row.kind(at) is Kind.MONTH or row.item(at + 1).last < 0
            return row.number(at) if links and sure else 0
    return 0


def _after_suffix(row: Row, at: int) -> int:
    return at + (row.kind(at) is Kind.SUFFIX)


def days_between(row: Row) -> list[Item]:
    """Read "24-26 November", "24-26.11", "24/11-26/11" as a stretch of days; empty where it is none."""
    item = row.item()
    begins, _, ends = str(item.value).partition("-")
    mark = next((mark for mark in "/." if mark in ends), "")
    if row.kind(1) in MONTHS and begins.isdecimal() and ends.isdecimal():
        kind: Kind = Kind.NUMBER
        values: tuple[int | str, int | str] = (int(begins), int(ends))
        if not 1 <= int(begins) < int(ends) <= _LAST_DAY:
            return []
    elif mark and _is_a_month(ends.split(mark)[1]) and (begins.isdecimal() or mark in begins):
        kind = Kind.COMPOUND
        values = (begins if mark in begins else f"{begins}{mark}{ends.partition(mark)[2]}", ends)
    else:
        return []
    parts = ((Kind.BETWEEN, 0), (kind, values[0]), (Kind.AND, 0), (kind, values[1]))
    return [Item(part, value, item.clause, item.last) for part, value in parts]


def _is_a_month(text: str) -> bool:
    return text.isdecimal() and 1 <= int(text) <= _LAST_MONTH


def shared_week(row: Row) -> int | None:
    """Return how many weeks ahead of this one a weekday is meant, by the week named beside it; None if none is."""
    if row.kind(-1) is Kind.WEEK and row.item(-1).clause == row.item().clause:
        return row.number(-1)
    ahead = _reach(row, 1, _WEEK)
    if ahead is not None:
        return row.number(ahead)
    behind = _reach(row, -1, _WEEK)
    return row.number(behind) if behind is not None else None


def gives_its_week(row: Row) -> bool:
    """Tell whether the week here is that of weekdays beside it and not meant as a whole."""
    return any(_reach(row, step, _WEEKDAYS) is not None for step in (1, -1))


def shares_coming(row: Row, soon: frozenset[Kind]) -> int:
    """Return how many weekdays from here on a "prochain" behind the last is said of; 0 for none."""
    count = 1
    at = 1
    while at <= _LONGEST_LIST and row.kind(at) in _CHOICES and row.kind(at + 1) in _WEEKDAYS:
        at += 2
        count += 1
    return count if row.kind(at) in soon else 0


def _reach(row: Row, step: int, wanted: frozenset[Kind]) -> int | None:
    """Return where the nearest such item stands that days and times alone part from here."""
    week_first = row.kind() is Kind.WEEK
    at = step
    while abs(at) <= _LONGEST_LIST:
        if row.kind(at) in wanted:
            beside_week = step if week_first else at - step
            parted = beside_week != 0 and row.kind(beside_week) in _CHOICES
            return None if parted else at
        if row.kind(at) not in _BESIDE_WEEKDAYS:
            return None
        at += step
    return None
