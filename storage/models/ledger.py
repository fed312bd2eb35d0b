"""Table of the consent ledger: per person a chain of events, each holding the hash of the one before.

Rows are only ever added; the database itself refuses to change or remove one.
"""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from flows.ids import AddressId, ClinicId, LedgerEventId, PatientId
from flows.outreach.ledger import Act, ActedBy, Basis
from flows.vocabulary import Channel, Purpose
from storage.models.base import Row, refers
from storage.types import Digest, Id, UtcInstant, one_of


class LedgerEntry(Row, table=True):
    """An event of the ledger and its place in the person's chain; `seq` counts from 1 in each chain."""

    __tablename__ = "ledger_event"
    __table_args__ = (refers("patient_id", "patient"), UniqueConstraint("clinic_id", "patient_id", "seq"))

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
    previous_hash: bytes = Field(sa_type=Digest)
    hash: bytes = Field(sa_type=Digest)
