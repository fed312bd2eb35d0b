"""What staff do at the desk. Every act is one transaction, written to the audit.

Invariant: a chat has one owner. Taking it over and giving it back happen in the chat's own queue, so that no word of
the bot leaves in between.
"""

from bot.services.correcting import correct
from bot.services.desk_acts import DeskActs, Done
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.enclosing import NOTHING_ENCLOSED, Enclosed
from bot.services.held import Held, TakenFrom
from bot.services.leaving import Leaving, new_lease
from bot.services.people import context_of
from bot.services.reminding import reminder_at, withdraw_outdated
from bot.services.rights import clear_event
from bot.services.situation import Situation
from bot.services.speaking import staff_words
from bot.services.tickets import UNTIL_CLEARED
from bot.services.views import StaffMember
from flows.dialogs.booking import confirmation
from flows.engine.events import FreezeCleared, HandedBack, VisitBooked
from flows.ids import AppointmentId
from flows.meaning import Intent
from flows.slots import Slot
from flows.vocabulary import Channel, Role, StayingAway
from storage.vocabulary import AppointmentStatus, BookedBy, StaffDid

LONGEST_ANSWER = 4096
LONGEST_NOTE = 2000
MAY_CLEAR = frozenset({Role.DENTIST, Role.MANAGER})


class DeskService(DeskActs):
    """What desks call. once: names the update an act comes from, under which it is done once; None: a form's."""

    async def take(self, staff: StaffMember, conversation_id: int, *, once: str | None = None) -> None:
        """Take the chat over: from here on the bot is silent. Raises ConflictError if a colleague holds it."""

        def act(held: Held) -> Done:
            return () if held.own() else None

        await self.perform(staff, conversation_id, StaffDid.TOOK_OVER, act, once=once)

    async def answer(
        self,
        staff: StaffMember,
        conversation_id: int,
        update_id: str,
        text: str,
        *,
        enclosed: Enclosed = NOTHING_ENCLOSED,
        taken_from: TakenFrom | None = None,
    ) -> None:
        """Write to the patient, or send a file; takes the chat if nobody holds it. Raises ConflictError.

        The same update_id has its effect once. taken_from: takes the chat from a colleague, too, and is told whose it
        was; None: that a colleague holds it is a conflict.
        """
        words = text.strip()[:LONGEST_ANSWER]
        if not words and enclosed.file is None:
            return

        def act(held: Held) -> Done:
            here = held.here
            if taken_from is None:
                held.own()
            else:
                held.take_over(taken_from)
            held.remember_speaking()
            beside = enclosed.keep(here, held.staff_id, self._can_edit(here.channel))
            leaving = staff_words(words, held.snapshot, here, held.staff_id, new_lease(here.now), beside)
            if enclosed.left is not None:
                enclosed.left(here.uow, leaving[0].id)
            return leaving

        await self.perform(staff, conversation_id, StaffDid.ANSWERED, act, once=update_id)

    async def note(self, staff: StaffMember, conversation_id: int, text: str, *, once: str | None = None) -> None:
        """Keep a note that the patient never sees; where staff were not asked for yet, it opens a quiet ticket."""
        words = text.strip()[:LONGEST_NOTE]
        if not words:
            return

        def act(held: Held) -> Done:
            return () if held.note(words) else None

        await self.perform(staff, conversation_id, StaffDid.NOTED, act, once=once)

    async def book(self, staff: StaffMember, conversation_id: int, slot: Slot, *, once: str | None = None) -> None:
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

        await self.perform(staff, conversation_id, StaffDid.BOOKED, act, once=once)

    async def mark_visited(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient came. Raises ConflictError if that visit is not booked any more, or not yet due."""

        def act(held: Held) -> tuple[Leaving, ...]:
            here = held.here
            visited = _theirs(here, appointment_id)
            if here.uow.visits.mark_visited(visited, here.now, held.staff_id) is None:
                raise ConflictError("desk.conflict.not_yet")
            held.put_visit_buttons_away()
            return ()

        await self.perform(staff, conversation_id, StaffDid.MARKED_VISITED, act)

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

        await self.perform(staff, conversation_id, StaffDid.MARKED_MISSED, act)

    async def acknowledge(self, staff: StaffMember, conversation_id: int, *, once: str | None = None) -> None:
        """Say that the alert was seen."""

        def act(held: Held) -> Done:
            tickets, now = held.here.uow.tickets, held.here.now
            known = tickets.of_conversation(held.here.conversation_id)
            seen = [tickets.acknowledge(ticket.id, held.staff_id, now=now) for ticket in known]
            return () if any(seen) else None

        await self.perform(staff, conversation_id, StaffDid.ACKNOWLEDGED, act, once=once)

    async def clear_freeze(self, staff: StaffMember, conversation_id: int, *, once: str | None = None) -> None:
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

        await self.perform(staff, conversation_id, StaffDid.CLEARED_FREEZE, act, once=once)

    async def hand_back(self, staff: StaffMember, conversation_id: int, *, once: str | None = None) -> None:
        """Give the chat back to the bot and close its tickets. Raises ConflictError if a colleague holds it.

        While the patient is frozen, the ticket that says why goes on, for whoever is free, until the freeze is
        cleared. What nobody holds stays as it is: a second click must not close what has been opened since.
        """

        def act(held: Held) -> Done:
            if not held.is_owned:
                return None
            held.give_back()
            return held.tell_dialog(HandedBack(answered=held.staff_spoke), self._speaker)

        await self.perform(staff, conversation_id, StaffDid.HANDED_BACK, act, once=once)

    async def close(self, staff: StaffMember, conversation_id: int, *, once: str | None = None) -> None:
        """Close the tickets of a chat; one that is held is handed back. Raises ConflictError if a colleague holds it.

        What a freeze keeps open stays open.
        """

        def act(held: Held) -> Done:
            if held.is_owned:
                held.give_back()
                return held.tell_dialog(HandedBack(answered=held.staff_spoke), self._speaker)
            return () if held.settle() else None

        await self.perform(staff, conversation_id, StaffDid.CLOSED_TICKET, act, once=once)

    async def called(self, staff: StaffMember, conversation_id: int, text: str, *, once: str | None = None) -> None:
        """Write down that the patient was called, and close the tickets as `close` does; text: the note that says so.

        Raises ConflictError if a colleague holds the chat.
        """

        def act(held: Held) -> Done:
            noted = held.note(text)
            if held.is_owned:
                held.give_back()
                # They were spoken to, if not here: what was asked before is not asked again.
                return held.tell_dialog(HandedBack(answered=True), self._speaker)
            return () if held.settle() or noted else None

        await self.perform(staff, conversation_id, StaffDid.CALLED, act, once=once)

    async def correct(self, staff: StaffMember, conversation_id: int, line_id: int, meant: Intent) -> None:
        """Say what a patient's line meant, for review. Raises ConflictError if nothing was understood there."""

        def act(held: Held) -> Done:
            return () if correct(held, line_id, meant) else None

        await self.perform(staff, conversation_id, StaffDid.CORRECTED_READING, act)

    def _can_edit(self, channel: Channel) -> bool:
        known = self._delivery.channels.get(channel)
        return known is not None and known.capabilities.can_edit


def _theirs(here: Situation, appointment_id: int) -> AppointmentId:
    """The id of a visit that this patient has booked. Raises ConflictError."""
    found = here.uow.calendar.stored(AppointmentId(appointment_id))
    if found is None or found.patient_id != here.patient_id or found.status is not AppointmentStatus.BOOKED:
        raise ConflictError("desk.conflict.visit_gone")
    return found.visit.appointment_id
