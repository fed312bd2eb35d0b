"""What patients have said in chats that staff hold, and no member of staff has answered.

Lines are told apart by their ids, which are made in the order things happen; a line of staff's that is still on its
way is an answer, one that surely did not leave is none.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, bindparam, exists, func, literal, select

from flows.ids import ConversationId
from storage.models import Conversation, Outgoing, PersonKey, Received, Ticket, table_of
from storage.models.tickets import UNDER_WAY
from storage.scope import Scope
from storage.vocabulary import OutboxKind, OutboxStatus, ReceivedKind

_talks = table_of(Conversation)
_keys = table_of(PersonKey)
_received = table_of(Received)
_outbox = table_of(Outgoing)
_tickets = table_of(Ticket)
_NEVER_LEFT = (OutboxStatus.FAILED, OutboxStatus.WITHDRAWN, OutboxStatus.REFUSED)

_LAST_ANSWER = func.coalesce(
    select(func.max(_outbox.c.id))
    .where(
        _outbox.c.clinic_id == _talks.c.clinic_id,
        _outbox.c.conversation_id == _talks.c.id,
        _outbox.c.kind == OutboxKind.STAFF,
        _outbox.c.status.not_in(_NEVER_LEFT),
    )
    .correlate(_talks)
    .scalar_subquery(),
    0,
)
_SAID_SINCE = (
    (_received.c.clinic_id == _talks.c.clinic_id)
    & (_received.c.conversation_id == _talks.c.id)
    & (_received.c.kind != ReceivedKind.OPENED)
    & (_received.c.id > _LAST_ANSWER)
)
_ASKED_FOR = exists(
    select(literal(1)).where(
        _tickets.c.clinic_id == _talks.c.clinic_id, _tickets.c.conversation_id == _talks.c.id, UNDER_WAY
    )
)
_HAS_KEY = (
    (_keys.c.clinic_id == _talks.c.clinic_id)
    & (_keys.c.patient_id == _talks.c.patient_id)
    & _keys.c.sealed_key.is_not(None)
)
_LEFT: Select[tuple[ConversationId]] = (
    select(_talks.c.id)
    .join(_keys, _HAS_KEY)
    .where(
        _talks.c.clinic_id == bindparam("clinic_id"),
        _talks.c.id.in_(bindparam("conversation_ids", expanding=True)),
        exists(select(literal(1)).where(_SAID_SINCE)),
        ~_ASKED_FOR,
    )
    .order_by(_talks.c.id)
)
_FIRST = (
    select(_received.c.at)
    .select_from(_talks.join(_received, _SAID_SINCE))
    .where(
        _talks.c.clinic_id == bindparam("clinic_id"),
        _talks.c.id == bindparam("conversation_id"),
        _received.c.at >= bindparam("since", type_=_received.c.at.type),
    )
    .order_by(_received.c.id)
    .limit(1)
)


def left_unanswered(scope: Scope, conversation_ids: Collection[ConversationId]) -> list[ConversationId]:
    """Return those in which the patient spoke last and no ticket is under way; not of erased people. One statement."""
    if not conversation_ids:
        return []
    parameters = {"clinic_id": scope.clinic_id, "conversation_ids": list(conversation_ids)}
    return list(scope.execute(_LEFT, parameters).scalars())


def unanswered_since(scope: Scope, conversation_id: ConversationId, since: datetime) -> datetime | None:
    """Tell when the patient first spoke after staff's last line, from `since` on (both UTC); None: not since then."""
    parameters = {"clinic_id": scope.clinic_id, "conversation_id": conversation_id, "since": since}
    found: datetime | None = scope.execute(_FIRST, parameters).scalar()
    return found
