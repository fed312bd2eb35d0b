"""Asks staff whether patients came, of every visit that is over and nobody has marked; and takes their answer.

Invariant: what is not marked stays on the list. Every answer is written to the audit, once.
"""

from collections.abc import Callable
from datetime import datetime

from bot.services.cards import name_of
from bot.services.clinic import Clinic
from bot.services.desk import DeskService
from bot.services.desk_ports import ConflictError
from bot.services.ports import Clock
from bot.services.views import StaffMember, UnmarkedVisit
from bot.services.work_ports import Came
from flows.ids import PatientId, StaffId
from storage.database import Database
from storage.repositories.unmarked import Unmarked
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import StaffDid

MOST_ROWS = 200


class Attendance:
    """Visits that are over, one clinic's."""

    def __init__(
        self, *, database: Database, clinic: Clinic, clock: Clock, desk: DeskService, changed: Callable[[], None]
    ) -> None:
        """Take the clinic; a visit of somebody who has a chat is marked by `desk`. changed: open desks look again."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._desk = desk
        self._changed = changed

    async def unmarked(self, staff: StaffMember) -> tuple[UnmarkedVisit, ...]:
        """List the visits to be marked, the longest ago first; those of erased people are left out."""
        del staff

        def work(uow: UnitOfWork) -> tuple[UnmarkedVisit, ...]:
            visits = uow.unmarked.all(self._clock.now(), limit=MOST_ROWS)
            people = uow.patients.get_many({visit.patient_id for visit in visits})
            talks = uow.worklist.talks_of(people)
            return tuple(
                UnmarkedVisit(
                    patient_id=visit.patient_id,
                    conversation_id=talks.get(visit.patient_id),
                    name=name_of(people[visit.patient_id]) or people[visit.patient_id].profile.number,
                    starts_at=visit.starts_at,
                    provider=visit.provider_name,
                )
                for visit in visits
                if visit.patient_id in people
            )

        return await self._database.read(self._clinic.id, work)

    async def mark(self, staff: StaffMember, patient_id: int, starts_at: datetime, came: Came) -> None:
        """Record whether a patient came to the visit that started then. Raises ConflictError: marked, moved or gone."""
        whose = PatientId(patient_id)

        def look(uow: UnitOfWork) -> tuple[Unmarked | None, int | None]:
            visit = uow.unmarked.find(whose, starts_at, now=self._clock.now())
            return visit, uow.worklist.talks_of([whose]).get(whose)

        visit, talk = await self._database.read(self._clinic.id, look)
        if visit is None:
            raise ConflictError("desk.conflict.visit_gone")
        if talk is not None and visit.appointment_id is not None:
            # The chat's own buttons about the visit go with it.
            mark = self._desk.mark_visited if came is Came.CAME else self._desk.mark_missed
            await mark(staff, talk, visit.appointment_id)
        else:
            await self._database.write(self._clinic.id, self._marking(StaffId(staff.staff_id), visit, came))
        self._changed()

    def _marking(self, staff_id: StaffId, visit: Unmarked, came: Came) -> Callable[[UnitOfWork], None]:
        def work(uow: UnitOfWork) -> None:
            now = self._clock.now()
            if not (_came(uow, visit, staff_id, now) if came is Came.CAME else _missed(uow, visit, now)):
                raise ConflictError("desk.conflict.visit_gone")
            did = StaffDid.MARKED_VISITED if came is Came.CAME else StaffDid.MARKED_MISSED
            uow.staff.did(staff_id, did, patient_id=visit.patient_id, now=now)
            uow.commit()

        return work


def _came(uow: UnitOfWork, visit: Unmarked, staff_id: StaffId, now: datetime) -> bool:
    if visit.appointment_id is not None:
        return uow.visits.mark_visited(visit.appointment_id, now, staff_id) is not None
    if not uow.unmarked.take_off_list(visit.patient_id, visit.starts_at):
        return False
    uow.visits.came(visit.patient_id, visit.starts_at, now, staff_id)
    return True


def _missed(uow: UnitOfWork, visit: Unmarked, now: datetime) -> bool:
    if visit.appointment_id is not None:
        return uow.visits.mark_missed(visit.appointment_id, now) is not None
    return uow.unmarked.take_off_list(visit.patient_id, visit.starts_at)
