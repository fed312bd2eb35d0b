"""Table of the secrets that open something: personal links, used once, and sessions.

Only a keyed hash of a secret is stored.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from flows.ids import ClinicId, ConversationId, PatientId, StaffId
from storage.models.base import Row, of_clinic, refers
from storage.types import Id, KeyedHash, UtcInstant, one_of
from storage.vocabulary import PassKind


class Pass(Row, table=True):
    """A secret for one patient, one conversation or one member of staff."""

    __tablename__ = "pass"
    __table_args__ = (
        of_clinic(),
        refers("patient_id", "patient"),
        refers("conversation_id", "conversation"),
        refers("staff_id", "staff"),
        CheckConstraint("patient_id IS NOT NULL OR conversation_id IS NOT NULL OR staff_id IS NOT NULL", "holder"),
        Index(None, "clinic_id", "expires_at"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    token_hash: bytes = Field(primary_key=True, sa_type=KeyedHash)
    kind: PassKind = Field(sa_type=one_of(PassKind))
    patient_id: PatientId | None = Field(default=None, sa_type=Id)
    conversation_id: ConversationId | None = Field(default=None, sa_type=Id)
    staff_id: StaffId | None = Field(default=None, sa_type=Id)
    created_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)
