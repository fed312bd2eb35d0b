"""What a dialog asks the house to do. Imperative; carried out in the transaction of the turn, all or nothing.

Requests marked *answered* come back as an event in the same transaction; the others are done and that is that.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from flows.ids import AppointmentId, PatientId
from flows.meaning import TimeWish
from flows.outreach.ledger import ActedBy
from flows.slots import Slot
from flows.vocabulary import Channel, ContactKind, Language, Purpose, StayingAway, TicketReason, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class FindSlots:
    """Look for up to `count` free times within the wish, or near it; hold them `hold_minutes` (0: do not).

    Answered by SlotsFound. `after`: no slot starting at or before this instant (UTC). `moving`: the visit whose own
    time and type the search is for.
    """

    wish: TimeWish
    count: int = 2
    hold_minutes: int = 0
    after: datetime | None = None
    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FindDays:
    """Look for up to `count` days with free time. Answered by DaysFound."""

    count: int = 5
    after: datetime | None = None
    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BookSlot:
    """Put the visit into the calendar; with `moving`, in place of that visit. Answered by VisitBooked or SlotTaken."""

    slot: Slot
    moving: AppointmentId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelVisit:
    """Take the visit out of the calendar. Answered by VisitCancelled or VisitGone."""

    appointment_id: AppointmentId


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseHolds:
    """Give back whatever is held for this chat."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckContact:
    """Read a contact detail. Answered by ContactChecked or ContactRefused."""

    kind: ContactKind
    raw: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeContact:
    """Store the detail the patient confirmed. Answered by ContactStored."""

    kind: ContactKind
    value: str


class Asked(StrEnum):
    """How a yes or no came about: in passing, or with the notice of the purpose at hand."""

    IN_PASSING = "in_passing"
    WITH_NOTICE = "with_notice"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordConsent:
    """Write to the ledger what the patient permits and what not, in their own act; a no withdraws what is queued.

    acted_by: the patient, or a guardian for a child.
    """

    permitted: frozenset[Purpose] = frozenset()
    refused: frozenset[Purpose] = frozenset()
    asked: Asked = Asked.IN_PASSING
    acted_by: ActedBy = ActedBy.SELF


@dataclass(frozen=True, kw_only=True, slots=True)
class RememberAsking:
    """Remember that the patient was asked what may be written about: nobody is asked twice by themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FindWays:
    """Look by which ways the patient can be written to about any of these purposes. Answered by WaysFound."""

    purposes: frozenset[Purpose]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseWay:
    """Remember by which way the patient would like to be written to."""

    channel: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseRhythm:
    """Remember how often at most: one message of the programme in so many months; None: as the policy has it."""

    months: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseLanguage:
    """Write to the patient in this language from now on. Answered by LanguageChosen."""

    language: Language


class StopCovers(StrEnum):
    """Whom a stop is meant for: the patient of this conversation, or all whom this account may speak for."""

    THIS_PERSON = "this_person"
    WHOLE_ACCOUNT = "whole_account"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordStop:
    """Write to the ledger that recall, offers and check-ins end on every channel; withdraw what is queued."""

    covers: StopCovers = StopCovers.THIS_PERSON


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseProgramme:
    """Send nothing of the recall programme before this instant (UTC)."""

    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreReason:
    """Remember why the patient stays away."""

    reason: StayingAway


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmVisit:
    """Remember that the patient said they will come."""

    appointment_id: AppointmentId


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTicket:
    """Ask staff to look, or raise the ticket that is already open."""

    reason: TicketReason
    urgency: Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class AskWhoThisIs:
    """Let staff look who it is that writes; text: their words, with a name and a date of birth somewhere in them.

    Answered by NameTaken or TooManyTries.
    """

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FindFamily:
    """Look for whom this account may speak. Answered by SeveralPeople."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeakFor:
    """Let this account speak for one of its patients from now on, in that patient's own chat, which opens.

    Answered by ChatOpened where that is this very chat.
    """

    patient_id: PatientId


@dataclass(frozen=True, kw_only=True, slots=True)
class FreezeProgramme:
    """Send nothing proactive until a person clears it."""

    reason: TicketReason


Request: TypeAlias = (
    FindSlots
    | FindDays
    | BookSlot
    | CancelVisit
    | ReleaseHolds
    | CheckContact
    | ChangeContact
    | RecordConsent
    | RememberAsking
    | FindWays
    | ChooseWay
    | ChooseRhythm
    | ChooseLanguage
    | RecordStop
    | PauseProgramme
    | StoreReason
    | ConfirmVisit
    | OpenTicket
    | AskWhoThisIs
    | FindFamily
    | SpeakFor
    | FreezeProgramme
)

ANSWERED = (
    FindSlots,
    FindDays,
    BookSlot,
    CancelVisit,
    CheckContact,
    ChangeContact,
    FindWays,
    ChooseLanguage,
    AskWhoThisIs,
    FindFamily,
    SpeakFor,
)
"""Requests whose answer comes back as an event; a decision holds at most one of them."""
