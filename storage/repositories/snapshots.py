"""The snapshot of a conversation: all that understanding and a turn need, read in one statement."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select

from flows.ids import ConversationId
from flows.slots import BookedVisit, Slot
from storage.errors import NotFoundError
from storage.models import Address, Appointment, Conversation, Patient, PersonKey, Provider, table_of
from storage.records.talks import ConversationSnapshot
from storage.repositories.patients import OPENABLE_COLUMNS, read_patient
from storage.scope import Scope
from storage.sealing import Place
from storage.vocabulary import AppointmentStatus

_talks = table_of(Conversation)
_patients = table_of(Patient)
_keys = table_of(PersonKey)
_addresses = table_of(Address)
_appointments = table_of(Appointment)
_providers = table_of(Provider)

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
_next = _appointments.alias("next_visit")
_NEXT_ID = (
    select(_appointments.c.id)
    .where(
        _appointments.c.clinic_id == _talks.c.clinic_id,
        _appointments.c.patient_id == _talks.c.patient_id,
        _appointments.c.status == AppointmentStatus.BOOKED,
        _appointments.c.ends_at > bindparam("now", type_=_appointments.c.ends_at.type),
    )
    .order_by(_appointments.c.starts_at)
    .limit(1)
    .correlate(_talks)
    .scalar_subquery()
)
_SNAPSHOT = (
    select(
        *(column.label(f"talk_{column.name}") for column in _TALK),
        _addresses.c.verified_at.label("address_verified_at"),
        _addresses.c.closed_why.label("address_closed_why"),
        _addresses.c.value.label("sealed_address"),
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
        .outerjoin(_next, (_next.c.clinic_id == _talks.c.clinic_id) & (_next.c.id == _NEXT_ID))
        .outerjoin(
            _providers, (_providers.c.clinic_id == _talks.c.clinic_id) & (_providers.c.id == _next.c.provider_id)
        )
    )
    .where(_talks.c.clinic_id == bindparam("clinic_id"), _talks.c.id == bindparam("conversation_id"))
)


def state_place(conversation_id: ConversationId) -> Place:
    """Tell where the sealed state of a conversation stands."""
    return Place("conversation", "state", conversation_id)


def snapshot(scope: Scope, conversation_id: ConversationId, *, now: datetime) -> ConversationSnapshot:
    """Read a conversation with its patient and next visit. Raises NotFoundError, KeyErasedError."""
    parameters = {"clinic_id": scope.clinic_id, "conversation_id": conversation_id, "now": now}
    row = scope.execute(_SNAPSHOT, parameters).mappings().first()
    if row is None:
        raise NotFoundError(f"no conversation {conversation_id} in this clinic")
    person = scope.opened(row["id"], row["version"], row["sealed_key"])
    scope.talk_of(conversation_id, row["id"])
    sealed = row["talk_state"]
    talk: dict[str, Any] = {column.name: row[f"talk_{column.name}"] for column in _TALK}
    talk["state"] = None if sealed is None else person.open(state_place(conversation_id), sealed)
    return ConversationSnapshot(
        patient=read_patient(row, person),
        address_verified_at=row["address_verified_at"],
        address_closed_why=row["address_closed_why"],
        address=str(person.open(Place("address", "value", row["talk_address_id"]), row["sealed_address"])),
        visit=_read_visit(row),
        **talk,
    )


def _read_visit(row: RowMapping) -> BookedVisit | None:
    if row["visit_id"] is None:
        return None
    slot = Slot(
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        provider_id=row["visit_provider_id"],
        visit_type_id=row["visit_type_id"],
    )
    return BookedVisit(appointment_id=row["visit_id"], slot=slot, provider_name=row["provider_name"])
