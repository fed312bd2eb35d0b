"""Tables of the batches that a person releases: who decided when, and about each message what.

A message is decided about once; what was decided stays, whatever becomes of the message.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from flows.ids import ClinicId, OutboxId, StaffId
from storage.models.base import SMALL_ROWS, Row, refers
from storage.types import Id, UtcInstant, one_of
from storage.vocabulary import Choice


class BatchRelease(Row, table=True):
    """A member of staff went through a batch."""

    __tablename__ = "batch_release"
    __table_args__ = (refers("staff_id", "staff"),)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    batch: str = Field(max_length=64)
    staff_id: StaffId = Field(sa_type=Id)
    at: datetime = Field(sa_type=UtcInstant)


class BatchChoice(Row, table=True):
    """What they chose for a message of it."""

    __tablename__ = "batch_choice"
    __table_args__ = (
        refers("outbox_id", "outbox"),
        refers("release_id", "batch_release"),
        Index(None, "clinic_id", "release_id"),
        SMALL_ROWS,
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    outbox_id: OutboxId = Field(primary_key=True, sa_type=Id)
    release_id: int = Field(sa_type=Id)
    choice: Choice = Field(sa_type=one_of(Choice))
