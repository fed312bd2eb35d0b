"""One conversation in one member of staff's hands, for one act, in one transaction.

Invariant: a chat has one owner; whoever would take it from a colleague is refused, unless they say so.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.services.deciding import Decided, decide
from bot.services.desk_ports import ConflictError
from bot.services.leaving import Leaving
from bot.services.people import context_of
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.talk import Talk, read_talk
from bot.services.tickets import due_at, settle
from bot.services.views import StaffMember
from flows.engine.choices import Choice, Payload
from flows.engine.decision import Reply
from flows.engine.events import Event
from flows.ids import StaffId, TicketId
from flows.slots import BookedVisit
from flows.vocabulary import Owner, TicketReason, Urgency
from storage.records.talks import ConversationLock, ConversationSnapshot, Heard
from storage.records.tickets import Note
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import TicketStatus

TakenFrom = Callable[[UnitOfWork, StaffId], None]
"""Told from which colleague a chat was taken over, before the commit."""

ABOUT_A_VISIT = frozenset(
    {
        Choice.MY_VISIT,
        Choice.CHANGE_VISIT,
        Choice.CANCEL_VISIT,
        Choice.CONFIRM_CANCEL,
        Choice.KEEP_VISIT,
        Choice.WILL_COME,
    }
)
"""What can only be pressed about a visit that is ahead."""

SENT_TWICE = timedelta(minutes=1)
"""The same note by the same hand within this time is one form, sent twice."""

STAFF_LEASE = timedelta(hours=12)
"""How long a chat stays with staff after their last act before the bot may speak again."""


class Held:
    """One conversation, locked, in one member of staff's hands for one act."""

    def __init__(
        self, here: Situation, lock: ConversationLock, snapshot: ConversationSnapshot, staff: StaffMember
    ) -> None:
        """Take the open transaction."""
        self.here = here
        self.snapshot = snapshot
        self._lock = lock
        self._staff_id = StaffId(staff.staff_id)
        self._talk = read_talk(snapshot)

    @property
    def staff_id(self) -> StaffId:
        """Who acts."""
        return self._staff_id

    @property
    def is_owned(self) -> bool:
        """Whether a member of staff owns the chat."""
        return self._lock.owner is Owner.STAFF

    @property
    def is_a_colleagues(self) -> bool:
        """Whether another member of staff owns the chat."""
        return self.is_owned and self._lock.staff_id != self._staff_id

    @property
    def staff_spoke(self) -> bool:
        """Whether staff have written to the patient since they took the chat."""
        return self._talk.staff_spoke

    def own(self) -> bool:
        """Make the member of staff the owner, and the holder of its tickets. Raises ConflictError.

        Returns False if all of it was theirs already, as when a form is sent twice.
        """
        self.refuse_if_a_colleague_holds_it()
        return self._own()

    def take_over(self, taken_from: TakenFrom) -> bool:
        """Do as `own`, and take the chat and its tickets from a colleague where one holds them."""
        if not self.is_a_colleagues:
            return self._own()
        for ticket in self.here.uow.tickets.of_conversation(self.here.conversation_id):
            self.here.uow.tickets.release(ticket.id)
        if self._lock.staff_id is not None:
            taken_from(self.here.uow, self._lock.staff_id)
        return self._own()

    def _own(self) -> bool:
        was_theirs = self.is_owned
        self._set_owner(Owner.STAFF)
        if self.staff_spoke and not was_theirs:
            # What was said before their lease ended is not about what has been asked since.
            self._save(replace(self._talk, staff_spoke=False))
        tickets = self.here.uow.tickets
        under_way = [
            ticket
            for ticket in tickets.of_conversation(self.here.conversation_id)
            if ticket.status is not TicketStatus.CLOSED
        ]
        for ticket in under_way:
            tickets.take(ticket.id, self._staff_id)
            # Who speaks with the patient has seen what it is about.
            tickets.acknowledge(ticket.id, self._staff_id, now=self.here.now)
        return not was_theirs or any(ticket.holder_id != self._staff_id for ticket in under_way)

    def remember_speaking(self) -> None:
        """Remember that staff have spoken: what the assistant asked before is not asked again after them."""
        if not self.staff_spoke:
            self._save(replace(self._talk, staff_spoke=True))

    def give_back(self) -> None:
        """Make the bot the owner, and close the tickets but those a freeze keeps open. Raises ConflictError."""
        self.refuse_if_a_colleague_holds_it()
        self._set_owner(Owner.BOT)
        patient, here = self.snapshot.patient, self.here
        settle(here.uow, here.conversation_id, patient.id if patient.frozen else None, here.clinic, here.now)

    def settle(self) -> bool:
        """Close the tickets nobody has to look at any more; False if none was under way."""
        patient, here = self.snapshot.patient, self.here
        tickets = here.uow.tickets.of_conversation(here.conversation_id)
        settle(here.uow, here.conversation_id, patient.id if patient.frozen else None, here.clinic, here.now)
        return any(ticket.status is not TicketStatus.CLOSED for ticket in tickets)

    def note(self, words: str) -> bool:
        """Keep a note on the last ticket, or on a quiet one of its own; False if the same form was sent twice."""
        here, tickets = self.here, self.here.uow.tickets
        known = tickets.of_conversation(here.conversation_id)
        if known and self._wrote_just_now(known[-1].notes, words):
            return False
        ticket_id = known[-1].id if known else self._open_quiet_ticket()
        tickets.note(ticket_id, words, staff_id=self._staff_id, now=here.now)
        return True

    def refuse_if_a_colleague_holds_it(self) -> None:
        """Raise ConflictError if somebody else does."""
        if self.is_a_colleagues:
            raise ConflictError("desk.conflict.held")

    def tell_dialog(self, event: Event, speaker: Speaker) -> tuple[Leaving, ...]:
        """Let the dialog hear of the act, and put what it says into the outbox."""
        here = self.here
        fresh = here.uow.conversations.snapshot(here.conversation_id, now=here.now)
        talk = self._talk
        decided = decide(talk.chat, event, context_of(fresh, here.clinic, here.now), here)
        spoken = speaker.speak(decided, fresh, here)
        self._save(talk.after(decided.chat, spoken.buttons))
        return spoken.leased

    def put_visit_buttons_away(self) -> None:
        """Take the buttons about a visit off the table once none is ahead; a press of an old one is still answered."""
        here = self.here
        fresh = here.uow.conversations.snapshot(here.conversation_id, now=here.now)
        talk = self._talk
        left = tuple(each for each in talk.buttons if Payload.decode(each.payload).choice not in ABOUT_A_VISIT)
        if fresh.visit is not None or left == talk.buttons:
            return
        self._save(replace(talk, buttons=left))

    def say(self, reply: Reply, visit: BookedVisit, speaker: Speaker) -> tuple[Leaving, ...]:
        """Put a reply about a visit into the outbox in the name of staff; its buttons replace those on the table."""
        here, talk = self.here, self._talk
        told = Decided(chat=talk.chat, replies=(reply,), visit=visit)
        spoken = speaker.speak(told, self.snapshot, here, as_staff=self._staff_id)
        self._save(replace(talk.after(talk.chat, spoken.buttons), staff_spoke=True))
        return spoken.leased

    def _wrote_just_now(self, notes: Sequence[Note], words: str) -> bool:
        last = notes[-1] if notes else None
        if last is None or (last.staff_id, last.text) != (self._staff_id, words):
            return False
        return self.here.now - last.at < SENT_TWICE

    def _open_quiet_ticket(self) -> TicketId:
        here, due = self.here, due_at(Urgency.WHEN_FREE, self.here.now, self.here.clinic)
        return here.uow.tickets.open(
            here.conversation_id,
            reason=TicketReason.QUESTION,
            urgency=Urgency.WHEN_FREE,
            due_at=due,
            now=here.now,
        ).ticket_id

    def _save(self, talk: Talk) -> None:
        """Store the talk; whatever is being understood at this moment must look again: it did not know of the act."""
        version = self.here.uow.conversations.save(
            self.here.conversation_id,
            state=talk.to_json(),
            lock_version=self._lock.lock_version,
            now=self.here.now,
            heard=Heard.NOBODY,
        )
        self._talk, self._lock = talk, replace(self._lock, lock_version=version)

    def _set_owner(self, owner: Owner) -> None:
        staffed = owner is Owner.STAFF
        version = self.here.uow.conversations.set_owner(
            self.here.conversation_id,
            owner=owner,
            staff_id=self._staff_id if staffed else None,
            lease_until=self.here.now + STAFF_LEASE if staffed else None,
            lock_version=self._lock.lock_version,
        )
        self._lock = replace(
            self._lock, owner=owner, staff_id=self._staff_id if staffed else None, lock_version=version
        )
