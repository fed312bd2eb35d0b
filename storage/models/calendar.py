"""Tables of chair time: appointment, hold, the quarters of an hour they occupy, and visits that took place.

One slot, one patient: a quarter of an hour of a provider is one row, and its key lets nobody else in.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from flows.ids import AppointmentId, ClinicId, ConversationId, PatientId, ProviderId, StaffId, VisitId, VisitTypeId
from storage.models.base import SMALL_ROWS, Row, refers
from storage.types import Id, UtcInstant, one_of
from storage.vocabulary import AppointmentStatus, BookedBy

BOOKED = text("status = 'booked'")
CHECK_IN_DUE = text("check_in_due_at IS NOT NULL")


class Appointment(Row, table=True):
    """A visit in the calendar; `ends_at` is exclusive, `sequence` counts its changes for calendar files."""

    __tablename__ = "appointment"
    __table_args__ = (
        refers("patient_id", "patient"),
        refers("provider_id", "provider"),
        refers("visit_type_id", "visit_type"),
        Index(None, "clinic_id", "patient_id", "starts_at"),
        Index("ix_appointment_booked", "clinic_id", "starts_at", sqlite_where=BOOKED, postgresql_where=BOOKED),
        Index(
            "ix_appointment_ahead",
            "clinic_id",
            "patient_id",
            "starts_at",
            sqlite_where=BOOKED,
            postgresql_where=BOOKED,
        ),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: AppointmentId = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    provider_id: ProviderId = Field(sa_type=Id)
    visit_type_id: VisitTypeId = Field(sa_type=Id)
    starts_at: datetime = Field(sa_type=UtcInstant)
    ends_at: datetime = Field(sa_type=UtcInstant)
    status: AppointmentStatus = Field(sa_type=one_of(AppointmentStatus))
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    booked_by: BookedBy = Field(sa_type=one_of(BookedBy))
    sequence: int = 0
    created_at: datetime = Field(sa_type=UtcInstant)
    updated_at: datetime = Field(sa_type=UtcInstant)


class Hold(Row, table=True):
    """A slot kept for one patient for some minutes while they decide."""

    __tablename__ = "hold"
    __table_args__ = (
        refers("conversation_id", "conversation"),
        refers("provider_id", "provider"),
        refers("visit_type_id", "visit_type"),
        Index(None, "clinic_id", "conversation_id"),
        Index(None, "clinic_id", "expires_at"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    conversation_id: ConversationId = Field(sa_type=Id)
    provider_id: ProviderId = Field(sa_type=Id)
    visit_type_id: VisitTypeId = Field(sa_type=Id)
    starts_at: datetime = Field(sa_type=UtcInstant)
    ends_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)


class ChairTime(Row, table=True):
    """A quarter of an hour of a provider that is taken; `quarter` counts quarters of an hour since the epoch, UTC.

    expires_at: for a hold, when it no longer counts; None for an appointment.
    """

    __tablename__ = "chair_time"
    __table_args__ = (
        refers("provider_id", "provider"),
        refers("appointment_id", "appointment"),
        refers("hold_id", "hold"),
        CheckConstraint("(appointment_id IS NULL) <> (hold_id IS NULL)", "one_taker"),
        CheckConstraint("(hold_id IS NULL) = (expires_at IS NULL)", "holds_expire"),
        Index(None, "clinic_id", "appointment_id"),
        Index(None, "clinic_id", "hold_id"),
        SMALL_ROWS,
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    provider_id: ProviderId = Field(primary_key=True, sa_type=Id)
    quarter: int = Field(primary_key=True, sa_type=Id)
    appointment_id: AppointmentId | None = Field(default=None, sa_type=Id)
    hold_id: int | None = Field(default=None, sa_type=Id)
    expires_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class Visit(Row, table=True):
    """A visit that took place; check_in_due_at is emptied once the check-in is planned."""

    __tablename__ = "visit"
    __table_args__ = (
        refers("patient_id", "patient"),
        refers("appointment_id", "appointment"),
        refers("marked_by", "staff"),
        Index(None, "clinic_id", "patient_id", "visited_on"),
        Index(
            "ix_visit_check_in",
            "clinic_id",
            "check_in_due_at",
            sqlite_where=CHECK_IN_DUE,
            postgresql_where=CHECK_IN_DUE,
        ),
        Index(None, "clinic_id", "appointment_id", unique=True),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: VisitId = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    appointment_id: AppointmentId | None = Field(default=None, sa_type=Id)
    visited_on: date
    surgical: bool = False
    marked_at: datetime = Field(sa_type=UtcInstant)
    marked_by: StaffId | None = Field(default=None, sa_type=Id)
    check_in_due_at: datetime | None = Field(default=None, sa_type=UtcInstant)
