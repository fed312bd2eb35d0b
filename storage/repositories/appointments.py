"""Reads and changes rows of `appointment`, together with the chair time and the patient's next visit they carry.

A change is guarded by the status it changes from: what somebody else has moved on is left alone. The id of an
appointment outlives every move; its sequence counts them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from flows.ids import AppointmentId, PatientId, ProviderId
from flows.slots import BookedVisit, Slot
from storage.hot import Hot
from storage.models import Appointment, Provider, table_of
from storage.repositories import chair_time
from storage.repositories.next_visits import follow_appointments, lock_patient, lock_patient_of
from storage.scope import Scope
from storage.vocabulary import AppointmentStatus, BookedBy

_appointments = table_of(Appointment)
_providers = table_of(Provider)
_instant = _appointments.c.starts_at.type

_TREATS = (_providers.c.clinic_id == _appointments.c.clinic_id) & (_providers.c.id == _appointments.c.provider_id)
_READ = (
    select(_appointments, _providers.c.name.label("provider_name"))
    .join(_providers, _TREATS)
    .where(_appointments.c.clinic_id == bindparam("clinic_id"))
)
_ONE = (_appointments.c.clinic_id == bindparam("clinic_id")) & (_appointments.c.id == bindparam("appointment_id"))
_BY_ID = Hot(_READ.where(_ONE))
_SEQUENCE = Hot(select(_appointments.c.sequence).where(_ONE))
_PROVIDER_NAME = Hot(
    select(_providers.c.name).where(
        _providers.c.clinic_id == bindparam("clinic_id"), _providers.c.id == bindparam("provider_id")
    )
)
_OPEN_OF_PATIENT = _READ.where(
    _appointments.c.patient_id == bindparam("patient_id"), _appointments.c.status == AppointmentStatus.BOOKED
).order_by(_appointments.c.starts_at)
_OVER = _READ.where(
    _appointments.c.status == AppointmentStatus.BOOKED, _appointments.c.ends_at <= bindparam("now", type_=_instant)
).order_by(_appointments.c.ends_at, _appointments.c.id)
_INSERT = Hot(insert(_appointments))
_STILL_BOOKED = (
    (_appointments.c.clinic_id == bindparam("clinic"))
    & (_appointments.c.id == bindparam("appointment"))
    & (_appointments.c.status == AppointmentStatus.BOOKED)
)
_MOVE = Hot(
    update(_appointments)
    .where(_STILL_BOOKED)
    .values(
        provider_id=bindparam("to_provider"),
        visit_type_id=bindparam("to_type"),
        starts_at=bindparam("to_start", type_=_instant),
        ends_at=bindparam("to_end", type_=_instant),
        confirmed_at=None,
        sequence=_appointments.c.sequence + 1,
        updated_at=bindparam("now", type_=_instant),
    )
)
_END = Hot(
    update(_appointments)
    .where(_STILL_BOOKED)
    .values(
        status=bindparam("to_status", type_=_appointments.c.status.type),
        sequence=_appointments.c.sequence + 1,
        updated_at=bindparam("now", type_=_instant),
    )
)
_AHEAD = Hot(
    select(
        _appointments.c.patient_id,
        _appointments.c.provider_id,
        _appointments.c.visit_type_id,
        _appointments.c.starts_at,
        _appointments.c.ends_at,
        _providers.c.name,
    )
    .join(_providers, _TREATS)
    .where(_STILL_BOOKED, _appointments.c.starts_at > bindparam("now", type_=_instant))
)
_CONFIRM = (
    update(_appointments)
    .where(_STILL_BOOKED, _appointments.c.confirmed_at.is_(None))
    .values(confirmed_at=bindparam("now", type_=_instant))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredAppointment:
    """An appointment as it is stored. updated_at: when its time was last agreed or its end marked (UTC)."""

    visit: BookedVisit
    patient_id: PatientId
    status: AppointmentStatus
    booked_by: BookedBy
    confirmed_at: datetime | None
    sequence: int
    created_at: datetime
    updated_at: datetime


def _slot(row: Mapping[Any, Any]) -> Slot:
    return Slot(
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        provider_id=row["provider_id"],
        visit_type_id=row["visit_type_id"],
    )


def _stored(row: Mapping[Any, Any]) -> StoredAppointment:
    return StoredAppointment(
        visit=BookedVisit(appointment_id=row["id"], slot=_slot(row), provider_name=row["provider_name"]),
        patient_id=row["patient_id"],
        status=row["status"],
        booked_by=row["booked_by"],
        confirmed_at=row["confirmed_at"],
        sequence=row["sequence"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def read_appointment(scope: Scope, appointment_id: AppointmentId) -> StoredAppointment | None:
    """Read an appointment, whatever became of it."""
    row = scope.first(_BY_ID, {"clinic_id": scope.clinic_id, "appointment_id": appointment_id})
    return None if row is None else _stored(row)


def read_sequence(scope: Scope, appointment_id: AppointmentId) -> int | None:
    """Read how often an appointment has changed; None if there is no such appointment."""
    found: int | None = scope.value(_SEQUENCE, {"clinic_id": scope.clinic_id, "appointment_id": appointment_id})
    return found


def provider_name(scope: Scope, provider_id: ProviderId) -> str:
    """Read the name of a provider there is."""
    name: str = scope.value(_PROVIDER_NAME, {"clinic_id": scope.clinic_id, "provider_id": provider_id})
    return name


def open_appointments(scope: Scope, patient_id: PatientId) -> tuple[StoredAppointment, ...]:
    """Read a patient's appointments that are neither kept, missed nor cancelled, by their start, past ones too."""
    rows = scope.execute(_OPEN_OF_PATIENT, {"clinic_id": scope.clinic_id, "patient_id": patient_id})
    return tuple(map(_stored, rows.mappings()))


def over_appointments(scope: Scope, now: datetime) -> tuple[StoredAppointment, ...]:
    """Read the appointments that are over and of which nobody has said what became of them, the oldest first."""
    return tuple(map(_stored, scope.execute(_OVER, {"clinic_id": scope.clinic_id, "now": now}).mappings()))


def insert_appointment(
    scope: Scope, patient_id: PatientId, slot: Slot, *, booked_by: BookedBy, now: datetime
) -> AppointmentId:
    """Add an appointment, without chair time yet."""
    appointment_id = AppointmentId(scope.ids.next())
    scope.change(
        _INSERT,
        {
            "clinic_id": scope.clinic_id,
            "id": appointment_id,
            "patient_id": patient_id,
            "provider_id": slot.provider_id,
            "visit_type_id": slot.visit_type_id,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "status": AppointmentStatus.BOOKED,
            "booked_by": booked_by,
            "sequence": 0,
            "created_at": now,
            "updated_at": now,
        },
    )
    return appointment_id


def move_appointment(scope: Scope, appointment_id: AppointmentId, slot: Slot, *, now: datetime) -> None:
    """Give an appointment another time and give its old chair time back; who confirmed the old time has to again."""
    chair_time.free_appointment(scope, appointment_id)
    scope.change(
        _MOVE,
        {
            "clinic": scope.clinic_id,
            "appointment": appointment_id,
            "to_provider": slot.provider_id,
            "to_type": slot.visit_type_id,
            "to_start": slot.starts_at,
            "to_end": slot.ends_at,
            "now": now,
        },
    )


def cancel_appointment(scope: Scope, appointment_id: AppointmentId, *, now: datetime) -> BookedVisit | None:
    """Cancel a booked appointment that has not begun, and give its chair time back; None if it is no such one."""
    lock_patient_of(scope, appointment_id)
    row = scope.first(_AHEAD, {"clinic": scope.clinic_id, "appointment": appointment_id, "now": now})
    if row is None:
        return None
    _end(scope, appointment_id, AppointmentStatus.CANCELLED, now)
    chair_time.free_appointment(scope, appointment_id)
    follow_appointments(scope, row["patient_id"], was=row["starts_at"])
    return BookedVisit(appointment_id=appointment_id, slot=_slot(row), provider_name=row["name"])


def end_appointment(scope: Scope, appointment: StoredAppointment, status: AppointmentStatus, *, now: datetime) -> None:
    """Mark a booked appointment as kept or missed, and bring the patient's next visit up to date."""
    _end(scope, appointment.visit.appointment_id, status, now)
    follow_appointments(scope, appointment.patient_id, was=appointment.visit.slot.starts_at)


def _end(scope: Scope, appointment_id: AppointmentId, status: AppointmentStatus, now: datetime) -> None:
    scope.change(_END, {"clinic": scope.clinic_id, "appointment": appointment_id, "to_status": status, "now": now})


def confirm_appointment(scope: Scope, appointment_id: AppointmentId, *, now: datetime) -> None:
    """Remember the first time the patient said they will come."""
    scope.execute(_CONFIRM, {"clinic": scope.clinic_id, "appointment": appointment_id, "now": now})


def lock_appointment(scope: Scope, appointment_id: AppointmentId) -> StoredAppointment | None:
    """Read an appointment that is about to change and keep its patient's from others; None if it is not open."""
    found = read_appointment(scope, appointment_id)
    if found is None:
        return None
    if scope.connection.dialect.name == "postgresql":
        lock_patient(scope, found.patient_id)
        found = read_appointment(scope, appointment_id)
    return found if found is not None and found.status is AppointmentStatus.BOOKED else None


def next_end(scope: Scope, now: datetime) -> datetime | None:
    """Return when the next open appointment is over (UTC)."""
    found: datetime | None = scope.execute(
        select(func.min(_appointments.c.ends_at)).where(
            _appointments.c.clinic_id == scope.clinic_id,
            _appointments.c.status == AppointmentStatus.BOOKED,
            _appointments.c.ends_at > now,
        )
    ).scalar()
    return found
