"""One conversation in one member of staff's hands, for one act, in one transaction.

Invariant: a chat has one owner; whoever would take it from a colleague is refused.
"""

from dataclasses import replace
from datetime import timedelta

from bot.services.deciding import Decided, decide
from bot.services.desk_ports import ConflictError
from bot.services.leaving import Leaving
from bot.services.people import context_of
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.talk import read_talk
from bot.services.tickets import settle
from bot.services.views import StaffMember
from flows.engine.choices import Choice, Payload
from flows.engine.decision import Reply
from flows.engine.events import Event
from flows.ids import StaffId
from flows.slots import BookedVisit
from flows.vocabulary import Owner
from storage.records.talks import ConversationLock, ConversationSnapshot, Heard
from storage.vocabulary import TicketStatus

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

    @property
    def staff_id(self) -> StaffId:
        """Who acts."""
        return self._staff_id

    @property
    def is_owned(self) -> bool:
        """Whether a member of staff owns the chat."""
        return self._lock.owner is Owner.STAFF

    def own(self) -> None:
        """Make the member of staff the owner, and the holder of its tickets. Raises ConflictError."""
        self.refuse_if_a_colleague_holds_it()
        self._set_owner(Owner.STAFF)
        for ticket in self.here.uow.tickets.of_conversation(self.here.conversation_id):
            if ticket.status is not TicketStatus.CLOSED:
                self.here.uow.tickets.take(ticket.id, self._staff_id)
                # Who speaks with the patient has seen what it is about.
                self.here.uow.tickets.acknowledge(ticket.id, self._staff_id, now=self.here.now)

    def give_back(self) -> None:
        """Make the bot the owner, and close the tickets but those a freeze keeps open. Raises ConflictError."""
        self.refuse_if_a_colleague_holds_it()
        self._set_owner(Owner.BOT)
        patient, here = self.snapshot.patient, self.here
        settle(here.uow, here.conversation_id, patient.id if patient.frozen else None, here.clinic, here.now)

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

    def put_visit_buttons_away(self) -> None:
        """Take the buttons about a visit off the table once none is ahead; a press of an old one is still answered."""
        here = self.here
        fresh = here.uow.conversations.snapshot(here.conversation_id, now=here.now)
        talk = read_talk(fresh)
        left = tuple(each for each in talk.buttons if Payload.decode(each.payload).choice not in ABOUT_A_VISIT)
        if fresh.visit is not None or left == talk.buttons:
            return
        here.uow.conversations.save(
            here.conversation_id,
            state=replace(talk, buttons=left).to_json(),
            lock_version=self._lock.lock_version,
            now=here.now,
            heard=Heard.NOBODY,
        )

    def say(self, reply: Reply, visit: BookedVisit, speaker: Speaker) -> tuple[Leaving, ...]:
        """Put a reply about a visit into the outbox in the name of staff; its buttons replace those on the table."""
        here, talk = self.here, read_talk(self.snapshot)
        told = Decided(chat=talk.chat, replies=(reply,), visit=visit)
        spoken = speaker.speak(told, self.snapshot, here, as_staff=self._staff_id)
        # Whatever is being understood at this moment must look again: it did not know of the visit.
        here.uow.conversations.save(
            here.conversation_id,
            state=talk.after(talk.chat, spoken.buttons).to_json(),
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
