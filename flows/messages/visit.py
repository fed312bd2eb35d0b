"""A booked visit: shown, reminded of, confirmed, and running late."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class Reminder(Text, key="visit.reminder", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """Sent by the assistant before a visit.

    Level 0: clinic, date and time; will you come? Level 1: {greeting}, with {provider}, at {address}. The calendar
    file is attached. starts_at: the visit; provider: who treats.
    """

    starts_at: datetime
    provider: str


@dataclass(frozen=True, kw_only=True)
class ReminderBring(Text, key="visit.reminder_bring", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As `visit.reminder`, with {clinic_bring} as a sentence of its own. starts_at: the visit; provider: who treats."""

    starts_at: datetime
    provider: str


@dataclass(frozen=True, kw_only=True)
class VisitShown(Text, key="visit.shown", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The patient asked for their visit; the calendar file is attached. Level 1 adds {provider} and {address}.

    starts_at: the visit; provider: who treats.
    """

    starts_at: datetime
    provider: str


@dataclass(frozen=True, kw_only=True)
class NoVisit(Text, key="visit.none"):
    """No visit is booked at present. Shall we look for a time?"""


@dataclass(frozen=True, kw_only=True)
class AlreadyBooked(Text, key="visit.already", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The patient asks for a time but has a visit: it is on …; would they like to move or cancel it?

    For a further visit a person helps. Level 1 adds {provider}. starts_at: the visit; provider: who treats.
    """

    starts_at: datetime
    provider: str


@dataclass(frozen=True, kw_only=True)
class VisitNotFound(Text, key="visit.not_found"):
    """The patient says a visit is booked, but none is known here. Thanks, the team will check and write or call."""


@dataclass(frozen=True, kw_only=True)
class SeeYou(Text, key="visit.see_you"):
    """The patient said they will come. "Thank you, see you on …". starts_at: the visit."""

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class RunningLate(Text, key="visit.running_late"):
    """The patient is on the way but late.

    Kind: thank you for saying so, the team has been told, come safely; {phone} if it gets much later.
    """
