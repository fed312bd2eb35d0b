"""Which hours a text means, and between which bounds of the day all it says together leads.

A bare hour is read by the part of day beside it, then by the offers on the table, then by habit: one to six in the
afternoon, eight to twelve in the morning, seven in the evening where something is to be after or before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from bot.understanding.time_items import Bounds, Item, Kind

_NOON = 12
_AFTERNOON_UNTIL = 6
_SEVEN = 7
_MORNING_BEGINS = time(9)
_DAY_ENDS = time(18)


class Lead(StrEnum):
    """What stands before an hour: nothing that gives a direction, or "after", "before" and the like."""

    NONE = "none"
    DIRECTION = "direction"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Reads hours. `parts` of the day the text names, `offers` on the table in the clinic's zone."""

    parts: tuple[Bounds, ...]
    offers: frozenset[time]

    def read(self, item: Item, lead: Lead = Lead.NONE) -> time:
        """Return the time of day an item means."""
        value = item.value if isinstance(item.value, time) else time(_NOON)
        if item.kind is Kind.CLOCK:
            return value
        early, late = value.replace(hour=value.hour % _NOON), value.replace(hour=value.hour % _NOON + _NOON)
        for choice in (early, late):
            if any(_holds(part, choice) for part in self.parts):
                return choice
        offered = [choice for choice in (early, late) if choice in self.offers]
        if len(offered) == 1:
            return offered[0]
        in_the_afternoon = value.hour == _NOON or value.hour <= _AFTERNOON_UNTIL
        if in_the_afternoon or (value.hour == _SEVEN and lead is Lead.DIRECTION):
            return late
        return early

    def read_stretch(self, first: Item, second: Item) -> Bounds:
        """Return the stretch between two times; the second is taken as the later one."""
        begins, ends = self.read(first), self.read(second)
        if ends < begins and second.kind is Kind.BARE and ends.hour < _NOON:
            ends = ends.replace(hour=ends.hour + _NOON)
        if ends < begins and first.kind is Kind.BARE and begins.hour >= _NOON:
            begins = begins.replace(hour=begins.hour - _NOON)
        return Bounds(begins, ends)


@dataclass(kw_only=True, slots=True)
class Said:
    """Everything a text says about the time of day."""

    exact: list[time] = field(default_factory=list)
    stretches: list[Bounds] = field(default_factory=list)
    parts: list[Bounds] = field(default_factory=list)
    refused_parts: list[Bounds] = field(default_factory=list)
    not_before: list[time] = field(default_factory=list)
    not_after: list[time] = field(default_factory=list)

    def together(self) -> Bounds:
        """Return the bounds that hold all of it; exact times and stretches say more than parts of day."""
        plain = Bounds(max(self.not_before, default=None), min(self.not_after, default=None))
        if plain.earliest and plain.latest and plain.earliest > plain.latest:
            # "Tuesday after 3 or Thursday before 12": no hour suits all, and none is refused.
            plain = Bounds(None, None)
        fitting = [exact for exact in self.exact if _holds(plain, exact) and exact not in plain]
        if fitting and not self.stretches:
            return Bounds(min(fitting), max(fitting))
        if self.exact and not self.stretches:
            return plain
        if self.stretches or self.exact:
            return _hull([*self.stretches, *(Bounds(exact, exact) for exact in self.exact)])
        parts = _hull(self.parts) if self.parts else self._without_refused()
        both = Bounds(_pick(max, parts.earliest, plain.earliest), _pick(min, parts.latest, plain.latest))
        if both.earliest and both.latest and both.earliest >= both.latest:
            return plain
        return both

    def _without_refused(self) -> Bounds:
        if not self.refused_parts:
            return Bounds(None, None)
        refused = _hull(self.refused_parts)
        if (refused.earliest or time.min) < _MORNING_BEGINS:
            return Bounds(refused.latest, None)
        return Bounds(None, refused.earliest if (refused.latest or time.max) >= _DAY_ENDS else None)


def overlap(first: Bounds, second: Bounds) -> Bounds | None:
    """Return what two parts of the day share; None where they do not meet."""
    shared = Bounds(_pick(max, first.earliest, second.earliest), _pick(min, first.latest, second.latest))
    apart = shared.earliest and shared.latest and shared.earliest >= shared.latest
    return None if apart else shared


def _holds(part: Bounds, choice: time) -> bool:
    return (part.earliest or time.min) <= choice <= (part.latest or time.max)


def _hull(stretches: Sequence[Bounds]) -> Bounds:
    begins = [stretch.earliest for stretch in stretches]
    ends = [stretch.latest for stretch in stretches]
    return Bounds(None if None in begins else _pick(min, *begins), None if None in ends else _pick(max, *ends))


def _pick(choose: Callable[[list[time]], time], *times: time | None) -> time | None:
    known = [one for one in times if one is not None]
    return choose(known) if known else None
