"""The outbox: putting messages in, planning steps once, claiming what is due, withdrawing what must not leave."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, and_, bindparam, func, insert, or_, select, update

from flows.ids import AppointmentId, ConversationId, OutboxId, PatientId
from flows.vocabulary import Channel, Purpose
from storage.dialects import inserting
from storage.hot import Hot
from storage.models import Outgoing, table_of
from storage.models.outbox import DUE, UNDER_WAY
from storage.records.outgoing import DueOutbox, Lease, NewOutbox, PlannedOutbox
from storage.repositories.deliveries import HANDED_OVER, Deliveries
from storage.repositories.due import body_place, claim_due, claim_of_talk, waiting_in_talk, waiting_until
from storage.repositories.reminders import reminders_of
from storage.sealing import Json
from storage.vocabulary import OutboxKind, OutboxStatus

_outbox = table_of(Outgoing)
_NEXT_DUE = select(func.min(_outbox.c.not_before)).where(
    _outbox.c.clinic_id == bindparam("clinic_id"),
    DUE,
    _outbox.c.not_before > bindparam("now", type_=_outbox.c.not_before.type),
)
_PUT = Hot(insert(_outbox))

# Withdrawn in many turns, so made once, as in `deliveries`.
_OF_PURPOSES = _outbox.c.purpose.in_(bindparam("purposes", expanding=True))
_OF_CAMPAIGNS = _outbox.c.campaign.startswith(bindparam("campaigns", type_=_outbox.c.campaign.type))


def _taking_back(which: ColumnElement[bool]) -> Hot:
    """Build the statement that withdraws a patient's proactive messages that have not begun to leave."""
    return Hot(
        update(_outbox)
        .where(
            _outbox.c.clinic_id == bindparam("of_clinic"),
            _outbox.c.patient_id == bindparam("of_patient"),
            _outbox.c.kind == OutboxKind.PROACTIVE,
            which,
            or_(DUE, and_(UNDER_WAY, _outbox.c.status_reason.is_distinct_from(HANDED_OVER))),
        )
        .values(status=OutboxStatus.WITHDRAWN, status_reason=bindparam("reason"), lease_token=None, lease_until=None)
    )


_TAKE_BACK_PURPOSES = _taking_back(_OF_PURPOSES)
_TAKE_BACK_CAMPAIGNS = _taking_back(_OF_CAMPAIGNS)
_TAKE_BACK_EITHER = _taking_back(or_(_OF_PURPOSES, _OF_CAMPAIGNS))


@cache
def _plan(dialect: str) -> Executable:
    once = ["clinic_id", "patient_id", "campaign", "step"]
    return inserting(dialect, _outbox).on_conflict_do_nothing(index_elements=once).returning(_outbox.c.id)


class OutboxRepository(Deliveries):
    """Messages of one clinic, from their planning to what became of them."""

    def put(self, rows: Sequence[NewOutbox], *, now: datetime) -> list[OutboxId]:
        """Put messages in, in one statement; returns their ids in order.

        One with a lease is under way at once; else it is queued, or planned if it has no body yet.
        """
        ready = [self._row(row, now) for row in rows]
        if len(ready) == 1:
            self._scope.change(_PUT, ready[0])
        elif ready:
            self._scope.execute(_PUT, ready)
        return [row["id"] for row in ready]

    def plan(self, row: NewOutbox, *, now: datetime) -> OutboxId | None:
        """Plan a step of a campaign; its id, or None if it was planned for the patient before."""
        return self.plan_many([row], now=now)[0]

    def plan_many(self, rows: Sequence[NewOutbox], *, now: datetime) -> list[OutboxId | None]:
        """Plan steps in one statement; for each its id, or None if it was planned for the patient before."""
        ready = [self._row(row, now) for row in rows]
        if not ready:
            return []
        planned = set(self._scope.execute(_plan(self._scope.connection.dialect.name), ready).scalars())
        return [row["id"] if row["id"] in planned else None for row in ready]

    def claim_due(
        self,
        now: datetime,
        limit: int,
        lease_token: str,
        lease_seconds: int,
        *,
        channels: Collection[Channel] = tuple(Channel),
    ) -> list[DueOutbox]:
        """Lease the messages that have been due the longest.

        Args:
            now: aware UTC.
            limit: how many at most.
            lease_token: a secret of the claimer's, new for each claim.
            lease_seconds: after how long a claimer counts as vanished.
            channels: those by which they leave.

        Returns:
            messages nobody else holds, in the order they were due; those without a body must be worded first.
        """
        return claim_due(
            self._scope,
            channels=channels,
            now=now,
            limit=limit,
            lease_token=lease_token,
            lease_seconds=lease_seconds,
        )

    def claim_of_talk(
        self, talk: ConversationId, lease: Lease, *, limit: int, held: Mapping[OutboxId, str]
    ) -> list[DueOutbox]:
        """Lease what waits in a talk and is not proactive, before its time too, in the order it was put in.

        held: what the caller claimed already and has not begun, with the token of each; it is held anew.
        """
        return claim_of_talk(self._scope, talk, lease, limit=limit, held=held)

    def waiting_in_talk(self, talk: ConversationId, known: Collection[OutboxId]) -> dict[OutboxId, datetime]:
        """Tell what waits in a talk and is not proactive, each until when (UTC); known: also if somebody holds it."""
        return waiting_in_talk(self._scope, talk, known)

    def waiting_until(self, until: datetime) -> list[tuple[ConversationId, OutboxId]]:
        """Tell what waits in any talk until then (UTC) at the latest and is not proactive."""
        return waiting_until(self._scope, until)

    def withdraw(self, patient_id: PatientId, purposes: Collection[Purpose], *, reason: str) -> int:
        """Take back the patient's proactive messages of these purposes that have not begun to leave; returns how many.

        One that is claimed but not yet handed over is taken back too: `word` or `hand_over` then says no.
        """
        return self._take_back(_TAKE_BACK_PURPOSES, patient_id, reason, purposes=list(purposes))

    def withdraw_reminders(self, patient_id: PatientId, appointment_id: AppointmentId, *, reason: str) -> int:
        """Take back the reminders of one visit, whichever of its times they name; else like `withdraw`."""
        return self._take_back(_TAKE_BACK_CAMPAIGNS, patient_id, reason, campaigns=reminders_of(appointment_id))

    def withdraw_outdated(
        self, patient_id: PatientId, purposes: Collection[Purpose], appointment_id: AppointmentId, *, reason: str
    ) -> int:
        """Do what `withdraw` and `withdraw_reminders` do, for one reason and in one statement."""
        either = {"purposes": list(purposes), "campaigns": reminders_of(appointment_id)}
        return self._take_back(_TAKE_BACK_EITHER, patient_id, reason, **either)

    def _take_back(self, change: Hot, patient_id: PatientId, reason: str, **which: object) -> int:
        whose = {"of_clinic": self._scope.clinic_id, "of_patient": patient_id, "reason": reason}
        return self._scope.change(change, {**whose, **which})

    def planned(self, *, limit: int) -> list[PlannedOutbox]:
        """Return the programme's messages that wait for their time, the soonest first."""
        waiting = (
            select(*(_outbox.c[name] for name in ("patient_id", "purpose", "campaign", "step", "not_before")))
            .where(_outbox.c.clinic_id == self._scope.clinic_id, DUE, _outbox.c.kind == OutboxKind.PROACTIVE)
            .order_by(_outbox.c.not_before, _outbox.c.id)
            .limit(limit)
        )
        return [PlannedOutbox(**row) for row in self._scope.execute(waiting).mappings()]

    def planned_at(self, outbox_id: OutboxId) -> datetime:
        """Return when a message was put in (UTC). Raises NoResultFound: there is none."""
        found = select(_outbox.c.created_at).where(
            _outbox.c.clinic_id == self._scope.clinic_id, _outbox.c.id == outbox_id
        )
        planned: datetime = self._scope.execute(found).scalar_one()
        return planned

    def asked_since(self, patient_id: PatientId, message_key: str, since: datetime) -> list[OutboxStatus]:
        """Return what became of a patient's messages of one text that were put in from `since` (UTC) on."""
        found = select(_outbox.c.status).where(
            _outbox.c.clinic_id == self._scope.clinic_id,
            _outbox.c.patient_id == patient_id,
            _outbox.c.message_key == message_key,
            _outbox.c.created_at >= since,
        )
        return list(self._scope.execute(found).scalars())

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the next message after `now` is due (UTC); None if none is planned."""
        found: datetime | None = self._scope.execute(
            _NEXT_DUE, {"clinic_id": self._scope.clinic_id, "now": now}
        ).scalar()
        return found

    def body(self, outbox_id: OutboxId, conversation_id: ConversationId) -> Mapping[str, Json] | None:
        """Return what a message of a conversation says; None if there is no such message or it has no words."""
        row = self._scope.execute(
            select(_outbox.c.patient_id, _outbox.c.body).where(
                _outbox.c.clinic_id == self._scope.clinic_id,
                _outbox.c.id == outbox_id,
                _outbox.c.conversation_id == conversation_id,
            )
        ).first()
        if row is None or row.body is None:
            return None
        return cast("Mapping[str, Json]", self._scope.person(row.patient_id).open(body_place(outbox_id), row.body))

    def _row(self, new: NewOutbox, now: datetime) -> dict[str, Any]:
        outbox_id = OutboxId(self._scope.ids.next())
        sealed = None
        if new.body is not None:
            sealed = self._scope.person(new.patient_id).seal(body_place(outbox_id), new.body)
        waiting = OutboxStatus.PLANNED if sealed is None else OutboxStatus.QUEUED
        return {
            "clinic_id": self._scope.clinic_id,
            "id": outbox_id,
            "conversation_id": new.conversation_id,
            "patient_id": new.patient_id,
            "channel": new.channel,
            "kind": new.kind,
            "purpose": new.purpose,
            "campaign": new.campaign,
            "step": new.step,
            "level": new.level,
            "message_key": new.message_key,
            "reach": new.reach,
            "body": sealed,
            "not_before": new.not_before,
            "status": waiting if new.lease is None else OutboxStatus.LEASED,
            "attempts": 0 if new.lease is None else 1,
            "lease_token": None if new.lease is None else new.lease.token,
            "lease_until": None if new.lease is None else new.lease.until,
            "staff_id": new.staff_id,
            "created_at": now,
        }
