"""The consent ledger: adding to people's chains, and keeping the rights columns of patients in step with them.

Nothing here changes or removes an event, and no event is added without the columns that follow from it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, insert, select, update

from flows.ids import LedgerEventId, PatientId
from flows.outreach.chain import START, chain, verify
from flows.outreach.ledger import LedgerEvent
from flows.outreach.rights import rights
from flows.outreach.standing import Rights
from flows.vocabulary import Purpose
from storage.errors import NotFoundError
from storage.models import LedgerEntry, Patient, table_of
from storage.scope import Scope

BATCH = 500

_ledger = table_of(LedgerEntry)
_patients = table_of(Patient)
_FIELDS = [field.name for field in fields(LedgerEvent)]
_LOCK = (
    select(_patients.c.id)
    .where(
        _patients.c.clinic_id == bindparam("clinic_id"),
        _patients.c.id.in_(bindparam("patient_ids", expanding=True)),
    )
    .order_by(_patients.c.id)
    .with_for_update()
)
_EVENTS = (
    select(*(_ledger.c[name] for name in _FIELDS), _ledger.c.hash)
    .where(
        _ledger.c.clinic_id == bindparam("clinic_id"),
        _ledger.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
    )
    .order_by(_ledger.c.patient_id, _ledger.c.seq)
)
_ADD = insert(_ledger)
_FOLLOW = (
    update(_patients)
    .where(_patients.c.clinic_id == bindparam("of_clinic"), _patients.c.id == bindparam("of_patient"))
    .values({name: bindparam(name) for name in ("recall_ok", "postvisit_ok", "offer_ok", "paused_until", "frozen")})
)


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A person's events in the order of their chain. `hashes` are those stored with them."""

    events: tuple[LedgerEvent, ...] = ()
    hashes: tuple[bytes, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether each stored hash follows from the event and the one before."""
        return verify(zip(self.events, self.hashes, strict=True)) is None


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

    def events(self, patient_id: PatientId) -> tuple[LedgerEvent, ...]:
        """Return a person's events in the order of their chain."""
        return self.history(patient_id).events

    def events_of(self, patient_ids: Collection[PatientId]) -> dict[PatientId, tuple[LedgerEvent, ...]]:
        """Return the events of several people in one statement; everybody asked for is in the answer."""
        return {patient_id: history.events for patient_id, history in self.histories(patient_ids).items()}

    def history(self, patient_id: PatientId) -> History:
        """Return a person's events and stored hashes."""
        return self.histories([patient_id])[patient_id]

    def histories(self, patient_ids: Collection[PatientId]) -> dict[PatientId, History]:
        """Return events and stored hashes of several people in one statement; everybody asked for is in the answer."""
        rows = self._scope.execute(_EVENTS, self._of(patient_ids)).mappings().all()
        found: dict[PatientId, list[RowMapping]] = {patient_id: [] for patient_id in patient_ids}
        for row in rows:
            found[row["patient_id"]].append(row)
        return {
            patient_id: History(
                events=tuple(LedgerEvent(**{name: row[name] for name in _FIELDS}) for row in theirs),
                hashes=tuple(row["hash"] for row in theirs),
            )
            for patient_id, theirs in found.items()
        }

    def _append(self, added: dict[PatientId, list[LedgerEvent]]) -> None:
        present = set(self._scope.execute(_LOCK, self._of(added)).scalars())
        if missing := added.keys() - present:
            raise NotFoundError(f"no patient {min(missing)} in this clinic")
        before = self.histories(added)
        rows = [row for patient_id, new in added.items() for row in self._chained(before[patient_id], new)]
        self._scope.execute(_ADD, rows)
        self._scope.execute(
            _FOLLOW,
            [self._columns(patient_id, (*before[patient_id].events, *new)) for patient_id, new in added.items()],
        )

    def _chained(self, before: History, new: Iterable[LedgerEvent]) -> list[dict[str, object]]:
        previous = before.hashes[-1] if before.hashes else START
        rows: list[dict[str, object]] = []
        for seq, event in enumerate(new, start=len(before.events) + 1):
            following = chain(previous, event)
            row: dict[str, object] = {name: getattr(event, name) for name in _FIELDS}
            rows.append(
                row | {"clinic_id": self._scope.clinic_id, "seq": seq, "previous_hash": previous, "hash": following}
            )
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
