"""Times told from another time: "two days later", "une heure plus tôt" become one item each, a shift in minutes."""

from bot.understanding.rows import Row
from bot.understanding.time_items import Item, Kind

_MINUTES = {"day": 24 * 60, "week": 7 * 24 * 60}
_AN_HOUR = 60
_COUNTS = frozenset({Kind.NUMBER, Kind.ARTICLE})
_MOST = 100


def fold_shifts(items: list[Item]) -> list[Item]:
    """Replace every count with what it counts and "later" or "earlier" behind it by one item."""
    if all(item.kind is not Kind.SHIFTED for item in items):
        return items
    folded: list[Item] = []
    at = 0
    while at < len(items):
        row = Row(items, at)
        counted = row.kind() in _COUNTS or row.kind() is Kind.HALF
        unit = 1 if counted else 0
        minutes = _minutes(row.item(unit))
        if minutes and row.kind(unit + 1) is Kind.SHIFTED:
            count = row.number() if row.kind() is Kind.NUMBER else 1
            length = minutes // 2 if row.kind() is Kind.HALF else minutes * min(count, _MOST)
            last = row.item(unit + 1)
            folded.append(Item(Kind.SHIFT, length * row.number(unit + 1), last.clause, last.last))
            at += unit + 2
            continue
        folded.append(items[at])
        at += 1
    return folded


def _minutes(item: Item) -> int:
    if item.kind is Kind.HOUR:
        return _AN_HOUR
    if item.kind is Kind.DAYS_OR_PM:
        return _MINUTES["day"]
    return _MINUTES.get(str(item.value), 0) if item.kind is Kind.UNIT else 0
