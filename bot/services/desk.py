"""What staff do at the desk. Every act is one transaction, written to the audit.

Invariant: a chat has one owner. Taking it over and giving it back happen in the chat's own queue, so that no word of
the bot leaves in between.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.deciding import Decided, decide
from bot.services.delivery import Delivery
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.desk_reading import DeskReading
from bot.services.leaving import Leaving, new_lease
from bot.services.live import DESK, chat_topic
from bot.services.people import context_of
from bot.services.rights import clear_event
from bot.services.situation import Situation
from bot.services.speaking import Speaker, staff_words
from bot.services.staff import StaffService
from bot.services.talk import read_talk
from bot.services.tickets import due_at
from bot.services.views import StaffMember
from flows.dialogs.booking import confirmation
from flows.engine.events import Event, FreezeCleared, HandedBack
from flows.ids import AppointmentId, ConversationId, StaffId
from flows.slots import Slot
from flows.vocabulary import Owner, Purpose, Role, TicketReason, Urgency
from storage.records.talks import ConversationLock, ConversationSnapshot, Heard
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import BookedBy, StaffDid, TicketStatus

LONGEST_ANSWER = 4096
LONGEST_NOTE = 2000
STAFF_LEASE = timedelta(hours=12)
MAY_CLEAR = frozenset({Role.DENTIST, Role.MANAGER})
ABOUT_VISITS = frozenset({Purpose.RECALL, Purpose.OFFER, Purpose.APPOINTMENT})


class Desk:
    """One conversation, locked, in one member of staff's hands for one act."""

    def __init__(
        self, here: Situation, lock: ConversationLock, snapshot: ConversationSnapshot, staff: StaffMember
    ) -> None:
        """Take the open transaction."""
        self.here = here
        self.snapshot = snapshot
        self._lock = lock
        self._staff_id = StaffId(staff.staff_id)

    @property
    def staff_id(self) -> StaffId:
        """Who acts."""
        return self._staff_id

    def own(self) -> None:
        """Make the member of staff the owner, and the holder of its tickets. Raises ConflictError."""
        self.refuse_if_a_colleague_holds_it()
        self._set_owner(Owner.STAFF)
        for ticket in self.here.uow.tickets.of_conversation(self.here.conversation_id):
            if ticket.status is not TicketStatus.CLOSED:
                self.here.uow.tickets.take(ticket.id, self._staff_id)

    def give_back(self) -> None:
        """Make the bot the owner, and close the tickets. Raises ConflictError."""
        self.refuse_if_a_colleague_holds_it()
        self._set_owner(Owner.BOT)
        self.here.uow.tickets.close_all(self.here.conversation_id, now=self.here.now)

    def refuse_if_a_colleague_holds_it(self) -> None:
        """Raise ConflictError if somebody else does."""
        if self._lock.owner is Owner.STAFF and self._lock.staff_id != self._staff_id:
            raise ConflictError("desk.conflict.held")

    def tell_dialog(self, event: Event, speaker: Speaker) -> tuple[Leaving, ...]:
        """Let the dialog hear of the act, and put what it says into the outbox."""
        here = self.here
        fresh = here.uow.conversations.snapshot(here.conversation_id, now=here.now)
        talk = read_talk(fresh)
        decided = decide(talk.chat, event, context_of(fresh, here.clinic, here.now), here)
        spoken = speaker.speak(decided, fresh, here)
        after = talk.after(decided.chat, spoken.buttons)
        here.uow.conversations.save(
            here.conversation_id,
            state=after.to_json(),
            lock_version=self._lock.lock_version,
            now=here.now,
            heard=Heard.NOBODY,
        )
        return spoken.leased

    def _set_owner(self, owner: Owner) -> None:
        staffed = owner is Owner.STAFF
        version = self.here.uow.conversations.set_owner(
            self.here.conversation_id,
            owner=owner,
            staff_id=self._staff_id if staffed else None,
            lease_until=self.here.now + STAFF_LEASE if staffed else None,
            lock_version=self._lock.lock_version,
        )
        self._lock = replace(self._lock, owner=owner, lock_version=version)


Act = Callable[[Desk], tuple[Leaving, ...]]


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

        def act(desk: Desk) -> tuple[Leaving, ...]:
            desk.own()
            return ()

        await self._act(staff, conversation_id, StaffDid.TOOK_OVER, act)

    async def answer(self, staff: StaffMember, conversation_id: int, update_id: str, text: str) -> None:
        """Write to the patient; takes the chat if nobody holds it. Raises ConflictError.

        The same update_id has its effect once.
        """
        words = text.strip()[:LONGEST_ANSWER]
        if not words:
            return

        def act(desk: Desk) -> tuple[Leaving, ...]:
            here = desk.here
            if not here.uow.updates.claim(here.channel, f"desk:{desk.staff_id}:{update_id}", here.now):
                return ()
            desk.own()
            return staff_words(words, desk.snapshot, here, desk.staff_id, new_lease(here.now))

        await self._act(staff, conversation_id, StaffDid.ANSWERED, act)

    async def note(self, staff: StaffMember, conversation_id: int, text: str) -> None:
        """Keep a note that the patient never sees; where staff were not asked for yet, it opens a quiet ticket."""
        words = text.strip()[:LONGEST_NOTE]
        if not words:
            return

        def act(desk: Desk) -> tuple[Leaving, ...]:
            here = desk.here
            tickets = here.uow.tickets
            known = tickets.of_conversation(here.conversation_id)
            ticket_id = (
                known[-1].id
                if known
                else tickets.open(
                    here.conversation_id,
                    reason=TicketReason.QUESTION,
                    urgency=Urgency.WHEN_FREE,
                    due_at=due_at(Urgency.WHEN_FREE, here.now, here.clinic),
                    now=here.now,
                ).ticket_id
            )
            tickets.note(ticket_id, words, staff_id=desk.staff_id, now=here.now)
            return ()

        await self._act(staff, conversation_id, StaffDid.NOTED, act)

    async def book(self, staff: StaffMember, conversation_id: int, slot: Slot) -> None:
        """Book (or move) the visit and tell the patient. Raises ConflictError if the time is taken."""

        def act(desk: Desk) -> tuple[Leaving, ...]:
            here, snapshot = desk.here, desk.snapshot
            moving = snapshot.visit.appointment_id if snapshot.visit else None
            visit = here.uow.calendar.book(
                here.patient_id, here.conversation_id, slot, here.now, booked_by=BookedBy.STAFF, moving=moving
            )
            if visit is None:
                raise ConflictError("desk.conflict.time_taken")
            here.uow.outbox.withdraw(here.patient_id, ABOUT_VISITS, reason="booked")
            reply = confirmation(visit, moving, context_of(snapshot, here.clinic, here.now))
            told = Decided(chat=read_talk(snapshot).chat, replies=(reply,), visit=visit)
            return self._speaker.speak(told, snapshot, here, as_staff=desk.staff_id).leased

        await self._act(staff, conversation_id, StaffDid.BOOKED, act)

    async def mark_visited(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient came. Raises ConflictError if that visit is not booked any more, or not yet due."""

        def act(desk: Desk) -> tuple[Leaving, ...]:
            here = desk.here
            found = here.uow.calendar.appointment(AppointmentId(appointment_id))
            if found is None:
                raise ConflictError("desk.conflict.visit_gone")
            if here.uow.visits.mark_visited(found.appointment_id, here.now, desk.staff_id) is None:
                raise ConflictError("desk.conflict.not_yet")
            return ()

        await self._act(staff, conversation_id, StaffDid.MARKED_VISITED, act)

    async def acknowledge(self, staff: StaffMember, conversation_id: int) -> None:
        """Say that the alert was seen."""

        def act(desk: Desk) -> tuple[Leaving, ...]:
            for ticket in desk.here.uow.tickets.of_conversation(desk.here.conversation_id):
                desk.here.uow.tickets.acknowledge(ticket.id, desk.staff_id, now=desk.here.now)
            return ()

        await self._act(staff, conversation_id, StaffDid.ACKNOWLEDGED, act)

    async def clear_freeze(self, staff: StaffMember, conversation_id: int) -> None:
        """Let the programme go on after an emergency or complaint. Raises NotAllowedError for reception."""
        if staff.role not in MAY_CLEAR:
            raise NotAllowedError

        def act(desk: Desk) -> tuple[Leaving, ...]:
            desk.here.uow.ledger.append(clear_event(desk.here))
            return desk.tell_dialog(FreezeCleared(), self._speaker)

        await self._act(staff, conversation_id, StaffDid.CLEARED_FREEZE, act)

    async def hand_back(self, staff: StaffMember, conversation_id: int) -> None:
        """Give the chat back to the bot and close its tickets. Raises ConflictError if a colleague holds it."""

        def act(desk: Desk) -> tuple[Leaving, ...]:
            desk.give_back()
            return desk.tell_dialog(HandedBack(), self._speaker)

        await self._act(staff, conversation_id, StaffDid.HANDED_BACK, act)

    async def _act(self, staff: StaffMember, conversation_id: int, did: StaffDid, act: Act) -> None:
        found = ConversationId(conversation_id)

        def work(uow: UnitOfWork) -> tuple[Leaving, ...]:
            now = self._clock.now()
            lock = uow.conversations.lock(found)
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
            leaving = act(Desk(here, lock, snapshot, staff))
            uow.staff.did(StaffId(staff.staff_id), did, patient_id=lock.patient_id, now=now)
            uow.commit()
            return leaving

        async with self._queues.turn_of(found):
            leaving = await self._database.write(self._clinic.id, work)
            await self._delivery.send(leaving)
        self._delivery.live.signal(DESK, chat_topic(conversation_id))
