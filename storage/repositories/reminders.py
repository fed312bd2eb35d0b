"""Visits ahead that nobody has been reminded of yet."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, cast, exists, literal, not_, select, tuple_

from flows.ids import AppointmentId
from flows.vocabulary import Channel
from storage.models import Address, Appointment, Outgoing, table_of
from storage.records.planning import ReminderDue
from storage.repositories.reached import reached
from storage.scope import Scope
from storage.vocabulary import AppointmentStatus

_addresses = table_of(Address)
_appointments = table_of(Appointment)
_outbox = table_of(Outgoing)

# As the programme names its reminders: a visit that was moved gets another.
_REMINDER = "reminder:"
_REMINDER_NAME = literal(_REMINDER) + cast(_appointments.c.id, String) + ":" + cast(_appointments.c.sequence, String)
_UNREMINDED = (
    select(
        _appointments.c.id,
        _appointments.c.patient_id,
        _appointments.c.starts_at,
        _appointments.c.updated_at,
        _appointments.c.sequence,
    )
    .where(
        _appointments.c.clinic_id == bindparam("clinic_id"),
        _appointments.c.status == AppointmentStatus.BOOKED,
        _appointments.c.starts_at > bindparam("now", type_=_appointments.c.starts_at.type),
        _appointments.c.starts_at <= bindparam("until", type_=_appointments.c.starts_at.type),
        not_(
            exists(
                select(literal(1))
                .select_from(_outbox)
                .where(
                    _outbox.c.clinic_id == _appointments.c.clinic_id,
                    _outbox.c.patient_id == _appointments.c.patient_id,
                    _outbox.c.campaign == _REMINDER_NAME,
                )
                .correlate(_appointments)
            )
        ),
        exists(
            select(literal(1))
            .select_from(_addresses)
            .where(
                _addresses.c.clinic_id == _appointments.c.clinic_id,
                _addresses.c.patient_id == _appointments.c.patient_id,
                _addresses.c.channel.in_(bindparam("channels", expanding=True)),
                _addresses.c.verified_at.is_not(None),
                _addresses.c.closed_at.is_(None),
            )
            .correlate(_appointments)
        ),
    )
    .order_by(_appointments.c.starts_at, _appointments.c.id)
    .limit(bindparam("limit"))
)
_PLACE = tuple_(_appointments.c.starts_at, _appointments.c.id)


def reminders_of(appointment_id: AppointmentId) -> str:
    """Tell how the names of a visit's reminders begin, at whichever time."""
    return f"{_REMINDER}{appointment_id}:"


def reminders_due(
    scope: Scope,
    now: datetime,
    *,
    until: datetime,
    channels: Sequence[Channel],
    limit: int,
    after: ReminderDue | None = None,
) -> list[ReminderDue]:
    """Select visits after `now` and not after `until` (UTC) without a planned reminder; see `PlanningRepository`."""
    asked = {"clinic_id": scope.clinic_id, "channels": list(channels)}
    statement = _UNREMINDED
    if after is not None:
        last = (literal(after.starts_at, _appointments.c.starts_at.type), literal(after.appointment_id))
        statement = statement.where(tuple_(*last) < _PLACE)
    rows = scope.execute(statement, {**asked, "now": now, "until": until, "limit": limit}).all()
    by_whom = reached(scope, [row.patient_id for row in rows], channels)
    return [
        ReminderDue(
            appointment_id=row.id,
            patient_id=row.patient_id,
            starts_at=row.starts_at,
            agreed_at=row.updated_at,
            sequence=row.sequence,
            reached=by_whom[row.patient_id],
        )
        for row in rows
    ]
