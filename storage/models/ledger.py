"""Tables of the consent ledger: per person a chain of events, each holding the hash of the one before; and checkpoints.

Rows are only ever added; the database itself refuses to change or remove one.
"""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field

from flows.ids import AddressId, ClinicId, LedgerEventId, PatientId
from flows.outreach.ledger import Act, ActedBy, Basis
from flows.vocabulary import Channel, Purpose
from storage.models.base import SMALL_ROWS, Row, of_clinic, refers
from storage.types import Digest, Id, KeyedHash, UtcInstant, one_of

ERASED = text("act = 'erased'")
NOTHING = text("''")


class LedgerEntry(Row, table=True):
    """An event of the ledger and its place in the person's chain; `seq` counts from 1 in each chain.

    form: the canonical form it was hashed in.
    """

    __tablename__ = "ledger_event"
    __table_args__ = (
        refers("patient_id", "patient"),
        UniqueConstraint("clinic_id", "patient_id", "seq"),
        Index("ix_ledger_event_erased", "clinic_id", "address_hash", sqlite_where=ERASED, postgresql_where=ERASED),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: LedgerEventId = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    seq: int
    at: datetime = Field(sa_type=UtcInstant)
    acted_by: ActedBy = Field(sa_type=one_of(ActedBy))
    act: Act = Field(sa_type=one_of(Act))
    purpose: Purpose | None = Field(default=None, sa_type=one_of(Purpose))
    basis: Basis | None = Field(default=None, sa_type=one_of(Basis))
    address_id: AddressId | None = Field(default=None, sa_type=Id)
    channel: Channel | None = Field(default=None, sa_type=one_of(Channel))
    policy: str = Field(max_length=64)
    policy_version: int
    collected: str
    evidence: str
    valid_from: datetime = Field(sa_type=UtcInstant)
    valid_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    address_hash: bytes | None = Field(default=None, sa_type=KeyedHash)
    notice: str = Field(sa_column_kwargs={"server_default": NOTHING})
    withdraw_by: str = Field(sa_column_kwargs={"server_default": NOTHING})
    source_system: str = Field(sa_column_kwargs={"server_default": NOTHING})
    key_version: int = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "1"})
    form: int = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "1"})
    previous_hash: bytes = Field(sa_type=Digest)
    hash: bytes = Field(sa_type=Digest)


class LedgerCheckpoint(Row, table=True):
    """A moment at which all chains of a clinic were sealed off; `seq` counts from 1.

    heads: how many chains had grown since the one before. mac: under the key of `key_version`, over those heads, all
    columns here and the `mac` of the checkpoint before.
    """

    __tablename__ = "ledger_checkpoint"
    __table_args__ = (of_clinic(), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcInstant)
    heads: int
    key_version: int = Field(sa_type=SmallInteger)
    previous_mac: bytes = Field(sa_type=Digest)
    mac: bytes = Field(sa_type=Digest)


class LedgerHead(Row, table=True):
    """The last event of a person's chain when checkpoint `checkpoint` was made, if the chain had grown by then."""

    __tablename__ = "ledger_head"
    __table_args__ = (
        refers("patient_id", "patient"),
        Index(None, "clinic_id", "checkpoint", "patient_id", unique=True),
        SMALL_ROWS,
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(primary_key=True, sa_type=Id)
    seq: int = Field(primary_key=True)
    hash: bytes = Field(sa_type=Digest)
    checkpoint: int
