"""Keeps `patient.next_visit_at`: the start of the earliest visit still open, not yet kept, missed or cancelled.

It changes in the transaction that changes an appointment. A time that no appointment here explains came with a list
of the practice's software; it stays until the list says otherwise.
"""

from datetime import datetime

from sqlalchemy import bindparam, case, func, or_, select, update

from flows.ids import AppointmentId, PatientId
from storage.hot import Hot
from storage.models import Appointment, Patient, table_of
from storage.scope import Scope
from storage.vocabulary import AppointmentStatus

_patients = table_of(Patient)
_appointments = table_of(Appointment)
_instant = _patients.c.next_visit_at.type

_OPEN = (
    select(func.min(_appointments.c.starts_at))
    .where(
        _appointments.c.clinic_id == _patients.c.clinic_id,
        _appointments.c.patient_id == _patients.c.id,
        _appointments.c.status == AppointmentStatus.BOOKED,
    )
    .scalar_subquery()
)
_ELSEWHERE = (
    _patients.c.next_visit_at.is_not(None)
    & or_(bindparam("was", type_=_instant).is_(None), _patients.c.next_visit_at != bindparam("was", type_=_instant))
    & or_(_OPEN.is_(None), _patients.c.next_visit_at < _OPEN)
)
_FOLLOW = Hot(
    update(_patients)
    .where(_patients.c.clinic_id == bindparam("of_clinic"), _patients.c.id == bindparam("of_patient"))
    .values(next_visit_at=case((_ELSEWHERE, _patients.c.next_visit_at), else_=_OPEN))
)
_OF_CLINIC = select(_patients.c.id).where(_patients.c.clinic_id == bindparam("of_clinic")).with_for_update()
_LOCK = _OF_CLINIC.where(_patients.c.id == bindparam("of_patient"))
_LOCK_OF = _OF_CLINIC.where(
    _patients.c.id
    == select(_appointments.c.patient_id)
    .where(_appointments.c.clinic_id == bindparam("of_clinic"), _appointments.c.id == bindparam("of_appointment"))
    .scalar_subquery()
)


def lock_patient(scope: Scope, patient_id: PatientId) -> None:
    """Keep others from changing this patient's appointments until the transaction ends.

    On PostgreSQL what follows must see what another transaction has just done; SQLite has one writer at a time.
    """
    if scope.connection.dialect.name == "postgresql":
        scope.execute(_LOCK, {"of_clinic": scope.clinic_id, "of_patient": patient_id})


def lock_patient_of(scope: Scope, appointment_id: AppointmentId) -> None:
    """Do what `lock_patient` does, for whoever an appointment is of."""
    if scope.connection.dialect.name == "postgresql":
        scope.execute(_LOCK_OF, {"of_clinic": scope.clinic_id, "of_appointment": appointment_id})


def follow_appointments(scope: Scope, patient_id: PatientId, *, was: datetime | None) -> None:
    """Recompute a patient's next visit after one of their appointments changed.

    Args:
        scope: the transaction.
        patient_id: whose.
        was: the start (UTC) the changed appointment had before; None if it is new.
    """
    scope.change(_FOLLOW, {"of_clinic": scope.clinic_id, "of_patient": patient_id, "was": was})
