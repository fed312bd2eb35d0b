"""What pages show: plain values, ready to be laid out; instants in UTC, zone beside them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flows.slots import Slot
from flows.vocabulary import Channel, Language, Role, TicketReason, Urgency


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
    """A line of a conversation; `id` grows with time. speaker: who of the staff. file_name: something to load."""

    id: int
    at: datetime
    voice: Voice
    text: str
    state: LineState = LineState.ARRIVED
    speaker: str | None = None
    file_name: str | None = None
    understood: str | None = None


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
class LastMessage:
    """The last message that left by itself (at: UTC).

    what: kind of its campaign. basis: the ground it rested on, None if nobody can tell any more; since: from when it is
    given, None for a booked visit.
    """

    what: str
    at: datetime
    basis: str | None
    since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AgainstView:
    """What speaks against a message now, and until when by itself (UTC); None: until somebody does something."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WhyView:
    """What left by itself, and why no message comes now. Instants in UTC.

    planned_at: when the next one is planned for. held, held_until: somebody held one back (a word of
    `desk.why.left_out`, `desk.why.not_released`). wait, not_before: if nothing speaks against it.
    """

    last: LastMessage | None
    planned_at: datetime | None
    held: str | None
    held_until: datetime | None
    against: tuple[AgainstView, ...]
    wait: str | None
    not_before: datetime | None


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
    there is one. last_contacted_at: when the programme last wrote or called (UTC).
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


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchRow:
    """A batch that waits for a person: messages of one purpose that are to leave on one day of the clinic.

    leaves_at: when the first of them is due (UTC).
    """

    name: str
    purpose: str
    day: date
    count: int
    leaves_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldMessage:
    """A message of a batch. what: kind of its campaign. text: as it would be said now; None if that cannot be told."""

    id: int
    number: str
    name: str
    what: str
    step: int
    channel: Channel
    at: datetime
    text: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchView:
    """A batch, opened. `messages` are the first of `row.count`."""

    row: BatchRow
    messages: tuple[HeldMessage, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """What a release did. too_late: shown, but decided about, gone or under way before."""

    released: int
    left_out: int
    too_late: int
