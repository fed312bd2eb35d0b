"""Times of day in a row of items: "half past nine", "17 h 30", "без четверти десять" become one item each.

A time of the clock's twelve hours stays `BARE`: which half of the day is meant is decided with the whole text in view.
"""

from datetime import time

from bot.understanding.clock_forms import HalfHour, compound_time, spoken_time
from bot.understanding.rows import Row
from bot.understanding.time_words import Item, Kind

TIMES = frozenset({Kind.CLOCK, Kind.BARE})
_LEADS = frozenset({Kind.AT, Kind.FROM, Kind.UNTIL, Kind.BEFORE, Kind.BETWEEN})
_LINKS = frozenset({Kind.AND, Kind.OR, Kind.TO, Kind.UNTIL, Kind.AT})
_RANGES = frozenset({Kind.FROM, Kind.BETWEEN, Kind.RANGE})
_LONGEST_RANGE = 6
"""Hours: "10-12" may be a stretch of the day, "3-12" is rather the third of December."""


def fold_clocks(items: list[Item], half: HalfHour) -> list[Item]:
    """Replace every time of day by one item. `half` is the language's use of "half" before an hour."""
    folded: list[Item] = []
    at = 0
    while at < len(items):
        row, before = Row(items, at), Row(folded, len(folded))
        stretch = _stretch(row, before) if row.kind() is Kind.COMPOUND else []
        if stretch:
            folded.extend(stretch)
            at += 1
            continue
        found = spoken_time(row, half, _surroundings(row, before))
        if found is None:
            folded.append(items[at])
            at += 1
            continue
        kind, value, taken = found
        folded.append(Item(kind, value, items[at].clause, items[at + taken - 1].last))
        at += taken
    return folded


def _surroundings(row: Row, before: Row) -> frozenset[str]:
    """Tell what a number may be: "led" by a word that makes it an hour, within a "range"."""
    lead = before.kind(-1)
    begins_range = lead is Kind.RANGE and row.kind(1) in _LINKS and row.kind(2) is Kind.NUMBER
    led = lead in _LEADS or (lead in _LINKS and before.kind(-2) in TIMES) or begins_range
    return frozenset({*(["led"] if led else []), *(["range"] if lead in _RANGES else [])})


def _stretch(row: Row, before: Row) -> list[Item]:
    """Read "10-12", "14:00-16:00", "9.30-10.30" as a stretch of the day; empty where it is none."""
    item = row.item()
    text = str(item.value)
    begins, dash, ends = (text.replace(".", ":") if text.count(".") > 1 else text).partition("-")
    first, second = compound_time(begins), compound_time(ends)
    if not dash or first is None or second is None:
        return []
    apart = _hour(second[1]) - _hour(first[1])
    if ":" not in begins and before.kind(-1) not in _LEADS and not 1 <= apart <= _LONGEST_RANGE:
        return []
    parts = ((Kind.BETWEEN, 0), first, (Kind.AND, 0), second)
    return [Item(kind, value, item.clause, item.last) for kind, value in parts]


def _hour(value: object) -> int:
    return value.hour if isinstance(value, time) else 0
