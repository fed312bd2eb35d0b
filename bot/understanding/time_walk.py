"""A walk through the pieces of a text that gathers which days would do and what is said of the time of day.

Each piece is taken once, alone or with those that belong to it; nothing is decided before all are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.understanding.calendar_days import Calendar, days_from
from bot.understanding.clock import TIMES, fold_clocks
from bot.understanding.clock_forms import HalfHour
from bot.understanding.dates import Days, Piece, fold_dates
from bot.understanding.refusals import refused_places
from bot.understanding.time_bounds import Hours, Lead, Said
from bot.understanding.time_words import Bounds, Item, Kind

_RANGE_LINKS = frozenset({Kind.AND, Kind.UNTIL, Kind.TO, Kind.AT, Kind.OR})
_MINUTES_A_DAY = 24 * 60
_LONGEST_STRETCH = 365


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What a time in words is relative to: aware UTC instants, and the clinic's zone."""

    now: datetime
    zone: ZoneInfo
    offers: tuple[datetime, ...] = ()
    visit: datetime | None = None


@dataclass(kw_only=True, slots=True)
class Walk:
    """A walk through the pieces of a text, and what it has gathered so far."""

    pieces: list[Piece]
    refused: frozenset[int]
    calendar: Calendar
    hours: Hours
    visit: datetime | None
    at: int = 0
    wanted: set[date] = field(default_factory=set)
    refused_days: set[date] = field(default_factory=set)
    said: Said = field(default_factory=Said)
    far: bool = False
    near: bool = False
    any_day: bool = False

    @classmethod
    def begin(cls, items: list[Item], half: HalfHour, moment: Moment, idle: frozenset[int]) -> "Walk":
        """Stand at the first piece. idle: places of words like "not" that deny nothing."""
        calendar = Calendar(today=moment.now.astimezone(moment.zone).date())
        pieces = fold_dates(fold_clocks(items, half), calendar)
        refused = refused_places(pieces, idle)
        parts = [piece.value for at, piece in enumerate(pieces) if isinstance(piece, Item) and at not in refused]
        return cls(
            pieces=pieces,
            refused=refused,
            calendar=calendar,
            hours=Hours(
                parts=tuple(part for part in parts if isinstance(part, Bounds)),
                offers=frozenset(offer.astimezone(moment.zone).time() for offer in moment.offers),
            ),
            visit=moment.visit.astimezone(moment.zone) if moment.visit else None,
        )

    def take(self) -> None:
        """Take the next piece, or several that belong together."""
        piece = self.pieces[self.at]
        if isinstance(piece, Days):
            self.take_days(piece)
        else:
            taker = _TAKERS.get(piece.kind)
            if taker:
                taker(self, piece)
        self.at += 1

    def dates(self) -> tuple[date, ...] | None:
        """Return the days that would do, ascending; None for any."""
        if self.wanted:
            return tuple(sorted(self.wanted - self.refused_days or self.wanted))
        if self.refused_days:
            return tuple(sorted(self.calendar.window - self.refused_days))
        return None

    def _is_refused(self) -> bool:
        return self.at in self.refused

    def _ahead(self, by: int = 1) -> Piece | None:
        return self.pieces[self.at + by] if self.at + by < len(self.pieces) else None

    def _time_ahead(self, by: int) -> Item | None:
        piece = self._ahead(by)
        return piece if isinstance(piece, Item) and piece.kind in TIMES else None

    def _link_ahead(self, by: int) -> bool:
        piece = self._ahead(by)
        return isinstance(piece, Item) and piece.kind in _RANGE_LINKS

    def take_days(self, days: Days) -> None:
        """Take days that suit, or do not."""
        if self._is_refused():
            self.refused_days |= days.days
            return
        self.wanted |= days.days
        self.far |= days.far
        self.near |= not days.far

    def take_time(self, item: Item) -> None:
        """Take an hour, or two that make a stretch."""
        following = self._time_ahead(1)
        if self._is_refused():
            return
        if following:
            self.said.stretches.append(self.hours.read_stretch(item, following))
            self.at += 1
            return
        self.said.exact.append(self.hours.read(item))

    def take_part(self, item: Item) -> None:
        """Take a part of the day."""
        if isinstance(item.value, Bounds):
            (self.said.refused_parts if self._is_refused() else self.said.parts).append(item.value)

    def take_any_day(self, _item: Item) -> None:
        """Take that any day suits."""
        self.any_day = True

    def take_between(self, item: Item) -> None:
        """Take a stretch; with no second end, what it begins with."""
        if self._stretch():
            return
        following = self._ahead()
        if isinstance(following, Days) or self._time_ahead(1):
            self.take_direction(item._replace(kind=Kind.FROM, value=0))

    def take_range(self, _item: Item) -> None:
        """Take a stretch; nothing where it is none."""
        self._stretch()

    def _stretch(self) -> bool:
        first, second = self._time_ahead(1), self._time_ahead(3)
        if first and second and self._link_ahead(2):
            self.said.stretches.append(self.hours.read_stretch(first, second))
            self.at += 3
            return True
        since, until = self._ahead(1), self._ahead(3)
        if isinstance(since, Days) and isinstance(until, Days) and self._link_ahead(2) and not since.far:
            begins = min(since.days)
            ends = min((day for day in until.days if day >= begins), default=begins)
            self.wanted |= days_from(begins, min((ends - begins).days, _LONGEST_STRETCH) + 1)
            self.near = True
            self.at += 3
            return True
        return False

    def take_direction(self, item: Item) -> None:
        """Take "after", "before" and the like with what follows."""
        if item.kind is Kind.FROM and not self._is_refused() and self._stretch():
            return
        forward = (item.kind is Kind.FROM) is not self._is_refused()
        following = self._ahead()
        shift = item.value if isinstance(item.value, int) else 0
        if item.kind is Kind.BEFORE and isinstance(following, Days):
            if not self._is_refused():
                return
            shift = -1
        if isinstance(following, Days):
            self._bound_days(following, forward=forward, shift=-1 - shift if self._is_flip(item, shift) else shift)
            self.at += 1
        elif isinstance(following, Item) and following.kind in TIMES:
            bound = self.hours.read(following, Lead.DIRECTION)
            (self.said.not_before if forward else self.said.not_after).append(bound)
            self.at += 1
        elif isinstance(following, Item) and isinstance(following.value, Bounds):
            self._bound_by_part(following.value, item.kind, shift)
            self.at += 1

    def _is_flip(self, item: Item, shift: int) -> bool:
        # "not before Friday" is from Friday on, "not after Friday" up to it; "not until Friday" leaves Friday free.
        return self._is_refused() and not (item.kind is Kind.UNTIL and shift == 0)

    def _bound_days(self, days: Days, *, forward: bool, shift: int) -> None:
        if days.far:
            if forward:
                first = min(days.days)
                later = Calendar(today=first).first_of_month(1) if days.month and shift > 0 else first
                self.wanted.add(later)
                self.far = True
            return
        turn = min(days.days) + timedelta(days=shift)
        if forward:
            end = max(*self.calendar.window, turn + timedelta(days=6))
            self.wanted |= days_from(turn, (end - turn).days + 1)
        else:
            self.wanted |= days_from(self.calendar.today, min((turn - self.calendar.today).days, _LONGEST_STRETCH) + 1)
        self.near = True

    def _bound_by_part(self, part: Bounds, kind: Kind, shift: int) -> None:
        edge = part.earliest if (kind is Kind.FROM) is (shift == 0) else part.latest
        if kind is not Kind.FROM:
            edge = part.latest if shift == 0 else part.earliest
        if edge:
            forward = (kind is Kind.FROM) is not self._is_refused()
            (self.said.not_before if forward else self.said.not_after).append(edge)

    def take_shift(self, item: Item) -> None:
        """Take a time told from that of the visit."""
        if self.visit is None or not isinstance(item.value, int):
            return
        shifted = self.visit + timedelta(minutes=item.value)
        self.wanted.add(shifted.date())
        self.near = True
        if item.value % _MINUTES_A_DAY:
            self.said.exact.append(shifted.time())

    def take_same_time(self, _item: Item) -> None:
        """Take the time of day of the visit."""
        if self.visit is not None:
            self.said.exact.append(self.visit.time())


_TAKERS: dict[Kind, Callable[[Walk, Item], None]] = {
    Kind.CLOCK: Walk.take_time,
    Kind.BARE: Walk.take_time,
    Kind.PART: Walk.take_part,
    Kind.ANY_DAY: Walk.take_any_day,
    Kind.BETWEEN: Walk.take_between,
    Kind.RANGE: Walk.take_range,
    Kind.FROM: Walk.take_direction,
    Kind.UNTIL: Walk.take_direction,
    Kind.BEFORE: Walk.take_direction,
    Kind.SHIFT: Walk.take_shift,
    Kind.SAME_TIME: Walk.take_same_time,
}
