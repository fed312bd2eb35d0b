"""The worklist: who is to be called, written to on paper, or looked at by the dentist; and what came of it.

An item is closed once, with one outcome. Who answers, books or says no falls off it by one statement for all.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, exists, literal, not_, or_, select, update

from flows.ids import ConversationId, PatientId, StaffId
from flows.vocabulary import Owner, PatientStatus
from storage.dialects import inserting
from storage.models import Conversation, Outgoing, Patient, WorklistItem, table_of
from storage.records.planning import LEFT, PENDING, DueQuery
from storage.records.worklist import CAME_TO_NOTHING, NewWork, Silent, Work
from storage.repositories.due_patients import none_of, objections_to_next
from storage.scope import Scope
from storage.vocabulary import WorkKind, WorkOutcome

REACTIVATION = "reactivation:"
FORGOTTEN_AFTER = timedelta(days=365)
"""A step that came to nothing so long ago is no campaign under way any more."""

_items = table_of(WorklistItem)
_next_items = _items.alias("next_items")
_outbox = table_of(Outgoing)
_later = _outbox.alias("later_message")
_patients = table_of(Patient)
_talks = table_of(Conversation)
_COLUMNS = tuple(_items.c[field.name] for field in fields(Work))


@cache
def _put(dialect: str) -> Executable:
    once = ["clinic_id", "patient_id", "campaign", "step", "kind"]
    return inserting(dialect, _items).on_conflict_do_nothing(index_elements=once).returning(_items.c.id)


class WorklistRepository:
    """Works in one transaction of one clinic. Instants are aware UTC."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def put(self, new: Sequence[NewWork], *, now: datetime) -> int:
        """Put work on the list, in one statement; returns how much of it was not there before."""
        if not new:
            return 0
        rows = [
            {
                "clinic_id": self._scope.clinic_id,
                "id": self._scope.ids.next(),
                "patient_id": one.patient_id,
                "kind": one.kind,
                "campaign": one.campaign,
                "step": one.step,
                "due_at": one.due_at,
                "attempts": 0,
                "outcome": one.outcome,
                "staff_id": None,
                "created_at": now,
                "closed_at": None if one.outcome is None else now,
            }
            for one in new
        ]
        return len(self._scope.execute(_put(self._scope.connection.dialect.name), rows).all())

    def open(self, kinds: Collection[WorkKind], *, until: datetime, limit: int) -> list[Work]:
        """Return what is to be done by `until`, the longest due first."""
        wanted = (
            select(*_COLUMNS)
            .where(
                _items.c.clinic_id == self._scope.clinic_id,
                _items.c.outcome.is_(None),
                _items.c.kind.in_(kinds),
                _items.c.due_at <= until,
            )
            .order_by(_items.c.due_at, _items.c.id)
            .limit(limit)
        )
        return [Work(**row) for row in self._scope.execute(wanted).mappings()]

    def lock(self, item_id: int) -> Work | None:
        """Return an item for changing it, so that nobody else closes it meanwhile; None if there is none."""
        wanted = select(*_COLUMNS).where(_items.c.clinic_id == self._scope.clinic_id, _items.c.id == item_id)
        row = self._scope.execute(wanted.with_for_update()).mappings().first()
        return None if row is None else Work(**row)

    def talks_of(self, patient_ids: Collection[PatientId]) -> dict[PatientId, ConversationId]:
        """Return the talk of each patient who has one, the one used last."""
        rows = self._scope.execute(
            select(_talks.c.patient_id, _talks.c.id)
            .where(_talks.c.clinic_id == self._scope.clinic_id, _talks.c.patient_id.in_(patient_ids))
            .order_by(_talks.c.last_patient_at.nulls_first(), _talks.c.id)
        )
        return {row.patient_id: row.id for row in rows}

    def held(self, item_id: int, staff_id: StaffId, *, now: datetime) -> None:
        """Remember who looks after an item from now on."""
        self._change(item_id, staff_id=staff_id, due_at=now)

    def attempted(self, item_id: int, *, next_at: datetime) -> None:
        """Count an attempt that reached nobody; the next may be made at `next_at`, by anybody."""
        self._change(item_id, attempts=_items.c.attempts + 1, due_at=next_at, staff_id=None)

    def put_off(self, item_id: int, *, until: datetime) -> None:
        """Have an item wait."""
        self._change(item_id, due_at=until, staff_id=None)

    def close(self, item_id: int, outcome: WorkOutcome, *, staff_id: StaffId | None, now: datetime) -> None:
        """Close an item with what came of it."""
        self._change(item_id, outcome=outcome, staff_id=staff_id, closed_at=now)

    def close_all(self, patient_id: PatientId, outcome: WorkOutcome, *, now: datetime) -> None:
        """Close whatever is still open about a patient."""
        self._scope.execute(
            update(_items)
            .where(
                _items.c.clinic_id == self._scope.clinic_id,
                _items.c.patient_id == patient_id,
                _items.c.outcome.is_(None),
            )
            .values(outcome=outcome, closed_at=now)
        )

    def settle(self, *, now: datetime) -> int:
        """Close what is not wanted any more: its patient answered, booked, said no, or staff are at it."""
        unwanted = exists(
            select(literal(1)).where(
                _patients.c.clinic_id == _items.c.clinic_id,
                _patients.c.id == _items.c.patient_id,
                or_(
                    _patients.c.next_visit_at.is_not(None),
                    not_(_patients.c.recall_ok),
                    _patients.c.status != PatientStatus.ACTIVE,
                    _patients.c.frozen,
                    and_(_patients.c.paused_until.is_not(None), _patients.c.paused_until > now),
                ),
            )
        )
        closed = (
            update(_items)
            .where(
                _items.c.clinic_id == self._scope.clinic_id,
                _items.c.outcome.is_(None),
                or_(unwanted, _wrote(_items.c.created_at, _items)),
            )
            .values(outcome=WorkOutcome.ENDED, closed_at=now)
            .returning(_items.c.id)
        )
        return len(self._scope.execute(closed).all())

    def silent_after_messages(
        self, query: DueQuery, *, last_step: int, sent_before: datetime, given_up_before: datetime, limit: int
    ) -> list[Silent]:
        """Select who has not answered the last message that will come; the longest silent first.

        Args:
            query: where the bounds lie.
            last_step: the last message that the policy lets through.
            sent_before: the latest instant at which that message left.
            given_up_before: whoever got an earlier message at this instant or before, and no other since, counts too.
            limit: how many at most.
        """
        waiting = (
            select(_outbox.c.patient_id, _outbox.c.campaign, _outbox.c.step)
            .join(_patients, and_(_patients.c.clinic_id == _outbox.c.clinic_id, _patients.c.id == _outbox.c.patient_id))
            .where(
                _outbox.c.clinic_id == self._scope.clinic_id,
                _outbox.c.campaign.startswith(REACTIVATION, autoescape=True),
                _outbox.c.status.in_(LEFT),
                or_(
                    and_(_outbox.c.step >= last_step, _outbox.c.sent_at <= sent_before),
                    _outbox.c.sent_at <= given_up_before,
                ),
                _outbox.c.sent_at > query.now - FORGOTTEN_AFTER,
                none_of(objections_to_next(query)),
                not_(exists(_later_messages())),
                not_(exists(_of_the_campaign(_outbox.c.campaign, _outbox))),
                not_(_wrote(_outbox.c.sent_at, _outbox)),
            )
            .order_by(_outbox.c.sent_at, _outbox.c.patient_id)
            .limit(limit)
        )
        return [Silent(**row) for row in self._scope.execute(waiting).mappings()]

    def silent_after(self, query: DueQuery, *, step: int, closed_before: datetime, limit: int) -> list[Silent]:
        """Select whose step `step` of the list came to nothing by then, and who said nothing since."""
        waiting = (
            select(_items.c.patient_id, _items.c.campaign, _items.c.step)
            .join(_patients, and_(_patients.c.clinic_id == _items.c.clinic_id, _patients.c.id == _items.c.patient_id))
            .where(
                _items.c.clinic_id == self._scope.clinic_id,
                _items.c.step == step,
                _items.c.outcome.in_(CAME_TO_NOTHING),
                _items.c.closed_at.between(query.now - FORGOTTEN_AFTER, closed_before),
                none_of(objections_to_next(query)),
                not_(exists(_of_the_campaign(_items.c.campaign, _items).where(_next_items.c.step > _items.c.step))),
                not_(exists(_still_open())),
                not_(_wrote(_items.c.created_at, _items)),
            )
            .order_by(_items.c.closed_at, _items.c.id)
            .limit(limit)
        )
        return [Silent(**row) for row in self._scope.execute(waiting).mappings()]

    def _change(self, item_id: int, **values: object) -> None:
        self._scope.execute(
            update(_items)
            .where(_items.c.clinic_id == self._scope.clinic_id, _items.c.id == item_id, _items.c.outcome.is_(None))
            .values(**values)
        )


def _wrote(since: ColumnElement[Any], rows: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a table or its alias
    """Whether the patient of a row wrote since an instant, or staff own one of their chats."""
    return exists(
        select(literal(1))
        .select_from(_talks)
        .where(
            _talks.c.clinic_id == rows.c.clinic_id,
            _talks.c.patient_id == rows.c.patient_id,
            or_(_talks.c.last_patient_at >= since, _talks.c.owner == Owner.STAFF),
        )
        .correlate(rows)
    )


def _later_messages() -> Select[Any]:
    return (
        select(literal(1))
        .select_from(_later)
        .where(
            _later.c.clinic_id == _outbox.c.clinic_id,
            _later.c.patient_id == _outbox.c.patient_id,
            _later.c.campaign.startswith(REACTIVATION, autoescape=True),
            or_(_later.c.status.in_(PENDING), and_(_later.c.status.in_(LEFT), _later.c.sent_at > _outbox.c.sent_at)),
        )
        .correlate(_outbox)
    )


def _of_the_campaign(campaign: ColumnElement[Any], rows: Any) -> Select[Any]:  # noqa: ANN401 - a table or its alias
    return (
        select(literal(1))
        .select_from(_next_items)
        .where(
            _next_items.c.clinic_id == rows.c.clinic_id,
            _next_items.c.patient_id == rows.c.patient_id,
            _next_items.c.campaign == campaign,
        )
        .correlate(rows)
    )


def _still_open() -> Select[Any]:
    return (
        select(literal(1))
        .select_from(_next_items)
        .where(
            _next_items.c.clinic_id == _items.c.clinic_id,
            _next_items.c.patient_id == _items.c.patient_id,
            _next_items.c.outcome.is_(None),
        )
        .correlate(_items)
    )
