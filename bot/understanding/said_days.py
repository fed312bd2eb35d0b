"""The days a text says would do, and those it says would not."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.understanding.calendar_days import Calendar, days_from

_LONGEST_STRETCH = 365
_A_WEEK_MORE = timedelta(days=6)


@dataclass(kw_only=True, slots=True)
class SaidDays:
    """Everything a text says about days. `named`: the days that stand in it, not those a stretch or a bound adds."""

    calendar: Calendar
    wanted: set[date] = field(default_factory=set)
    refused: set[date] = field(default_factory=set)
    named: set[date] = field(default_factory=set)
    any_day: bool = False
    far: bool = False
    near: bool = False

    def want(self, days: AbstractSet[date], *, far: bool = False) -> None:
        """Add days that would do. far: they are a month, a season or a day some weeks off."""
        self.wanted |= days
        self.named |= days
        self.far |= far
        self.near |= not far

    def want_stretch(self, since: AbstractSet[date], until: AbstractSet[date]) -> None:
        """Add the days from the first of some to the next of others."""
        self.wanted |= _stretch(min(since), until)
        self.near = True

    def want_far(self, first: date) -> None:
        """Add a day far off."""
        self.wanted.add(first)
        self.far = True

    def bound(self, turn: date, *, forward: bool) -> None:
        """Add the days from a day on to the end of the window and a week at least, or those up to it."""
        today = self.calendar.today
        if forward:
            end = max(*self.calendar.window, turn + _A_WEEK_MORE)
            self.wanted |= days_from(turn, (end - turn).days + 1)
        else:
            self.wanted |= days_from(today, min((turn - today).days, _LONGEST_STRETCH) + 1)
        self.near = True

    def replace_named(self, day: date) -> None:
        """Add a day in place of those that were named to tell it from."""
        self.wanted -= self.named
        self.wanted.add(day)
        self.near = True

    def refuse(self, days: AbstractSet[date], until: AbstractSet[date] | None) -> None:
        """Add days that would not do, each to the next of `until` where that is given."""
        self.refused |= days
        for first in days if until else ():
            self.refused |= _stretch(first, until or days)

    @property
    def refuses_only(self) -> bool:
        """Tell whether only what does not suit is named."""
        return bool(self.refused) and not self.wanted and not self.any_day

    @property
    def is_far(self) -> bool:
        """Tell whether nothing nearer than a month, a season or a day some weeks off is named."""
        return self.far and not self.near

    def together(self) -> tuple[date, ...] | None:
        """Return the days that would do, ascending; None for any."""
        if self.wanted:
            return tuple(sorted(self.wanted - self.refused or self.wanted))
        refused = self.refused & self.calendar.window
        return tuple(sorted(self.calendar.window - refused)) if refused else None


def _stretch(begins: date, until: AbstractSet[date]) -> frozenset[date]:
    ends = min((day for day in until if day >= begins), default=begins)
    return days_from(begins, min((ends - begins).days, _LONGEST_STRETCH) + 1)
