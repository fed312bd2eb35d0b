"""Tickets: asking staff to look, and who does.

A conversation has at most one ticket under way for each reason; asking again raises it, and what is urgent now must
be seen anew.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, RowMapping, and_, bindparam, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.ids import ConversationId, PatientId, StaffId, TicketId
from flows.vocabulary import TicketReason, Urgency
from storage.dialects import inserting
from storage.errors import NotFoundError
from storage.models import PersonKey, table_of
from storage.models import Ticket as TicketRow
from storage.models.tickets import UNDER_WAY
from storage.records.tickets import Note, Opened, Opening, Ticket
from storage.scope import Scope
from storage.sealing import Json, PersonSealer, Place
from storage.vocabulary import TicketStatus

_tickets = table_of(TicketRow)
_keys = table_of(PersonKey)
ONE_ALARM = timedelta(minutes=1)
"""What is said again within this time is the alarm that was raised already."""

_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}
_PLAIN = (
    "id",
    "patient_id",
    "conversation_id",
    "reason",
    "urgency",
    "status",
    "holder_id",
    "opened_at",
    "due_at",
    "acknowledged_at",
    "acknowledged_by",
    "closed_at",
)
_READ = (
    select(*(_tickets.c[name] for name in _PLAIN), _tickets.c.notes, _keys.c.version, _keys.c.sealed_key)
    .select_from(
        _tickets.outerjoin(
            _keys, (_keys.c.clinic_id == _tickets.c.clinic_id) & (_keys.c.patient_id == _tickets.c.patient_id)
        )
    )
    .where(_tickets.c.clinic_id == bindparam("clinic_id"))
)
_ONE = _READ.where(_tickets.c.id == bindparam("ticket_id"))
_ONE_LOCKED = _ONE.with_for_update(of=_tickets)
_OF_TALK = _READ.where(_tickets.c.conversation_id == bindparam("conversation_id"))
_most_urgent_first = case(_RANKS, value=_tickets.c.urgency)
# The bound says nothing, but leads SQLite to the index that holds only what is under way.
_UNDER_WAY = (
    _READ.where(UNDER_WAY, _tickets.c.due_at > datetime.min.replace(tzinfo=UTC))
    .order_by(_most_urgent_first, _tickets.c.due_at)
    .limit(bindparam("limit"))
)
_ALARMS = _READ.where(
    UNDER_WAY,
    _tickets.c.urgency == Urgency.NOW,
    _tickets.c.acknowledged_at.is_(None),
    _tickets.c.due_at <= bindparam("now", type_=_tickets.c.due_at.type),
).order_by(_tickets.c.due_at)


@cache
def _open_or_raise(dialect: str) -> postgresql.Insert | sqlite.Insert:
    insert = inserting(dialect, _tickets)
    new = insert.excluded
    is_now, was_now = new.urgency == Urgency.NOW, _tickets.c.urgency == Urgency.NOW
    more_urgent = case(_RANKS, value=new.urgency) < _most_urgent_first
    # Who has seen one danger has not seen the next; of an alarm nobody has seen, the first deadline stands.
    another = (
        is_now
        & was_now
        & _tickets.c.acknowledged_at.is_not(None)
        & (_tickets.c.due_at < bindparam("another_from", type_=_tickets.c.due_at.type))
    )
    unseen = or_(more_urgent, another)
    # The deadline of an alarm tells when it was raised, however long the ticket has been overdue.
    due_anew = or_(is_now & ~was_now, another, new.due_at < _tickets.c.due_at)
    return insert.on_conflict_do_update(
        index_elements=["clinic_id", "conversation_id", "reason"],
        index_where=UNDER_WAY,
        set_={
            "urgency": case((more_urgent, new.urgency), else_=_tickets.c.urgency),
            "due_at": case((due_anew, new.due_at), else_=_tickets.c.due_at),
            "acknowledged_at": case((unseen, None), else_=_tickets.c.acknowledged_at),
            "acknowledged_by": case((unseen, None), else_=_tickets.c.acknowledged_by),
        },
    )


class TicketRepository:
    """Tickets of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def open(
        self,
        conversation_id: ConversationId,
        *,
        reason: TicketReason,
        urgency: Urgency,
        due_at: datetime,
        now: datetime,
    ) -> Opened:
        """Ask staff to look by `due_at` (UTC); a ticket under way for the reason gets the stricter of both demands.

        What is to be seen NOW is due by `due_at`, and must be seen anew if it was seen before, but for what comes
        within ONE_ALARM of the last.
        """
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": self._scope.ids.next(),
            "patient_id": self._scope.whose(conversation_id),
            "conversation_id": conversation_id,
            "reason": reason,
            "urgency": urgency,
            "status": TicketStatus.OPEN,
            "opened_at": now,
            "due_at": due_at,
            "another_from": due_at - ONE_ALARM,
        }
        statement = _open_or_raise(self._scope.connection.dialect.name).returning(_tickets.c.id)
        ticket_id = TicketId(self._scope.execute(statement, row).scalar_one())
        return Opened(ticket_id=ticket_id, opening=Opening.NEW if ticket_id == row["id"] else Opening.RAISED)

    def get(self, ticket_id: TicketId) -> Ticket:
        """Return a ticket. Raises NotFoundError."""
        return self._one(_ONE, ticket_id)

    def of_conversation(self, conversation_id: ConversationId) -> list[Ticket]:
        """Return all tickets of a conversation, closed ones too, the oldest first."""
        # Sorted here: told to sort, SQLite may walk the whole clinic by id rather than use the index of the question.
        return sorted(self._all(_OF_TALK, conversation_id=conversation_id), key=lambda ticket: ticket.id)

    def under_way(self, limit: int) -> list[Ticket]:
        """Return what is open or taken, the most urgent first, then what is due the earliest."""
        return self._all(_UNDER_WAY, limit=limit)

    def alarms(self, now: datetime) -> list[Ticket]:
        """Return tickets that needed somebody at once, are past due and nobody has acknowledged."""
        return self._all(_ALARMS, now=now)

    def take(self, ticket_id: TicketId, staff_id: StaffId) -> bool:
        """Give an open ticket to a member of staff; False if somebody else holds it, or it is closed."""
        free = (_tickets.c.status == TicketStatus.OPEN) | (_tickets.c.holder_id == staff_id)
        which = and_(_tickets.c.id == ticket_id, free, UNDER_WAY)
        return self._change(which, status=TicketStatus.TAKEN, holder_id=staff_id)

    def release(self, ticket_id: TicketId) -> bool:
        """Let others take the ticket; False if nobody holds it."""
        held = _tickets.c.status == TicketStatus.TAKEN
        return self._change(and_(_tickets.c.id == ticket_id, held), status=TicketStatus.OPEN, holder_id=None)

    def release_all(self, conversation_ids: Collection[ConversationId]) -> None:
        """Let others take whatever is held of these conversations, in one statement."""
        held = _tickets.c.status == TicketStatus.TAKEN
        which = and_(_tickets.c.conversation_id.in_(conversation_ids), held)
        self._change(which, status=TicketStatus.OPEN, holder_id=None)

    def acknowledge(self, ticket_id: TicketId, staff_id: StaffId, *, now: datetime) -> bool:
        """Remember who saw it first; False if it was acknowledged before or is closed."""
        unseen = and_(_tickets.c.id == ticket_id, _tickets.c.acknowledged_at.is_(None), UNDER_WAY)
        return self._change(unseen, acknowledged_at=now, acknowledged_by=staff_id)

    def close(self, ticket_id: TicketId, *, now: datetime) -> bool:
        """Close a ticket; False if it is closed already."""
        which = and_(_tickets.c.id == ticket_id, UNDER_WAY)
        return self._change(which, status=TicketStatus.CLOSED, closed_at=now)

    def close_all(self, conversation_id: ConversationId, *, now: datetime) -> bool:
        """Close every ticket of a conversation, as when staff hand it back; False if there was none under way."""
        which = and_(_tickets.c.conversation_id == conversation_id, UNDER_WAY)
        return self._change(which, status=TicketStatus.CLOSED, closed_at=now)

    def close_for(self, patient_id: PatientId, reasons: Collection[TicketReason], *, now: datetime) -> bool:
        """Close what is under way for these reasons in all of a patient's conversations; False if nothing was."""
        which = and_(_tickets.c.patient_id == patient_id, _tickets.c.reason.in_(reasons), UNDER_WAY)
        return self._change(which, status=TicketStatus.CLOSED, closed_at=now)

    def put_back(self, ticket_id: TicketId, *, urgency: Urgency, due_at: datetime) -> bool:
        """Leave a ticket open to everybody, with an urgency and a deadline (UTC) of its own; False if it is closed."""
        which = and_(_tickets.c.id == ticket_id, UNDER_WAY)
        return self._change(which, status=TicketStatus.OPEN, holder_id=None, urgency=urgency, due_at=due_at)

    def note(self, ticket_id: TicketId, text: str, *, staff_id: StaffId, now: datetime) -> None:
        """Add a note, sealed with the patient's key. Raises NotFoundError, KeyErasedError."""
        ticket = self._one(_ONE_LOCKED, ticket_id)
        notes = [*ticket.notes, Note(at=now, staff_id=staff_id, text=text)]
        plain: list[Json] = [{"at": note.at.isoformat(), "staff": note.staff_id, "text": note.text} for note in notes]
        sealed = self._scope.person(ticket.patient_id).seal(_notes_place(ticket_id), plain)
        self._change(_tickets.c.id == ticket_id, notes=sealed)

    def _one(self, statement: Executable, ticket_id: TicketId) -> Ticket:
        found = self._all(statement, ticket_id=ticket_id)
        if not found:
            raise NotFoundError(f"no ticket {ticket_id} in this clinic")
        return found[0]

    def _change(self, which: ColumnElement[bool], **values: object) -> bool:
        changed = (
            update(_tickets)
            .where(_tickets.c.clinic_id == self._scope.clinic_id, which)
            .values(**values)
            .returning(_tickets.c.id)
        )
        return bool(self._scope.execute(changed).all())

    def _all(self, statement: Executable, **parameters: object) -> list[Ticket]:
        return [self._read(row) for row in self._scope.execute(statement, self._with(**parameters)).mappings()]

    def _read(self, row: RowMapping) -> Ticket:
        plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
        if row["notes"] is None or row["version"] is None:
            return Ticket(**plain)
        person = self._scope.opened(row["patient_id"], row["version"], row["sealed_key"])
        return Ticket(notes=_read_notes(row, person), **plain)

    def _with(self, **parameters: object) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id, **parameters}


def _read_notes(row: RowMapping, person: PersonSealer) -> tuple[Note, ...]:
    opened = cast("list[Mapping[str, Any]]", person.open(_notes_place(row["id"]), row["notes"]))
    return tuple(
        Note(at=datetime.fromisoformat(note["at"]), staff_id=StaffId(note["staff"]), text=note["text"])
        for note in opened
    )


def _notes_place(ticket_id: TicketId) -> Place:
    return Place("ticket", "notes", ticket_id)
