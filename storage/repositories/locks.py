"""Locks a conversation for a turn: nobody else changes it until the transaction ends.

PostgreSQL locks the row. On SQLite a transaction that may write has no other beside it, so reading is enough.
"""

from sqlalchemy import bindparam, select

from flows.ids import ConversationId
from storage.errors import NotFoundError
from storage.hot import Hot
from storage.models import Conversation, PersonKey, table_of
from storage.records.talks import ConversationLock, ConversationSnapshot
from storage.scope import Scope

_talks = table_of(Conversation)
_keys = table_of(PersonKey)
_LOCK = Hot(
    select(
        _talks.c.id,
        _talks.c.patient_id,
        _talks.c.channel,
        _talks.c.owner,
        _talks.c.staff_id,
        _talks.c.lease_until,
        _talks.c.lock_version,
        _keys.c.version,
        _keys.c.sealed_key,
    )
    .select_from(
        _talks.outerjoin(_keys, (_keys.c.clinic_id == _talks.c.clinic_id) & (_keys.c.patient_id == _talks.c.patient_id))
    )
    .where(_talks.c.clinic_id == bindparam("clinic_id"), _talks.c.id == bindparam("conversation_id"))
    .with_for_update(of=_talks)
)


def lock(scope: Scope, conversation_id: ConversationId) -> ConversationLock:
    """Lock a conversation; brings the person's key along. Raises NotFoundError, KeyErasedError."""
    row = scope.first(_LOCK, {"clinic_id": scope.clinic_id, "conversation_id": conversation_id})
    if row is None:
        raise NotFoundError(f"no conversation {conversation_id} in this clinic")
    plain = dict(row)
    version, sealed_key = plain.pop("version"), plain.pop("sealed_key")
    scope.opened(row["patient_id"], version, sealed_key)
    scope.talk_of(row["id"], row["patient_id"])
    return ConversationLock(**plain)


def lock_seen(scope: Scope, seen: ConversationSnapshot) -> ConversationLock:
    """Lock a conversation whose snapshot was taken in this very transaction. Raises the same."""
    if scope.connection.dialect.name != "sqlite":
        return lock(scope, seen.id)
    return ConversationLock(
        id=seen.id,
        patient_id=seen.patient.id,
        channel=seen.channel,
        owner=seen.owner,
        staff_id=seen.staff_id,
        lease_until=seen.lease_until,
        lock_version=seen.lock_version,
    )
