"""After a visit: how are you, was all well?"""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class CheckIn(Text, key="checkin.ask", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """Sent by the assistant a day or some days after a visit: how are you, was all well?

    Level 0: {clinic} and the question, no word of what was done. Level 1 opens with {greeting} and may name
    {dentist}.
    """


@dataclass(frozen=True, kw_only=True)
class Glad(Text, key="checkin.glad"):
    """All is well; what we may write was asked before. Thanks; they can write here whenever they would like to come."""


@dataclass(frozen=True, kw_only=True)
class GladNextVisit(Text, key="checkin.glad_next_visit"):
    """All is well, and the next visit is booked already. Thanks, and see you then. starts_at: the next visit."""

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class GladWillWrite(Text, key="checkin.glad_will_write"):
    """All is well, and we may write.

    Thanks; we write when the next check-up is due, or it can be booked now (button).
    """


@dataclass(frozen=True, kw_only=True)
class GladMayWeWrite(Text, key="checkin.glad_may_we_write"):
    """All is well, but we have no permission yet.

    Thanks; may we write here when the next check-up is due? (yes/no)
    """


@dataclass(frozen=True, kw_only=True)
class WillWrite(Text, key="checkin.will_write"):
    """The patient allowed it: we write when the next check-up is due; "stop" ends it at any time."""


@dataclass(frozen=True, kw_only=True)
class WillNotWrite(Text, key="checkin.will_not_write"):
    """The patient does not want to be written to. Of course; to make a visit, write here or call {phone}."""


@dataclass(frozen=True, kw_only=True)
class WorryHeard(Text, key="checkin.worry"):
    """Something is not well after the visit.

    Sorry to hear it; the team has been told at once and will be in touch; call {phone}, or {out_of_hours} when
    closed, if it cannot wait or gets worse. No question, no advice on medicines.
    """
