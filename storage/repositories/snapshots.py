"""The snapshot of a conversation, or of an account's: all that understanding and a turn need, in one statement."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from flows.ids import ConversationId
from flows.slots import BookedVisit, Slot
from flows.vocabulary import Channel, TicketReason
from storage.errors import NotFoundError
from storage.hot import Hot, Named
from storage.models import Account, Address, Appointment, Conversation, Patient, PersonKey, Provider, Ticket, table_of
from storage.models.tickets import UNDER_WAY
from storage.records.talks import ConversationSnapshot
from storage.repositories.addresses import CLOSED_BY_CHANNEL
from storage.repositories.patients import OPENABLE_COLUMNS, read_patient
from storage.scope import Scope
from storage.sealing import Lookup, Place
from storage.vocabulary import AppointmentStatus

_talks = table_of(Conversation)
_patients = table_of(Patient)
_keys = table_of(PersonKey)
_addresses = table_of(Address)
_appointments = table_of(Appointment)
_providers = table_of(Provider)
_accounts = table_of(Account)
_tickets = table_of(Ticket)

_TALK = [
    _talks.c[name]
    for name in (
        "id",
        "channel",
        "address_id",
        "state",
        "owner",
        "staff_id",
        "lease_until",
        "lock_version",
        "last_patient_at",
        "last_bot_at",
    )
]
_TALK_LABELS = [(column.name, f"talk_{column.name}") for column in _TALK]
_next = _appointments.alias("next_visit")
_IS_AHEAD = (
    (_next.c.clinic_id == _talks.c.clinic_id)
    & (_next.c.patient_id == _talks.c.patient_id)
    & (_next.c.status == AppointmentStatus.BOOKED)
    & (_next.c.ends_at > bindparam("now", type_=_next.c.ends_at.type))
)
_WORRY = (
    select(func.min(_tickets.c.reason))
    .where(
        _tickets.c.clinic_id == _talks.c.clinic_id,
        _tickets.c.conversation_id == _talks.c.id,
        _tickets.c.reason.in_([TicketReason.EMERGENCY, TicketReason.WORRY]),
        UNDER_WAY,
    )
    .correlate(_talks)
    .scalar_subquery()
)
_sharing = _addresses.alias("sharing")
_HOUSEHOLD = (
    select(func.count())
    .where(
        _sharing.c.clinic_id == _addresses.c.clinic_id,
        _sharing.c.channel == _addresses.c.channel,
        _sharing.c.lookup == _addresses.c.lookup,
        or_(_sharing.c.closed_at.is_(None), _sharing.c.closed_why == CLOSED_BY_CHANNEL),
    )
    .correlate(_addresses)
    .scalar_subquery()
)
_SELECT = (
    select(
        *(column.label(f"talk_{column.name}") for column in _TALK),
        _addresses.c.verified_at.label("address_verified_at"),
        _addresses.c.closed_why.label("address_closed_why"),
        _addresses.c.value.label("sealed_address"),
        _HOUSEHOLD.label("household"),
        _WORRY.label("worry"),
        *OPENABLE_COLUMNS,
        _next.c.id.label("visit_id"),
        _next.c.starts_at,
        _next.c.ends_at,
        _next.c.provider_id.label("visit_provider_id"),
        _next.c.visit_type_id,
        _providers.c.name.label("provider_name"),
    )
    .select_from(
        _talks.join(_patients, (_patients.c.clinic_id == _talks.c.clinic_id) & (_patients.c.id == _talks.c.patient_id))
        .join(_addresses, (_addresses.c.clinic_id == _talks.c.clinic_id) & (_addresses.c.id == _talks.c.address_id))
        .outerjoin(_keys, (_keys.c.clinic_id == _talks.c.clinic_id) & (_keys.c.patient_id == _talks.c.patient_id))
        .outerjoin(_next, _IS_AHEAD)
        .outerjoin(
            _providers, (_providers.c.clinic_id == _talks.c.clinic_id) & (_providers.c.id == _next.c.provider_id)
        )
    )
    .where(_talks.c.clinic_id == bindparam("clinic_id"))
)


def _of(conversation_id: ColumnElement[Any]) -> Select[Any]:
    """Of one talk: one row, with the next visit, where there are several ahead."""
    return _SELECT.where(_talks.c.id == conversation_id).order_by(_next.c.starts_at).limit(1)


_SNAPSHOT = Hot(_of(bindparam("conversation_id")))
_OF_ACCOUNT = Hot(
    _of(
        select(_accounts.c.conversation_id)
        .where(
            _accounts.c.clinic_id == bindparam("clinic_id"),
            _accounts.c.channel == bindparam("channel", type_=_accounts.c.channel.type),
            _accounts.c.lookup == bindparam("lookup"),
        )
        .scalar_subquery()
    )
)


def state_place(conversation_id: ConversationId) -> Place:
    """Tell where the sealed state of a conversation stands."""
    return Place("conversation", "state", conversation_id)


def snapshot(scope: Scope, conversation_id: ConversationId, *, now: datetime) -> ConversationSnapshot:
    """Read a conversation with its patient and next visit. Raises NotFoundError, KeyErasedError."""
    parameters = {"clinic_id": scope.clinic_id, "conversation_id": conversation_id, "now": now}
    row = scope.first(_SNAPSHOT, parameters)
    if row is None:
        raise NotFoundError(f"no conversation {conversation_id} in this clinic")
    return _read(scope, row)


def snapshot_of_account(scope: Scope, channel: Channel, value: str, *, now: datetime) -> ConversationSnapshot | None:
    """Read the talk that an account is in; None for an account that has never written. Raises KeyErasedError."""
    lookup = scope.sealer.lookup(Lookup.ADDRESS, f"{channel}:{value}")
    parameters = {"clinic_id": scope.clinic_id, "channel": channel, "lookup": lookup, "now": now}
    row = scope.first(_OF_ACCOUNT, parameters)
    return None if row is None else _read(scope, row)


def _read(scope: Scope, row: Named) -> ConversationSnapshot:
    conversation_id = ConversationId(row["talk_id"])
    person = scope.opened(row["id"], row["version"], row["sealed_key"])
    scope.talk_of(conversation_id, row["id"])
    sealed = row["talk_state"]
    talk: dict[str, Any] = {name: row[label] for name, label in _TALK_LABELS}
    talk["state"] = None if sealed is None else person.open(state_place(conversation_id), sealed)
    return ConversationSnapshot(
        patient=read_patient(row, person),
        address_verified_at=row["address_verified_at"],
        address_closed_why=row["address_closed_why"],
        address=str(person.open(Place("address", "value", row["talk_address_id"]), row["sealed_address"])),
        visit=_read_visit(row),
        worry=row["worry"],
        household=row["household"],
        **talk,
    )


def _read_visit(row: Named) -> BookedVisit | None:
    if row["visit_id"] is None:
        return None
    slot = Slot(
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        provider_id=row["visit_provider_id"],
        visit_type_id=row["visit_type_id"],
    )
    return BookedVisit(appointment_id=row["visit_id"], slot=slot, provider_name=row["provider_name"])
