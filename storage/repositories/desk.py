"""The desk's list of conversations: the most urgent ticket first, then who spoke last; in one statement."""

from sqlalchemy import RowMapping, bindparam, case, func, select

from flows.vocabulary import Urgency
from storage.models import Conversation, Patient, PersonKey, Received, Ticket, table_of
from storage.records.talks import DeskLine
from storage.repositories.patients import OPENABLE_COLUMNS, read_patient
from storage.scope import Scope
from storage.sealing import Json, Place
from storage.vocabulary import TicketStatus

_talks = table_of(Conversation)
_patients = table_of(Patient)
_keys = table_of(PersonKey)
_tickets = table_of(Ticket)
_received = table_of(Received)

URGENCIES = tuple(Urgency)
"""The most urgent first; a rank is a place in this order."""

UNDER_WAY = (TicketStatus.OPEN, TicketStatus.TAKEN)
_rank = case({urgency: rank for rank, urgency in enumerate(URGENCIES)}, value=_tickets.c.urgency)
_waiting = (
    select(
        _tickets.c.conversation_id,
        func.min(_rank).label("rank"),
        func.min(_tickets.c.due_at).label("due_at"),
        func.count().label("tickets"),
        func.sum(case((_tickets.c.acknowledged_at.is_(None) & (_tickets.c.urgency == Urgency.NOW), 1), else_=0)).label(
            "alarms"
        ),
    )
    .where(_tickets.c.clinic_id == bindparam("clinic_id"), _tickets.c.status.in_(UNDER_WAY))
    .group_by(_tickets.c.conversation_id)
    .subquery()
)
_LAST_HEARD = (
    select(func.max(_received.c.id))
    .where(_received.c.clinic_id == _talks.c.clinic_id, _received.c.conversation_id == _talks.c.id)
    .correlate(_talks)
    .scalar_subquery()
)
_LIST = (
    select(
        _talks.c.id.label("talk_id"),
        _talks.c.channel,
        _talks.c.owner,
        _talks.c.staff_id,
        _talks.c.lease_until,
        _talks.c.last_patient_at,
        _talks.c.last_bot_at,
        _talks.c.read_by_staff_at,
        _waiting.c.rank,
        _waiting.c.due_at,
        _waiting.c.tickets,
        _waiting.c.alarms,
        _received.c.id.label("heard_id"),
        _received.c.body.label("heard"),
        *OPENABLE_COLUMNS,
    )
    .select_from(
        _talks.join(_patients, (_patients.c.clinic_id == _talks.c.clinic_id) & (_patients.c.id == _talks.c.patient_id))
        .join(_keys, (_keys.c.clinic_id == _talks.c.clinic_id) & (_keys.c.patient_id == _talks.c.patient_id))
        .outerjoin(_waiting, _waiting.c.conversation_id == _talks.c.id)
        .outerjoin(_received, (_received.c.clinic_id == _talks.c.clinic_id) & (_received.c.id == _LAST_HEARD))
    )
    .where(_talks.c.clinic_id == bindparam("clinic_id"))
    .order_by(
        func.coalesce(_waiting.c.rank, len(URGENCIES)),
        _waiting.c.due_at,
        func.coalesce(_talks.c.last_patient_at, _talks.c.last_bot_at, _talks.c.created_at).desc(),
    )
    .limit(bindparam("limit"))
)


def list_for_desk(scope: Scope, limit: int) -> list[DeskLine]:
    """Return the first `limit` conversations; those of erased people are left out."""
    rows = scope.execute(_LIST, {"clinic_id": scope.clinic_id, "limit": limit}).mappings()
    return [_read(scope, row) for row in rows]


def _read(scope: Scope, row: RowMapping) -> DeskLine:
    person = scope.opened(row["id"], row["version"], row["sealed_key"])
    heard, seen = row["last_patient_at"], row["read_by_staff_at"]
    return DeskLine(
        id=row["talk_id"],
        channel=row["channel"],
        patient=read_patient(row, person),
        owner=row["owner"],
        staff_id=row["staff_id"],
        lease_until=row["lease_until"],
        last_patient_at=heard,
        last_bot_at=row["last_bot_at"],
        unread=heard is not None and (seen is None or seen < heard),
        tickets=row["tickets"] or 0,
        alarm=bool(row["alarms"]),
        last_text=None if row["heard"] is None else _text(person.open(Place("received", "body", row["heard_id"]), row["heard"])),
        urgency=None if row["rank"] is None else URGENCIES[row["rank"]],
        due_at=row["due_at"],
    )


def _text(body: Json) -> str | None:
    text = body.get("text") if isinstance(body, dict) else None
    return text if isinstance(text, str) else None
