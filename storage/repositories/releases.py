"""Messages that wait for a person, and what somebody chose for each: let it go, or leave it out.

A message is decided about once, and only before it begins to leave. What is left out is withdrawn by the same act.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeAlias

from sqlalchemy import Executable, bindparam, delete, exists, func, insert, not_, select, update

from flows.ids import ConversationId, OutboxId, PatientId, StaffId
from flows.vocabulary import Channel, Purpose
from storage.dialects import inserting
from storage.models import BatchChoice, BatchRelease, Outgoing, Patient, table_of
from storage.models.outbox import DUE
from storage.scope import Scope
from storage.vocabulary import Choice, OutboxKind, OutboxStatus

LEFT_OUT = "left_out"
"""Why a message is withdrawn that somebody left out of a batch."""

NOT_RELEASED = "not_released"
"""Why a message is refused that nobody let go in time; the gate's word."""

Named: TypeAlias = tuple[PatientId, str, int]
"""A message by whom it is for, its campaign and its step."""

_outbox = table_of(Outgoing)
_patients = table_of(Patient)
_releases = table_of(BatchRelease)
_choices = table_of(BatchChoice)
_chosen = exists(
    select(_choices.c.outbox_id).where(
        _choices.c.clinic_id == _outbox.c.clinic_id, _choices.c.outbox_id == _outbox.c.id
    )
)
_open = (
    _outbox.c.clinic_id == bindparam("of_clinic"),
    DUE,
    _outbox.c.kind == OutboxKind.PROACTIVE,
    _outbox.c.purpose.is_not(None),
    _outbox.c.campaign.is_not(None),
    not_(_chosen),
)
_MESSAGE = ("id", "patient_id", "conversation_id", "channel", "purpose", "campaign", "step", "level", "not_before")
_waiting = select(_outbox.c.clinic_id, *(_outbox.c[name] for name in _MESSAGE)).where(*_open).subquery("waiting")
_their = (_patients.c.clinic_id == _waiting.c.clinic_id) & (_patients.c.id == _waiting.c.patient_id)
_WAITING = (
    select(*(_waiting.c[name] for name in _MESSAGE), _patients.c.residence)
    .join(_patients, _their)
    .order_by(_waiting.c.not_before, _waiting.c.id)
)
_TALLY = (
    select(_waiting.c.purpose, _waiting.c.channel, _patients.c.residence, func.count().label("count"))
    .join(_patients, _their)
    .group_by(_waiting.c.purpose, _waiting.c.channel, _patients.c.residence)
)
_STILL_OPEN = (
    select(_outbox.c.id)
    .where(*_open, _outbox.c.id.in_(bindparam("outbox_ids", expanding=True)))
    .order_by(_outbox.c.id)
    .with_for_update()
)
_WITHDRAW = (
    update(_outbox)
    .where(_outbox.c.clinic_id == bindparam("of_clinic"), _outbox.c.id.in_(bindparam("outbox_ids", expanding=True)))
    .values(status=OutboxStatus.WITHDRAWN, status_reason=LEFT_OUT)
)
_RELEASED = (
    select(_outbox.c.patient_id, _outbox.c.campaign, _outbox.c.step)
    .join(_choices, (_choices.c.clinic_id == _outbox.c.clinic_id) & (_choices.c.outbox_id == _outbox.c.id))
    .where(
        _outbox.c.clinic_id == bindparam("of_clinic"),
        _outbox.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
        _outbox.c.campaign.is_not(None),
        _choices.c.choice == Choice.RELEASED,
    )
)
_CHOICE = (
    select(_choices.c.choice, _releases.c.batch, _releases.c.staff_id, _releases.c.at)
    .join(_releases, (_releases.c.clinic_id == _choices.c.clinic_id) & (_releases.c.id == _choices.c.release_id))
    .where(_choices.c.clinic_id == bindparam("of_clinic"), _choices.c.outbox_id == bindparam("outbox_id"))
)
_HELD_BACK = (
    select(_outbox.c.patient_id, func.max(_outbox.c.not_before).label("at"))
    .where(
        _outbox.c.clinic_id == bindparam("of_clinic"),
        _outbox.c.patient_id.in_(bindparam("patient_ids", expanding=True)),
        _outbox.c.purpose.in_(bindparam("purposes", expanding=True)),
        _outbox.c.status.in_((OutboxStatus.WITHDRAWN, OutboxStatus.REFUSED)),
        _outbox.c.status_reason == bindparam("reason"),
        _outbox.c.not_before >= bindparam("since", type_=_outbox.c.not_before.type),
    )
    .group_by(_outbox.c.patient_id)
)


@cache
def _choose(dialect: str) -> Executable:
    once = ["clinic_id", "outbox_id"]
    return inserting(dialect, _choices).on_conflict_do_nothing(index_elements=once).returning(_choices.c.outbox_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Undecided:
    """A planned message nobody has decided about. residence: whose law holds besides the clinic's. not_before: UTC."""

    id: OutboxId
    patient_id: PatientId
    conversation_id: ConversationId | None
    channel: Channel
    purpose: Purpose
    campaign: str
    step: int
    level: int
    not_before: datetime
    residence: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many undecided messages there are of a purpose, by a channel, to people of a residence."""

    purpose: Purpose
    channel: Channel
    residence: str | None
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What somebody chose for a message, in which batch, and when (UTC)."""

    choice: Choice
    batch: str
    staff_id: StaffId
    at: datetime


class ReleaseRepository:
    """Batches of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def undecided(self) -> list[Undecided]:
        """Return the programme's messages that have not begun to leave and that nobody decided about, soonest first."""
        rows = self._scope.execute(_WAITING, {"of_clinic": self._scope.clinic_id}).mappings()
        return [Undecided(**row) for row in rows]

    def tally(self) -> list[Tally]:
        """Count what `undecided` returns, without reading it."""
        return [Tally(**row) for row in self._scope.execute(_TALLY, {"of_clinic": self._scope.clinic_id}).mappings()]

    def decide(
        self,
        batch: str,
        staff_id: StaffId,
        *,
        released: Collection[OutboxId],
        left_out: Collection[OutboxId],
        now: datetime,
    ) -> dict[OutboxId, Choice]:
        """Keep what somebody chose, and withdraw what they left out.

        Args:
            batch: its name.
            staff_id: who chose.
            released: messages that may leave, if the gate says yes then.
            left_out: messages that may not.
            now: aware UTC.

        Returns:
            what was new: nothing for messages that have begun to leave, are gone, or were decided about before.
        """
        wanted = dict.fromkeys(released, Choice.RELEASED) | dict.fromkeys(left_out, Choice.LEFT_OUT)
        asked = {"of_clinic": self._scope.clinic_id, "outbox_ids": list(wanted)}
        still_open = list(self._scope.execute(_STILL_OPEN, asked).scalars()) if wanted else []
        if not still_open:
            return {}
        release_id = self._begin(batch, staff_id, now)
        rows = [
            {
                "clinic_id": self._scope.clinic_id,
                "outbox_id": outbox_id,
                "release_id": release_id,
                "choice": wanted[outbox_id],
            }
            for outbox_id in still_open
        ]
        new = set(self._scope.execute(_choose(self._scope.connection.dialect.name), rows).scalars())
        if not new:
            # Somebody else decided about all of them while this waited for its rows.
            this = (_releases.c.clinic_id == self._scope.clinic_id, _releases.c.id == release_id)
            self._scope.execute(delete(_releases).where(*this))
        out = [outbox_id for outbox_id in still_open if outbox_id in new and wanted[outbox_id] is Choice.LEFT_OUT]
        if out:
            self._scope.execute(_WITHDRAW, {"of_clinic": self._scope.clinic_id, "outbox_ids": out})
        return {outbox_id: wanted[outbox_id] for outbox_id in still_open if outbox_id in new}

    def released(self, patient_ids: Collection[PatientId]) -> frozenset[Named]:
        """Return which messages to these people somebody let go."""
        asked = {"of_clinic": self._scope.clinic_id, "patient_ids": list(patient_ids)}
        return frozenset((row.patient_id, row.campaign, row.step) for row in self._scope.execute(_RELEASED, asked))

    def chosen(self, outbox_id: OutboxId) -> Chosen | None:
        """Return what somebody chose for a message; None if nobody did."""
        asked = {"of_clinic": self._scope.clinic_id, "outbox_id": outbox_id}
        row = self._scope.execute(_CHOICE, asked).mappings().first()
        return None if row is None else Chosen(**row)

    def held_back(
        self, patient_ids: Collection[PatientId], purposes: Collection[Purpose], *, reason: str, since: datetime
    ) -> dict[PatientId, datetime]:
        """Return who had a message held back that was to leave at `since` (UTC) or later, and when the last one was.

        reason: LEFT_OUT or NOT_RELEASED.
        """
        asked = {
            "of_clinic": self._scope.clinic_id,
            "patient_ids": list(patient_ids),
            "purposes": list(purposes),
            "reason": reason,
            "since": since,
        }
        return {row.patient_id: row.at for row in self._scope.execute(_HELD_BACK, asked)}

    def _begin(self, batch: str, staff_id: StaffId, now: datetime) -> int:
        release_id = self._scope.ids.next()
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": release_id,
            "batch": batch,
            "staff_id": staff_id,
            "at": now,
        }
        self._scope.execute(insert(_releases), row)
        return release_id
