"""Tables of the talks: conversation, what was received in it, which updates were seen, which could not be read."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from flows.ids import AddressId, ClinicId, ConversationId, PatientId, StaffId
from flows.meaning import Intent
from flows.vocabulary import Channel, Owner
from storage.models.base import SMALL_ROWS, Row, of_clinic, refers
from storage.types import Id, Sealed, UtcInstant, one_of
from storage.vocabulary import ReceivedKind


class Conversation(Row, table=True):
    """The talk with a patient on one address. `lock_version` grows with every change of state or owner.

    lease_until: until when the member of staff who owns it is expected to answer.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        refers("patient_id", "patient"),
        refers("address_id", "address"),
        refers("staff_id", "staff"),
        UniqueConstraint("clinic_id", "address_id"),
        Index(None, "clinic_id", "patient_id"),
        Index(None, "clinic_id", "last_patient_at"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: ConversationId = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    address_id: AddressId = Field(sa_type=Id)
    channel: Channel = Field(sa_type=one_of(Channel))
    state: bytes | None = Field(default=None, sa_type=Sealed)
    owner: Owner = Field(default=Owner.BOT, sa_type=one_of(Owner))
    staff_id: StaffId | None = Field(default=None, sa_type=Id)
    lease_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    lock_version: int = 0
    last_patient_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    last_bot_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    read_by_staff_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    created_at: datetime = Field(sa_type=UtcInstant)


class ClaimedUpdate(Row, table=True):
    """An update whose effect is committed: the key makes a second delivery find it taken."""

    __tablename__ = "claimed_update"
    __table_args__ = (of_clinic(), Index(None, "clinic_id", "at"), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    channel: Channel = Field(primary_key=True, sa_type=one_of(Channel))
    external_id: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(sa_type=UtcInstant)


class QuarantinedUpdate(Row, table=True):
    """An update that could not be handled, kept sealed with the clinic's key until a person looked."""

    __tablename__ = "quarantined_update"
    __table_args__ = (of_clinic(), UniqueConstraint("clinic_id", "channel", "external_id"))

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    channel: Channel = Field(sa_type=one_of(Channel))
    external_id: str = Field(max_length=200)
    at: datetime = Field(sa_type=UtcInstant)
    error: str = Field(max_length=200)
    raw: bytes = Field(sa_type=Sealed)


class Received(Row, table=True):
    """What a patient wrote or pressed, and what it was understood to mean; confidence is 0 to 1."""

    __tablename__ = "received"
    __table_args__ = (
        refers("conversation_id", "conversation"),
        Index(None, "clinic_id", "conversation_id", "id"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    conversation_id: ConversationId = Field(sa_type=Id)
    at: datetime = Field(sa_type=UtcInstant)
    kind: ReceivedKind = Field(sa_type=one_of(ReceivedKind))
    body: bytes = Field(sa_type=Sealed)
    intent: Intent | None = Field(default=None, sa_type=one_of(Intent))
    confidence: float | None = None
