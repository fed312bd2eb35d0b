"""A ticket as code sees it, its notes opened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.ids import ConversationId, PatientId, StaffId, TicketId
from flows.vocabulary import TicketReason, Urgency
from storage.vocabulary import TicketStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What a member of staff wrote on a ticket."""

    at: datetime
    staff_id: StaffId
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """A request to staff. Instants aware UTC; notes are empty for an erased person."""

    id: TicketId
    patient_id: PatientId
    conversation_id: ConversationId
    reason: TicketReason
    urgency: Urgency
    status: TicketStatus
    holder_id: StaffId | None
    opened_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: StaffId | None
    closed_at: datetime | None
    notes: tuple[Note, ...] = ()


class Opening(StrEnum):
    """Whether asking staff made a ticket, or found one under way."""

    NEW = "new"
    RAISED = "raised"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """The ticket that staff will see."""

    ticket_id: TicketId
    opening: Opening
