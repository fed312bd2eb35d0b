"""Claiming messages that are due or wait in a talk: whoever claims one holds its lease, and nobody is given it twice.

While the clinic has stopped sending, nothing proactive is claimed; it stays due, and leaves when sending goes on.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    TextClause,
    and_,
    bindparam,
    case,
    exists,
    not_,
    or_,
    select,
    update,
)

from flows.ids import ConversationId, OutboxId
from flows.vocabulary import Channel
from storage.models import Address, Clinic, Conversation, Outgoing, PersonKey, table_of
from storage.models.outbox import DUE, UNDER_WAY
from storage.records.outgoing import DueOutbox, Lease
from storage.scope import Scope
from storage.sealing import Json, PersonSealer, Place
from storage.vocabulary import OutboxKind, OutboxStatus

_outbox = table_of(Outgoing)
_talks = table_of(Conversation)
_addresses = table_of(Address)
_keys = table_of(PersonKey)
_clinics = table_of(Clinic)
_PLAIN = (
    "id",
    "patient_id",
    "conversation_id",
    "channel",
    "kind",
    "purpose",
    "campaign",
    "step",
    "level",
    "message_key",
    "reach",
    "not_before",
    "attempts",
    "staff_id",
)
_STOPPED = exists(
    select(_clinics.c.clinic_id).where(
        _clinics.c.clinic_id == bindparam("of_clinic"), _clinics.c.sending_stopped.is_not(None)
    )
)


def _claiming(*which: ColumnElement[bool] | TextClause) -> Executable:
    due = (
        select(_outbox.c.id)
        .where(
            _outbox.c.clinic_id == bindparam("of_clinic"),
            *which,
        )
        .order_by(_outbox.c.not_before, _outbox.c.id)
        .limit(bindparam("up_to"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(_outbox)
        .where(_outbox.c.clinic_id == bindparam("of_clinic"), _outbox.c.id.in_(select(due.c.id)))
        .values(
            status=OutboxStatus.LEASED,
            # What was claimed before and has not begun is tried once all the same.
            attempts=_outbox.c.attempts + case((_outbox.c.status == OutboxStatus.LEASED, 0), else_=1),
            lease_token=bindparam("token"),
            lease_until=bindparam("until", type_=_outbox.c.lease_until.type),
        )
        .returning(_outbox.c.id)
    )


_CLAIM = _claiming(
    DUE,
    _outbox.c.not_before <= bindparam("now", type_=_outbox.c.not_before.type),
    _outbox.c.channel.in_(bindparam("channels", expanding=True, type_=_outbox.c.channel.type)),
    or_(_outbox.c.kind != OutboxKind.PROACTIVE, not_(_STOPPED)),
)
_NOT_PROACTIVE = _outbox.c.kind != OutboxKind.PROACTIVE
_CLAIM_OF_TALK = _claiming(
    _outbox.c.conversation_id == bindparam("of_talk"),
    _NOT_PROACTIVE,
    or_(
        DUE,
        and_(
            UNDER_WAY,
            _outbox.c.id.in_(bindparam("held", expanding=True)),
            _outbox.c.lease_token.in_(bindparam("held_by", expanding=True)),
        ),
    ),
)
_WAITING_IN_TALK = select(_outbox.c.id, _outbox.c.not_before).where(
    _outbox.c.clinic_id == bindparam("of_clinic"),
    _outbox.c.conversation_id == bindparam("of_talk"),
    _NOT_PROACTIVE,
    or_(DUE, and_(UNDER_WAY, _outbox.c.id.in_(bindparam("known", expanding=True)))),
)
_WAITING_UNTIL = select(_outbox.c.conversation_id, _outbox.c.id).where(
    _outbox.c.clinic_id == bindparam("of_clinic"),
    DUE,
    _outbox.c.not_before <= bindparam("until", type_=_outbox.c.not_before.type),
    _NOT_PROACTIVE,
    _outbox.c.conversation_id.is_not(None),
)
_READ = (
    select(
        *(_outbox.c[name] for name in _PLAIN),
        _outbox.c.body,
        _talks.c.owner,
        _talks.c.address_id,
        _addresses.c.value,
        _addresses.c.closed_at,
        _addresses.c.closed_why,
        _keys.c.version,
        _keys.c.sealed_key,
    )
    .select_from(
        _outbox.outerjoin(
            _talks, (_talks.c.clinic_id == _outbox.c.clinic_id) & (_talks.c.id == _outbox.c.conversation_id)
        )
        .outerjoin(
            _addresses, (_addresses.c.clinic_id == _outbox.c.clinic_id) & (_addresses.c.id == _talks.c.address_id)
        )
        .outerjoin(_keys, (_keys.c.clinic_id == _outbox.c.clinic_id) & (_keys.c.patient_id == _outbox.c.patient_id))
    )
    .where(_outbox.c.clinic_id == bindparam("clinic_id"), _outbox.c.id.in_(bindparam("outbox_ids", expanding=True)))
    .order_by(_outbox.c.not_before, _outbox.c.id)
)


def body_place(outbox_id: OutboxId) -> Place:
    """Tell where the sealed body of a message stands."""
    return Place("outbox", "body", outbox_id)


def claim_due(
    scope: Scope, *, channels: Collection[Channel], now: datetime, limit: int, lease_token: str, lease_seconds: int
) -> list[DueOutbox]:
    """Lease the messages of these channels that have been due the longest, in two statements."""
    until = now + timedelta(seconds=lease_seconds)
    leased = {"up_to": limit, "token": lease_token, "until": until}
    return _claim(scope, _CLAIM, {**leased, "now": now, "channels": list(channels)})


def claim_of_talk(
    scope: Scope, talk: ConversationId, lease: Lease, *, limit: int, held: Mapping[OutboxId, str]
) -> list[DueOutbox]:
    """Lease what waits in a talk and is not proactive, in two statements; held: under which lease the caller has it."""
    leased = {"up_to": limit, "token": lease.token, "until": lease.until}
    mine = {"held": list(held), "held_by": sorted(set(held.values()))}
    found = _claim(scope, _CLAIM_OF_TALK, {**leased, **mine, "of_talk": talk})
    return sorted(found, key=lambda each: each.id)


def waiting_in_talk(scope: Scope, talk: ConversationId, known: Collection[OutboxId]) -> dict[OutboxId, datetime]:
    """Tell what waits in a talk, and until when; known: what waits though somebody holds it."""
    asked = {"of_clinic": scope.clinic_id, "of_talk": talk, "known": list(known)}
    return {row.id: row.not_before for row in scope.execute(_WAITING_IN_TALK, asked)}


def waiting_until(scope: Scope, until: datetime) -> list[tuple[ConversationId, OutboxId]]:
    """Tell what waits in all talks, is due by `until` (UTC) and not proactive."""
    rows = scope.execute(_WAITING_UNTIL, {"of_clinic": scope.clinic_id, "until": until})
    return [(row.conversation_id, row.id) for row in rows]


def _claim(scope: Scope, claim: Executable, parameters: Mapping[str, object]) -> list[DueOutbox]:
    outbox_ids = list(scope.execute(claim, {"of_clinic": scope.clinic_id, **parameters}).scalars())
    return _read_all(scope, outbox_ids) if outbox_ids else []


def _read_all(scope: Scope, outbox_ids: Collection[OutboxId]) -> list[DueOutbox]:
    rows = scope.execute(_READ, {"clinic_id": scope.clinic_id, "outbox_ids": outbox_ids}).mappings()
    return [_read(scope, row) for row in rows]


def _read(scope: Scope, row: RowMapping) -> DueOutbox:
    person = None
    if row["version"] is not None:
        person = scope.opened(row["patient_id"], row["version"], row["sealed_key"])
    address = _open(person, Place("address", "value", row["address_id"] or 0), row["value"])
    return DueOutbox(
        body=cast("Mapping[str, Json] | None", _open(person, body_place(row["id"]), row["body"])),
        owner=row["owner"],
        address_id=row["address_id"],
        address=None if address is None else str(address),
        closed_at=row["closed_at"],
        closed_why=row["closed_why"],
        key_present=person is not None,
        **{name: row[name] for name in _PLAIN},
    )


def _open(person: PersonSealer | None, place: Place, sealed: bytes | None) -> Json:
    return None if person is None or sealed is None else person.open(place, sealed)
