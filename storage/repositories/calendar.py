"""The calendar: free time, holds, booking, moving, cancelling.

One slot, one patient, whoever races (see `chair_time`); a patient's next visit changes in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from flows.ids import AppointmentId, ConversationId, PatientId
from flows.slots import BookedVisit, Slot
from storage.calendars.search import OfferRules
from storage.errors import NotFoundError
from storage.hot import Hot
from storage.models import Hold, table_of
from storage.repositories import appointments, chair_time
from storage.repositories.appointments import StoredAppointment
from storage.repositories.chair_time import Taker
from storage.repositories.free_time import FreeTime
from storage.repositories.listed_visits import ListedVisit, ListedVisits, Synced
from storage.repositories.next_visits import follow_appointments, lock_patient
from storage.savepoints import set_savepoint
from storage.vocabulary import AppointmentStatus, BookedBy

__all__ = ["CalendarRepository", "OfferRules", "StoredAppointment"]

_holds = table_of(Hold)
_HOLD = Hot(insert(_holds))


class CalendarRepository(FreeTime):
    """Works in one transaction of one clinic. Instants are aware UTC."""

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
        if chair_time.is_held(self._scope, conversation_id):
            chair_time.release_holds(self._scope, conversation_id)
        if not slots:
            return ()
        expires_at = now + timedelta(minutes=minutes)
        # Everybody takes time in the same order, so that two who want the same times do not wait for each other.
        wanted = sorted(set(slots), key=lambda slot: (slot.provider_id, slot.starts_at))
        hold_ids = self._scope.ids.take(len(wanted))
        rows = [
            {
                "clinic_id": self._scope.clinic_id,
                "id": hold_id,
                "conversation_id": conversation_id,
                "provider_id": slot.provider_id,
                "visit_type_id": slot.visit_type_id,
                "starts_at": slot.starts_at,
                "ends_at": slot.ends_at,
                "expires_at": expires_at,
            }
            for slot, hold_id in zip(wanted, hold_ids, strict=True)
        ]
        self._scope.execute(_HOLD, rows)
        held: list[Slot] = []
        for slot, hold_id in zip(wanted, hold_ids, strict=True):
            taker = Taker(hold_id=hold_id, expires_at=expires_at)
            if chair_time.take(self._scope, slot, taker, now=now):
                held.append(slot)
            else:
                chair_time.drop_hold(self._scope, hold_id)
        return tuple(sorted(held))

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
        before = set_savepoint(self._scope.connection, "booking")
        if old is None:
            appointment_id = appointments.insert_appointment(
                self._scope, patient_id, slot, booked_by=booked_by, now=now
            )
        else:
            appointment_id = old.visit.appointment_id
            appointments.move_appointment(self._scope, appointment_id, slot, now=now)
        if conversation_id is not None:
            chair_time.release_holds(self._scope, conversation_id)
        if not chair_time.take(self._scope, slot, Taker(appointment_id=appointment_id), now=now):
            before.rollback()
            return None
        before.commit()
        follow_appointments(self._scope, patient_id, was=None if old is None else old.visit.slot.starts_at)
        name = appointments.provider_name(self._scope, slot.provider_id)
        return BookedVisit(appointment_id=appointment_id, slot=slot, provider_name=name)

    def cancel(self, appointment_id: AppointmentId, now: datetime) -> BookedVisit | None:
        """Take a visit out of the calendar; None if there is none ahead: past, or cancelled before."""
        return appointments.cancel_appointment(self._scope, appointment_id, now=now)

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

    def over(self, now: datetime) -> tuple[StoredAppointment, ...]:
        """Return the visits whose time is over and of which nobody has said whether the patient came, oldest first."""
        return appointments.over_appointments(self._scope, now)

    def sync_listed(self, listed: Sequence[ListedVisit], *, zone: ZoneInfo, now: datetime) -> Synced:
        """Bring appointments made elsewhere to what a list says; see `ListedVisits`."""
        return ListedVisits(self._scope).sync(listed, zone=zone, now=now)

    def next_end(self, now: datetime) -> datetime | None:
        """Return when the next booked visit is over (UTC); None if none is ahead."""
        return appointments.next_end(self._scope, now)

    def sequence_of(self, appointment_id: AppointmentId) -> int:
        """Return how often an appointment has changed, for calendar files. Raises NotFoundError."""
        found = appointments.read_sequence(self._scope, appointment_id)
        if found is None:
            raise NotFoundError(f"there is no appointment {appointment_id} in clinic {self._scope.clinic_id}")
        return found

    def _open_appointment(self, patient_id: PatientId, appointment_id: AppointmentId) -> StoredAppointment | None:
        found = appointments.read_appointment(self._scope, appointment_id)
        if found is None or found.patient_id != patient_id or found.status is not AppointmentStatus.BOOKED:
            return None
        return found
