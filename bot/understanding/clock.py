"""Times of day in a row of items: "half past nine", "17 h 30", "без четверти десять" become one item each.

A time of the clock's twelve hours stays `BARE`: which half of the day is meant is decided with the whole text in view.
"""

from datetime import time

from bot.understanding.clock_figures import compound_time, is_dashed_time
from bot.understanding.clock_forms import BEGIN_TIMES, HalfHour, rather_a_stretch, spoken_time
from bot.understanding.day_parts import fold_parts, half_of_day, within
from bot.understanding.rows import Row
from bot.understanding.sharing import MONTHS, days_between
from bot.understanding.time_items import Item, Kind

TIMES = frozenset({Kind.CLOCK, Kind.BARE})
_LEADS = frozenset({Kind.AT, Kind.FROM, Kind.UNTIL, Kind.BEFORE, Kind.BETWEEN, Kind.EARLIEST, Kind.LATEST})
_LINKS = frozenset({Kind.AND, Kind.OR, Kind.TO, Kind.UNTIL, Kind.AT})
_RANGES = frozenset({Kind.FROM, Kind.BETWEEN, Kind.RANGE})
_MORE_BEFORE = frozenset({*_LEADS, *MONTHS, Kind.DATED})
_MORE_BEHIND = frozenset({*MONTHS, Kind.MINUTE, Kind.UNIT, Kind.SUFFIX, Kind.HOUR, Kind.MEASURE})
_MAKES_AN_HOUR = frozenset({Kind.HOUR, Kind.HOUR_PART, Kind.AM, Kind.PM})
_LAST_DAY = 31
_LONGEST_NUMBER = 99
_HOURS = range(8, 22)
_MINUTES = frozenset({0, 15, 30, 45})
_LONGEST_RANGE = 6
"""Hours: "10-12" may be a stretch of the day, "3-12" is rather the third of December."""


def fold_clocks(items: list[Item], half: HalfHour) -> list[Item]:
    """Replace every time of day by one item. `half` is the language's use of "half" before an hour."""
    folded: list[Item] = []
    items = _parted(items)
    at = 0
    while at < len(items):
        if items[at].kind not in BEGIN_TIMES:
            folded.append(items[at])
            at += 1
            continue
        row, before = Row(items, at), Row(folded, len(folded))
        stretch = days_between(row) or _stretch(row, before) if row.kind() is Kind.COMPOUND else []
        if stretch:
            folded.extend(stretch)
            at += 1
            _tell_half(folded, row.after(1))
            at += half_of_day(row.after(1)) is not None
            continue
        found = spoken_time(row, half, _surroundings(row, before))
        if found is None:
            folded.append(items[at])
            at += 1
            continue
        kind, value, taken = found
        folded.append(Item(kind, value, items[at].clause, items[at + taken - 1].last))
        _tell_half(folded, row.after(taken - 1))
        at += taken
    return fold_parts(folded)


def _parted(items: list[Item]) -> list[Item]:
    """Part the minutes and the hour that "14h00-16h00" and "9 - 11" run together."""
    parted: list[Item] = []
    for at, item in enumerate(items):
        if item.kind is not Kind.COMPOUND and not item.figures:
            parted.append(item)
            continue
        row = Row(items, at)
        minutes, dash, hour = str(item.value).partition("-")
        if item.kind is Kind.COMPOUND and dash and row.kind(-1) is Kind.HOUR and (minutes + hour).isdecimal():
            parts = ((Kind.NUMBER, int(minutes)), (Kind.UNTIL, 0), (Kind.NUMBER, int(hour)))
            parted += [item._replace(kind=kind, value=value) for kind, value in parts]
        elif _two_hours(row) or _two_days(row):
            parted += [item._replace(kind=Kind.BETWEEN, value=0), item, item._replace(kind=Kind.AND, value=0)]
        else:
            parted.append(item)
    return parted


def _two_hours(row: Row) -> bool:
    """Tell whether two numbers side by side, and no more, are hours with a dash between them: "9 - 11"."""
    first, last = row.number(), row.number(1)
    if row.kind(2) in _MAKES_AN_HOUR and row.item().figures and row.item(1).figures:
        return 1 <= first < last < _HOURS.stop and row.kind(-1) not in _MORE_BEFORE and first not in _MINUTES
    hours = first in _HOURS and last in _HOURS and last not in _MINUTES
    return hours and 1 <= last - first <= _LONGEST_RANGE and _is_alone(row)


def _two_days(row: Row) -> bool:
    """Tell whether two numbers before a month are days with a dash between them: "24 - 26 November"."""
    in_figures = row.item().figures and row.item(1).figures and not row.item(-1).figures
    return in_figures and row.kind(2) in MONTHS and 1 <= row.number() < row.number(1) <= _LAST_DAY


def _is_alone(row: Row) -> bool:
    """Tell whether two numbers in figures stand side by side with nothing that makes them more than that."""
    in_figures = [row.item(at).figures for at in range(-1, 3)]
    free = row.kind(-1) not in _MORE_BEFORE and row.kind(2) not in _MORE_BEHIND
    return free and in_figures == [False, True, True, False]


def _tell_half(folded: list[Item], row: Row) -> None:
    """Give the half of the day named at `row` to the times just folded: "7-9 pm", "entre 7 et 9 h du soir"."""
    part = half_of_day(row)
    if part is None or not folded:
        return
    latest = time.max
    for at in (len(folded) - 1, len(folded) - 3):
        if at < 0 or (at < len(folded) - 1 and folded[at + 1].kind not in _LINKS):
            return
        value = folded[at].value
        if folded[at].kind not in TIMES or not isinstance(value, time):
            return
        told = within(value, part)
        if folded[at].kind is Kind.BARE and told and told < latest:
            folded[at] = folded[at]._replace(kind=Kind.CLOCK, value=told)
            latest = told
        else:
            latest = value


def _surroundings(row: Row, before: Row) -> frozenset[str]:
    """Tell what a number may be: "led" by a word that makes it an hour, within a "range"."""
    lead = before.kind(-1)
    begins_range = lead is Kind.RANGE and row.kind(1) in _LINKS and row.kind(2) is Kind.NUMBER
    alone = len(row.items) == 1 and row.number() > _LONGEST_NUMBER
    linked = lead in _LINKS and before.kind(-2) in TIMES
    led = lead in _LEADS or linked or begins_range or alone or _is_bounded(row)
    return frozenset({*(["led"] if led else []), *(["range"] if lead in _RANGES else [])})


def _is_bounded(row: Row) -> bool:
    """Tell whether what follows a number makes it an hour: "9 tot 11", "4 at the latest", "4 or after"."""
    match row.kind(1):
        case Kind.UNTIL:
            return row.kind(2) is Kind.NUMBER
        case Kind.NUMBER:
            return _is_alone(row) and row.number() in _HOURS and row.number(1) in _MINUTES
        case Kind.TO:
            return rather_a_stretch(row)
        case Kind.EARLIEST | Kind.LATEST:
            return True
        case Kind.OR:
            return row.kind(2) is Kind.FROM or (row.kind(2) is Kind.NUMBER and row.kind(3) in _MAKES_AN_HOUR)
        case _:
            return False


def _stretch(row: Row, before: Row) -> list[Item]:
    """Read "10-12", "14:00-16:00", "9.30-10.30" as a stretch of the day; empty where it is none."""
    item = row.item()
    text = str(item.value)
    if is_dashed_time(text, led=before.kind(-1) in _LEADS):
        return []
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
