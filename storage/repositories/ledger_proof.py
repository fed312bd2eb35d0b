"""Proves a clinic's whole ledger: every chain recomputed, and compared with what checkpoints sealed off.

One pass over the events in the order of the chains, a few thousand at a time: memory is flat however many there are.
Where an entry holds what cannot be read, a second, slower pass tells which.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Enum, LargeBinary, RowMapping, Select, bindparam, func, select, type_coerce
from sqlalchemy.types import NullType

from flows.ids import PatientId
from flows.outreach.chain import Link, follows
from storage.models import LedgerEntry, LedgerHead, table_of
from storage.repositories.checkpoints import AT_ONCE, CheckpointRepository
from storage.repositories.ledger import EVENT_COLUMNS, read_link
from storage.scope import Scope
from storage.types import UtcInstant

_ledger = table_of(LedgerEntry)
_heads = table_of(LedgerHead)
_SAME_PLACE = (
    (_heads.c.clinic_id == _ledger.c.clinic_id)
    & (_heads.c.patient_id == _ledger.c.patient_id)
    & (_heads.c.seq == _ledger.c.seq)
)
_COUNT = select(func.count()).select_from(_ledger).where(_ledger.c.clinic_id == bindparam("clinic_id"))
_LINKS = (*EVENT_COLUMNS, _heads.c.hash.label("sealed"))


def _chains(columns: Iterable[ColumnElement[Any]]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(_ledger.outerjoin(_heads, _SAME_PLACE))
        .where(_ledger.c.clinic_id == bindparam("clinic_id"))
        .order_by(_ledger.c.patient_id, _ledger.c.seq)
        .execution_options(yield_per=AT_ONCE)
    )


_CHAINS = _chains(_LINKS)
_AS_STORED = _chains(type_coerce(column, NullType()).label(column.name) for column in _LINKS)
"""The same, each value just as the database holds it."""

UNREADABLE = (LookupError, TypeError, ValueError)
"""What reading an entry raises that recare never wrote."""

_GONE = (
    select(_heads.c.patient_id, func.min(_heads.c.seq).label("seq"))
    .select_from(_heads.outerjoin(_ledger, _SAME_PLACE))
    .where(_heads.c.clinic_id == bindparam("clinic_id"), _ledger.c.id.is_(None))
    .group_by(_heads.c.patient_id)
    .order_by(_heads.c.patient_id)
)


class Breach(StrEnum):
    """What is wrong with a chain.

    UNREADABLE: an event holds what is no event. CHANGED: it does not follow from the one before. REMADE: it does, yet a
    checkpoint sealed off another. GONE: what a checkpoint sealed off is not there.
    """

    UNREADABLE = "unreadable"
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
    def is_readable(self) -> bool:
        """Whether every event holds what an event may hold."""
        return all(chain.breach is not Breach.UNREADABLE for chain in self.chains)

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
        for chain in (*self._looked_through(progress), *self._gone()):
            first = broken.setdefault(chain.patient_id, chain)
            if chain.seq < first.seq:
                broken[chain.patient_id] = chain
        return Proof(
            people=self._people,
            events=self._events,
            chains=tuple(broken[patient_id] for patient_id in sorted(broken)),
            checkpoint=CheckpointRepository(self._scope).broken(),
        )

    def _looked_through(self, progress: Callable[[int], None]) -> list[BrokenChain]:
        try:
            return list(self._broken_links(_CHAINS, read_link, progress))
        except UNREADABLE:
            self._people = self._events = 0
            return list(self._broken_links(_AS_STORED, _read_if_possible, progress))

    def _broken_links(
        self, chains: Select[Any], read: Callable[[RowMapping], Link | None], progress: Callable[[int], None]
    ) -> Iterator[BrokenChain]:
        whose: PatientId | None = None
        before: Link | None = None
        with self._scope.execute(chains, self._clinic) as rows:
            for row in rows.mappings():
                if row["patient_id"] != whose:
                    whose, before = row["patient_id"], None
                    self._people += 1
                link = read(row)
                breach = Breach.UNREADABLE if link is None else _breach(link, before, row["sealed"])
                if breach is not None:
                    yield BrokenChain(patient_id=row["patient_id"], seq=row["seq"], breach=breach)
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


def _read_if_possible(row: RowMapping) -> Link | None:
    """Read an event in its chain from values as they are stored; None if they are none of an event."""
    try:
        link = read_link({column.name: _read(column, row[column.name]) for column in EVENT_COLUMNS})
        follows(link, None)
    except UNREADABLE:
        return None
    return link


def _read(column: ColumnElement[Any], stored: Any) -> Any:  # noqa: ANN401 - whatever somebody stored
    kind = column.type
    if stored is None:
        return None
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(stored)
    if isinstance(kind, LargeBinary):
        return bytes(stored)
    if not isinstance(kind, UtcInstant):
        return stored
    instant = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _breach(link: Link, before: Link | None, sealed: bytes | None) -> Breach | None:
    if not follows(link, before):
        return Breach.CHANGED
    return Breach.REMADE if sealed is not None and sealed != link.hash else None
