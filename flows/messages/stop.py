"""The confirmation of a stop, and the way back. Said once; then silence until the patient writes."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class Stopped(Text, key="stop.done"):
    """The patient said stop. One short confirmation: we send no more of these messages; who writes here is answered.

    No question, no regret, no persuasion.
    """


@dataclass(frozen=True, kw_only=True)
class StoppedVisitGoesOn(Text, key="stop.done_visit_goes_on"):
    """As `stop.done`, for a patient with a booked visit: messages about that visit go on.

    Unless they refuse those too (a button follows). starts_at: the visit.
    """

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class VisitMessagesStopped(Text, key="stop.visit_messages"):
    """The patient refused messages about the booked visit too. None will come; the visit itself stays booked."""


@dataclass(frozen=True, kw_only=True)
class StartedAgain(Text, key="stop.started_again"):
    """The patient pressed "write to me again": we write when a check-up is due; "stop" ends it at any time."""
