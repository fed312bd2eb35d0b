"""Table of everything that is to leave, leaves or left: replies, proactive messages, what staff wrote.

A step of a campaign is planned once for a patient; only the holder of a row's lease says what became of it.
"""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field

from flows.ids import ClinicId, ConversationId, OutboxId, PatientId, StaffId
from flows.vocabulary import Channel, Purpose, Reach
from storage.models.base import Row, refers
from storage.types import Id, Sealed, UtcInstant, one_of
from storage.vocabulary import OutboxKind, OutboxStatus

DUE = text("status IN ('planned', 'queued')")
UNDER_WAY = text("status = 'leased'")
PROACTIVE = text("kind = 'proactive'")
STEP_LEFT = text("step IS NOT NULL AND sent_at IS NOT NULL")


class Outgoing(Row, table=True):
    """A message. conversation_id is None for channels without a talk; body is None until it is worded.

    level: content level of its text, 0 to 2. campaign and step: set for what the programme planned.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        refers("conversation_id", "conversation"),
        refers("patient_id", "patient"),
        refers("staff_id", "staff"),
        UniqueConstraint("clinic_id", "patient_id", "campaign", "step"),
        Index(None, "clinic_id", "conversation_id", "id"),
        Index("ix_outbox_due", "clinic_id", "not_before", "id", sqlite_where=DUE, postgresql_where=DUE),
        Index(
            "ix_outbox_left",
            "clinic_id",
            "step",
            "sent_at",
            "patient_id",
            sqlite_where=STEP_LEFT,
            postgresql_where=STEP_LEFT,
        ),
        Index("ix_outbox_proactive", "clinic_id", "patient_id", sqlite_where=PROACTIVE, postgresql_where=PROACTIVE),
        Index("ix_outbox_lease", "clinic_id", "lease_until", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: OutboxId = Field(primary_key=True, sa_type=Id)
    conversation_id: ConversationId | None = Field(default=None, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    channel: Channel = Field(sa_type=one_of(Channel))
    kind: OutboxKind = Field(sa_type=one_of(OutboxKind))
    purpose: Purpose | None = Field(default=None, sa_type=one_of(Purpose))
    campaign: str | None = Field(default=None, max_length=64)
    step: int | None = Field(default=None, sa_type=SmallInteger)
    level: int = Field(sa_type=SmallInteger)
    message_key: str = Field(max_length=100)
    reach: Reach = Field(sa_type=one_of(Reach))
    body: bytes | None = Field(default=None, sa_type=Sealed)
    not_before: datetime = Field(sa_type=UtcInstant)
    status: OutboxStatus = Field(sa_type=one_of(OutboxStatus))
    status_reason: str | None = Field(default=None, max_length=100)
    attempts: int = Field(default=0, sa_type=SmallInteger)
    lease_token: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    sent_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    external_id: str | None = Field(default=None, max_length=200)
    staff_id: StaffId | None = Field(default=None, sa_type=Id)
    created_at: datetime = Field(sa_type=UtcInstant)
