"""By which address a patient is reached: open, on the channel preferred most, and surely theirs.

A chat is proven before it is used. What the clinic was given (mailbox, number, letter box) is on its books; it is
preferred where it is proven too.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, JSON, ColumnElement, Select, any_, bindparam, func, or_, select

from flows.ids import PatientId
from flows.vocabulary import Channel
from storage.models import Address, Conversation, table_of
from storage.records.planning import Reached
from storage.scope import Scope
from storage.types import Id

_addresses = table_of(Address)
_talks = table_of(Conversation)
ON_THE_BOOKS = (Channel.EMAIL, Channel.LETTER, Channel.PHONE)
"""Channels on which an address that the clinic was given may be used before it was proven."""


def _open_addresses(theirs: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            _addresses.c.patient_id,
            _addresses.c.channel,
            _addresses.c.id.label("address_id"),
            _talks.c.id.label("conversation_id"),
        )
        .outerjoin(_talks, (_talks.c.clinic_id == _addresses.c.clinic_id) & (_talks.c.address_id == _addresses.c.id))
        .where(
            _addresses.c.clinic_id == bindparam("clinic_id"),
            theirs,
            _addresses.c.channel.in_(bindparam("channels", expanding=True)),
            or_(_addresses.c.verified_at.is_not(None), _addresses.c.channel.in_(ON_THE_BOOKS)),
            _addresses.c.closed_at.is_(None),
        )
        .order_by(_addresses.c.patient_id, _addresses.c.verified_at.nulls_first(), _addresses.c.id)
    )


# Hundreds of people are one parameter: as many parameters would take longer to hand over than the answer to come.
_EACH = select(func.json_each(bindparam("patient_ids", type_=JSON)).table_valued("value").c.value)
_OPEN = {
    "sqlite": _open_addresses(_addresses.c.patient_id.in_(_EACH)),
    "postgresql": _open_addresses(_addresses.c.patient_id == any_(bindparam("patient_ids", type_=ARRAY(Id)))),
}


def reached(scope: Scope, patient_ids: Collection[PatientId], channels: Sequence[Channel]) -> dict[PatientId, Reached]:
    """Return by which address each patient is reached, in one statement; who is reached by none is missing.

    Args:
        scope: the transaction.
        patient_ids: whom.
        channels: those that may be used, the preferred first; of one channel the address proven last counts.
    """
    if not patient_ids:
        return {}
    asked = {"clinic_id": scope.clinic_id, "patient_ids": list(patient_ids), "channels": list(channels)}
    best: dict[PatientId, Reached] = {}
    for row in scope.execute(_OPEN[scope.connection.dialect.name], asked):
        found = Reached(channel=row.channel, address_id=row.address_id, conversation_id=row.conversation_id)
        known = best.get(row.patient_id)
        if known is None or channels.index(found.channel) <= channels.index(known.channel):
            best[row.patient_id] = found
    return best
