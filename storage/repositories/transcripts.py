"""What was said in a conversation, by all sides, in the order it was said."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import RowMapping, and_, bindparam, func, literal, null, select, union_all

from flows.ids import ConversationId
from storage.models import Outgoing, Received, table_of
from storage.records.talks import Speaker, TranscriptLine
from storage.scope import Scope
from storage.sealing import Json, PersonSealer, Place
from storage.vocabulary import OutboxKind, OutboxStatus

_received = table_of(Received)
_outbox = table_of(Outgoing)
_SAID = (OutboxStatus.SENT, OutboxStatus.UNKNOWN, OutboxStatus.FAILED)
LINES = union_all(
    select(
        literal("received").label("side"),
        _received.c.id,
        _received.c.at,
        _received.c.body,
        _received.c.kind,
        _received.c.intent,
        null().cast(_outbox.c.kind.type).label("out_kind"),
        null().cast(_outbox.c.status.type).label("status"),
        null().cast(_outbox.c.message_key.type).label("message_key"),
        null().cast(_outbox.c.staff_id.type).label("staff_id"),
    ).where(
        _received.c.clinic_id == bindparam("clinic_id"), _received.c.conversation_id == bindparam("conversation_id")
    ),
    select(
        literal("outbox"),
        _outbox.c.id,
        func.coalesce(_outbox.c.sent_at, _outbox.c.not_before),
        _outbox.c.body,
        null(),
        null(),
        _outbox.c.kind,
        _outbox.c.status,
        _outbox.c.message_key,
        _outbox.c.staff_id,
    ).where(
        and_(
            _outbox.c.clinic_id == bindparam("clinic_id"),
            _outbox.c.conversation_id == bindparam("conversation_id"),
            _outbox.c.status.in_(_SAID),
            _outbox.c.body.is_not(None),
        )
    ),
).subquery()
"""Everything said in a conversation; takes the parameters clinic_id and conversation_id."""

_LAST = select(LINES).order_by(LINES.c.at.desc(), LINES.c.id.desc()).limit(bindparam("limit"))


def transcript(scope: Scope, conversation_id: ConversationId, limit: int) -> list[TranscriptLine]:
    """Return the last lines, the oldest first. Raises NotFoundError, KeyErasedError."""
    person = scope.person(scope.whose(conversation_id))
    parameters = {"clinic_id": scope.clinic_id, "conversation_id": conversation_id, "limit": limit}
    rows = scope.execute(_LAST, parameters).mappings().all()
    return [read_line(row, person) for row in reversed(rows)]


def read_line(row: RowMapping, person: PersonSealer) -> TranscriptLine:
    """Open a row of `LINES`."""
    body = cast("Mapping[str, Json]", person.open(Place(row["side"], "body", row["id"]), row["body"]))
    if row["side"] == "received":
        return TranscriptLine(
            id=row["id"], at=row["at"], speaker=Speaker.PATIENT, body=body, kind=row["kind"], intent=row["intent"]
        )
    return TranscriptLine(
        id=row["id"],
        at=row["at"],
        speaker=Speaker.STAFF if row["out_kind"] is OutboxKind.STAFF else Speaker.BOT,
        body=body,
        status=row["status"],
        message_key=row["message_key"],
        staff_id=row["staff_id"],
    )
