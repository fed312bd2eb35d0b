"""The desk: what staff see and do. Every act goes through a transaction that is written to the audit.

Invariant: a chat has one owner. Taking it over and giving it back happen in the chat's own queue, so that no word of
the bot leaves in between.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from bot.services.cards import card_of, conversation_row, ticket_view
from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.deciding import Decided, decide
from bot.services.delivery import Delivery
from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.lines import line_of
from bot.services.live import DESK, Live, chat_topic
from bot.services.people import context_of
from bot.services.ports import Clock
from bot.services.rights import clear_event
from bot.services.situation import Situation
from bot.services.speaking import LEASE, Speaker
from bot.services.talk import Talk, read_talk
from bot.services.views import ConversationRow, ConversationView, NoteView, StaffMember
from flows.dialogs import visit_arranged
from flows.engine.events import Event, FreezeCleared, HandedBack
from flows.ids import AppointmentId, ConversationId, StaffId
from flows.meaning import ANY_TIME
from flows.messages.text import VERIFIED_CHAT
from flows.slots import Slot
from flows.vocabulary import Owner, Purpose, Reach, Role
from storage.repositories.conversations import ConversationSnapshot
from storage.repositories.outbox import LeasedMessage, NewMessage
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind, StaffDid

LONGEST_ANSWER = 4096
LONGEST_NOTE = 2000
STAFF_LEASE = timedelta(hours=12)
FREE_TIMES = 6
MOST_ROWS = 200
MAY_CLEAR = frozenset({Role.DENTIST, Role.MANAGER})

T = TypeVar("T")
Act = Callable[[Situation, ConversationSnapshot], tuple[LeasedMessage, ...]]


class DeskService:
    """What desks call."""

    def __init__(
        self,
        *,
        clinic: Clinic,
        clock: Clock,
        speaker: Speaker,
        delivery: Delivery,
        queues: ChatQueues,
        live: Live,
    ) -> None:
        """Take what the desk works with."""
        self._clinic = clinic
        self._clock = clock
        self._speaker = speaker
        self._delivery = delivery
        self._database = delivery.database
        self._queues = queues
        self._live = live

    async def conversations(self, staff: StaffMember) -> tuple[ConversationRow, ...]:
        """List conversations, most urgent first."""
        del staff
        now = self._clock.now()
        rows = await self._database.read(self._clinic.id, lambda uow: uow.conversations.list_for_desk(MOST_ROWS))
        return tuple(sorted((conversation_row(row, now) for row in rows), key=_most_urgent_first))

    async def conversation(self, staff: StaffMember, conversation_id: int) -> ConversationView | None:
        """Open a conversation and mark it read; None if there is none."""

        def work(uow: UnitOfWork) -> ConversationView | None:
            found = ConversationId(conversation_id)
            if not uow.conversations.exists(found):
                return None
            now = self._clock.now()
            snapshot = uow.conversations.snapshot(found)
            uow.conversations.mark_read(found, now)
            self._audit(uow, staff, StaffDid.READ_CONVERSATION, snapshot)
            uow.commit()
            tickets = uow.tickets.of_conversation(found)
            return ConversationView(
                conversation_id=conversation_id,
                card=card_of(uow, snapshot, now),
                lines=tuple(line_of(line) for line in uow.conversations.transcript(found)),
                tickets=tuple(ticket_view(ticket, now) for ticket in tickets),
                notes=tuple(
                    NoteView(at=note.at, author=note.author, text=note.text) for note in uow.tickets.notes(found)
                ),
                staff_speaks=snapshot.owner is Owner.STAFF,
                held_by_me=snapshot.owner is Owner.STAFF and snapshot.staff_id == staff.staff_id,
                holder=snapshot.staff_name,
                zone=self._clinic.settings.clinic.zone,
            )

        return await self._database.write(self._clinic.id, work)

    async def take(self, staff: StaffMember, conversation_id: int) -> None:
        """Take the chat over: from here on the bot is silent. Raises ConflictError if a colleague holds it."""

        def act(here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
            self._own(here, snapshot, staff)
            return ()

        await self._act(staff, conversation_id, StaffDid.TOOK_OVER, act)

    async def answer(self, staff: StaffMember, conversation_id: int, update_id: str, text: str) -> None:
        """Write to the patient; takes the chat if nobody holds it. Raises ConflictError.

        The same update_id has its effect once.
        """
        words = text.strip()[:LONGEST_ANSWER]
        if not words:
            return

        def act(here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
            if not here.uow.updates.claim(snapshot.channel, f"desk:{staff.staff_id}:{update_id}", here.now):
                return ()
            self._own(here, snapshot, staff)
            message = NewMessage(
                conversation_id=here.conversation_id,
                patient_id=here.patient_id,
                channel=here.channel,
                kind=OutboxKind.STAFF,
                level=VERIFIED_CHAT,
                message_key="staff",
                reach=Reach.ALWAYS,
                body={"text": words, "buttons": []},
                not_before=here.now,
                staff_id=StaffId(staff.staff_id),
            )
            return here.uow.outbox.put_leased((message,), now=here.now, lease=LEASE)

        await self._act(staff, conversation_id, StaffDid.ANSWERED, act)

    async def note(self, staff: StaffMember, conversation_id: int, text: str) -> None:
        """Keep a note that the patient never sees."""
        words = text.strip()[:LONGEST_NOTE]
        if not words:
            return

        def act(here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
            del snapshot
            here.uow.tickets.note(
                here.conversation_id, here.patient_id, staff_id=StaffId(staff.staff_id), text=words, now=here.now
            )
            return ()

        await self._act(staff, conversation_id, StaffDid.NOTED, act)

    async def free_times(self, staff: StaffMember, conversation_id: int) -> tuple[Slot, ...]:
        """Find some free times for this patient."""
        del staff

        def work(uow: UnitOfWork) -> tuple[Slot, ...]:
            return uow.calendar.free_slots(
                ANY_TIME,
                count=FREE_TIMES,
                visit_type_id=self._clinic.recall_type,
                provider_ids=self._clinic.providers,
                now=self._clock.now(),
                not_held_by=ConversationId(conversation_id),
            ).slots

        return await self._database.read(self._clinic.id, work)

    async def book(self, staff: StaffMember, conversation_id: int, slot: Slot) -> None:
        """Book (or move) the visit and tell the patient. Raises ConflictError if the time is taken."""

        def act(here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
            moving = snapshot.visit.appointment_id if snapshot.visit else None
            visit = here.uow.calendar.book(
                here.patient_id, here.conversation_id, slot, here.now, booked_by="staff", moving=moving
            )
            if visit is None:
                raise ConflictError("desk.conflict.time_taken")
            here.uow.outbox.withdraw(
                here.patient_id, frozenset({Purpose.RECALL, Purpose.OFFER, Purpose.APPOINTMENT}), here.now
            )
            talk = read_talk(snapshot)
            context = context_of(snapshot, self._clinic, here.now)
            told = Decided(chat=talk.chat, replies=(visit_arranged(visit, context),), visit=visit)
            return self._speaker.speak(told, snapshot, here, as_staff=StaffId(staff.staff_id)).leased

        await self._act(staff, conversation_id, StaffDid.BOOKED, act)

    async def mark_visited(self, staff: StaffMember, conversation_id: int, appointment_id: int) -> None:
        """Record that the patient came. Raises ConflictError if that visit is not booked any more."""

        def act(here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
            del snapshot
            marked = here.uow.visits.mark_visited(
                AppointmentId(appointment_id), here.now, marked_by=StaffId(staff.staff_id)
            )
            if not marked:
                raise ConflictError("desk.conflict.visit_gone")
            return ()

        await self._act(staff, conversation_id, StaffDid.MARKED_VISITED, act)

    async def acknowledge(self, staff: StaffMember, conversation_id: int) -> None:
        """Say that the alert was seen."""

        def act(here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
            del snapshot
            here.uow.tickets.acknowledge(here.conversation_id, StaffId(staff.staff_id), here.now)
            return ()

        await self._act(staff, conversation_id, StaffDid.ACKNOWLEDGED, act)

    async def clear_freeze(self, staff: StaffMember, conversation_id: int) -> None:
        """Let the programme go on after an emergency or complaint. Raises NotAllowedError for reception."""
        if staff.role not in MAY_CLEAR:
            raise NotAllowedError("desk.not_allowed")

        def act(here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
            here.uow.ledger.append(clear_event(here))
            return self._tell_flow(FreezeCleared(), here, snapshot)

        await self._act(staff, conversation_id, StaffDid.CLEARED_FREEZE, act)

    async def hand_back(self, staff: StaffMember, conversation_id: int) -> None:
        """Give the chat back to the bot and close its tickets. Raises ConflictError if a colleague holds it."""

        def act(here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
            self._refuse_if_held_by_another(snapshot, staff)
            here.uow.tickets.close_all(here.conversation_id, StaffId(staff.staff_id), here.now)
            here.uow.conversations.set_owner(here.conversation_id, Owner.BOT, staff_id=None, lease_until=None)
            return self._tell_flow(HandedBack(), here, snapshot)

        await self._act(staff, conversation_id, StaffDid.HANDED_BACK, act)

    async def _act(self, staff: StaffMember, conversation_id: int, did: StaffDid, act: Act) -> None:
        found = ConversationId(conversation_id)

        def work(uow: UnitOfWork) -> tuple[LeasedMessage, ...]:
            now = self._clock.now()
            snapshot = uow.conversations.locked_snapshot(found)
            here = Situation(
                uow=uow,
                clinic=self._clinic,
                conversation_id=found,
                patient_id=snapshot.patient_id,
                channel=snapshot.channel,
                now=now,
                source=f"desk:{staff.staff_id}",
            )
            leased = act(here, snapshot)
            self._audit(uow, staff, did, snapshot)
            uow.commit()
            return leased

        async with self._queues.turn_of(found):
            leased = await self._database.write(self._clinic.id, work)
            await self._delivery.send(leased)
        self._live.signal(DESK, chat_topic(conversation_id))

    def _tell_flow(self, event: Event, here: Situation, snapshot: ConversationSnapshot) -> tuple[LeasedMessage, ...]:
        fresh = here.uow.conversations.locked_snapshot(here.conversation_id)
        talk = read_talk(snapshot)
        decided = decide(talk.chat, event, context_of(fresh, self._clinic, here.now), here)
        spoken = self._speaker.speak(decided, fresh, here)
        after: Talk = talk.after(decided.chat, spoken.buttons)
        here.uow.conversations.save(here.conversation_id, state=after.to_json(), lock_version=fresh.lock_version)
        return spoken.leased

    def _own(self, here: Situation, snapshot: ConversationSnapshot, staff: StaffMember) -> None:
        self._refuse_if_held_by_another(snapshot, staff)
        staff_id = StaffId(staff.staff_id)
        here.uow.conversations.set_owner(
            here.conversation_id, Owner.STAFF, staff_id=staff_id, lease_until=here.now + STAFF_LEASE
        )
        here.uow.tickets.take_all(here.conversation_id, staff_id, here.now)

    @staticmethod
    def _refuse_if_held_by_another(snapshot: ConversationSnapshot, staff: StaffMember) -> None:
        if snapshot.owner is Owner.STAFF and snapshot.staff_id != staff.staff_id:
            raise ConflictError("desk.conflict.held")

    def _audit(self, uow: UnitOfWork, staff: StaffMember, did: StaffDid, snapshot: ConversationSnapshot) -> None:
        uow.staff.record(StaffId(staff.staff_id), did, patient_id=snapshot.patient_id, at=self._clock.now())


def _most_urgent_first(row: ConversationRow) -> tuple[int, float]:
    ranks = {"now": 0, "today": 1, "when_free": 2}
    rank = ranks[row.urgency.value] if row.urgency else 3
    return (rank, -(row.last_at.timestamp() if row.last_at else 0.0))
