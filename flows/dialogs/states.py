"""Every point at which a chat can stand. These names and fields are stored: they are added to, not renamed.

A state holds what its question is about, never a person's data beyond that.

Longer than other files: the closed set of what is stored, in one place so that no name is given twice.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flows.engine.household import Member
from flows.engine.state import Idle, State
from flows.ids import AppointmentId
from flows.meaning import ANY_TIME, Expecting, TimeWish
from flows.outreach.ledger import ActedBy
from flows.slots import Slot
from flows.vocabulary import Channel, ContactKind, Purpose, StayingAway, TicketReason

__all__ = [
    "AskedFrom",
    "BeingIdentified",
    "BookingSlot",
    "CancelAsked",
    "CancelMeant",
    "CheckInAsked",
    "CheckingContact",
    "ChoosingDay",
    "ChoosingPart",
    "Closed",
    "ConsentAsked",
    "ContactReadBack",
    "ContactValueAsked",
    "DetailAsked",
    "ForWhomAsked",
    "Frozen",
    "GuardianAsked",
    "Idle",
    "Invited",
    "LookingForDays",
    "LookingForFamily",
    "LookingForSooner",
    "LookingForTimes",
    "LookingForWays",
    "MayWeWrite",
    "MessagesAsked",
    "Objected",
    "Offered",
    "Reminded",
    "RhythmAsked",
    "SettingsOpen",
    "WaitingForStaff",
    "WayAsked",
    "WhenAsked",
    "WhoAsked",
]


@dataclass(frozen=True, kw_only=True)
class Invited(State, name="recall.invited", expecting=Expecting.SLOTS):
    """A reactivation message with one or two times is out; `step_number` of the campaign, from 1."""

    offers: tuple[Slot, ...]
    step_number: int = 1


@dataclass(frozen=True, kw_only=True)
class LookingForTimes(State, name="times.looking"):
    """The calendar is being asked for times; lasts no longer than a turn. `moving`: the visit to be moved."""

    wish: TimeWish = ANY_TIME
    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True)
class LookingForDays(State, name="times.looking_for_days"):
    """The calendar is being asked for days; lasts no longer than a turn. `moving`: the visit to be moved."""

    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True)
class LookingForSooner(State, name="pain.looking"):
    """The calendar is asked for something before a visit; lasts no longer than a turn. `starts_at`: of it, UTC."""

    moving: AppointmentId
    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class Offered(State, name="times.offered", expecting=Expecting.SLOTS):
    """Times are on the table and kept for some minutes; `exact`: they are what was wished for."""

    offers: tuple[Slot, ...]
    exact: bool
    wish: TimeWish = ANY_TIME
    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True)
class ChoosingDay(State, name="times.day", expecting=Expecting.DATE):
    """Days with free times are on the table."""

    days: tuple[date, ...]
    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True)
class ChoosingPart(State, name="times.part", expecting=Expecting.DATE):
    """A day is chosen, the part of the day is open."""

    day: date
    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True)
class BookingSlot(State, name="booking.booking"):
    """The visit is being put into the calendar; lasts no longer than a turn."""

    slot: Slot
    wish: TimeWish = ANY_TIME
    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True)
class Reminded(State, name="visit.reminded", expecting=Expecting.CONFIRMATION):
    """A reminder is out: will the patient come?"""

    appointment_id: AppointmentId


@dataclass(frozen=True, kw_only=True)
class CancelAsked(State, name="visit.cancel_asked", expecting=Expecting.CONFIRMATION):
    """Should this visit be cancelled, moved or kept? `starts_at`: UTC."""

    appointment_id: AppointmentId
    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class CancelMeant(State, name="cancel.which", expecting=Expecting.CONFIRMATION):
    """A bare "cancel": the visit, if there is one, the messages, or neither?

    Outreach is off meanwhile; `offers_before`: it covered offers too. `starts_at`: of the visit, UTC. `about_visit`: it
    was answered in words that may mean the visit, and is asked of that alone.
    """

    appointment_id: AppointmentId | None = None
    starts_at: datetime | None = None
    offers_before: bool = False
    about_visit: bool = False


@dataclass(frozen=True, kw_only=True)
class MessagesAsked(State, name="cancel.messages", expecting=Expecting.CONFIRMATION):
    """The visit of a bare "cancel" is cancelled: should the messages stay off too? `starts_at`: of that visit, UTC."""

    starts_at: datetime
    offers_before: bool = False


@dataclass(frozen=True, kw_only=True)
class Objected(State, name="objection.answered", expecting=Expecting.CONFIRMATION):
    """A reason for staying away was answered; `answered`: all of this conversation so far."""

    reason: StayingAway
    answered: frozenset[StayingAway] = frozenset()


@dataclass(frozen=True, kw_only=True)
class WhenAsked(State, name="later.when", expecting=Expecting.DATE):
    """When may the practice write again? `answered`: the objections that led here, not to be answered twice."""

    answered: frozenset[StayingAway] = frozenset()


@dataclass(frozen=True, kw_only=True)
class DetailAsked(State, name="contact.which"):
    """Which contact detail is to be changed?"""


@dataclass(frozen=True, kw_only=True)
class ContactValueAsked(State, name="contact.value", expecting=Expecting.FIELD):
    """The new number or address is awaited; `failed`: how often something else came."""

    kind: ContactKind
    failed: int = 0


@dataclass(frozen=True, kw_only=True)
class CheckingContact(State, name="contact.checking", expecting=Expecting.FIELD):
    """A number or address is being read; lasts no longer than a turn."""

    kind: ContactKind
    failed: int = 0


@dataclass(frozen=True, kw_only=True)
class ContactReadBack(State, name="contact.read_back", expecting=Expecting.CONFIRMATION):
    """The number or address was read back: is it right?"""

    kind: ContactKind
    value: str
    shown: str


@dataclass(frozen=True, kw_only=True)
class SettingsOpen(State, name="settings.open"):
    """The patient decides what may be written about, how and how often; everything as shown now.

    acted_by: who decides, the patient or a guardian. rhythm_months: one message in so many months.
    """

    permitted: frozenset[Purpose] = frozenset()
    acted_by: ActedBy = ActedBy.SELF
    preferred_channel: Channel | None = None
    rhythm_months: int | None = None


class AskedFrom(StrEnum):
    """Where a question about how and how often was asked from, and so where its answer leads."""

    CONSENT = "consent"
    SETTINGS = "settings"


@dataclass(frozen=True, kw_only=True)
class GuardianAsked(State, name="consent.who"):
    """The patient is a child: who is answering? `asking`: the purposes to be asked about; none from the settings."""

    asking: tuple[Purpose, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConsentAsked(State, name="consent.asked", expecting=Expecting.CONFIRMATION):
    """May we write about the first of `asking`? The others come next; `allowed`: what was allowed so far."""

    asking: tuple[Purpose, ...]
    allowed: frozenset[Purpose] = frozenset()
    acted_by: ActedBy = ActedBy.SELF


@dataclass(frozen=True, kw_only=True)
class LookingForWays(State, name="consent.looking"):
    """It is being looked by which ways the patient can be reached; lasts no longer than a turn."""

    asked_from: AskedFrom
    acted_by: ActedBy = ActedBy.SELF


@dataclass(frozen=True, kw_only=True)
class WayAsked(State, name="consent.way"):
    """By which of these ways may we write?"""

    ways: tuple[Channel, ...]
    asked_from: AskedFrom
    acted_by: ActedBy = ActedBy.SELF


@dataclass(frozen=True, kw_only=True)
class RhythmAsked(State, name="consent.rhythm"):
    """How often may we write at most?"""

    asked_from: AskedFrom
    acted_by: ActedBy = ActedBy.SELF


@dataclass(frozen=True, kw_only=True)
class WaitingForStaff(State, name="person.waiting"):
    """A person was told and has not answered yet."""

    reason: TicketReason


@dataclass(frozen=True, kw_only=True)
class CheckInAsked(State, name="checkin.asked", expecting=Expecting.CHECK_IN):
    """A check-in after a visit is out: was all well?"""


@dataclass(frozen=True, kw_only=True)
class MayWeWrite(State, name="checkin.may_we_write", expecting=Expecting.CONFIRMATION):
    """All was well; may the practice write when the next check-up is due?"""


@dataclass(frozen=True, kw_only=True)
class Frozen(State, name="safety.frozen"):
    """Nothing proactive goes out until a person has looked; the patient can still ask for everything."""

    reason: TicketReason


@dataclass(frozen=True, kw_only=True)
class Closed(State, name="safety.closed"):
    """Whoever writes here is not the patient, or the patient has died: nothing about a patient is said any more."""

    reason: TicketReason


@dataclass(frozen=True, kw_only=True)
class WhoAsked(State, name="knowing.asked"):
    """Who is it that writes? `told`: what they have told of themselves so far."""

    told: str = ""


@dataclass(frozen=True, kw_only=True)
class BeingIdentified(State, name="knowing.checking"):
    """Staff look who it is that writes."""


@dataclass(frozen=True, kw_only=True)
class LookingForFamily(State, name="household.looking"):
    """It is being looked for whom the account may speak; lasts no longer than a turn."""


@dataclass(frozen=True, kw_only=True)
class ForWhomAsked(State, name="household.for_whom"):
    """For whom of these is it that they write? `failed`: how often something else came."""

    people: tuple[Member, ...]
    failed: int = 0
