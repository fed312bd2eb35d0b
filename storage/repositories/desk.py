"""The desk's list of conversations: the most urgent ticket first, then who spoke last; in one statement."""

from sqlalchemy import RowMapping, bindparam, case, func, select, text

from flows.vocabulary import Urgency
from storage.models import Conversation, Patient, PersonKey, Received, Ticket, table_of
from storage.models.tickets import UNDER_WAY
from storage.records.talks import DeskLine
from storage.repositories.patients import PATIENT_COLUMNS, read_patient
from storage.scope import Scope
from storage.sealing import Json, Place

_talks = table_of(Conversation)
_patients = table_of(Patient)
_keys = table_of(PersonKey)
_tickets = table_of(Ticket)
_received = table_of(Received)

URGENCIES = tuple(Urgency)
"""The most urgent first; a rank is a place in this order."""

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
    .where(_tickets.c.clinic_id == bindparam("clinic_id"), UNDER_WAY)
    .group_by(_tickets.c.conversation_id)
    .subquery()
)
# First which conversations, from narrow rows; then, for those alone, whose they are and what was said last.
_first = (
    select(
        *(
            _talks.c[name]
            for name in (
                "clinic_id",
                "id",
                "patient_id",
                "channel",
                "owner",
                "staff_id",
                "lease_until",
                "last_patient_at",
                "last_bot_at",
                "read_by_staff_at",
            )
        ),
        func.coalesce(_waiting.c.rank, len(URGENCIES)).label("rank"),
        func.coalesce(_talks.c.last_patient_at, _talks.c.last_bot_at, _talks.c.created_at).label("spoke_at"),
        _waiting.c.due_at,
        _waiting.c.tickets,
        _waiting.c.alarms,
        _keys.c.version,
        _keys.c.sealed_key,
    )
    .select_from(
        _talks.join(
            _keys, (_keys.c.clinic_id == _talks.c.clinic_id) & (_keys.c.patient_id == _talks.c.patient_id)
        ).outerjoin(_waiting, _waiting.c.conversation_id == _talks.c.id)
    )
    .where(_talks.c.clinic_id == bindparam("clinic_id"))
    .order_by(text("rank"), _waiting.c.due_at, text("spoke_at DESC"))
    .limit(bindparam("limit"))
    .subquery("first_lines")
)
_LAST_HEARD = (
    select(func.max(_received.c.id))
    .where(_received.c.clinic_id == _first.c.clinic_id, _received.c.conversation_id == _first.c.id)
    .correlate(_first)
    .scalar_subquery()
)
_LIST = (
    select(
        *(column.label(f"talk_{column.name}") for column in _first.c),
        *PATIENT_COLUMNS,
        _received.c.id.label("heard_id"),
        _received.c.body.label("heard"),
    )
    .select_from(
        _first.join(
            _patients, (_patients.c.clinic_id == _first.c.clinic_id) & (_patients.c.id == _first.c.patient_id)
        ).outerjoin(_received, (_received.c.clinic_id == _first.c.clinic_id) & (_received.c.id == _LAST_HEARD))
    )
    .order_by(_first.c.rank, _first.c.due_at, _first.c.spoke_at.desc())
)


def list_for_desk(scope: Scope, limit: int) -> list[DeskLine]:
    """Return the first `limit` conversations; those of erased people are left out."""
    rows = scope.execute(_LIST, {"clinic_id": scope.clinic_id, "limit": limit}).mappings()
    return [_read(scope, row) for row in rows]


def _read(scope: Scope, row: RowMapping) -> DeskLine:
    person = scope.opened(row["id"], row["talk_version"], row["talk_sealed_key"])
    heard, seen = row["talk_last_patient_at"], row["talk_read_by_staff_at"]
    words = None
    if row["heard"] is not None:
        words = _text(person.open(Place("received", "body", row["heard_id"]), row["heard"]))
    return DeskLine(
        id=row["talk_id"],
        channel=row["talk_channel"],
        patient=read_patient(row, person),
        owner=row["talk_owner"],
        staff_id=row["talk_staff_id"],
        lease_until=row["talk_lease_until"],
        last_patient_at=heard,
        last_bot_at=row["talk_last_bot_at"],
        unread=heard is not None and (seen is None or seen < heard),
        tickets=row["talk_tickets"] or 0,
        alarm=bool(row["talk_alarms"]),
        last_text=words,
        urgency=URGENCIES[row["talk_rank"]] if row["talk_rank"] < len(URGENCIES) else None,
        due_at=row["talk_due_at"],
    )


def _text(body: Json) -> str | None:
    text = body.get("text") if isinstance(body, dict) else None
    return text if isinstance(text, str) else None
