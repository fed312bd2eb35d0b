"""Pain that goes on, or that a booked visit is too far away for."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class StillInPain(Text, key="pain.still"):
    """The patient is still in pain while staff are looking into what they told us before.

    Sorry that it still hurts; the team has just been told again and will be in touch; call {phone}, or {out_of_hours}
    when closed, if it cannot wait or gets worse. No question, no advice on medicines.
    """


@dataclass(frozen=True, kw_only=True)
class SoonerThanVisit(Text, key="pain.sooner"):
    """The patient has pain and a visit booked; a message with sooner times follows at once.

    Sorry that it hurts; the visit on … stays until they choose a sooner one. No question: the next message asks.
    starts_at: the visit.
    """

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class NothingSooner(Text, key="pain.nothing_sooner"):
    """The patient has pain and a visit booked, and nothing sooner is free.

    Sorry; the visit on … stays; the team has been told and calls to see what can be done sooner; {phone}, or
    {out_of_hours} when closed, if it cannot wait or gets worse. starts_at: the visit.
    """

    starts_at: datetime
