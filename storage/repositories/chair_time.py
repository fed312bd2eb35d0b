"""Takes and gives back quarters of an hour of a provider: the one place where chair time changes hands.

One slot, one patient: a quarter is one row of `chair_time`, and its primary key lets nobody else in, whoever races.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Insert, bindparam, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from flows.ids import AppointmentId, ConversationId, ProviderId
from flows.slots import Slot
from storage.calendars.quarters import quarters
from storage.hot import Hot
from storage.models import ChairTime, Hold, table_of
from storage.scope import Scope

_chair = table_of(ChairTime)
_holds = table_of(Hold)
_OF_CLINIC = _chair.c.clinic_id == bindparam("clinic_id")
_HOLDS_OF = select(_holds.c.id).where(
    _holds.c.clinic_id == bindparam("clinic_id"), _holds.c.conversation_id == bindparam("conversation_id")
)

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


def _clearing(*also: ColumnElement[bool]) -> Delete:
    """Build the statement that frees expired quarters of an interval, and those that `also` names."""
    return delete(_chair).where(
        _OF_CLINIC,
        _chair.c.provider_id == bindparam("provider_id"),
        _chair.c.quarter >= bindparam("first"),
        _chair.c.quarter < bindparam("end"),
        or_(_chair.c.expires_at <= bindparam("now", type_=_chair.c.expires_at.type), *also),
    )


_CLEAR = Hot(_clearing())
_CLEAR_WITH_OWN_HOLDS = Hot(_clearing(_chair.c.hold_id.in_(_HOLDS_OF)))


def _taking(insert: Any) -> Insert:  # noqa: ANN401 - the insert function of either dialect
    statement: Insert = insert(_chair).on_conflict_do_nothing().returning(_chair.c.quarter)
    return statement


_TAKE = {"sqlite": Hot(_taking(sqlite.insert)), "postgresql": Hot(_taking(postgresql.insert))}


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
    scope.execute(_CLEAR, {**_interval(scope, slot), "now": now})
    return _insert(scope, slot, taker)


def take_for_booking(
    scope: Scope, slot: Slot, appointment_id: AppointmentId, *, conversation_id: ConversationId | None, now: datetime
) -> bool:
    """Take every quarter of a slot for an appointment, from this conversation's own holds too; else like `take`."""
    scope.execute(_CLEAR_WITH_OWN_HOLDS, {**_interval(scope, slot), "now": now, "conversation_id": conversation_id})
    return _insert(scope, slot, Taker(appointment_id=appointment_id))


def _interval(scope: Scope, slot: Slot) -> dict[str, int]:
    wanted = quarters(slot.starts_at, slot.ends_at)
    return {
        "clinic_id": scope.clinic_id,
        "provider_id": slot.provider_id,
        "first": wanted.start,
        "end": wanted.stop,
    }


def _insert(scope: Scope, slot: Slot, taker: Taker) -> bool:
    wanted = quarters(slot.starts_at, slot.ends_at)
    rows = [
        {
            "clinic_id": scope.clinic_id,
            "provider_id": slot.provider_id,
            "quarter": quarter,
            "appointment_id": taker.appointment_id,
            "hold_id": taker.hold_id,
            "expires_at": taker.expires_at,
        }
        for quarter in wanted
    ]
    taken = scope.execute(_TAKE[scope.connection.dialect.name], rows)
    return len(taken.all()) == len(wanted)


def free_appointment(scope: Scope, appointment_id: AppointmentId) -> None:
    """Give back the time of an appointment."""
    scope.execute(_FREE_APPOINTMENT, {"clinic_id": scope.clinic_id, "appointment_id": appointment_id})


def drop_hold(scope: Scope, hold_id: int) -> None:
    """Give back one hold and its time."""
    scope.execute(_FREE_HOLD, {"clinic_id": scope.clinic_id, "hold_id": hold_id})
    scope.execute(_DROP_HOLD, {"clinic_id": scope.clinic_id, "hold_id": hold_id})


def release_holds(scope: Scope, conversation_id: ConversationId) -> None:
    """Give back whatever is held for a conversation."""
    whose = {"clinic_id": scope.clinic_id, "conversation_id": conversation_id}
    scope.execute(_RELEASE_CHAIR_TIME, whose)
    scope.execute(_RELEASE_HOLDS, whose)


def expire_holds(scope: Scope, now: datetime) -> int:
    """Give back every hold that has expired at `now` (UTC); tells how many."""
    moment = {"clinic_id": scope.clinic_id, "now": now}
    scope.execute(_EXPIRE_CHAIR_TIME, moment)
    return len(scope.execute(_EXPIRE_HOLDS, moment).all())


_TAKEN = select(_chair.c.provider_id, _chair.c.quarter).where(
    _OF_CLINIC,
    _chair.c.provider_id.in_(bindparam("provider_ids", expanding=True)),
    _chair.c.quarter >= bindparam("first"),
    _chair.c.quarter < bindparam("end"),
    or_(_chair.c.expires_at.is_(None), _chair.c.expires_at > bindparam("now", type_=_chair.c.expires_at.type)),
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
) -> dict[ProviderId, set[int]]:
    """Return, by provider, the quarters of a span that are booked, or held at `now` (UTC) for another conversation."""
    parameters = {
        "clinic_id": scope.clinic_id,
        "provider_ids": list(provider_ids),
        "first": span.start,
        "end": span.stop,
        "now": now,
    }
    if not_held_by is None:
        rows = scope.execute(_TAKEN_BY_ANYBODY, parameters)
    else:
        rows = scope.execute(_TAKEN_BY_OTHERS, {**parameters, "conversation_id": not_held_by})
    taken: dict[ProviderId, set[int]] = {}
    for provider_id, quarter in rows:
        taken.setdefault(provider_id, set()).add(quarter)
    return taken
