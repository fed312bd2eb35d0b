"""The calendar: free time, holds, booking, moving, cancelling.

One slot, one patient, whoever races (see `chair_time`); a patient's next visit changes in the same transaction.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select

from flows.ids import AppointmentId, ConversationId, PatientId, ProviderId, VisitTypeId
from flows.meaning import ANY_TIME, TimeWish
from flows.slots import BookedVisit, Slot
from storage.calendars.free_time import Opening, VisitLength
from storage.calendars.offers import FoundSlots
from storage.calendars.search import STANDARD, OfferRules, Search
from storage.errors import NotFoundError
from storage.models import Clinic, Hold, Provider, VisitType, WorkingHours, table_of
from storage.repositories import appointments, chair_time
from storage.repositories.appointments import StoredAppointment
from storage.repositories.next_visits import follow_appointments, lock_patient
from storage.scope import Scope
from storage.vocabulary import AppointmentStatus, BookedBy

_clinics = table_of(Clinic)
_holds = table_of(Hold)
_hours = table_of(WorkingHours)
_providers = table_of(Provider)
_visit_types = table_of(VisitType)

_OPENINGS = (
    select(
        _hours.c.provider_id,
        _hours.c.weekday,
        _hours.c.opens_minute,
        _hours.c.closes_minute,
        _visit_types.c.minutes,
        _clinics.c.zone,
    )
    .join(_providers, (_providers.c.clinic_id == _hours.c.clinic_id) & (_providers.c.id == _hours.c.provider_id))
    .join(_clinics, _clinics.c.clinic_id == _hours.c.clinic_id)
    .join(_visit_types, _visit_types.c.clinic_id == _hours.c.clinic_id)
    .where(
        _hours.c.clinic_id == bindparam("clinic_id"),
        _hours.c.provider_id.in_(bindparam("provider_ids", expanding=True)),
        _providers.c.active,
        _visit_types.c.id == bindparam("visit_type_id"),
    )
)


class CalendarRepository:
    """Works in one transaction of one clinic. Instants are aware UTC; days and times of wishes are the clinic's."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def free_slots(
        self,
        wish: TimeWish,
        *,
        count: int,
        visit_type_id: VisitTypeId,
        provider_ids: Sequence[ProviderId],
        now: datetime,
        after: datetime | None = None,
        not_held_by: ConversationId | None = None,
        rules: OfferRules = STANDARD,
    ) -> FoundSlots:
        """Find a few good free times.

        Args:
            wish: what the patient would like, in the clinic's zone.
            count: how many at most.
            visit_type_id: the type of visit, and so its length.
            provider_ids: who may treat, the preferred first.
            now: the present.
            after: no start at or before this instant.
            not_held_by: the conversation that asks; what is held for it counts as free.
            rules: how the clinic wants its time offered.

        Returns:
            times within the wish; if there are none, the nearest to it, marked as not exact.
        """
        search = self._search(visit_type_id, provider_ids, now=now, after=after, rules=rules)
        if search is None:
            return FoundSlots(slots=(), exact=False)
        days = [*search.wished_days(wish), *search.days_near(wish)]
        return search.find(wish, count=count, taken=self._taken(search, days, not_held_by))

    def free_days(
        self,
        *,
        count: int,
        visit_type_id: VisitTypeId,
        provider_ids: Sequence[ProviderId],
        now: datetime,
        after: datetime | None = None,
        not_held_by: ConversationId | None = None,
        rules: OfferRules = STANDARD,
    ) -> tuple[date, ...]:
        """Find the first `count` days with free time, ascending; arguments as for `free_slots`."""
        search = self._search(visit_type_id, provider_ids, now=now, after=after, rules=rules)
        if search is None:
            return ()
        days = search.wished_days(ANY_TIME)
        return search.find_days(days, count=count, taken=self._taken(search, days, not_held_by))

    def free_count(
        self,
        *,
        visit_type_id: VisitTypeId,
        provider_ids: Sequence[ProviderId],
        now: datetime,
        rules: OfferRules = STANDARD,
    ) -> int:
        """Count how many visits of this type still fit into the time of the horizon; arguments as for `free_slots`."""
        search = self._search(visit_type_id, provider_ids, now=now, after=None, rules=rules)
        if search is None:
            return 0
        days = search.wished_days(ANY_TIME)
        return search.count(days, taken=self._taken(search, days, None))

    def hold(
        self, conversation_id: ConversationId, slots: Sequence[Slot], minutes: int, now: datetime
    ) -> tuple[Slot, ...]:
        """Keep times for a conversation, in place of what was held for it before.

        Args:
            conversation_id: who decides.
            slots: the times wanted.
            minutes: for how long.
            now: the present.

        Returns:
            the times that were still free and are held now, ascending.
        """
        chair_time.release_holds(self._scope, conversation_id)
        expires_at = now + timedelta(minutes=minutes)
        # Everybody takes time in the same order, so that two who want the same times do not wait for each other.
        wanted = sorted(set(slots), key=lambda slot: (slot.provider_id, slot.starts_at))
        return tuple(sorted(slot for slot in wanted if self._hold(conversation_id, slot, expires_at, now)))

    def _hold(self, conversation_id: ConversationId, slot: Slot, expires_at: datetime, now: datetime) -> bool:
        hold_id = self._scope.ids.next()
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": hold_id,
            "conversation_id": conversation_id,
            "provider_id": slot.provider_id,
            "visit_type_id": slot.visit_type_id,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "expires_at": expires_at,
        }
        self._scope.execute(insert(_holds), row)
        taker = chair_time.Taker(hold_id=hold_id, expires_at=expires_at)
        if chair_time.take(self._scope, slot, taker, now=now):
            return True
        chair_time.drop_hold(self._scope, hold_id)
        return False

    def release(self, conversation_id: ConversationId) -> None:
        """Give back whatever is held for a conversation."""
        chair_time.release_holds(self._scope, conversation_id)

    def expire_holds(self, now: datetime) -> int:
        """Give back every hold that has expired; tells how many. What has expired counts as free even before."""
        return chair_time.expire_holds(self._scope, now)

    def book(
        self,
        patient_id: PatientId,
        conversation_id: ConversationId | None,
        slot: Slot,
        now: datetime,
        booked_by: BookedBy,
        moving: AppointmentId | None = None,
    ) -> BookedVisit | None:
        """Put a visit into the calendar.

        Args:
            patient_id: who comes.
            conversation_id: where it was agreed; its holds are used up. None at the desk.
            slot: when, with whom, what for.
            now: the present.
            booked_by: who books.
            moving: the patient's open appointment that gets this time instead of its own and keeps its id; if there
                is no such appointment any more, a new one is made.

        Returns:
            the visit; None if the time is taken or past, and then nothing has changed.
        """
        if slot.starts_at <= now:
            return None
        lock_patient(self._scope, patient_id)
        old = None if moving is None else self._open_appointment(patient_id, moving)
        savepoint = self._scope.connection.begin_nested()
        if old is None:
            appointment_id = appointments.insert_appointment(
                self._scope, patient_id, slot, booked_by=booked_by, now=now
            )
        else:
            appointment_id = old.visit.appointment_id
            appointments.move_appointment(self._scope, appointment_id, slot, now=now)
        free = chair_time.take_for_booking(self._scope, slot, appointment_id, conversation_id=conversation_id, now=now)
        if not free:
            savepoint.rollback()
            return None
        savepoint.commit()
        if conversation_id is not None:
            chair_time.release_holds(self._scope, conversation_id)
        follow_appointments(self._scope, patient_id, was=None if old is None else old.visit.slot.starts_at)
        return self._required(appointment_id).visit

    def cancel(self, appointment_id: AppointmentId, now: datetime) -> BookedVisit | None:
        """Take a visit out of the calendar; None if there is none ahead: past, or cancelled before."""
        found = appointments.lock_appointment(self._scope, appointment_id)
        if found is None or found.visit.slot.starts_at <= now:
            return None
        appointments.end_appointment(self._scope, found, AppointmentStatus.CANCELLED, now=now)
        return found.visit

    def confirm(self, appointment_id: AppointmentId, now: datetime) -> None:
        """Remember that the patient said they will come."""
        appointments.confirm_appointment(self._scope, appointment_id, now=now)

    def appointment(self, appointment_id: AppointmentId) -> BookedVisit | None:
        """Return an appointment that is still open; None if it was kept, missed or cancelled, or never was."""
        found = appointments.read_appointment(self._scope, appointment_id)
        return found.visit if found is not None and found.status is AppointmentStatus.BOOKED else None

    def stored(self, appointment_id: AppointmentId) -> StoredAppointment | None:
        """Return an appointment with everything that is stored of it, whatever became of it."""
        return appointments.read_appointment(self._scope, appointment_id)

    def open_of(self, patient_id: PatientId) -> tuple[StoredAppointment, ...]:
        """Return a patient's open appointments by their start, those too whose time has passed unmarked."""
        return appointments.open_appointments(self._scope, patient_id)

    def sequence_of(self, appointment_id: AppointmentId) -> int:
        """Return how often an appointment has changed, for calendar files. Raises NotFoundError."""
        return self._required(appointment_id).sequence

    def _required(self, appointment_id: AppointmentId) -> StoredAppointment:
        found = appointments.read_appointment(self._scope, appointment_id)
        if found is None:
            raise NotFoundError(f"there is no appointment {appointment_id} in clinic {self._scope.clinic_id}")
        return found

    def _open_appointment(self, patient_id: PatientId, appointment_id: AppointmentId) -> StoredAppointment | None:
        found = appointments.read_appointment(self._scope, appointment_id)
        if found is None or found.patient_id != patient_id or found.status is not AppointmentStatus.BOOKED:
            return None
        return found

    def _search(
        self,
        visit_type_id: VisitTypeId,
        provider_ids: Sequence[ProviderId],
        *,
        now: datetime,
        after: datetime | None,
        rules: OfferRules,
    ) -> Search | None:
        """Read what a search needs in one statement; None if nobody works."""
        wanted = {"provider_ids": list(provider_ids), "visit_type_id": visit_type_id}
        rows = self._scope.execute(_OPENINGS, {"clinic_id": self._scope.clinic_id, **wanted}).all()
        if not rows:
            return None
        rank = {provider_id: place for place, provider_id in enumerate(provider_ids)}
        openings = sorted(
            (
                Opening(
                    provider_id=row.provider_id,
                    weekday=row.weekday,
                    opens_minute=row.opens_minute,
                    closes_minute=row.closes_minute,
                )
                for row in rows
            ),
            key=lambda opening: (rank[opening.provider_id], opening.weekday, opening.opens_minute),
        )
        return Search(
            zone=ZoneInfo(rows[0].zone),
            openings=tuple(openings),
            length=VisitLength(visit_type_id=visit_type_id, minutes=rows[0].minutes),
            rules=rules,
            now=now,
            after=after,
        )

    def _taken(
        self, search: Search, days: Sequence[date], not_held_by: ConversationId | None
    ) -> dict[ProviderId, set[int]]:
        providers = {opening.provider_id for opening in search.openings}
        return chair_time.taken_quarters(
            self._scope, providers, search.span(days), now=search.now, not_held_by=not_held_by
        )
