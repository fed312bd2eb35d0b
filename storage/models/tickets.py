"""Table of what staff must look at.

A conversation has at most one ticket under way for each reason.
"""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from flows.ids import ClinicId, ConversationId, PatientId, StaffId, TicketId
from flows.vocabulary import TicketReason, Urgency
from storage.models.base import Row, refers
from storage.types import Id, Sealed, UtcInstant, one_of
from storage.vocabulary import TicketStatus

UNDER_WAY = text("status IN ('open', 'taken')")


class Ticket(Row, table=True):
    """A request to staff with a deadline, perhaps a holder, and notes."""

    __tablename__ = "ticket"
    __table_args__ = (
        refers("patient_id", "patient"),
        refers("conversation_id", "conversation"),
        refers("holder_id", "staff"),
        refers("acknowledged_by", "staff"),
        Index(
            "uq_ticket_under_way",
            "clinic_id",
            "conversation_id",
            "reason",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
        Index("ix_ticket_due", "clinic_id", "due_at", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
        Index(None, "clinic_id", "conversation_id"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: TicketId = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    conversation_id: ConversationId = Field(sa_type=Id)
    reason: TicketReason = Field(sa_type=one_of(TicketReason))
    urgency: Urgency = Field(sa_type=one_of(Urgency))
    status: TicketStatus = Field(sa_type=one_of(TicketStatus))
    holder_id: StaffId | None = Field(default=None, sa_type=Id)
    opened_at: datetime = Field(sa_type=UtcInstant)
    due_at: datetime = Field(sa_type=UtcInstant)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    acknowledged_by: StaffId | None = Field(default=None, sa_type=Id)
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    notes: bytes | None = Field(default=None, sa_type=Sealed)
