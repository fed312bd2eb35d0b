"""A walk through the pieces of a text that gathers which days would do and what is said of the time of day.

Each piece is taken once, alone or with those that belong to it; nothing is decided before all are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from bot.understanding.bounding import settle_bounds
from bot.understanding.calendar_days import Calendar
from bot.understanding.clock import TIMES, fold_clocks
from bot.understanding.clock_forms import HalfHour
from bot.understanding.counts import fold_counts
from bot.understanding.dates import Days, fold_dates
from bot.understanding.feast_weeks import fold_weeks
from bot.understanding.known_times import KnownTimes, Moment
from bot.understanding.piece_row import PieceRow
from bot.understanding.refusals import refused_places
from bot.understanding.said_days import SaidDays
from bot.understanding.shifts import fold_shifts
from bot.understanding.time_bounds import Hours, Lead, Said, overlap
from bot.understanding.time_items import Bounds, Item, Kind

_LIKELY_HOURS = range(8, 20)
_CHOICES = frozenset({Kind.OR, Kind.AND})
_MINUTES_A_DAY = 24 * 60


@dataclass(kw_only=True, slots=True)
class Walk(PieceRow):
    """A walk through the pieces of a text, and what it has gathered so far."""

    hours: Hours
    known: KnownTimes
    days: SaidDays
    said: Said = field(default_factory=Said)

    @classmethod
    def begin(cls, items: list[Item], half: HalfHour, moment: Moment, idle: frozenset[int]) -> "Walk":
        """Stand at the first piece. idle: places of words like "not" that deny nothing."""
        calendar = Calendar(today=moment.now.astimezone(moment.zone).date())
        pieces = settle_bounds(fold_dates(fold_clocks(fold_shifts(fold_counts(fold_weeks(items))), half), calendar))
        refused = refused_places(pieces, idle)
        parts = [piece.value for at, piece in enumerate(pieces) if isinstance(piece, Item) and at not in refused]
        return cls(
            pieces=pieces,
            refused=refused,
            hours=Hours(
                parts=tuple(part for part in parts if isinstance(part, Bounds)),
                offers=frozenset(offer.astimezone(moment.zone).time() for offer in moment.offers),
            ),
            known=KnownTimes.of(moment),
            days=SaidDays(calendar=calendar),
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

    def take_days(self, days: Days) -> None:
        """Take days that suit, or do not."""
        through, until = self.through_ahead(1), self.ahead(2)
        if self.is_refused():
            self.days.refuse(days.days, until.days if through and isinstance(until, Days) else None)
            self.at += 2 if through and isinstance(until, Days) else 0
            return
        pointed = self.known.on(days.days) if self.is_pointed_at() else ()
        if pointed:
            self.days.want(frozenset(offer.date() for offer in pointed))
            self.said.exact += [offer.time() for offer in pointed]
        elif not (through and self._stretch(after=0)):
            self.days.want(days.days, far=days.far)

    def take_time(self, item: Item) -> None:
        """Take an hour, or two that make a stretch."""
        following = self.time_ahead(1)
        if self.is_refused():
            return
        if not following and self.through_ahead(1) and self._stretch(after=0):
            return
        if following:
            self.said.stretches.append(self.hours.read_stretch(item, following))
            self.at += 1
            return
        self.said.exact.append(self.hours.read(item))

    def take_number(self, item: Item) -> None:
        """Take a number that ends what is said of a day as its hour: "tuesday @ 10"."""
        before, following = self.ahead(-1), self.ahead()
        ends = following is None or following.clause != item.clause
        if not (ends and item.figures and isinstance(before, Days)) or self.is_refused():
            return
        if isinstance(item.value, int) and item.value in _LIKELY_HOURS:
            self.said.exact.append(self.hours.read(item._replace(kind=Kind.BARE, value=time(item.value))))

    def take_part(self, item: Item) -> None:
        """Take a part of the day."""
        if not isinstance(item.value, Bounds):
            return
        parts = self.said.refused_parts if self.is_refused() else self.said.parts
        before = self.ahead(-1)
        if isinstance(before, Days) and self.is_refused() and self.at - 1 in self.refused:
            # "Not Monday morning" leaves the other mornings free.
            return
        together = isinstance(before, Item) and before.kind is Kind.PART and parts
        narrowed = overlap(parts[-1], item.value) if together else None
        if narrowed:
            parts[-1] = narrowed
        else:
            parts.append(item.value)

    def take_any_day(self, _item: Item) -> None:
        """Take that any day suits."""
        self.days.any_day = True

    def take_between(self, item: Item) -> None:
        """Take a stretch; with no second end, what it begins with."""
        if self._stretch():
            return
        following = self.ahead()
        if isinstance(following, Days) or self.time_ahead(1):
            self.take_direction(item._replace(kind=Kind.FROM, value=0))

    def take_range(self, _item: Item) -> None:
        """Take a stretch; nothing where it is none."""
        self._stretch()

    def _stretch(self, after: int = 1) -> bool:
        """Take a stretch that begins so many places ahead, of the day or of days."""
        if not self.link_ahead(after + 1):
            return False
        first, second = self.end_ahead(after), self.end_ahead(after + 2)
        if first and second and (self.time_ahead(after) or self.time_ahead(after + 2)):
            self.said.stretches.append(self.hours.read_stretch(first, second))
            self.at += after + 2
            return True
        since, until = self.ahead(after), self.ahead(after + 2)
        if isinstance(since, Days) and isinstance(until, Days) and not since.far:
            self.days.want_stretch(since.days, until.days)
            self.at += after + 2
            return True
        return False

    def take_direction(self, item: Item) -> None:
        """Take "after", "before" and the like with what follows."""
        if item.kind is Kind.FROM and not self.is_refused() and self._stretch():
            return
        forward = (item.kind is Kind.FROM) is not self.is_refused()
        following = self.ahead()
        shift = item.value if isinstance(item.value, int) else 0
        if item.kind is Kind.BEFORE and isinstance(following, Days):
            if not self.is_refused() and not following.feast:
                # "voor maandag" may be for Monday; nobody asks for a visit for Christmas.
                return
            shift = -1
        if isinstance(following, Days):
            following = self.last_of_feasts(following)
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
        return self.is_refused() and not (item.kind is Kind.UNTIL and shift == 0)

    def _bound_days(self, days: Days, *, forward: bool, shift: int) -> None:
        if days.feast and forward:
            self.days.want_far(max(days.days) + timedelta(days=shift) if shift > 0 else min(days.days))
        elif days.far and forward:
            self.days.want_far(_month_after(days) if days.month and shift > 0 else min(days.days))
        elif not days.far and not (days.feast and shift == 0):
            # "until Christmas" may be when somebody is busy; "before Christmas" is when they would come.
            self.days.bound(min(days.days) + timedelta(days=shift), forward=forward)

    def _bound_by_part(self, part: Bounds, kind: Kind, shift: int) -> None:
        edge = part.earliest if (kind is Kind.FROM) is (shift == 0) else part.latest
        if kind is not Kind.FROM:
            edge = part.earliest
        if edge:
            forward = (kind is Kind.FROM) is not self.is_refused()
            (self.said.not_before if forward else self.said.not_after).append(edge)

    def take_shift(self, item: Item) -> None:
        """Take a time told from another: from days named right before, from an offer, or from the visit."""
        minutes = item.value if isinstance(item.value, int) else 0
        whole_days, rest = divmod(minutes, _MINUTES_A_DAY)
        link, before = self.ahead(-1), self.ahead(-2)
        if isinstance(link, Item) and link.kind in _CHOICES and isinstance(before, Days) and not rest:
            self.days.want(frozenset(day + timedelta(days=whole_days) for day in before.days))
            return
        anchor = self.known.spoken_of(self.days.named)
        if anchor is None:
            return
        shifted = anchor + timedelta(minutes=minutes)
        self.days.replace_named(shifted.date())
        if rest:
            self.said.exact.append(shifted.time())

    def take_same_time(self, _item: Item) -> None:
        """Take the time of day of an offer or of the visit."""
        anchor = self.known.spoken_of(self.days.named)
        if anchor is not None:
            self.said.exact.append(anchor.time())

    def take_ordinal(self, item: Item) -> None:
        """Take which of the offers is spoken of."""
        if isinstance(item.value, int):
            self.known.point_at(item.value)


def _month_after(days: Days) -> date:
    return Calendar(today=min(days.days)).first_of_month(1)


_TAKERS: dict[Kind, Callable[[Walk, Item], None]] = {
    Kind.CLOCK: Walk.take_time,
    Kind.BARE: Walk.take_time,
    Kind.NUMBER: Walk.take_number,
    Kind.PART: Walk.take_part,
    Kind.ANY_DAY: Walk.take_any_day,
    Kind.BETWEEN: Walk.take_between,
    Kind.RANGE: Walk.take_range,
    Kind.FROM: Walk.take_direction,
    Kind.UNTIL: Walk.take_direction,
    Kind.BEFORE: Walk.take_direction,
    Kind.ORDINAL: Walk.take_ordinal,
    Kind.SHIFT: Walk.take_shift,
    Kind.SAME_TIME: Walk.take_same_time,
}
