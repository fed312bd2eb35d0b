"""Table of what the programme asks people of the clinic to do: calls, letters, and the dentist's own list.

A step of a campaign is put on the list once for a patient. It is open until it has an outcome; attempts are counted.
"""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field

from flows.ids import ClinicId, PatientId, StaffId
from storage.models.base import Row, refers
from storage.types import Id, UtcInstant, one_of
from storage.vocabulary import WorkKind, WorkOutcome

OPEN = text("outcome IS NULL")


class WorklistItem(Row, table=True):
    """Something to do about a patient. staff_id: who holds it, or closed it.

    due_at: not before; it moves on with each attempt. created_at: from when on an answer makes it superfluous.
    """

    __tablename__ = "worklist_item"
    __table_args__ = (
        refers("patient_id", "patient"),
        refers("staff_id", "staff"),
        UniqueConstraint("clinic_id", "patient_id", "campaign", "step", "kind"),
        Index("ix_worklist_item_open", "clinic_id", "kind", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "clinic_id", "step", "closed_at"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    kind: WorkKind = Field(sa_type=one_of(WorkKind))
    campaign: str = Field(max_length=64)
    step: int = Field(sa_type=SmallInteger)
    due_at: datetime = Field(sa_type=UtcInstant)
    attempts: int = Field(default=0, sa_type=SmallInteger)
    outcome: WorkOutcome | None = Field(default=None, sa_type=one_of(WorkOutcome))
    staff_id: StaffId | None = Field(default=None, sa_type=Id)
    created_at: datetime = Field(sa_type=UtcInstant)
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
