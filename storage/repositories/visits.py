"""Visits that took place or were missed, the check-ins they lead to, and the day's returning patients.

Marking a visit changes its appointment, the patient's last and next visit and the check-in in one transaction, once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, func, insert, literal, or_, select, tuple_, update

from flows.ids import AppointmentId, PatientId, StaffId, VisitId, VisitTypeId
from flows.outreach.cadence import CHECK_IN, Care
from flows.outreach.hours import day_begins, local_day
from flows.slots import BookedVisit, Slot
from storage.models import Appointment, Clinic, Patient, Provider, Visit, VisitType, table_of
from storage.repositories.appointments import end_appointment, lock_appointment
from storage.scope import Scope
from storage.vocabulary import AppointmentStatus

DAYS_AFTER_SURGERY = 1  # the day after surgery, two or three days after anything else (DOMAIN.md)
_DAY = timedelta(days=1)

_appointments = table_of(Appointment)
_clinics = table_of(Clinic)
_patients = table_of(Patient)
_providers = table_of(Provider)
_visits = table_of(Visit)
_visit_types = table_of(VisitType)

_ZONE = select(_clinics.c.zone).where(_clinics.c.clinic_id == bindparam("clinic_id"))
_SURGICAL = select(_visit_types.c.surgical).where(
    _visit_types.c.clinic_id == bindparam("clinic_id"), _visit_types.c.id == bindparam("visit_type_id")
)
_on = bindparam("on", type_=_patients.c.last_visit_on.type)
_CAME = (
    update(_patients)
    .where(_patients.c.clinic_id == bindparam("of_clinic"), _patients.c.id == bindparam("of_patient"))
    .values(
        last_visit_on=case(
            (or_(_patients.c.last_visit_on.is_(None), _patients.c.last_visit_on < _on), _on),
            else_=_patients.c.last_visit_on,
        ),
        # Who has come back is neither staying away nor given up on any more.
        staying_away=None,
        staying_away_at=None,
        rested_at=None,
        off_list_at=None,
    )
)
_DUE = (
    select(_visits, func.coalesce(_appointments.c.starts_at, _visits.c.marked_at).label("visit_at"))
    .outerjoin(
        _appointments,
        (_appointments.c.clinic_id == _visits.c.clinic_id) & (_appointments.c.id == _visits.c.appointment_id),
    )
    .where(
        _visits.c.clinic_id == bindparam("clinic_id"),
        _visits.c.check_in_due_at <= bindparam("now", type_=_visits.c.check_in_due_at.type),
    )
    .order_by(_visits.c.check_in_due_at, _visits.c.id)
    .limit(bindparam("limit"))
)
_PLANNED = (
    update(_visits)
    .where(_visits.c.clinic_id == bindparam("of_clinic"), _visits.c.id.in_(bindparam("of_visits", expanding=True)))
    .values(check_in_due_at=None)
)
_RETURNING = (
    select(_appointments, _providers.c.name.label("provider_name"), _patients.c.last_visit_on)
    .join(
        _providers,
        (_providers.c.clinic_id == _appointments.c.clinic_id) & (_providers.c.id == _appointments.c.provider_id),
    )
    .join(
        _patients,
        (_patients.c.clinic_id == _appointments.c.clinic_id) & (_patients.c.id == _appointments.c.patient_id),
    )
    .where(
        _appointments.c.clinic_id == bindparam("clinic_id"),
        _appointments.c.status == AppointmentStatus.BOOKED,
        _appointments.c.starts_at >= bindparam("begins", type_=_appointments.c.starts_at.type),
        _appointments.c.starts_at < bindparam("ends", type_=_appointments.c.starts_at.type),
        _patients.c.last_visit_on <= bindparam("away_since", type_=_patients.c.last_visit_on.type),
    )
    .order_by(_appointments.c.starts_at, _appointments.c.id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitMade:
    """A visit that took place. visit_at: its start, or when it was marked if it had no appointment (UTC).

    visited_on: in the clinic's calendar. check_in_due_at: from when a check-in may be planned (UTC); None once it is.
    """

    visit_id: VisitId
    patient_id: PatientId
    appointment_id: AppointmentId | None
    visited_on: date
    visit_at: datetime
    care: Care
    check_in_due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Returning:
    """A visit of today by somebody who has been away for long."""

    patient_id: PatientId
    visit: BookedVisit
    last_visit_on: date


class VisitRepository:
    """Works in one transaction of one clinic. Instants are aware UTC, days are the clinic's."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def mark_visited(
        self, appointment_id: AppointmentId, now: datetime, marked_by: StaffId | None, care: Care | None = None
    ) -> VisitMade | None:
        """Record that the patient came.

        Args:
            appointment_id: the visit that was booked.
            now: the present.
            marked_by: who says so.
            care: what was done; None is what the type of the visit says.

        Returns:
            the visit; None if it is not open any more, or belongs to a later day.
        """
        found = lock_appointment(self._scope, appointment_id)
        zone = self._zone()
        if found is None or local_day(found.visit.slot.starts_at, zone) > local_day(now, zone):
            return None
        care = care or self._care_of(found.visit.slot.visit_type_id)
        end_appointment(self._scope, found, AppointmentStatus.KEPT, now=now)
        made = self._made(found.patient_id, appointment_id, found.visit.slot.starts_at, care)
        self._insert(made, now=now, marked_by=marked_by)
        return made

    def came(self, patient_id: PatientId, starts_at: datetime, now: datetime, marked_by: StaffId) -> VisitMade:
        """Record that a patient came to a visit that is in no calendar here: a list of the practice's told of it."""
        made = self._made(patient_id, None, starts_at, Care.PLAIN)
        self._insert(made, now=now, marked_by=marked_by)
        return made

    def mark_missed(self, appointment_id: AppointmentId, now: datetime) -> PatientId | None:
        """Record that the patient did not come; None if the visit is not open any more, or has not begun."""
        found = lock_appointment(self._scope, appointment_id)
        if found is None or found.visit.slot.starts_at > now:
            return None
        end_appointment(self._scope, found, AppointmentStatus.MISSED, now=now)
        return found.patient_id

    def check_ins_due(self, now: datetime, *, limit: int, after: VisitMade | None = None) -> tuple[VisitMade, ...]:
        """Return the visits whose check-in is due and not planned yet, the longest due first; those behind `after`."""
        statement = _DUE
        if after is not None:
            last = (literal(after.check_in_due_at, _visits.c.check_in_due_at.type), literal(after.visit_id))
            statement = statement.where(tuple_(_visits.c.check_in_due_at, _visits.c.id) > tuple_(*last))
        rows = self._scope.execute(statement, {"clinic_id": self._scope.clinic_id, "now": now, "limit": limit})
        return tuple(_made(row) for row in rows)

    def check_in_settled(self, visit_ids: Collection[VisitId]) -> None:
        """Remember that the check-ins of these visits are planned, or will never be: they are due no more."""
        if visit_ids:
            self._scope.execute(_PLANNED, {"of_clinic": self._scope.clinic_id, "of_visits": list(visit_ids)})

    def returning(self, day: date, *, away_since: date) -> tuple[Returning, ...]:
        """Return the visits booked for a day by patients last seen on `away_since` or before, by their start."""
        zone = self._zone()
        between = {"begins": day_begins(day, zone), "ends": day_begins(day + _DAY, zone)}
        rows = self._scope.execute(
            _RETURNING, {"clinic_id": self._scope.clinic_id, "away_since": away_since, **between}
        )
        return tuple(_returning(row) for row in rows)

    def _made(
        self, patient_id: PatientId, appointment_id: AppointmentId | None, visit_at: datetime, care: Care
    ) -> VisitMade:
        zone = self._zone()
        visited_on = local_day(visit_at, zone)
        return VisitMade(
            visit_id=VisitId(self._scope.ids.next()),
            patient_id=patient_id,
            appointment_id=appointment_id,
            visited_on=visited_on,
            visit_at=visit_at,
            care=care,
            check_in_due_at=day_begins(visited_on + _check_in_after(care), zone),
        )

    def _insert(self, made: VisitMade, *, now: datetime, marked_by: StaffId | None) -> None:
        came = {"of_clinic": self._scope.clinic_id, "of_patient": made.patient_id, "on": made.visited_on}
        self._scope.execute(_CAME, came)
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": made.visit_id,
            "patient_id": made.patient_id,
            "appointment_id": made.appointment_id,
            "visited_on": made.visited_on,
            "surgical": made.care is Care.SURGERY,
            "marked_at": now,
            "marked_by": marked_by,
            "check_in_due_at": made.check_in_due_at,
        }
        self._scope.execute(insert(_visits), row)

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._scope.execute(_ZONE, {"clinic_id": self._scope.clinic_id}).scalar_one())

    def _care_of(self, visit_type_id: VisitTypeId) -> Care:
        which = {"clinic_id": self._scope.clinic_id, "visit_type_id": visit_type_id}
        return Care.SURGERY if self._scope.execute(_SURGICAL, which).scalar_one() else Care.PLAIN


def _check_in_after(care: Care) -> timedelta:
    return timedelta(days=DAYS_AFTER_SURGERY if care is Care.SURGERY else CHECK_IN.days)


def _made(row: Any) -> VisitMade:  # noqa: ANN401 - a row of _DUE
    return VisitMade(
        visit_id=row.id,
        patient_id=row.patient_id,
        appointment_id=row.appointment_id,
        visited_on=row.visited_on,
        visit_at=row.visit_at,
        care=Care.SURGERY if row.surgical else Care.PLAIN,
        check_in_due_at=row.check_in_due_at,
    )


def _returning(row: Any) -> Returning:  # noqa: ANN401 - a row of _RETURNING
    slot = Slot(
        starts_at=row.starts_at, ends_at=row.ends_at, provider_id=row.provider_id, visit_type_id=row.visit_type_id
    )
    visit = BookedVisit(appointment_id=row.id, slot=slot, provider_name=row.provider_name)
    return Returning(patient_id=row.patient_id, visit=visit, last_visit_on=row.last_visit_on)
