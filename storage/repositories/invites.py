"""Invitations on paper and by e-mail: whom a card is for, who is in a chat already, and what came back.

A mark ties an e-mail to its row in the outbox; nobody who does not hold the clinic's key can make one.
"""

import base64
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, func, select, update

from flows.ids import AddressId, OutboxId, PatientId
from flows.vocabulary import Channel, Purpose
from storage.models import Appointment, Outgoing, Patient, table_of
from storage.records.outgoing import Lease
from storage.records.planning import LEFT
from storage.repositories.due import body_place
from storage.repositories.reached import reached
from storage.scope import Scope
from storage.sealing import Lookup
from storage.vocabulary import AppointmentStatus, OutboxKind, OutboxStatus

MARK_SIGNS = 24
PROGRAMME = (Purpose.RECALL, Purpose.OFFER)
CHATS = (Channel.WEBCHAT, Channel.TELEGRAM)

_outbox = table_of(Outgoing)
_patients = table_of(Patient)
_appointments = table_of(Appointment)
_VISITORS = (
    select(_appointments.c.patient_id)
    .where(
        _appointments.c.clinic_id == bindparam("clinic_id"),
        _appointments.c.status == AppointmentStatus.BOOKED,
        _appointments.c.starts_at >= bindparam("since", type_=_appointments.c.starts_at.type),
        _appointments.c.starts_at < bindparam("until", type_=_appointments.c.starts_at.type),
    )
    .order_by(_appointments.c.starts_at, _appointments.c.id)
)
_MAILED = select(_outbox.c.patient_id, _outbox.c.status, _outbox.c.sent_at, _outbox.c.body).where(
    _outbox.c.clinic_id == bindparam("clinic_id"),
    _outbox.c.id == bindparam("outbox_id"),
    _outbox.c.channel == Channel.EMAIL,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailed:
    """An e-mail that left. address_id: where to, None once the person was erased. sent_at: aware UTC, if known."""

    id: OutboxId
    patient_id: PatientId
    address_id: AddressId | None
    status: OutboxStatus
    sent_at: datetime | None


class InviteRepository:
    """Works in one transaction of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def visitors(self, *, since: datetime, until: datetime) -> list[PatientId]:
        """Return who has a visit booked that begins in this time (UTC, the end excluded), in the order they come."""
        asked = {"clinic_id": self._scope.clinic_id, "since": since, "until": until}
        return list(dict.fromkeys(self._scope.execute(_VISITORS, asked).scalars()))

    def in_a_chat(self, patient_ids: Collection[PatientId]) -> frozenset[PatientId]:
        """Return which of them a messenger reaches already."""
        return frozenset(reached(self._scope, patient_ids, CHATS))

    def address_of(self, patient_id: PatientId, channel: Channel) -> AddressId | None:
        """Return the address by which a patient is reached on a channel, the one the gate is told of."""
        found = reached(self._scope, [patient_id], (channel,)).get(patient_id)
        return None if found is None else found.address_id

    def mark_of(self, outbox_id: OutboxId) -> str:
        """Make the mark of an e-mail: its id and a keyed hash of it; letters, digits, `-`, `_` and one dot."""
        hashed = self._scope.sealer.lookup(Lookup.TOKEN, f"mail:{outbox_id}")
        return f"{outbox_id:x}.{base64.urlsafe_b64encode(hashed).decode()[:MARK_SIGNS]}"

    def marked(self, mark: str) -> Mailed | None:
        """Find the e-mail a mark was made for; None if we made no such mark."""
        number, _, _ = mark.partition(".")
        try:
            outbox_id = OutboxId(int(number, 16))
        except ValueError:
            return None
        if not hmac.compare_digest(self.mark_of(outbox_id).encode(), mark.encode()):
            return None
        row = self._scope.execute(_MAILED, {"clinic_id": self._scope.clinic_id, "outbox_id": outbox_id}).first()
        if row is None:
            return None
        return Mailed(
            id=outbox_id,
            patient_id=row.patient_id,
            address_id=self._sent_to(outbox_id, row.patient_id, row.body),
            status=row.status,
            sent_at=row.sent_at,
        )

    def lease(self, outbox_ids: Collection[OutboxId], lease: Lease) -> None:
        """Hold planned letters while they are written: nobody else takes them up."""
        self._scope.execute(
            update(_outbox)
            .where(
                _outbox.c.clinic_id == self._scope.clinic_id,
                _outbox.c.id.in_(outbox_ids),
                _outbox.c.status == OutboxStatus.PLANNED,
            )
            .values(status=OutboxStatus.LEASED, attempts=1, lease_token=lease.token, lease_until=lease.until)
        )

    def came_back(self, mailed: Mailed, *, reason: str) -> bool:
        """Say that an e-mail did not arrive after all; False if that was known.

        What never arrived was no contact: the patient's last one is again the one before.
        """
        changed = (
            update(_outbox)
            .where(_outbox.c.clinic_id == self._scope.clinic_id, _outbox.c.id == mailed.id, _outbox.c.status.in_(LEFT))
            .values(status=OutboxStatus.FAILED, status_reason=reason)
            .returning(_outbox.c.id)
        )
        if self._scope.execute(changed).first() is None:
            return False
        before = (
            select(func.max(_outbox.c.sent_at))
            .where(
                _outbox.c.clinic_id == self._scope.clinic_id,
                _outbox.c.patient_id == mailed.patient_id,
                _outbox.c.kind == OutboxKind.PROACTIVE,
                _outbox.c.purpose.in_(PROGRAMME),
                _outbox.c.status.in_(LEFT),
            )
            .scalar_subquery()
        )
        self._scope.execute(
            update(_patients)
            .where(
                _patients.c.clinic_id == self._scope.clinic_id,
                _patients.c.id == mailed.patient_id,
                _patients.c.last_contacted_at == mailed.sent_at,
            )
            .values(last_contacted_at=before)
        )
        return True

    def _sent_to(self, outbox_id: OutboxId, patient_id: PatientId, sealed: bytes | None) -> AddressId | None:
        person = self._scope.people([patient_id]).get(patient_id)
        if person is None or sealed is None:
            return None
        body = cast("Mapping[str, object]", person.open(body_place(outbox_id), sealed))
        to = body.get("address_id")
        return AddressId(to) if isinstance(to, int) else None
