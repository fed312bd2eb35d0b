"""Table of what is sent in a talk beside text: pictures, voices, documents, sealed with the patient's key."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from flows.ids import AttachmentId, ClinicId, ConversationId, StaffId
from flows.vocabulary import AttachmentKind
from storage.models.base import Row, refers
from storage.types import Id, Sealed, UtcInstant, one_of


class Attachment(Row, table=True):
    """A file. about: its name and media type, sealed; content: its bytes, sealed; size: of them before that.

    staff_id: who of the staff sent it; None: the patient.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        refers("conversation_id", "conversation"),
        refers("staff_id", "staff"),
        Index(None, "clinic_id", "conversation_id", "at"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: AttachmentId = Field(primary_key=True, sa_type=Id)
    conversation_id: ConversationId = Field(sa_type=Id)
    staff_id: StaffId | None = Field(default=None, sa_type=Id)
    kind: AttachmentKind = Field(sa_type=one_of(AttachmentKind))
    size: int = Field(sa_type=Id)
    at: datetime = Field(sa_type=UtcInstant)
    about: bytes = Field(sa_type=Sealed)
    content: bytes = Field(sa_type=Sealed)
