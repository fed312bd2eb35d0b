"""The consent ledger: adding to people's chains, and keeping the rights columns of patients in step with them.

Nothing here changes or removes an event, and no event is added without the columns that follow from it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, insert, select, update

from flows.ids import LedgerEventId, PatientId
from flows.outreach.chain import NEWEST_FORM, START, Link, chain, verify
from flows.outreach.ledger import LedgerEvent
from flows.outreach.rights import rights
from flows.outreach.standing import Rights
from flows.vocabulary import Channel, Purpose
from storage.errors import NotFoundError
from storage.hot import Hot
from storage.ledger_keys import AddressHash
from storage.models import LedgerEntry, LedgerHead, Patient, table_of
from storage.scope import Scope

BATCH = 500

_ledger = table_of(LedgerEntry)
_heads = table_of(LedgerHead)
_patients = table_of(Patient)
_FIELDS = [field.name for field in fields(LedgerEvent)]
EVENT_COLUMNS = (*(_ledger.c[name] for name in _FIELDS), _ledger.c.seq, _ledger.c.form, _ledger.c.hash)
"""The columns of which `read_link` makes an event in its chain."""

_LOCK = Hot(
    select(_patients.c.id)
    .where(
        _patients.c.clinic_id == bindparam("clinic_id"),
        _patients.c.id.in_(bindparam("patient_ids", expanding=True)),
    )
    .order_by(_patients.c.id)
    .with_for_update()
)
_EVENTS = Hot(
    select(*EVENT_COLUMNS)
    .where(
        _ledger.c.clinic_id == bindparam("clinic_id"),
        _ledger.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
    )
    .order_by(_ledger.c.patient_id, _ledger.c.seq)
)
_LENGTH = Hot(
    select(func.coalesce(func.max(_ledger.c.seq), 0)).where(
        _ledger.c.clinic_id == bindparam("clinic_id"), _ledger.c.patient_id == bindparam("patient_id")
    )
)
_HEADS = Hot(
    select(_heads.c.patient_id, _heads.c.seq, _heads.c.hash).where(
        _heads.c.clinic_id == bindparam("clinic_id"),
        _heads.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
    )
)
_ADD = insert(_ledger)
_FOLLOW = (
    update(_patients)
    .where(_patients.c.clinic_id == bindparam("of_clinic"), _patients.c.id == bindparam("of_patient"))
    .values({name: bindparam(name) for name in ("recall_ok", "postvisit_ok", "offer_ok", "paused_until", "frozen")})
)


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A person's chain. sealed: hashes that checkpoints have sealed off, by the place in the chain, from 1."""

    links: tuple[Link, ...] = ()
    sealed: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def events(self) -> tuple[LedgerEvent, ...]:
        """The events, in the order of the chain."""
        return tuple(link.event for link in self.links)

    @property
    def is_whole(self) -> bool:
        """Whether each hash follows from the event and the one before, and nothing that was sealed off has changed."""
        stored = {link.seq: link.hash for link in self.links}
        return verify(self.links) is None and all(stored.get(seq) == sealed for seq, sealed in self.sealed.items())


def read_link(row: Mapping[str, Any] | RowMapping) -> Link:
    """Read an event in its chain from a row with EVENT_COLUMNS."""
    event = LedgerEvent(**{name: row[name] for name in _FIELDS})
    return Link(seq=row["seq"], event=event, form=row["form"], hash=row["hash"])


class LedgerRepository:
    """The ledger of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def new_id(self) -> LedgerEventId:
        """Make the id of an event to be appended."""
        return LedgerEventId(self._scope.ids.next())

    def append(self, events: Sequence[LedgerEvent]) -> None:
        """Add events to the chains of those they concern, in the order given, and recompute their rights columns.

        A broken chain is added to as well: a stop must be kept whatever happened before it.

        Raises:
            NotFoundError: an event concerns nobody of this clinic.
        """
        added: dict[PatientId, list[LedgerEvent]] = defaultdict(list)
        for event in events:
            added[event.patient_id].append(event)
        patient_ids = sorted(added)
        for start in range(0, len(patient_ids), BATCH):
            batch = patient_ids[start : start + BATCH]
            self._append({patient_id: added[patient_id] for patient_id in batch})

    def hold(self, patient_id: PatientId) -> int:
        """Keep others from adding to a person's chain until this transaction ends; returns how many events it has."""
        self._scope.rows(_LOCK, self._of([patient_id]))
        return int(self._scope.value(_LENGTH, {"clinic_id": self._scope.clinic_id, "patient_id": patient_id}))

    def events(self, patient_id: PatientId) -> tuple[LedgerEvent, ...]:
        """Return a person's events in the order of their chain."""
        return self.events_of([patient_id])[patient_id]

    def events_of(self, patient_ids: Collection[PatientId]) -> dict[PatientId, tuple[LedgerEvent, ...]]:
        """Return the events of several people in one statement; everybody asked for is in the answer."""
        chains = self._chains(patient_ids)
        return {patient_id: tuple(link.event for link in links) for patient_id, links in chains.items()}

    def history(self, patient_id: PatientId) -> History:
        """Return a person's chain, and what checkpoints sealed off of it."""
        return self.histories([patient_id])[patient_id]

    def histories(self, patient_ids: Collection[PatientId]) -> dict[PatientId, History]:
        """Return the chains of several people in two statements; everybody asked for is in the answer."""
        sealed: dict[PatientId, dict[int, bytes]] = {patient_id: {} for patient_id in patient_ids}
        for row in self._scope.rows(_HEADS, self._of(patient_ids)):
            sealed[row["patient_id"]][row["seq"]] = row["hash"]
        return {
            patient_id: History(links=links, sealed=sealed[patient_id])
            for patient_id, links in self._chains(patient_ids).items()
        }

    def address_hash(self, channel: Channel, value: str) -> AddressHash:
        """Hash an address (chat id, mailbox, E.164 number) for an event."""
        return self._scope.sealer.ledger.address(channel, value)

    def _chains(self, patient_ids: Collection[PatientId]) -> dict[PatientId, tuple[Link, ...]]:
        found: dict[PatientId, list[Link]] = {patient_id: [] for patient_id in patient_ids}
        for row in self._scope.rows(_EVENTS, self._of(patient_ids)):
            found[row["patient_id"]].append(read_link(row))
        return {patient_id: tuple(links) for patient_id, links in found.items()}

    def _append(self, added: dict[PatientId, list[LedgerEvent]]) -> None:
        present = {row["id"] for row in self._scope.rows(_LOCK, self._of(added))}
        if missing := added.keys() - present:
            raise NotFoundError(f"no patient {min(missing)} in this clinic")
        before = self._chains(added)
        rows = [row for patient_id, new in added.items() for row in self._chained(before[patient_id], new)]
        self._scope.execute(_ADD, rows)
        self._scope.execute(
            _FOLLOW,
            [
                self._columns(patient_id, [*(link.event for link in before[patient_id]), *new])
                for patient_id, new in added.items()
            ],
        )

    def _chained(self, before: Sequence[Link], new: Iterable[LedgerEvent]) -> list[dict[str, object]]:
        last, previous = (before[-1].seq, before[-1].hash) if before else (0, START)
        rows: list[dict[str, object]] = []
        for seq, event in enumerate(new, start=last + 1):
            following = chain(previous, event)
            row: dict[str, object] = {name: getattr(event, name) for name in _FIELDS}
            place = {"clinic_id": self._scope.clinic_id, "seq": seq, "form": NEWEST_FORM}
            rows.append(row | place | {"previous_hash": previous, "hash": following})
            previous = following
        return rows

    def _columns(self, patient_id: PatientId, events: Sequence[LedgerEvent]) -> dict[str, object]:
        # Everything in the chain has happened, even if the clock that stamped it runs ahead of ours.
        now = max(event.at for event in events)
        allowed = rights(events, now)
        return {
            "of_clinic": self._scope.clinic_id,
            "of_patient": patient_id,
            "recall_ok": _ever(allowed, Purpose.RECALL, now),
            "postvisit_ok": _ever(allowed, Purpose.POSTVISIT, now),
            "offer_ok": _ever(allowed, Purpose.OFFER, now),
            "paused_until": allowed.paused_until,
            "frozen": allowed.frozen,
        }

    def _of(self, patient_ids: Collection[PatientId]) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id, "patient_ids": list(patient_ids)}


def _ever(allowed: Rights, purpose: Purpose, now: datetime) -> bool:
    """Whether the purpose is permitted now or will be by itself: the column misses nobody the gate may permit."""
    moments = {
        now,
        *(right.valid_from for right in allowed.given if right.purpose is purpose and right.valid_from > now),
    }
    return any(allowed.permitted(purpose, moment) is not None for moment in moments)
