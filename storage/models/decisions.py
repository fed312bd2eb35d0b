"""Tables of why a message was or was not sent: the gate's decisions, and who signed the policy they rest on."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from flows.ids import ClinicId, LedgerEventId, OutboxId, PatientId
from flows.outreach.verdict import Refusal, Stage, Wait
from flows.vocabulary import Purpose
from storage.models.base import Row, of_clinic, refers
from storage.types import Id, UtcInstant, one_of
from storage.vocabulary import Verdict


class GateDecision(Row, table=True):
    """What the gate said about one message at one moment.

    wait: why a message was put off `until` then. policy_hash: of the exact content of the rules it was judged by. A row
    written before these columns were there has neither.
    """

    __tablename__ = "gate_decision"
    __table_args__ = (
        refers("outbox_id", "outbox"),
        refers("patient_id", "patient"),
        refers("right_event_id", "ledger_event"),
        Index(None, "clinic_id", "patient_id", "id"),
        Index(None, "clinic_id", "outbox_id"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    outbox_id: OutboxId | None = Field(default=None, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    purpose: Purpose = Field(sa_type=one_of(Purpose))
    stage: Stage = Field(sa_type=one_of(Stage))
    verdict: Verdict = Field(sa_type=one_of(Verdict))
    reason: Refusal | None = Field(default=None, sa_type=one_of(Refusal))
    wait: Wait | None = Field(default=None, sa_type=one_of(Wait))
    until: datetime | None = Field(default=None, sa_type=UtcInstant)
    right_event_id: LedgerEventId | None = Field(default=None, sa_type=Id)
    policy: str = Field(max_length=64)
    policy_version: int
    policy_hash: str | None = Field(default=None, max_length=64)
    at: datetime = Field(sa_type=UtcInstant)


class PolicySignature(Row, table=True):
    """A named person answers for this content of a policy."""

    __tablename__ = "policy_signature"
    __table_args__ = (
        of_clinic(),
        UniqueConstraint("clinic_id", "policy", "policy_version", "content_hash", name="uq_policy_signature_content"),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    policy: str = Field(max_length=64)
    policy_version: int
    content_hash: str = Field(max_length=64)
    signed_by: str = Field(max_length=200)
    at: datetime = Field(sa_type=UtcInstant)
