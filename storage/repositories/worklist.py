"""The worklist: who is to be called, written to on paper, or looked at by the dentist; and what came of it.

An item is closed once, with one outcome; only a letter is open again whose e-mail reached nobody. Who answers, books or
says no falls off it by one statement for all.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, and_, exists, literal, not_, or_, select, update

from flows.ids import ConversationId, PatientId, StaffId
from flows.vocabulary import PatientStatus
from storage.dialects import inserting
from storage.models import Conversation, Patient, WorklistItem, table_of
from storage.records.planning import DueQuery
from storage.records.worklist import NewWork, Silent, Work
from storage.repositories.due_statements import Question
from storage.repositories.silence import after_mails, after_messages, after_work, wrote
from storage.scope import Scope
from storage.vocabulary import WorkKind, WorkOutcome

_items = table_of(WorklistItem)
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

    def settle(self, *, now: datetime, held_since: datetime) -> int:
        """Close what is not wanted any more: its patient answered, booked, said no, or staff are at it.

        held_since: a call begun after this instant goes on, so that whoever holds it can say what came of it.
        """
        on_the_phone = and_(_items.c.staff_id.is_not(None), _items.c.due_at > held_since)
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
                not_(on_the_phone),
                or_(unwanted, wrote(_items.c.created_at, _items)),
            )
            .values(outcome=WorkOutcome.ENDED, closed_at=now)
            .returning(_items.c.id)
        )
        return len(self._scope.execute(closed).all())

    def silent_after_messages(
        self,
        query: DueQuery,
        *,
        last_step: int,
        sent_before: datetime,
        given_up_before: datetime,
        limit: int,
        after: Silent | None = None,
    ) -> list[Silent]:
        """Select who has not answered the last message that will come; the longest silent first.

        Args:
            query: where the bounds lie.
            last_step: the last message that the policy lets through.
            sent_before: the latest instant at which that message left.
            given_up_before: whoever got an earlier message at this instant or before, and no other since, counts too.
            limit: how many at most.
            after: the last one of the page before.
        """
        return self._silent(after_messages(query, last_step, sent_before, given_up_before, after), limit)

    def silent_after(
        self, query: DueQuery, *, step: int, closed_before: datetime, limit: int, after: Silent | None = None
    ) -> list[Silent]:
        """Select whose step `step` of the list came to nothing by then, and who said nothing since."""
        return self._silent(after_work(query, step, closed_before, after), limit)

    def unmailed(self, query: DueQuery, *, step: int, limit: int, after: Silent | None = None) -> list[Silent]:
        """Select whose e-mail of step `step` reached nobody: left out, refused, or come back."""
        return self._silent(after_mails(query, step, after), limit)

    def instead_of_mail(
        self, unmailed: Silent, outcome: WorkOutcome | None, *, due_at: datetime, now: datetime
    ) -> None:
        """Have a letter written after all, at `due_at` or later; outcome: where it cannot be, why not."""
        self._scope.execute(
            update(_items)
            .where(
                _items.c.clinic_id == self._scope.clinic_id,
                _items.c.id == unmailed.place,
                _items.c.outcome == WorkOutcome.MAILED,
            )
            .values(outcome=outcome, due_at=due_at, closed_at=None if outcome is None else now)
        )

    def _silent(self, question: Question, limit: int) -> list[Silent]:
        statement, asked = question
        rows = self._scope.execute(statement, {**asked, "clinic_id": self._scope.clinic_id, "most": limit})
        return [Silent(**row) for row in rows.mappings()]

    def _change(self, item_id: int, **values: object) -> None:
        self._scope.execute(
            update(_items)
            .where(_items.c.clinic_id == self._scope.clinic_id, _items.c.id == item_id, _items.c.outcome.is_(None))
            .values(**values)
        )
