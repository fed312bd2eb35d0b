"""What staff do at the desk. Every act is one transaction, written to the audit.

Invariant: a chat has one owner. Taking it over and giving it back happen in the chat's own queue, so that no word of
the bot leaves in between.
"""

from collections.abc import Callable

from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.delivery import Delivery
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.desk_reading import DeskReading
from bot.services.held import Held
from bot.services.leaving import Leaving, new_lease
from bot.services.people import context_of
from bot.services.reminding import reminder_at, withdraw_outdated
from bot.services.rights import clear_event
from bot.services.situation import Situation
from bot.services.speaking import Speaker, staff_words
from bot.services.staff import StaffService
from bot.services.tickets import UNTIL_CLEARED
from bot.services.views import StaffMember
from flows.dialogs.booking import confirmation
from flows.engine.events import FreezeCleared, HandedBack, VisitBooked
from flows.ids import AppointmentId, ConversationId, StaffId
from flows.slots import Slot
from flows.vocabulary import Role, StayingAway
from storage.errors import KeyErasedError, NotFoundError
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import AppointmentStatus, BookedBy, StaffDid

LONGEST_ANSWER = 4096
LONGEST_NOTE = 2000
MAY_CLEAR = frozenset({Role.DENTIST, Role.MANAGER})

Done = tuple[Leaving, ...] | None
"""What leaves because of an act; None: there was nothing to do, and so nothing to audit."""

Act = Callable[[Held], Done]


class DeskService(DeskReading):
    """What desks call."""

    def __init__(
        self,
        *,
        clinic: Clinic,
        speaker: Speaker,
        delivery: Delivery,
        queues: ChatQueues,
        staff: StaffService,
    ) -> None:
        """Take what the desk works with."""
        super().__init__(clinic=clinic, clock=delivery.clock, database=delivery.database, staff=staff)
        self._speaker = speaker
        self._delivery = delivery
        self._queues = queues

    async def take(self, staff: StaffMember, conversation_id: int) -> None:
        """Take the chat over: from here on the bot is silent. Raises ConflictError if a colleague holds it."""

        def act(held: Held) -> Done:
            return () if held.own() else None

        await self._act(staff, conversation_id, StaffDid.TOOK_OVER, act)

    async def answer(self, staff: StaffMember, conversation_id: int, update_id: str, text: str) -> None:
        """Write to the patient; takes the chat if nobody holds it. Raises ConflictError.

        The same update_id has its effect once.
        """
        words = text.strip()[:LONGEST_ANSWER]
        if not words:
            return

        def act(held: Held) -> Done:
            here = held.here
            if not here.uow.updates.claim(here.channel, f"desk:{held.staff_id}:{update_id}", here.now):
                return None
            held.own()
            held.remember_speaking()
            return staff_words(words, held.snapshot, here, held.staff_id, new_lease(here.now))

        await self._act(staff, conversation_id, StaffDid.ANSWERED, act)

    async def note(self, staff: StaffMember, conversation_id: int, text: str) -> None:
        """Keep a note that the patient never sees; where staff were not asked for yet, it opens a quiet ticket."""
        words = text.strip()[:LONGEST_NOTE]
        if not words:
            return

        def act(held: Held) -> Done:
            return () if held.note(words) else None

        await self._act(staff, conversation_id, StaffDid.NOTED, act)

    async def book(self, staff: StaffMember, conversation_id: int, slot: Slot) -> None:
        """Book (or move) the visit and tell the patient. Raises ConflictError if the time is taken."""

        def act(held: Held) -> tuple[Leaving, ...]:
            held.refuse_if_a_colleague_holds_it()
            here, snapshot = held.here, held.snapshot
            # Who sits in the chair gets a second visit: the one of today is not moved away under them.
            ahead = snapshot.visit is not None and snapshot.visit.slot.starts_at > here.now
            moving = snapshot.visit.appointment_id if snapshot.visit and ahead else None
            visit = (
                here.uow.calendar.book(
                    here.patient_id, here.conversation_id, slot, here.now, booked_by=BookedBy.STAFF, moving=moving
                )
                if self._is_offered(slot, here, snapshot)
                else None
            )
            if visit is None:
                raise ConflictError("desk.conflict.time_taken")
            withdraw_outdated(visit, here)
            booked = VisitBooked(visit=visit, reminder_at=reminder_at(visit, here))
            reply = confirmation(booked, moving, context_of(snapshot, here.clinic, here.now))
            return held.say(reply, visit, self._speaker)

        await self._act(staff, conversation_id, StaffDid.BOOKED, act)

    async def mark_visited(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient came. Raises ConflictError if that visit is not booked any more, or not yet due."""

        def act(held: Held) -> tuple[Leaving, ...]:
            here = held.here
            visited = _theirs(here, appointment_id)
            if here.uow.visits.mark_visited(visited, here.now, held.staff_id) is None:
                raise ConflictError("desk.conflict.not_yet")
            held.put_visit_buttons_away()
            return ()

        await self._act(staff, conversation_id, StaffDid.MARKED_VISITED, act)

    async def mark_missed(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient did not come. Raises ConflictError if that visit is not booked, or has not begun.

        The patient hears nothing of it; the visit counts no more, so that the programme may invite them again.
        """

        def act(held: Held) -> tuple[Leaving, ...]:
            here = held.here
            missed = _theirs(here, appointment_id)
            if here.uow.visits.mark_missed(missed, here.now) is None:
                raise ConflictError("desk.conflict.not_yet")
            held.put_visit_buttons_away()
            return ()

        await self._act(staff, conversation_id, StaffDid.MARKED_MISSED, act)

    async def acknowledge(self, staff: StaffMember, conversation_id: int) -> None:
        """Say that the alert was seen."""

        def act(held: Held) -> Done:
            tickets, now = held.here.uow.tickets, held.here.now
            known = tickets.of_conversation(held.here.conversation_id)
            seen = [tickets.acknowledge(ticket.id, held.staff_id, now=now) for ticket in known]
            return () if any(seen) else None

        await self._act(staff, conversation_id, StaffDid.ACKNOWLEDGED, act)

    async def clear_freeze(self, staff: StaffMember, conversation_id: int) -> None:
        """Let the programme go on after an emergency or complaint, and close the tickets that waited for it.

        Raises NotAllowedError for reception.
        """
        if staff.role not in MAY_CLEAR:
            raise NotAllowedError

        def act(held: Held) -> Done:
            here, patient = held.here, held.snapshot.patient
            # After a bad experience the programme is silent until a person has cleared it: this is that.
            was_silent = patient.staying_away is StayingAway.BAD_EXPERIENCE
            if not patient.frozen and not was_silent:
                return None
            here.uow.ledger.append(clear_event(here))
            if was_silent:
                here.uow.patients.set_staying_away(here.patient_id, None, now=here.now)
            here.uow.tickets.close_for(here.patient_id, UNTIL_CLEARED, now=here.now)
            return held.tell_dialog(FreezeCleared(), self._speaker)

        await self._act(staff, conversation_id, StaffDid.CLEARED_FREEZE, act)

    async def hand_back(self, staff: StaffMember, conversation_id: int) -> None:
        """Give the chat back to the bot and close its tickets. Raises ConflictError if a colleague holds it.

        While the patient is frozen, the ticket that says why goes on, for whoever is free, until the freeze is
        cleared. What nobody holds stays as it is: a second click must not close what has been opened since.
        """

        def act(held: Held) -> Done:
            if not held.is_owned:
                return None
            held.give_back()
            return held.tell_dialog(HandedBack(answered=held.staff_spoke), self._speaker)

        await self._act(staff, conversation_id, StaffDid.HANDED_BACK, act)

    async def _act(self, staff: StaffMember, conversation_id: int, did: StaffDid, act: Act) -> None:
        found = ConversationId(conversation_id)

        def work(uow: UnitOfWork) -> Done:
            now = self._clock.now()
            try:
                lock = uow.conversations.lock(found)
            except (NotFoundError, KeyErasedError):
                raise ConflictError("desk.conflict.changed") from None
            snapshot = uow.conversations.snapshot(found, now=now)
            here = Situation(
                uow=uow,
                clinic=self._clinic,
                conversation_id=found,
                patient_id=lock.patient_id,
                channel=lock.channel,
                treated_by=snapshot.patient.provider_id,
                now=now,
                source=f"desk:{staff.staff_id}",
            )
            leaving = act(Held(here, lock, snapshot, staff))
            if leaving is None:
                return None
            uow.staff.did(StaffId(staff.staff_id), did, patient_id=lock.patient_id, now=now)
            uow.commit()
            return leaving

        async with self._queues.turn_of(found):
            leaving = await self._database.write(self._clinic.id, work)
            await self._delivery.send(leaving or ())
        await self._delivery.news.changed(conversation_id)


def _theirs(here: Situation, appointment_id: int) -> AppointmentId:
    """The id of a visit that this patient has booked. Raises ConflictError."""
    found = here.uow.calendar.stored(AppointmentId(appointment_id))
    if found is None or found.patient_id != here.patient_id or found.status is not AppointmentStatus.BOOKED:
        raise ConflictError("desk.conflict.visit_gone")
    return found.visit.appointment_id
