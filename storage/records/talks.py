"""A conversation as code sees it: its snapshot for a turn, its lock, its place at the desk, its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.ids import AddressId, ConversationId, PatientId, StaffId
from flows.meaning import Intent
from flows.slots import BookedVisit
from flows.vocabulary import Channel, Owner, TicketReason, Urgency
from storage.records.people import Patient
from storage.sealing import Json
from storage.vocabulary import OutboxStatus, ReceivedKind


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationSnapshot:
    """All a turn needs, as of one moment.

    address_closed_why: None while the address is open. state: None before the first turn. visit: the next booked, not
    yet over. household: how many people the account speaks for, this one included.
    worry: why staff were asked to look, if for an emergency or a worry, and have not finished.
    """

    id: ConversationId
    channel: Channel
    address_id: AddressId
    address: str
    address_verified_at: datetime | None
    address_closed_why: str | None
    state: Mapping[str, Json] | None
    owner: Owner
    staff_id: StaffId | None
    lease_until: datetime | None
    lock_version: int
    last_patient_at: datetime | None
    last_bot_at: datetime | None
    patient: Patient
    visit: BookedVisit | None
    worry: TicketReason | None = None
    household: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationLock:
    """A conversation that nobody else changes until this transaction ends."""

    id: ConversationId
    patient_id: PatientId
    channel: Channel
    owner: Owner
    staff_id: StaffId | None
    lease_until: datetime | None
    lock_version: int


class Heard(StrEnum):
    """Whether a change of state comes from something the patient did."""

    PATIENT = "patient"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskLine:
    """A conversation in the desk's list.

    urgency, due_at: of its tickets under way, the most urgent and the earliest (UTC). alarm: one of them is urgent now
    and nobody has acknowledged it. unread: the patient spoke since staff looked. last_text: what they said last.
    """

    id: ConversationId
    channel: Channel
    patient: Patient
    owner: Owner
    staff_id: StaffId | None
    lease_until: datetime | None
    last_patient_at: datetime | None
    last_bot_at: datetime | None
    unread: bool
    tickets: int
    alarm: bool
    last_text: str | None
    urgency: Urgency | None
    due_at: datetime | None


class Speaker(StrEnum):
    """Whose line it is."""

    PATIENT = "patient"
    BOT = "bot"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class TranscriptLine:
    """A line of a talk. at: when it was received or sent (UTC).

    kind and intent: of what the patient did. status, message_key, staff_id: of what was said to them.
    """

    id: int
    at: datetime
    speaker: Speaker
    body: Mapping[str, Json]
    kind: ReceivedKind | None = None
    intent: Intent | None = None
    status: OutboxStatus | None = None
    message_key: str | None = None
    staff_id: StaffId | None = None
