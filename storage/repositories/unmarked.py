"""Visits whose time is over and of which nobody has said whether the patient came, in the calendar or only on a list.

Until somebody says so the patient counts as having a visit ahead, and the programme leaves them alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, literal, null, select, union_all, update

from flows.ids import AppointmentId, PatientId
from storage.models import Appointment, Patient, Provider, table_of
from storage.scope import Scope
from storage.vocabulary import AppointmentStatus

_appointments = table_of(Appointment)
_patients = table_of(Patient)
_providers = table_of(Provider)
_instant = _appointments.c.starts_at.type

_IN_CALENDAR = (
    select(
        _appointments.c.patient_id,
        _appointments.c.starts_at,
        _appointments.c.id.label("appointment_id"),
        _providers.c.name.label("provider_name"),
    )
    .join(
        _providers,
        (_providers.c.clinic_id == _appointments.c.clinic_id) & (_providers.c.id == _appointments.c.provider_id),
    )
    .where(
        _appointments.c.clinic_id == bindparam("clinic_id"),
        _appointments.c.status == AppointmentStatus.BOOKED,
        # The start leads to the index of what is booked.
        _appointments.c.starts_at <= bindparam("now", type_=_instant),
        _appointments.c.ends_at <= bindparam("now", type_=_instant),
    )
)
_BOOKED_THEN = exists(
    select(literal(1)).where(
        _appointments.c.clinic_id == _patients.c.clinic_id,
        _appointments.c.patient_id == _patients.c.id,
        _appointments.c.status == AppointmentStatus.BOOKED,
        _appointments.c.starts_at == _patients.c.next_visit_at,
    )
)
_ON_A_LIST = select(
    _patients.c.id.label("patient_id"),
    _patients.c.next_visit_at.label("starts_at"),
    null().label("appointment_id"),
    null().label("provider_name"),
).where(
    _patients.c.clinic_id == bindparam("clinic_id"),
    _patients.c.next_visit_at <= bindparam("now", type_=_instant),
    ~_BOOKED_THEN,
)
_both = union_all(_IN_CALENDAR, _ON_A_LIST).subquery("unmarked")
_ALL = select(_both).order_by(_both.c.starts_at, _both.c.patient_id).limit(bindparam("limit"))
_ONE = select(_both).where(
    _both.c.patient_id == bindparam("patient_id"),
    _both.c.starts_at == bindparam("starts_at", type_=_instant),
)
_EARLIEST = (
    select(func.min(_appointments.c.starts_at))
    .where(
        _appointments.c.clinic_id == _patients.c.clinic_id,
        _appointments.c.patient_id == _patients.c.id,
        _appointments.c.status == AppointmentStatus.BOOKED,
    )
    .scalar_subquery()
)
_OFF_THE_LIST = (
    update(_patients)
    .where(
        _patients.c.clinic_id == bindparam("of_clinic"),
        _patients.c.id == bindparam("of_patient"),
        _patients.c.next_visit_at == bindparam("was", type_=_instant),
    )
    .values(next_visit_at=_EARLIEST)
    .returning(_patients.c.id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmarked:
    """A visit that is over. starts_at: aware UTC; appointment_id, provider_name: None where only a list knew of it.

    A list may tell the day alone: such a visit starts at the end of its day.
    """

    patient_id: PatientId
    starts_at: datetime
    appointment_id: AppointmentId | None
    provider_name: str | None


class UnmarkedVisits:
    """Works in one transaction of one clinic. Instants are aware UTC."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def all(self, now: datetime, *, limit: int) -> list[Unmarked]:
        """Return what is to be marked, the longest ago first."""
        rows = self._scope.execute(_ALL, self._with(now=now, limit=limit))
        return [_unmarked(row) for row in rows]

    def find(self, patient_id: PatientId, starts_at: datetime, *, now: datetime) -> Unmarked | None:
        """Return a patient's visit that started then; None if there is none, or it was marked meanwhile."""
        row = self._scope.execute(_ONE, self._with(now=now, patient_id=patient_id, starts_at=starts_at)).first()
        return None if row is None else _unmarked(row)

    def take_off_list(self, patient_id: PatientId, starts_at: datetime) -> bool:
        """Let a visit that only a list knew of count no more; False if something else is ahead by now."""
        which = {"of_clinic": self._scope.clinic_id, "of_patient": patient_id, "was": starts_at}
        return self._scope.execute(_OFF_THE_LIST, which).first() is not None

    def _with(self, **parameters: object) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id, **parameters}


def _unmarked(row: Any) -> Unmarked:  # noqa: ANN401 - a row of the statements above
    return Unmarked(
        patient_id=row.patient_id,
        starts_at=row.starts_at,
        appointment_id=row.appointment_id,
        provider_name=row.provider_name,
    )
