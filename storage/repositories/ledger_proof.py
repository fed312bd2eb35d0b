"""Proves a clinic's whole ledger: every chain recomputed, and compared with what checkpoints sealed off.

One pass over the events in the order of the chains, a few thousand at a time: memory is flat however many there are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, func, select

from flows.ids import PatientId
from flows.outreach.chain import Link, follows
from storage.models import LedgerEntry, LedgerHead, table_of
from storage.repositories.checkpoints import AT_ONCE, CheckpointRepository
from storage.repositories.ledger import EVENT_COLUMNS, read_link
from storage.scope import Scope

_ledger = table_of(LedgerEntry)
_heads = table_of(LedgerHead)
_SAME_PLACE = (
    (_heads.c.clinic_id == _ledger.c.clinic_id)
    & (_heads.c.patient_id == _ledger.c.patient_id)
    & (_heads.c.seq == _ledger.c.seq)
)
_COUNT = select(func.count()).select_from(_ledger).where(_ledger.c.clinic_id == bindparam("clinic_id"))
_CHAINS = (
    select(*EVENT_COLUMNS, _heads.c.hash.label("sealed"))
    .select_from(_ledger.outerjoin(_heads, _SAME_PLACE))
    .where(_ledger.c.clinic_id == bindparam("clinic_id"))
    .order_by(_ledger.c.patient_id, _ledger.c.seq)
    .execution_options(yield_per=AT_ONCE)
)
_GONE = (
    select(_heads.c.patient_id, func.min(_heads.c.seq).label("seq"))
    .select_from(_heads.outerjoin(_ledger, _SAME_PLACE))
    .where(_heads.c.clinic_id == bindparam("clinic_id"), _ledger.c.id.is_(None))
    .group_by(_heads.c.patient_id)
    .order_by(_heads.c.patient_id)
)


class Breach(StrEnum):
    """What is wrong with a chain.

    CHANGED: an event does not follow from the one before. REMADE: it does, yet a checkpoint sealed off another. GONE:
    what a checkpoint sealed off is not there.
    """

    CHANGED = "changed"
    REMADE = "remade"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenChain:
    """Where a person's chain breaks first; `seq` counts from 1."""

    patient_id: PatientId
    seq: int
    breach: Breach


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """What was found: how much was looked at, which chains are broken, and the first broken checkpoint, if any."""

    people: int
    events: int
    chains: tuple[BrokenChain, ...]
    checkpoint: int | None

    @property
    def broken(self) -> tuple[PatientId, ...]:
        """Whose chains are broken."""
        return tuple(chain.patient_id for chain in self.chains)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is broken."""
        return not self.chains and self.checkpoint is None


class LedgerProof:
    """Reads the ledger of one clinic; best in a transaction that sees one moment."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._people = 0
        self._events = 0

    def count(self) -> int:
        """Count the events there are."""
        return int(self._scope.execute(_COUNT, self._clinic).scalar_one())

    def run(self, progress: Callable[[int], None] = lambda _events: None) -> Proof:
        """Verify everything; `progress` is told now and then how many events were looked at."""
        self._people = self._events = 0
        broken: dict[PatientId, BrokenChain] = {}
        for chain in (*self._broken_links(progress), *self._gone()):
            first = broken.setdefault(chain.patient_id, chain)
            if chain.seq < first.seq:
                broken[chain.patient_id] = chain
        return Proof(
            people=self._people,
            events=self._events,
            chains=tuple(broken[patient_id] for patient_id in sorted(broken)),
            checkpoint=CheckpointRepository(self._scope).broken(),
        )

    def _broken_links(self, progress: Callable[[int], None]) -> Iterator[BrokenChain]:
        before: Link | None = None
        for row in self._scope.execute(_CHAINS, self._clinic).mappings():
            link = read_link(row)
            if before is None or before.event.patient_id != link.event.patient_id:
                before = None
                self._people += 1
            breach = _breach(link, before, row["sealed"])
            if breach is not None:
                yield BrokenChain(patient_id=link.event.patient_id, seq=link.seq, breach=breach)
            before = link
            self._events += 1
            if self._events % AT_ONCE == 0:
                progress(self._events)
        progress(self._events)

    def _gone(self) -> Iterator[BrokenChain]:
        for row in self._scope.execute(_GONE, self._clinic):
            yield BrokenChain(patient_id=row.patient_id, seq=row.seq, breach=Breach.GONE)

    @property
    def _clinic(self) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id}


def _breach(link: Link, before: Link | None, sealed: bytes | None) -> Breach | None:
    if not follows(link, before):
        return Breach.CHANGED
    return Breach.REMADE if sealed is not None and sealed != link.hash else None
