"""The times both sides know of when a text is read: what is on the table, or the visit there is."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What a time in words is relative to: aware UTC instants, and the clinic's zone."""

    now: datetime
    zone: ZoneInfo
    offers: tuple[datetime, ...] = ()
    visit: datetime | None = None


@dataclass(kw_only=True, slots=True)
class KnownTimes:
    """The offers, or without any the visit, in the clinic's zone; `pointed`: the place of the one spoken of."""

    times: tuple[datetime, ...]
    pointed: int = 0

    @classmethod
    def of(cls, moment: Moment) -> "KnownTimes":
        """Return the times that are known at a moment."""
        known = moment.offers or ((moment.visit,) if moment.visit else ())
        return cls(times=tuple(instant.astimezone(moment.zone) for instant in known))

    def point_at(self, number: int) -> None:
        """Note that the first, second, ... is spoken of; nothing where there are fewer."""
        if 1 <= number <= len(self.times):
            self.pointed = number - 1

    def on(self, days: AbstractSet[date]) -> tuple[datetime, ...]:
        """Return those that are on some days."""
        return tuple(known for known in self.times if known.date() in days)

    def spoken_of(self, named: AbstractSet[date]) -> datetime | None:
        """Return the one that "same time" and "a day later" are told from: that on a day the text names, if any."""
        return next(iter([*self.on(named), *self.times[self.pointed :]]), None)
