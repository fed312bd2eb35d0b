"""Choosing a time: offers that are kept for some minutes, days, parts of a day, and nothing free."""

from dataclasses import dataclass
from datetime import date, datetime

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class TwoTimes(Text, key="times.two", counts="minutes"):
    """Two free times that are just what was asked for. "We have … and …. I am keeping both for you for ten minutes.

    Which suits you better?" first, second: the times; minutes: how long both are kept.
    """

    first: datetime
    second: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class OneTime(Text, key="times.one", counts="minutes"):
    """One free time that is just what was asked for; does it suit? first: the time; minutes: how long it is kept."""

    first: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class NearestTwo(Text, key="times.nearest_two", counts="minutes"):
    """Nothing is free just when the patient wished; says so honestly and gives the two nearest times.

    Both are kept for some minutes; would one of them do? first, second: the times; minutes: how long both are kept.
    """

    first: datetime
    second: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class NearestOne(Text, key="times.nearest_one", counts="minutes"):
    """Nothing is free just when the patient wished; one time comes near.

    first: the time; minutes: how long it is kept.
    """

    first: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class WhichOfTwo(Text, key="times.which"):
    """Asks again about two times: the patient agreed without saying to which, or spoke of something else in between.

    "Which would suit you better: … or …?" first, second: the times.
    """

    first: datetime
    second: datetime


@dataclass(frozen=True, kw_only=True)
class WouldSuit(Text, key="times.would_suit"):
    """Asks again about the one time offered, after something else was said. "Would … suit you?". first: the time."""

    first: datetime


@dataclass(frozen=True, kw_only=True)
class WhichDay(Text, key="times.which_day"):
    """Buttons with days that have free times follow; a day or time may be written as well. "Which day suits you?"."""


@dataclass(frozen=True, kw_only=True)
class WhichPart(Text, key="times.which_part"):
    """A day is chosen; buttons morning, afternoon, after five, any time follow. day: the chosen day."""

    day: date


@dataclass(frozen=True, kw_only=True)
class JustTaken(Text, key="times.just_taken"):
    """Somebody else took the time a moment ago: sorry, and what else is free comes in the next message."""


@dataclass(frozen=True, kw_only=True)
class NothingFree(Text, key="times.nothing_free"):
    """No free time was found. Sorry; someone from the practice has been told and will call to find one together."""


@dataclass(frozen=True, kw_only=True)
class NothingFreeVisitStays(Text, key="times.nothing_free_visit_stays"):
    """No other time was found to move a visit to. It stays as booked; someone from the practice will call.

    starts_at: the visit as it stays.
    """

    starts_at: datetime
