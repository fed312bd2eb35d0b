"""Appointments the clinic made elsewhere, as its lists tell them: a whole batch in a handful of statements.

They take chair time like any other, if it is free; if it is not, they are the patient's next visit all the same: nobody
who has one is asked to come. What patients and staff booked here, no list touches.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, delete, func, insert, or_, select, update

from flows.ids import AppointmentId, PatientId
from flows.outreach.hours import local_day
from flows.slots import Slot
from storage.calendars.quarters import quarters
from storage.dialects import inserting
from storage.models import Appointment, ChairTime, Patient, table_of
from storage.scope import Scope
from storage.vocabulary import AppointmentStatus, BookedBy

_appointments = table_of(Appointment)
_chair = table_of(ChairTime)
_patients = table_of(Patient)
_instant = _appointments.c.starts_at.type

_OPEN = select(
    _appointments.c.id, _appointments.c.patient_id, _appointments.c.starts_at, _appointments.c.booked_by
).where(
    _appointments.c.clinic_id == bindparam("clinic_id"),
    _appointments.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
    _appointments.c.status == AppointmentStatus.BOOKED,
)
_END = (
    update(_appointments)
    .where(_appointments.c.clinic_id == bindparam("of_clinic"), _appointments.c.id == bindparam("of_appointment"))
    .values(
        status=bindparam("to_status", type_=_appointments.c.status.type),
        sequence=_appointments.c.sequence + 1,
        updated_at=bindparam("now", type_=_instant),
    )
)
_FREE = delete(_chair).where(
    _chair.c.clinic_id == bindparam("clinic_id"),
    _chair.c.appointment_id.in_(bindparam("appointment_ids", expanding=True)),
)
_DROP = delete(_appointments).where(
    _appointments.c.clinic_id == bindparam("clinic_id"),
    _appointments.c.id.in_(bindparam("appointment_ids", expanding=True)),
)
_said = bindparam("said", type_=_patients.c.next_visit_at.type)
_EARLIEST = (
    select(func.min(_appointments.c.starts_at))
    .where(
        _appointments.c.clinic_id == _patients.c.clinic_id,
        _appointments.c.patient_id == _patients.c.id,
        _appointments.c.status == AppointmentStatus.BOOKED,
    )
    .scalar_subquery()
)
_FOLLOW = (
    update(_patients)
    .where(_patients.c.clinic_id == bindparam("of_clinic"), _patients.c.id == bindparam("of_patient"))
    .values(next_visit_at=case((or_(_EARLIEST.is_(None), _said < _EARLIEST), _said), else_=_EARLIEST))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedVisit:
    """What a list says of one patient's next visit.

    next_at: its start, or the end of its day if no time is given (UTC); None: there is none. slot: the chair time it
    takes, None if it names no time or nobody known. last_visit_on: the last visit that took place, by the list.
    """

    patient_id: PatientId
    next_at: datetime | None
    slot: Slot | None
    last_visit_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Synced:
    """Whose appointments came into the calendar, and whose went out of it."""

    booked: frozenset[PatientId]
    cancelled: frozenset[PatientId]


class ListedVisits:
    """Works in one transaction of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def sync(self, listed: Sequence[ListedVisit], *, zone: ZoneInfo, now: datetime) -> Synced:
        """Bring appointments made elsewhere to what a list says.

        Args:
            listed: one entry a patient.
            zone: the clinic's, for the day an old appointment was on.
            now: aware UTC.
        """
        if not listed:
            return Synced(booked=frozenset(), cancelled=frozenset())
        known: dict[PatientId, dict[datetime, Any]] = {entry.patient_id: {} for entry in listed}
        for row in self._scope.execute(_OPEN, self._of(patient_ids=list(known))):
            known[row.patient_id][row.starts_at] = row
        cancelled = self._end_what_is_over(listed, known, zone=zone, now=now)
        wanted = {
            entry.patient_id: entry.slot
            for entry in listed
            if entry.slot is not None
            and entry.slot.starts_at > now
            and entry.slot.starts_at not in known[entry.patient_id]
        }
        booked = self._book(wanted, now=now)
        changed = booked | cancelled
        if changed:
            self._scope.execute(
                _FOLLOW,
                [
                    {"of_clinic": self._scope.clinic_id, "of_patient": entry.patient_id, "said": entry.next_at}
                    for entry in listed
                    if entry.patient_id in changed
                ],
            )
        return Synced(booked=frozenset(booked), cancelled=frozenset(cancelled))

    def _end_what_is_over(
        self,
        listed: Sequence[ListedVisit],
        known: Mapping[PatientId, Mapping[datetime, Any]],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> set[PatientId]:
        """Mark appointments of earlier lists that this one no longer has: kept if a visit took place since."""
        over = [
            (entry, row)
            for entry in listed
            for starts_at, row in known[entry.patient_id].items()
            if row.booked_by is BookedBy.IMPORT and (entry.slot is None or starts_at != entry.slot.starts_at)
        ]
        if not over:
            return set()
        kept = {
            row.id
            for entry, row in over
            if entry.last_visit_on is not None and local_day(row.starts_at, zone) <= entry.last_visit_on
        }
        ended = [
            {
                "of_clinic": self._scope.clinic_id,
                "of_appointment": row.id,
                "to_status": AppointmentStatus.KEPT if row.id in kept else AppointmentStatus.CANCELLED,
                "now": now,
            }
            for _, row in over
        ]
        self._scope.execute(_END, ended)
        self._free([row.id for _, row in over if row.id not in kept])
        return {entry.patient_id for entry, _ in over}

    def _book(self, wanted: Mapping[PatientId, Slot], *, now: datetime) -> set[PatientId]:
        if not wanted:
            return set()
        ids = dict(zip(wanted, map(AppointmentId, self._scope.ids.take(len(wanted))), strict=True))
        self._scope.execute(
            insert(_appointments),
            [self._row(ids[patient_id], patient_id, wanted[patient_id], now) for patient_id in ids],
        )
        needed = {
            ids[patient_id]: [(slot.provider_id, quarter) for quarter in quarters(slot.starts_at, slot.ends_at)]
            for patient_id, slot in wanted.items()
        }
        take = inserting(self._scope.connection.dialect.name, _chair)
        rows = [
            {
                "clinic_id": self._scope.clinic_id,
                "provider_id": provider_id,
                "quarter": quarter,
                "appointment_id": appointment_id,
                "hold_id": None,
                "expires_at": None,
            }
            for appointment_id, quarters_needed in needed.items()
            for provider_id, quarter in quarters_needed
        ]
        taken = Counter(
            self._scope.execute(take.on_conflict_do_nothing().returning(_chair.c.appointment_id), rows).scalars()
        )
        lost = [
            appointment_id
            for appointment_id, quarters_needed in needed.items()
            if taken[appointment_id] < len(quarters_needed)
        ]
        self._free(lost)
        if lost:
            self._scope.execute(_DROP, self._of(appointment_ids=lost))
        return {patient_id for patient_id, appointment_id in ids.items() if appointment_id not in lost}

    def _row(self, appointment_id: AppointmentId, patient_id: PatientId, slot: Slot, now: datetime) -> dict[str, Any]:
        return {
            "clinic_id": self._scope.clinic_id,
            "id": appointment_id,
            "patient_id": patient_id,
            "provider_id": slot.provider_id,
            "visit_type_id": slot.visit_type_id,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "status": AppointmentStatus.BOOKED,
            "booked_by": BookedBy.IMPORT,
            "sequence": 0,
            "created_at": now,
            "updated_at": now,
        }

    def _free(self, appointment_ids: Collection[AppointmentId]) -> None:
        if appointment_ids:
            self._scope.execute(_FREE, self._of(appointment_ids=list(appointment_ids)))

    def _of(self, **which: object) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id, **which}
