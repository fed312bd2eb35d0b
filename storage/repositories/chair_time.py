"""Takes and gives back quarters of an hour of a provider: the one place where chair time changes hands.

One slot, one patient: a quarter is one row of `chair_time`, and its primary key lets nobody else in, whoever races.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BigInteger, Integer, bindparam, cast, delete, func, or_, select

from flows.ids import AppointmentId, ConversationId, ProviderId
from flows.slots import Slot
from storage.calendars.quarters import quarters
from storage.calendars.taken import BLOCK, Taken
from storage.dialects import inserting
from storage.hot import Hot
from storage.models import ChairTime, Hold, table_of
from storage.scope import Scope

_chair = table_of(ChairTime)
_holds = table_of(Hold)
_OF_CLINIC = _chair.c.clinic_id == bindparam("clinic_id")
_HOLDS_OF = select(_holds.c.id).where(
    _holds.c.clinic_id == bindparam("clinic_id"), _holds.c.conversation_id == bindparam("conversation_id")
)

_HELD = Hot(_HOLDS_OF)
_RELEASE_CHAIR_TIME = Hot(delete(_chair).where(_OF_CLINIC, _chair.c.hold_id.in_(_HOLDS_OF)))
_RELEASE_HOLDS = Hot(
    delete(_holds).where(
        _holds.c.clinic_id == bindparam("clinic_id"), _holds.c.conversation_id == bindparam("conversation_id")
    )
)
_EXPIRED = select(_holds.c.id).where(
    _holds.c.clinic_id == bindparam("clinic_id"),
    _holds.c.expires_at <= bindparam("now", type_=_holds.c.expires_at.type),
)
_EXPIRE_CHAIR_TIME = delete(_chair).where(_OF_CLINIC, _chair.c.hold_id.in_(_EXPIRED))
_EXPIRE_HOLDS = (
    delete(_holds)
    .where(
        _holds.c.clinic_id == bindparam("clinic_id"),
        _holds.c.expires_at <= bindparam("now", type_=_holds.c.expires_at.type),
    )
    .returning(_holds.c.id)
)
_FREE_APPOINTMENT = Hot(delete(_chair).where(_OF_CLINIC, _chair.c.appointment_id == bindparam("appointment_id")))
_FREE_HOLD = Hot(delete(_chair).where(_OF_CLINIC, _chair.c.hold_id == bindparam("hold_id")))
_DROP_HOLD = Hot(
    delete(_holds).where(_holds.c.clinic_id == bindparam("clinic_id"), _holds.c.id == bindparam("hold_id"))
)
_SHARED = ("clinic_id", "provider_id", "appointment_id", "hold_id", "expires_at")
_CLEAR = Hot(
    delete(_chair).where(
        _OF_CLINIC,
        _chair.c.provider_id == bindparam("provider_id"),
        _chair.c.quarter >= bindparam("first"),
        _chair.c.quarter < bindparam("end"),
        _chair.c.expires_at <= bindparam("now", type_=_chair.c.expires_at.type),
    )
)


@cache
def _insert(dialect: str, count: int) -> Hot:
    """Make the statement that takes so many quarters for one taker, but those that are taken already."""
    row = {name: bindparam(f"of_{name}", type_=_chair.c[name].type) for name in _SHARED}
    each = [bindparam(f"quarter_{place}", type_=_chair.c.quarter.type) for place in range(count)]
    return Hot(
        inserting(dialect, _chair).values([row | {"quarter": quarter} for quarter in each]).on_conflict_do_nothing()
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Taker:
    """Who takes chair time: an appointment, or a hold until it expires (aware UTC)."""

    appointment_id: AppointmentId | None = None
    hold_id: int | None = None
    expires_at: datetime | None = None


def take(scope: Scope, slot: Slot, taker: Taker, *, now: datetime) -> bool:
    """Take every quarter of a slot; tells whether all were free. If not, the caller undoes what was taken.

    Args:
        scope: the transaction.
        slot: the time wanted.
        taker: whose it becomes; its appointment or hold exists already.
        now: expired holds no longer count at this instant (UTC).
    """
    wanted = quarters(slot.starts_at, slot.ends_at)
    if scope.connection.dialect.name == "postgresql":
        # Others write at the same time: what has expired is locked before anything is taken, by everybody alike.
        _clear(scope, slot.provider_id, wanted, now)
    taken = _take_free(scope, slot.provider_id, wanted, taker)
    if taken < len(wanted) and _clear(scope, slot.provider_id, wanted, now):
        taken += _take_free(scope, slot.provider_id, wanted, taker)
    return taken == len(wanted)


def _clear(scope: Scope, provider_id: ProviderId, wanted: range, now: datetime) -> int:
    """Give back those of the quarters that are held no longer; tells how many."""
    which = {"clinic_id": scope.clinic_id, "provider_id": provider_id, "first": wanted.start, "end": wanted.stop}
    return scope.change(_CLEAR, {**which, "now": now})


def _take_free(scope: Scope, provider_id: ProviderId, wanted: range, taker: Taker) -> int:
    """Take those of the quarters that nobody has; tells how many."""
    row = {
        "of_clinic_id": scope.clinic_id,
        "of_provider_id": provider_id,
        "of_appointment_id": taker.appointment_id,
        "of_hold_id": taker.hold_id,
        "of_expires_at": taker.expires_at,
    }
    each = {f"quarter_{place}": quarter for place, quarter in enumerate(wanted)}
    return scope.change(_insert(scope.connection.dialect.name, len(wanted)), row | each)


def free_appointment(scope: Scope, appointment_id: AppointmentId) -> None:
    """Give back the time of an appointment."""
    scope.change(_FREE_APPOINTMENT, {"clinic_id": scope.clinic_id, "appointment_id": appointment_id})


def drop_hold(scope: Scope, hold_id: int) -> None:
    """Give back one hold and its time."""
    scope.change(_FREE_HOLD, {"clinic_id": scope.clinic_id, "hold_id": hold_id})
    scope.change(_DROP_HOLD, {"clinic_id": scope.clinic_id, "hold_id": hold_id})


def is_held(scope: Scope, conversation_id: ConversationId) -> bool:
    """Tell whether there are holds of a conversation, expired ones too."""
    whose = {"clinic_id": scope.clinic_id, "conversation_id": conversation_id}
    return scope.value(_HELD, whose) is not None


def release_holds(scope: Scope, conversation_id: ConversationId) -> None:
    """Give back whatever is held for a conversation."""
    whose = {"clinic_id": scope.clinic_id, "conversation_id": conversation_id}
    scope.change(_RELEASE_CHAIR_TIME, whose)
    scope.change(_RELEASE_HOLDS, whose)


def expire_holds(scope: Scope, now: datetime) -> int:
    """Give back every hold that has expired at `now` (UTC); tells how many."""
    moment = {"clinic_id": scope.clinic_id, "now": now}
    scope.execute(_EXPIRE_CHAIR_TIME, moment)
    return len(scope.execute(_EXPIRE_HOLDS, moment).all())


# One row a provider and half a day: to fetch and to read a row a quarter took several times as long. A quarter is one
# row, so that adding up their bits sets them.
_BLOCK = (_chair.c.quarter // BLOCK).label("block")
_BIT = cast(1, BigInteger).bitwise_lshift(cast(_chair.c.quarter % BLOCK, Integer))
_TAKEN = (
    select(_chair.c.provider_id, _BLOCK, cast(func.sum(_BIT), BigInteger))
    .where(
        _OF_CLINIC,
        _chair.c.provider_id.in_(bindparam("provider_ids", expanding=True)),
        _chair.c.quarter >= bindparam("first"),
        _chair.c.quarter < bindparam("end"),
        or_(_chair.c.expires_at.is_(None), _chair.c.expires_at > bindparam("now", type_=_chair.c.expires_at.type)),
    )
    .group_by(_chair.c.provider_id, "block")
)
_TAKEN_BY_ANYBODY = Hot(_TAKEN)
_TAKEN_BY_OTHERS = Hot(_TAKEN.where(or_(_chair.c.hold_id.is_(None), _chair.c.hold_id.not_in(_HOLDS_OF))))


def taken_quarters(
    scope: Scope,
    provider_ids: Collection[ProviderId],
    span: range,
    *,
    now: datetime,
    not_held_by: ConversationId | None,
) -> Taken:
    """Return which quarters of a span are booked, or held at `now` (UTC) for another conversation."""
    parameters = {
        "clinic_id": scope.clinic_id,
        "provider_ids": list(provider_ids),
        "first": span.start,
        "end": span.stop,
        "now": now,
    }
    if not_held_by is None:
        blocks = scope.tuples(_TAKEN_BY_ANYBODY, parameters)
    else:
        blocks = scope.tuples(_TAKEN_BY_OTHERS, {**parameters, "conversation_id": not_held_by})
    return Taken.of_blocks(blocks, since=span.start)
