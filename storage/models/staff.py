"""Tables of the staff and of what they did.

The audit names the act and whom it concerned, never its content.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from flows.ids import ClinicId, PatientId, StaffId
from flows.vocabulary import Role
from storage.models.base import Row, of_clinic, refers
from storage.types import Id, UtcInstant, one_of
from storage.vocabulary import StaffDid


class Staff(Row, table=True):
    """A member of staff."""

    __tablename__ = "staff"
    __table_args__ = (of_clinic(),)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: StaffId = Field(primary_key=True, sa_type=Id)
    name: str = Field(max_length=200)
    role: Role = Field(sa_type=one_of(Role))
    active: bool = True
    created_at: datetime = Field(sa_type=UtcInstant)


class StaffAction(Row, table=True):
    """An entry of the audit."""

    __tablename__ = "staff_action"
    __table_args__ = (
        refers("staff_id", "staff"),
        refers("patient_id", "patient"),
        Index(None, "clinic_id", "staff_id", "id"),
        Index(None, "clinic_id", "patient_id", "id"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    staff_id: StaffId = Field(sa_type=Id)
    action: StaffDid = Field(sa_type=one_of(StaffDid))
    patient_id: PatientId | None = Field(default=None, sa_type=Id)
    at: datetime = Field(sa_type=UtcInstant)
