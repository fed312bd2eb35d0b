"""What pages show: plain values, ready to be laid out; instants in UTC, zone beside them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.services.reading_views import Understood
from bot.services.why_views import WhyView
from flows.slots import Slot
from flows.vocabulary import AttachmentKind, Channel, Language, Role, TicketReason, Urgency


class Voice(StrEnum):
    """Who says a line."""

    PATIENT = "patient"
    BOT = "bot"
    STAFF = "staff"


class LineState(StrEnum):
    """What is known of a line that was sent to the patient; PUT_ASIDE: it came from them and could not be handled."""

    ARRIVED = "arrived"
    ON_ITS_WAY = "on_its_way"
    UNKNOWN = "unknown"
    FAILED = "failed"
    PUT_ASIDE = "put_aside"


@dataclass(frozen=True, kw_only=True, slots=True)
class ButtonView:
    """A button that can be pressed."""

    label: str
    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of a conversation; `id` grows with time. speaker: who of the staff. file_name: something to load.

    attachment: a file that was kept; sent: what kind of thing came beside text, kept or not. edited: the line is what
    an earlier one reads now.
    """

    id: int
    at: datetime
    voice: Voice
    text: str
    state: LineState = LineState.ARRIVED
    speaker: str | None = None
    file_name: str | None = None
    understood: Understood | None = None
    attachment: int | None = None
    sent: AttachmentKind | None = None
    edited: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatView:
    """The patient's page. `buttons` belong to the last question and are empty when nothing is asked."""

    conversation_id: int
    clinic_name: str
    clinic_phone: str
    language: Language
    zone: str
    lines: tuple[Line, ...]
    buttons: tuple[ButtonView, ...]
    staff_speaks: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketView:
    """A ticket as staff see it."""

    id: int
    reason: TicketReason
    urgency: Urgency
    opened_at: datetime
    due_at: datetime
    overdue: bool
    acknowledged: bool
    holder: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationRow:
    """One line of the desk's list, the most urgent first. `alarm`: an alert that nobody has acknowledged yet.

    held_by_me: by the member of staff the list is for; names are no proof, two colleagues may share one.
    """

    conversation_id: int
    patient_name: str
    last_line: str
    last_at: datetime | None
    urgency: Urgency | None
    overdue: bool
    alarm: bool
    held_by_me: bool
    holder: str | None
    staff_speaks: bool
    unread: bool
    channel: Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class RightView:
    """A purpose, and whether the patient may be written to about it; `since`: from when the present answer holds.

    notice: the text they agreed to, as the ledger names it; "" where there was none.
    """

    purpose: str
    permitted: bool
    since: datetime | None
    notice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitView:
    """A visit that is booked. `begun`: its time has come, so that one can tell whether the patient did."""

    appointment_id: int
    slot: Slot
    provider_name: str
    confirmed: bool
    begun: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteView:
    """A note staff wrote; patients never see it."""

    at: datetime
    author: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientCard:
    """What staff need to know before they answer.

    preferred_channel, rhythm_months (one message in so many months): as the patient asked; None: as the policy has it.
    """

    patient_id: int
    number: str
    name: str
    born_on: date | None
    language: Language
    mobile: str | None
    email: str | None
    last_visit_on: date | None
    recall_months: int | None
    concern: str | None
    staying_away: str | None
    status: str
    dentist: str | None
    rights: tuple[RightView, ...]
    paused_until: datetime | None
    frozen: bool
    visit: VisitView | None
    preferred_channel: Channel | None = None
    rhythm_months: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationView:
    """An opened conversation at the desk."""

    conversation_id: int
    card: PatientCard
    lines: tuple[Line, ...]
    tickets: tuple[TicketView, ...]
    notes: tuple[NoteView, ...]
    staff_speaks: bool
    held_by_me: bool
    holder: str | None
    zone: str
    why: WhyView | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkView:
    """A call, a letter or a decision that waits for a person. kind: "call", "letter" or "dentist".

    mobile: only for whoever holds the call. postal: the lines of a letter's address. conversation_id: the chat, if
    there is one. last_contacted_at: when the programme last wrote or called (UTC). to_say: what the patient's policy
    has whoever calls or writes say besides, values of MustSay.
    """

    id: int
    kind: str
    due_at: datetime
    attempts: int
    attempts_at_most: int
    held_by_me: bool
    holder: str | None
    conversation_id: int | None
    number: str
    name: str
    language: Language
    mobile: str | None
    postal: tuple[str, ...]
    last_visit_on: date | None
    last_contacted_at: datetime | None
    concern: str | None
    staying_away: str | None
    dentist: str | None
    to_say: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnmarkedVisit:
    """A visit that is over and of which nobody has said whether the patient came. starts_at: aware UTC.

    provider: None where only a list of the practice's knew of it; such a one may have a day and no time.
    conversation_id: the chat, if there is one.
    """

    patient_id: int
    conversation_id: int | None
    name: str
    starts_at: datetime
    provider: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMember:
    """Who is signed in."""

    staff_id: int
    name: str
    role: Role
    language: Language


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneView:
    """A patient of the rehearsal: how they are called, a fresh personal link (`/p/<token>`), a key of a hint."""

    name: str
    language: Language
    page: str
    hint: str
