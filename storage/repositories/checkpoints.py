"""Checkpoints of a clinic's ledger: the heads of all chains, sealed with a key that the database does not hold.

A chain alone shows that one row was changed; a checkpoint also shows that a whole chain was made anew. Each checkpoint
seals what grew since the one before, and that one's seal with it.
"""

import hmac
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import bindparam, exists, insert, select

from flows.ids import PatientId
from flows.outreach.chain import START
from storage.models import Clinic, LedgerCheckpoint, LedgerEntry, LedgerHead, table_of
from storage.scope import Scope

AT_ONCE = 2000
"""Rows fetched at a time: memory stays flat however many there are."""

_FORM = b"recare/ledger/checkpoint/1"
_clinics = table_of(Clinic)
_ledger = table_of(LedgerEntry)
_heads = table_of(LedgerHead)
_checkpoints = table_of(LedgerCheckpoint)
_COLUMNS = [column for column in _checkpoints.c if column.name != "clinic_id"]
_OURS = _checkpoints.c.clinic_id == bindparam("clinic_id")
_LOCK = select(_clinics.c.clinic_id).where(_clinics.c.clinic_id == bindparam("clinic_id")).with_for_update()
_ALL = select(*_COLUMNS).where(_OURS).order_by(_checkpoints.c.seq)
_SEALED_WITH = select(_checkpoints.c.seq).where(_OURS, _checkpoints.c.mac == bindparam("mac"))
_LATEST = select(*_COLUMNS).where(_OURS).order_by(_checkpoints.c.seq.desc()).limit(1)
_SEALED = (
    select(_heads.c.patient_id, _heads.c.seq, _heads.c.hash)
    .where(_heads.c.clinic_id == bindparam("clinic_id"), _heads.c.checkpoint == bindparam("checkpoint"))
    .order_by(_heads.c.patient_id)
    .execution_options(yield_per=AT_ONCE)
)
_BEYOND = (
    select(_heads.c.checkpoint)
    .where(_heads.c.clinic_id == bindparam("clinic_id"), _heads.c.checkpoint > bindparam("last"))
    .limit(1)
)
_later = _ledger.alias("later")
_GREW = select(
    _ledger.c.clinic_id,
    _ledger.c.patient_id,
    _ledger.c.seq,
    _ledger.c.hash,
    bindparam("checkpoint", type_=_heads.c.checkpoint.type),
).where(
    _ledger.c.clinic_id == bindparam("clinic_id"),
    _ledger.c.patient_id.not_in(bindparam("broken", expanding=True)),
    ~exists().where(
        _later.c.clinic_id == _ledger.c.clinic_id,
        _later.c.patient_id == _ledger.c.patient_id,
        _later.c.seq > _ledger.c.seq,
    ),
    ~exists().where(
        _heads.c.clinic_id == _ledger.c.clinic_id,
        _heads.c.patient_id == _ledger.c.patient_id,
        _heads.c.seq >= _ledger.c.seq,
    ),
)
_SEAL_OFF = insert(_heads).from_select(["clinic_id", "patient_id", "seq", "hash", "checkpoint"], _GREW)
_KEEP = insert(_checkpoints)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """A checkpoint as stored. heads: how many chains it sealed off; at: aware UTC."""

    seq: int
    at: datetime
    heads: int
    key_version: int
    previous_mac: bytes
    mac: bytes


class CheckpointRepository:
    """The checkpoints of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def latest(self) -> Checkpoint | None:
        """Return the last checkpoint; None if there is none yet."""
        row = self._scope.execute(_LATEST, self._clinic).mappings().first()
        return None if row is None else Checkpoint(**row)

    def sealed_with(self, mac: bytes) -> int | None:
        """Return the number of the checkpoint with this seal; None if there is none, or no longer."""
        return self._scope.execute(_SEALED_WITH, self._clinic | {"mac": mac}).scalar()

    def make(self, *, now: datetime, broken: Collection[PatientId] = ()) -> Checkpoint:
        """Seal off what grew since the last checkpoint, with the newest key.

        Args:
            now: aware UTC.
            broken: people whose chains do not verify; those are not sealed off, so that a restored one is whole again.
        """
        # One at a time in a clinic: the next one seals the one before.
        self._scope.execute(_LOCK, self._clinic)
        before = self.latest()
        begun = Checkpoint(
            seq=1 if before is None else before.seq + 1,
            at=now.astimezone(UTC),
            heads=0,
            key_version=self._scope.sealer.ledger.newest,
            previous_mac=START if before is None else before.mac,
            mac=b"",
        )
        self._scope.execute(_SEAL_OFF, self._clinic | {"checkpoint": begun.seq, "broken": list(broken)})
        heads, mac = self._seal(begun)
        made = replace(begun, heads=heads, mac=mac)
        self._scope.execute(_KEEP, self._clinic | asdict(made))
        return made

    def broken(self) -> int | None:
        """Recompute all seals; the number of the first checkpoint that does not verify, None if all do."""
        last, previous = 0, START
        for row in self._scope.execute(_ALL, self._clinic).mappings().all():
            checkpoint = Checkpoint(**row)
            in_place = checkpoint.seq == last + 1 and checkpoint.previous_mac == previous
            heads, mac = self._seal(checkpoint)
            if not in_place or heads != checkpoint.heads or not hmac.compare_digest(mac, checkpoint.mac):
                return last + 1
            last, previous = checkpoint.seq, checkpoint.mac
        beyond = self._scope.execute(_BEYOND, self._clinic | {"last": last}).first()
        return None if beyond is None else last + 1

    def _seal(self, checkpoint: Checkpoint) -> tuple[int, bytes]:
        """Count the heads and compute the seal over them, the checkpoint's place and moment, and the seal before."""
        seal = self._scope.sealer.ledger.seal(checkpoint.key_version)
        moment = checkpoint.at.isoformat(timespec="microseconds")
        place = f"{self._scope.clinic_id}:{checkpoint.seq}:{moment}:{checkpoint.key_version}:"
        seal.update(_FORM + place.encode() + checkpoint.previous_mac)
        heads = 0
        for head in self._scope.execute(_SEALED, self._clinic | {"checkpoint": checkpoint.seq}):
            seal.update(f"{head.patient_id}:{head.seq}:".encode() + head.hash)
            heads += 1
        return heads, seal.digest()

    @property
    def _clinic(self) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id}
