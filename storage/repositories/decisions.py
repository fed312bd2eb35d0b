"""The gate's decisions as they were made, and the signatures of policies."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, func, insert, select

from flows.ids import LedgerEventId, OutboxId, PatientId
from flows.outreach.policy import PolicyPart
from flows.outreach.verdict import Refusal, Stage, Wait
from flows.vocabulary import Purpose
from storage.dialects import inserting
from storage.models import GateDecision, PolicySignature, table_of
from storage.scope import Scope
from storage.vocabulary import Verdict

_decisions = table_of(GateDecision)
_signatures = table_of(PolicySignature)
_RECORD = insert(_decisions)
_COLUMNS = [column for column in _decisions.c if column.name not in {"clinic_id", "id"}]
_OF_PATIENT = (
    select(*_COLUMNS)
    .where(_decisions.c.clinic_id == bindparam("clinic_id"), _decisions.c.patient_id == bindparam("patient_id"))
    .order_by(_decisions.c.id.desc())
    .limit(bindparam("limit"))
)
_newest = _decisions.alias("newest")
_LATEST = select(_decisions.c.patient_id, _decisions.c.reason).where(
    _decisions.c.clinic_id == bindparam("clinic_id"),
    _decisions.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
    _decisions.c.id
    == select(func.max(_newest.c.id))
    .where(
        _newest.c.clinic_id == _decisions.c.clinic_id,
        _newest.c.patient_id == _decisions.c.patient_id,
        _newest.c.purpose == bindparam("purpose", type_=_newest.c.purpose.type),
    )
    .correlate(_decisions)
    .scalar_subquery(),
)
_WHY_NOT = (
    select(_decisions.c.reason, func.count())
    .where(
        _decisions.c.clinic_id == bindparam("clinic_id"),
        _decisions.c.verdict == Verdict.REFUSE,
        _decisions.c.at >= bindparam("since", type_=_decisions.c.at.type),
    )
    .group_by(_decisions.c.reason)
)
_WHY_LATER = (
    select(_decisions.c.wait, func.count())
    .where(
        _decisions.c.clinic_id == bindparam("clinic_id"),
        _decisions.c.verdict == Verdict.DEFER,
        _decisions.c.wait.is_not(None),
        _decisions.c.at >= bindparam("since", type_=_decisions.c.at.type),
    )
    .group_by(_decisions.c.wait)
)
_ALL_SIGNED = select(_signatures.c.policy, _signatures.c.policy_version, _signatures.c.content_hash).where(
    _signatures.c.clinic_id == bindparam("clinic_id")
)
_SIGNED = select(_signatures.c.signed_by, _signatures.c.at).where(
    _signatures.c.clinic_id == bindparam("clinic_id"),
    _signatures.c.policy == bindparam("policy"),
    _signatures.c.policy_version == bindparam("policy_version"),
    _signatures.c.content_hash == bindparam("content_hash"),
)


@cache
def _sign(dialect: str) -> Executable:
    once = ["clinic_id", "policy", "policy_version", "content_hash"]
    return inserting(dialect, _signatures).on_conflict_do_nothing(index_elements=once).returning(_signatures.c.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """What the gate said about one message at one moment.

    right_event_id: what a permit rests on; wait and until: of a defer. policy_hash: of the content it was judged by.
    """

    patient_id: PatientId
    purpose: Purpose
    stage: Stage
    verdict: Verdict
    policy: str
    policy_version: int
    at: datetime
    outbox_id: OutboxId | None = None
    policy_hash: str | None = None
    reason: Refusal | None = None
    wait: Wait | None = None
    until: datetime | None = None
    right_event_id: LedgerEventId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """Who answers for a policy, and since when (UTC)."""

    signed_by: str
    at: datetime


class DecisionRepository:
    """Decisions and signatures of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def record(self, decided: Sequence[Decided]) -> None:
        """Keep decisions, in one statement."""
        if not decided:
            return
        ids = self._scope.ids.take(len(decided))
        rows = [
            asdict(decision) | {"clinic_id": self._scope.clinic_id, "id": decision_id}
            for decision, decision_id in zip(decided, ids, strict=True)
        ]
        self._scope.execute(_RECORD, rows)

    def of_patient(self, patient_id: PatientId, limit: int) -> list[Decided]:
        """Return what was decided about a patient, the latest first."""
        parameters = {"clinic_id": self._scope.clinic_id, "patient_id": patient_id, "limit": limit}
        return [Decided(**row) for row in self._scope.execute(_OF_PATIENT, parameters).mappings()]

    def latest_reasons(self, patient_ids: Collection[PatientId], purpose: Purpose) -> dict[PatientId, Refusal | None]:
        """Return why the latest decision about each was a no (None: it was none); who has none is missing."""
        asked = {"clinic_id": self._scope.clinic_id, "patient_ids": list(patient_ids), "purpose": purpose}
        return {row.patient_id: row.reason for row in self._scope.execute(_LATEST, asked)}

    def refusals(self, *, since: datetime) -> dict[Refusal, int]:
        """Count the refusals since then (UTC) by their reason."""
        rows = self._scope.execute(_WHY_NOT, {"clinic_id": self._scope.clinic_id, "since": since})
        return {reason: count for reason, count in rows}  # noqa: C416  # dict() does not know that rows are pairs

    def waits(self, *, since: datetime) -> dict[Wait, int]:
        """Count what was put off since then (UTC) by the reason."""
        rows = self._scope.execute(_WHY_LATER, {"clinic_id": self._scope.clinic_id, "since": since})
        return {reason: count for reason, count in rows}  # noqa: C416  # dict() does not know that rows are pairs

    def sign(self, policy: str, policy_version: int, content_hash: str, *, signed_by: str, now: datetime) -> bool:
        """Keep who answers for this content of a policy; False if it was signed before, which stays."""
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": self._scope.ids.next(),
            "policy": policy,
            "policy_version": policy_version,
            "content_hash": content_hash,
            "signed_by": signed_by,
            "at": now,
        }
        return self._scope.execute(_sign(self._scope.connection.dialect.name), row).first() is not None

    def signed(self, parts: Iterable[PolicyPart]) -> bool:
        """Tell whether somebody signed every one of these, as they are."""
        return frozenset(parts) <= self.signatures()

    def signatures(self) -> frozenset[PolicyPart]:
        """Return all that somebody signed, in one statement."""
        rows = self._scope.execute(_ALL_SIGNED, {"clinic_id": self._scope.clinic_id})
        return frozenset(
            PolicyPart(id=row.policy, version=row.policy_version, content_hash=row.content_hash) for row in rows
        )

    def signature(self, policy: str, policy_version: int, content_hash: str) -> Signature | None:
        """Return who signed exactly this content, if anybody did."""
        parameters = {
            "clinic_id": self._scope.clinic_id,
            "policy": policy,
            "policy_version": policy_version,
            "content_hash": content_hash,
        }
        row = self._scope.execute(_SIGNED, parameters).mappings().first()
        return None if row is None else Signature(**row)
