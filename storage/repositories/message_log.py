"""What became of messages and work, looked back on: of one patient, or one message, with all the gate said of each.

Read only. What was said is opened only while the person's key is there.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import RowMapping, bindparam, or_, select

from flows.ids import OutboxId, PatientId, StaffId
from flows.vocabulary import Channel, Purpose
from storage.models import GateDecision, Outgoing, WorklistItem, table_of
from storage.repositories.decisions import Decided
from storage.repositories.due import body_place
from storage.scope import Scope
from storage.sealing import Json
from storage.vocabulary import OutboxKind, OutboxStatus, WorkKind, WorkOutcome

_outbox = table_of(Outgoing)
_decisions = table_of(GateDecision)
_work = table_of(WorklistItem)
_PLAIN = (
    "id",
    "patient_id",
    "channel",
    "kind",
    "purpose",
    "campaign",
    "step",
    "level",
    "message_key",
    "not_before",
    "status",
    "status_reason",
    "attempts",
    "sent_at",
    "staff_id",
    "created_at",
)
_READ = select(*(_outbox.c[name] for name in _PLAIN), _outbox.c.body).where(
    _outbox.c.clinic_id == bindparam("clinic_id")
)
_ONE = _READ.where(_outbox.c.id == bindparam("outbox_id"))
_OF_PATIENT = (
    _READ.where(
        _outbox.c.patient_id == bindparam("patient_id"),
        or_(_outbox.c.kind == OutboxKind.PROACTIVE, _outbox.c.campaign.is_not(None)),
    )
    .order_by(_outbox.c.id.desc())
    .limit(bindparam("limit"))
)
_JUDGED = (
    select(*(column for column in _decisions.c if column.name not in {"clinic_id", "id"}))
    .where(
        _decisions.c.clinic_id == bindparam("clinic_id"),
        _decisions.c.outbox_id.in_(bindparam("outbox_ids", expanding=True)),
    )
    .order_by(_decisions.c.id)
)
_WORK = (
    select(*(_work.c[name] for name in ("kind", "campaign", "step", "due_at", "attempts", "outcome", "closed_at")))
    .where(_work.c.clinic_id == bindparam("clinic_id"), _work.c.patient_id == bindparam("patient_id"))
    .order_by(_work.c.id.desc())
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedWork:
    """Something a person of the clinic is to do, or did, about a patient. Instants aware UTC; outcome None: open."""

    kind: WorkKind
    campaign: str
    step: int
    due_at: datetime
    attempts: int
    outcome: WorkOutcome | None
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Logged:
    """A message as it stands. text: None before it is worded, and once the person was erased. Instants aware UTC."""

    id: OutboxId
    patient_id: PatientId
    channel: Channel
    kind: OutboxKind
    purpose: Purpose | None
    campaign: str | None
    step: int | None
    level: int
    message_key: str
    not_before: datetime
    status: OutboxStatus
    status_reason: str | None
    attempts: int
    sent_at: datetime | None
    staff_id: StaffId | None
    created_at: datetime
    text: str | None


class MessageLog:
    """Messages of one clinic, looked back on."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, outbox_id: OutboxId) -> Logged | None:
        """Return a message; None if there is no such message in this clinic."""
        asked = {"clinic_id": self._scope.clinic_id, "outbox_id": outbox_id}
        row = self._scope.execute(_ONE, asked).mappings().first()
        return None if row is None else self._logged(row)

    def of_patient(self, patient_id: PatientId, *, limit: int) -> list[Logged]:
        """Return what the programme sent or means to send to a patient, in a chat or on paper, the latest first."""
        asked = {"clinic_id": self._scope.clinic_id, "patient_id": patient_id, "limit": limit}
        return [self._logged(row) for row in self._scope.execute(_OF_PATIENT, asked).mappings().all()]

    def work(self, patient_id: PatientId, *, limit: int) -> list[LoggedWork]:
        """Return what stands or stood on the worklist about a patient, the latest first."""
        asked = {"clinic_id": self._scope.clinic_id, "patient_id": patient_id, "limit": limit}
        return [LoggedWork(**row) for row in self._scope.execute(_WORK, asked).mappings()]

    def judged(self, outbox_ids: Collection[OutboxId]) -> Mapping[OutboxId, tuple[Decided, ...]]:
        """Return all the gate said of these messages, in the order it said it; of whom it said nothing is missing."""
        asked = {"clinic_id": self._scope.clinic_id, "outbox_ids": list(outbox_ids)}
        found: defaultdict[OutboxId, list[Decided]] = defaultdict(list)
        for row in self._scope.execute(_JUDGED, asked).mappings():
            found[row["outbox_id"]].append(Decided(**row))
        return {outbox_id: tuple(said) for outbox_id, said in found.items()}

    def _logged(self, row: RowMapping) -> Logged:
        plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
        return Logged(**plain, text=self._text(row))

    def _text(self, row: RowMapping) -> str | None:
        person = self._scope.people([row["patient_id"]]).get(row["patient_id"])
        if person is None or row["body"] is None:
            return None
        body = cast("Mapping[str, Json]", person.open(body_place(row["id"]), row["body"]))
        text = body.get("text")
        return text if isinstance(text, str) else None
