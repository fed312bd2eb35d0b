"""What staff see of a conversation in its topic, as of one moment: the card, tickets, notes, how it stands.

Invariant: it is a function of what is stored, so whoever shows it next, after whatever happened, shows the same.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.services.cards import card_of, ticket_view
from bot.services.clinic import Clinic
from bot.services.topic_ports import TopicState
from bot.services.views import NoteView, PatientCard, TicketView
from flows.ids import ConversationId, StaffId
from flows.vocabulary import Owner, Urgency
from storage.errors import KeyErasedError, NotFoundError
from storage.records.talks import ConversationSnapshot, Speaker
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxStatus

LINES_LOOKED_AT = 30
"""So far back is looked for who of patient and staff spoke last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """A conversation as its topic shows it. holder: who of the staff owns the chat; staff_speaks: somebody does."""

    conversation_id: ConversationId
    state: TopicState
    card: PatientCard
    tickets: tuple[TicketView, ...]
    notes: tuple[NoteView, ...]
    holder_id: StaffId | None
    holder: str | None
    staff_speaks: bool

    @property
    def is_wanted(self) -> bool:
        """Whether staff look after it, so that it needs an open topic."""
        return self.state is not TopicState.CLOSED

    @property
    def is_urgent(self) -> bool:
        """Whether it goes before all others."""
        return self.state is TopicState.URGENT

    @property
    def is_answered(self) -> bool:
        """Whether nobody waits for staff at this moment."""
        return self.state in {TopicState.ANSWERED, TopicState.CLOSED}

    @property
    def due_at(self) -> datetime | None:
        """By when somebody must have looked (UTC)."""
        return min((ticket.due_at for ticket in self.tickets), default=None)

    @property
    def is_alarming(self) -> bool:
        """Whether a ticket that needs somebody at once was acknowledged by nobody."""
        return any(ticket.urgency is Urgency.NOW and not ticket.acknowledged for ticket in self.tickets)


def look(uow: UnitOfWork, clinic: Clinic, conversation_id: ConversationId, now: datetime) -> Sight | None:
    """Look at a conversation (now: aware UTC); None if it is no more, or its person was erased."""
    try:
        snapshot = uow.conversations.snapshot(conversation_id, now=now)
    except (NotFoundError, KeyErasedError):
        return None
    names = uow.staff.names()
    known = uow.tickets.of_conversation(conversation_id)
    tickets = tuple(ticket_view(ticket, names, now) for ticket in known if ticket.closed_at is None)
    return Sight(
        conversation_id=conversation_id,
        state=_state(uow, snapshot, tickets),
        card=card_of(uow, snapshot, clinic, now),
        tickets=tickets,
        notes=tuple(
            NoteView(at=note.at, author=names.get(note.staff_id, ""), text=note.text)
            for ticket in known
            for note in ticket.notes
        ),
        holder_id=snapshot.staff_id if snapshot.owner is Owner.STAFF else None,
        holder=names.get(snapshot.staff_id) if snapshot.staff_id and snapshot.owner is Owner.STAFF else None,
        staff_speaks=snapshot.owner is Owner.STAFF,
    )


def _state(uow: UnitOfWork, snapshot: ConversationSnapshot, tickets: tuple[TicketView, ...]) -> TopicState:
    if any(ticket.urgency is Urgency.NOW and not ticket.acknowledged for ticket in tickets):
        return TopicState.URGENT
    if snapshot.owner is Owner.STAFF:
        return TopicState.ANSWERED if _staff_had_the_last_word(uow, snapshot.id) else TopicState.TAKEN
    return TopicState.WAITING if tickets else TopicState.CLOSED


def _staff_had_the_last_word(uow: UnitOfWork, conversation_id: ConversationId) -> bool:
    """Tell whether staff spoke last, and were heard: what surely did not reach the patient answers nothing."""
    lines = uow.conversations.transcript(conversation_id, limit=LINES_LOOKED_AT)
    spoken = [line for line in lines if line.speaker is not Speaker.BOT]
    return bool(spoken) and spoken[-1].speaker is Speaker.STAFF and spoken[-1].status is not OutboxStatus.FAILED
