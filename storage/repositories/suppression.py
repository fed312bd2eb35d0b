"""Erased people who come back by a list: known by keyed hashes of their addresses, and kept out of the programme.

Who was here before somebody with the same address was erased is somebody else, and is left alone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from flows.ids import PatientId
from flows.outreach.ledger import OURSELVES, Act, ActedBy, LedgerEvent
from flows.vocabulary import Channel
from storage.ledger_keys import AddressHash
from storage.models import LedgerEntry, Patient, table_of
from storage.records.people import CONTACT_CHANNELS, Address
from storage.repositories.addresses import REPLACED, AddressRepository
from storage.repositories.ledger import LedgerRepository
from storage.scope import Scope

_OUT = frozenset({Act.ERASED, Act.SUPPRESSED})
_ledger = table_of(LedgerEntry)
_patients = table_of(Patient)
_ERASED = (
    select(_ledger.c.id, _ledger.c.at, _ledger.c.address_hash)
    .where(
        _ledger.c.clinic_id == bindparam("clinic_id"),
        _ledger.c.act == Act.ERASED,
        _ledger.c.address_hash.in_(bindparam("hashes", expanding=True)),
    )
    .order_by(_ledger.c.at)
)
_CREATED = select(_patients.c.id, _patients.c.created_at).where(
    _patients.c.clinic_id == bindparam("clinic_id"), _patients.c.id.in_(bindparam("patient_ids", expanding=True))
)


class Suppression:
    """Works in one transaction of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._ledger = LedgerRepository(scope)

    def remember(self, patient_id: PatientId, *, now: datetime) -> None:
        """Write down that a person is being erased, with the hash of each contact detail; before their key goes.

        Nothing is added for somebody who was erased before.
        """
        if any(event.act is Act.ERASED for event in self._ledger.events(patient_id)):
            return
        addresses = [one for one in AddressRepository(self._scope).of_patient(patient_id) if _is_theirs(one)]
        hashes: list[AddressHash | None] = [self._ledger.address_hash(one.channel, one.value) for one in addresses]
        self._ledger.append([self._event(patient_id, Act.ERASED, now, "", found) for found in hashes or [None]])

    def keep_out(self, contacts: Mapping[PatientId, Sequence[tuple[Channel, str]]], *, now: datetime) -> set[PatientId]:
        """Suppress those who came since by an address of somebody who was erased.

        Args:
            contacts: people and their contact details, as a list tells them.
            now: aware UTC.

        Returns:
            those suppressed now; who was before is not suppressed again.
        """
        keys = self._scope.sealer.ledger
        told = [
            (patient_id, found)
            for patient_id, details in contacts.items()
            for channel, value in details
            for found in keys.addresses(channel, value)
        ]
        erased = self._erased({found.value for _, found in told})
        came = [(patient_id, found, erased[found.value]) for patient_id, found in told if found.value in erased]
        if not came:
            return set()
        created = self._created({patient_id for patient_id, _, _ in came})
        before = self._ledger.events_of(list(created))
        events = {
            patient_id: self._event(patient_id, Act.SUPPRESSED, now, f"ledger:{entry.id}", found)
            for patient_id, found, entry in came
            if created[patient_id] >= entry.at and not any(event.act in _OUT for event in before[patient_id])
        }
        self._ledger.append(list(events.values()))
        return set(events)

    def _erased(self, hashes: Collection[bytes]) -> dict[bytes, Row[Any]]:
        """Find the first entry of each hash that an erasure kept."""
        if not hashes:
            return {}
        rows = self._scope.execute(_ERASED, self._of(hashes=list(hashes))).all()
        return {row.address_hash: row for row in reversed(rows)}

    def _created(self, patient_ids: Collection[PatientId]) -> dict[PatientId, datetime]:
        rows = self._scope.execute(_CREATED, self._of(patient_ids=list(patient_ids)))
        return {row.id: row.created_at for row in rows}

    def _event(
        self, patient_id: PatientId, act: Act, now: datetime, evidence: str, found: AddressHash | None
    ) -> LedgerEvent:
        return LedgerEvent(
            id=self._ledger.new_id(),
            patient_id=patient_id,
            at=now,
            acted_by=ActedBy.SYSTEM,
            act=act,
            purpose=None,
            basis=None,
            address_id=None,
            channel=None,
            # Neither is decided by a policy.
            policy="",
            policy_version=0,
            collected="erasure",
            evidence=evidence,
            valid_from=now,
            valid_until=None,
            address_hash=None if found is None else found.value,
            key_version=self._scope.sealer.ledger.newest if found is None else found.key_version,
            source_system=OURSELVES,
        )

    def _of(self, **parameters: object) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id, **parameters}


def _is_theirs(address: Address) -> bool:
    """Whether a list could bring the person back by it: a contact detail in use, or one that another replaced."""
    listed = address.channel in CONTACT_CHANNELS.values()
    return listed and (address.closed_at is None or address.closed_why == REPLACED)
