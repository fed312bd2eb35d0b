"""Days in a row of items: "Tuesday next week", "24/11", "через две недели", "after the summer" become sets of days.

Days are those of the clinic's calendar. A bare weekday is every such day of the window; a day that is past is read as
the next of its kind.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bot.understanding.time_words import Item, Kind

WINDOW_DAYS = 14
_WEEK = 7
_SOON = 60
_MOST_AHEAD = {"day": 366, "week": 104, "month": 36, "year": 5}
_NUMBERS = frozenset({Kind.NUMBER, Kind.ORDINAL})
_WEEKDAYS = frozenset({Kind.WEEKDAY, Kind.SHORT})
_MONTHS = frozenset({Kind.MONTH, Kind.SHORT_MONTH})
_THIRDS = frozenset({Kind.BEGIN, Kind.MIDDLE, Kind.END})
_TELLING = frozenset(
    {
        Kind.NUMBER, Kind.ORDINAL, Kind.COMPOUND, Kind.CLOCK, Kind.BARE, Kind.PART, Kind.WEEKDAY, Kind.SHORT, Kind.WEEK,
        Kind.OR, Kind.AT, Kind.FROM, Kind.NEXT,
    }
)  # fmt: skip


class Days(NamedTuple):
    """Some days that a text names. `far`: a month or season, told by its first day only."""

    days: frozenset[date]
    clause: int
    last: int
    far: bool = False
    weekdays: bool = False
    week: bool = False


Piece = Item | Days
Found = tuple[frozenset[date], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The clinic's calendar as seen from a day."""

    today: date

    @property
    def window(self) -> frozenset[date]:
        """The days that are meant where no date says otherwise, today included."""
        return frozenset(self.today + timedelta(days=ahead) for ahead in range(WINDOW_DAYS))

    def on_weekday(self, weekday: int) -> frozenset[date]:
        """Return every such day of the window; 0 is Monday."""
        return frozenset(day for day in self.window if day.weekday() == weekday)

    def week(self, ahead: int) -> frozenset[date]:
        """Return the days, Monday to Sunday, of a week; of the present week those from today on."""
        monday = self.today + timedelta(days=ahead * _WEEK - self.today.weekday())
        return frozenset(day for day in _days_from(monday, _WEEK) if day >= self.today)

    def next_dated(self, day: int, month: int | None = None, year: int | None = None) -> date | None:
        """Return the next date with this day, month, year from today on; None when there is none."""
        for ahead in range(25 if month is None else 13 * 5):
            at = self._first_of_month(ahead)
            if month not in {None, at.month} or year not in {None, at.year} or day > monthrange(at.year, at.month)[1]:
                continue
            found = at.replace(day=day)
            if found >= self.today or (year is not None and month is not None):
                return found
        return None

    def in_months(self, ahead: int) -> date:
        """Return today's date some months ahead, or the last day of that month."""
        first = self._first_of_month(ahead)
        return first.replace(day=min(self.today.day, monthrange(first.year, first.month)[1]))

    def first_of(self, month: int, day: int = 1) -> date:
        """Return the next such day from today on; of a month that has begun, today."""
        if day == 1 and month == self.today.month:
            return self.today
        return self.next_dated(day, month) or self.today

    def _first_of_month(self, ahead: int) -> date:
        months = self.today.year * 12 + self.today.month - 1 + ahead
        return date(months // 12, months % 12 + 1, 1)


def fold_dates(items: list[Item], calendar: Calendar) -> list[Piece]:
    """Replace what names days by those days; days of the past ("since Monday") are dropped."""
    pieces: list[Piece] = []
    at = 0
    while at < len(items):
        ahead = items[at : at + 6]
        if ahead[0].kind in {Kind.SINCE, Kind.LAST}:
            at += 1 + _length_of_past(items[at + 1 : at + 6], calendar)
            continue
        found = _found_at(ahead, items[at - 1] if at else None, calendar)
        if found is None:
            pieces.append(items[at])
            at += 1
            continue
        days, taken = found
        last = items[at + taken - 1]
        following = items[at + taken].kind if at + taken < len(items) else Kind.WORD
        at += taken
        if following in {Kind.LAST, Kind.AGO}:
            at += 1
        elif days:
            pieces.append(
                Days(
                    days=days,
                    clause=ahead[0].clause,
                    last=last.last,
                    far=_is_far(ahead[:taken]),
                    weekdays=ahead[0].kind in _WEEKDAYS,
                    week=last.kind is Kind.WEEK,
                )
            )
    return pieces


def _is_far(items: list[Item]) -> bool:
    kinds = {item.kind for item in items}
    if kinds & {Kind.SEASON, Kind.NEXT_MONTH, Kind.NEXT_YEAR, Kind.MONTHS}:
        return True
    if any(item.kind is Kind.UNIT and item.value in {"month", "year"} for item in items):
        return True
    return bool(kinds & _MONTHS) and not kinds & _NUMBERS


def _length_of_past(ahead: list[Item], calendar: Calendar) -> int:
    if not ahead:
        return 0
    found = _found_at(ahead, None, calendar)
    if found:
        return found[1]
    return 1 if ahead[0].kind in {Kind.UNIT, Kind.PART, Kind.CLOCK, Kind.BARE} else 0


def _found_at(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    reader = _READERS.get(ahead[0].kind)
    return reader(ahead, before, calendar) if reader else None


def _one(day: date | None, taken: int) -> Found:
    # A date that cannot be, the 31st of February, names no day; it is taken all the same.
    return (frozenset([day]) if day else frozenset()), taken


def _day(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    return _one(calendar.today + timedelta(days=_number(ahead[0])), 1)


def _weekday(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    weekday = _number(ahead[0])
    rest = ahead[1:]
    if ahead[0].kind is Kind.SHORT and not _beside_a_time(rest, before):
        return None
    dated = _dated_after_weekday(rest, weekday, calendar)
    if dated:
        return dated[0], dated[1] + 1
    if rest and rest[0].kind in {Kind.NEXT, Kind.COMING}:
        return _first(calendar.on_weekday(weekday) - {calendar.today}), 2
    if rest and rest[0].kind is Kind.WEEK:
        return calendar.week(_number(rest[0])) & _weekdays_near(weekday, calendar), 2
    return calendar.on_weekday(weekday), 1


def _beside_a_time(rest: list[Item], before: Item | None) -> bool:
    return (bool(rest) and rest[0].kind in _TELLING) or (before is not None and before.kind in _TELLING)


def _dated_after_weekday(rest: list[Item], weekday: int, calendar: Calendar) -> Found | None:
    if not rest:
        return None
    if rest[0].kind is Kind.DATED:
        found = _dated(rest, None, calendar)
        return found
    if rest[0].kind is Kind.COMPOUND:
        return _compound(rest, None, calendar)
    if rest[0].kind not in _NUMBERS:
        return None
    found = _numbered(rest, None, calendar)
    if found:
        return found
    day = calendar.next_dated(_number(rest[0])) if 1 <= _number(rest[0]) <= 31 else None
    soon = day is not None and day.weekday() == weekday and (day - calendar.today).days < _SOON
    clock_follows = len(rest) > 1 and rest[1].kind in {Kind.HOUR, Kind.AM, Kind.PM, Kind.UNIT}
    return _one(day, 1) if soon and not clock_follows else None


def _next(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found | None:
    rest = ahead[1:]
    if not rest:
        return None
    coming = ahead[0].kind is Kind.COMING
    if rest[0].kind in _WEEKDAYS:
        days = calendar.on_weekday(_number(rest[0])) - {calendar.today}
        return (_first(days) if coming else calendar.week(1) & days), 2
    if rest[0].kind is Kind.WEEKEND:
        return (_first(_weekend(calendar), 2) if coming else calendar.week(1) & _weekend(calendar)), 2
    return None


def _weekend_at(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    rest = ahead[1:]
    if rest and rest[0].kind in {Kind.NEXT, Kind.COMING}:
        return _first(_weekend(calendar), 2), 2
    return _weekend(calendar), 1


def _week(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    week = calendar.week(_number(ahead[0]))
    weekday = ahead[1] if len(ahead) > 1 and ahead[1].kind is Kind.WEEKDAY else None
    if weekday and len(ahead) > 2 and ahead[2].kind in {Kind.OR, Kind.AND} and len(ahead) > 3 and ahead[3].kind is Kind.WEEKDAY:
        wanted = {_number(weekday), _number(ahead[3])}
        return frozenset(day for day in week if day.weekday() in wanted), 4
    if weekday and not (len(ahead) > 2 and ahead[2].kind is Kind.NUMBER):
        return frozenset(day for day in week if day.weekday() == _number(weekday)), 2
    return week, 1


def _third(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found | None:
    if len(ahead) < 2:
        return None
    third, of = ahead[0].kind, ahead[1]
    if of.kind is Kind.WEEK or (of.kind is Kind.UNIT and of.value == "week"):
        weekdays = {Kind.BEGIN: {0, 1}, Kind.MIDDLE: {1, 2, 3}, Kind.END: {3, 4}}[third]
        week = calendar.week(_number(of) if of.kind is Kind.WEEK else 0)
        return frozenset(day for day in week if day.weekday() in weekdays), 2
    on = {Kind.BEGIN: 1, Kind.MIDDLE: 15, Kind.END: 25}[third]
    if of.kind in _MONTHS:
        return _one(calendar.first_of(_number(of), on), 2)
    if of.kind in {Kind.NEXT_MONTH, Kind.THIS_MONTH} or (of.kind is Kind.UNIT and of.value == "month"):
        month = calendar.in_months(1 if of.kind is Kind.NEXT_MONTH else 0)
        return _one(max(month.replace(day=on), calendar.today), 2)
    return None


def _compound(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found | None:
    text = str(ahead[0].value)
    mark = next((mark for mark in "/.-" if mark in text), None)
    parts = text.split(mark)
    if mark is None or len(parts) not in {2, 3} or not all(part.isdecimal() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(parts) == 3 and len(parts[0]) == 4:
        numbers.reverse()
    day, month = numbers[:2]
    year = None if len(numbers) == 2 else numbers[2] + (2000 if numbers[2] < 100 else 0)
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return _one(calendar.next_dated(day, month, year), 1)


def _numbered(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    day, taken = _day_of_month(ahead)
    if day is None:
        return None
    rest = ahead[taken:]
    if rest and rest[0].kind in _MONTHS:
        year, more = _year(rest[1:])
        return _one(calendar.next_dated(day, _number(rest[0]), year), taken + 1 + more)
    if rest and rest[0].kind is Kind.UNIT:
        return _counted(ahead, before, calendar)
    if any(item.kind is Kind.SUFFIX for item in ahead[:taken]) or (ahead[taken - 1].kind is Kind.ORDINAL and day > 5):
        return _one(calendar.next_dated(day), taken)
    return None


def _day_of_month(ahead: list[Item]) -> tuple[int | None, int]:
    day, taken = _number(ahead[0]), 1
    if day in {20, 30} and len(ahead) > 1 and ahead[1].kind in _NUMBERS and 1 <= _number(ahead[1]) <= 9:
        day, taken = day + _number(ahead[1]), 2
    if len(ahead) > taken and ahead[taken].kind is Kind.SUFFIX:
        taken += 1
    return (day if 1 <= day <= 31 else None), taken


def _year(rest: list[Item]) -> tuple[int | None, int]:
    if rest and rest[0].kind is Kind.NUMBER and 2000 <= _number(rest[0]) <= 2100:
        return _number(rest[0]), 1
    return None, 0


def _counted(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    if before is not None and before.kind in {Kind.IN, Kind.PAST}:
        return _in([before, *ahead], None, calendar, taken=0)
    return frozenset(), 2


def _in(ahead: list[Item], _before: Item | None, calendar: Calendar, *, taken: int = 1) -> Found | None:
    rest = ahead[1:]
    number = 1
    if rest and rest[0].kind is Kind.NUMBER:
        number, rest, taken = _number(rest[0]), rest[1:], taken + 1
    if rest and rest[0].kind in _MONTHS and taken == 1:
        return _month(rest, ahead[0], calendar, taken=2)
    if not rest or rest[0].kind is not Kind.UNIT or number > _MOST_AHEAD[str(rest[0].value)]:
        return None
    taken += 1
    match rest[0].value:
        case "day":
            return _one(calendar.today + timedelta(days=number), taken)
        case "week":
            return _one(calendar.today + timedelta(weeks=number), taken)
        case unit:
            return _one(calendar.in_months(number * (12 if unit == "year" else 1)), taken)


def _dated(ahead: list[Item], before: Item | None, calendar: Calendar) -> Found | None:
    rest = ahead[1:]
    if not rest or rest[0].kind not in _NUMBERS:
        return None
    found = _numbered(rest, before, calendar)
    if found:
        return found[0], found[1] + 1
    day, taken = _day_of_month(rest)
    if day is None or (len(rest) > taken and rest[taken].kind in {Kind.HOUR, Kind.UNIT, Kind.MINUTE}):
        return None
    if rest[0].kind is Kind.ORDINAL and day <= 5:
        return None
    return _one(calendar.next_dated(day), taken + 1)


def _month(ahead: list[Item], before: Item | None, calendar: Calendar, *, taken: int = 1) -> Found | None:
    rest = ahead[1:]
    if rest and rest[0].kind is Kind.DATED:
        rest, taken = rest[1:], taken + 1
    if rest and rest[0].kind in _NUMBERS:
        day, more = _day_of_month(rest)
        followed = rest[more].kind if len(rest) > more else Kind.WORD
        if day is not None and followed not in {Kind.HOUR, Kind.UNIT, Kind.AM, Kind.PM}:
            year, years = _year(rest[more:])
            return _one(calendar.next_dated(day, _number(ahead[0]), year), taken + more + years)
    leads = {Kind.IN, Kind.FROM, Kind.UNTIL, Kind.BEFORE, Kind.AT, Kind.OR, Kind.NEXT, Kind.COMING}
    if ahead[0].kind is Kind.SHORT_MONTH and (before is None or before.kind not in leads):
        return None
    year, years = _year(ahead[1:])
    if year:
        return _one(date(year, _number(ahead[0]), 1), taken + years)
    return _one(calendar.first_of(_number(ahead[0])), taken)


def _season(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    value = ahead[0].value
    month, day = value if isinstance(value, tuple) and len(value) == 2 else (1, 1)
    found = calendar.next_dated(int(str(day)), int(str(month)))
    return _one(found, 1)


def _months(ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    ahead_by = {Kind.NEXT_MONTH: 1, Kind.NEXT_YEAR: 0}.get(ahead[0].kind)
    if ahead[0].kind is Kind.NEXT_YEAR:
        return _one(date(calendar.today.year + 1, 1, 1), 1)
    if ahead_by is not None:
        return _one(calendar.in_months(ahead_by).replace(day=1), 1)
    return _one(calendar.in_months(_number(ahead[0])), 1)


def _this_month(_ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    left = monthrange(calendar.today.year, calendar.today.month)[1] - calendar.today.day
    return frozenset(_days_from(calendar.today, left + 1)), 1


def _workdays(_ahead: list[Item], _before: Item | None, calendar: Calendar) -> Found:
    return calendar.window - _weekend(calendar), 1


def _weekend(calendar: Calendar) -> frozenset[date]:
    return calendar.on_weekday(5) | calendar.on_weekday(6)


def _weekdays_near(weekday: int, calendar: Calendar) -> frozenset[date]:
    return frozenset(day for day in _days_from(calendar.today, 5 * _WEEK) if day.weekday() == weekday)


def _first(days: Iterable[date], count: int = 1) -> frozenset[date]:
    return frozenset(sorted(days)[:count])


def _days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range(count)]


def _number(item: Item) -> int:
    return item.value if isinstance(item.value, int) else 0


_READERS: dict[Kind, Callable[[list[Item], Item | None, Calendar], Found | None]] = {
    Kind.DAY: _day,
    Kind.WEEKDAY: _weekday,
    Kind.SHORT: _weekday,
    Kind.NEXT: _next,
    Kind.COMING: _next,
    Kind.WEEKEND: _weekend_at,
    Kind.WORKDAYS: _workdays,
    Kind.WEEK: _week,
    Kind.BEGIN: _third,
    Kind.MIDDLE: _third,
    Kind.END: _third,
    Kind.COMPOUND: _compound,
    Kind.NUMBER: _numbered,
    Kind.ORDINAL: _numbered,
    Kind.IN: _in,
    Kind.PAST: _in,
    Kind.DATED: _dated,
    Kind.MONTH: _month,
    Kind.SHORT_MONTH: _month,
    Kind.SEASON: _season,
    Kind.MONTHS: _months,
    Kind.NEXT_MONTH: _months,
    Kind.NEXT_YEAR: _months,
    Kind.THIS_MONTH: _this_month,
}
