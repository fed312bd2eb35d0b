"""Who may get a further message of a campaign: the one before left, and nothing came of it since.

The statement is made once for each step and shape of a question, as `storage.repositories.due_statements` says.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, exists, literal, not_, or_, select, tuple_

from storage.models import Conversation, Outgoing, table_of
from storage.records.planning import LEFT, REACTIVATION, Candidate, DueQuery
from storage.repositories.due_bounds import REMEMBERED, RESTING_SINCE, Shape, bounds, shape
from storage.repositories.due_patients import none_of, objections_to_next, patients
from storage.repositories.due_statements import Question, candidates
from storage.repositories.silence import not_in_place_of_a_letter, on_worklist
from storage.types import Id

_talks = table_of(Conversation)
_outbox = table_of(Outgoing)
_later = _outbox.alias("later_step")


def follow_ups(query: DueQuery, step: int, sent_before: datetime, after: Candidate | None) -> Question:
    """Ask whom a step, 2 or later, is for: the one before left by then (UTC); the longest waiting first.

    Parameters `clinic_id` and `most` are to be added. after: the last candidate of the page before.
    """
    asked = bounds(query) | {"sent_before": sent_before}
    if after is None or after.running is None:
        return _follow_ups(shape(query), step), asked
    asked |= {"after_at": after.running.sent_at, "after_id": after.patient_id}
    return _further_follow_ups(shape(query), step), asked


@lru_cache(maxsize=REMEMBERED)
def _follow_ups(asked: Shape, step: int) -> Select[Any]:
    sent_before = bindparam("sent_before", type_=_outbox.c.sent_at.type)
    return (
        candidates()
        .add_columns(_outbox.c.campaign, _outbox.c.step, _outbox.c.sent_at)
        .join(_outbox, and_(_outbox.c.clinic_id == patients.c.clinic_id, _outbox.c.patient_id == patients.c.id))
        .where(
            patients.c.clinic_id == bindparam("clinic_id"),
            none_of(objections_to_next(asked)),
            _outbox.c.campaign.startswith(REACTIVATION, autoescape=True),
            _outbox.c.step == step - 1,
            not_in_place_of_a_letter(_outbox),
            _outbox.c.status.in_(LEFT),
            _outbox.c.sent_at.between(RESTING_SINCE, sent_before),
            not_(exists(_steps_after())),
            # What has come to the worklist goes on there: no message follows.
            not_(exists(on_worklist(_outbox.c.campaign, _outbox))),
            not_(exists(_answers())),
        )
        .order_by(_outbox.c.sent_at, _outbox.c.patient_id)
        .limit(bindparam("most", type_=Integer))
    )


@lru_cache(maxsize=REMEMBERED)
def _further_follow_ups(asked: Shape, step: int) -> Select[Any]:
    last = (bindparam("after_at", type_=_outbox.c.sent_at.type), bindparam("after_id", type_=Id))
    return _follow_ups(asked, step).where(tuple_(_outbox.c.sent_at, _outbox.c.patient_id) > tuple_(*last))


def _steps_after() -> Select[Any]:
    return (
        select(literal(1))
        .select_from(_later)
        .where(
            _later.c.clinic_id == _outbox.c.clinic_id,
            _later.c.patient_id == _outbox.c.patient_id,
            _later.c.campaign == _outbox.c.campaign,
            _later.c.step > _outbox.c.step,
        )
        .correlate(_outbox)
    )


def _answers() -> Select[Any]:
    return (
        select(literal(1))
        .select_from(_talks)
        .where(
            _talks.c.clinic_id == patients.c.clinic_id,
            _talks.c.patient_id == patients.c.id,
            or_(
                _talks.c.last_patient_at >= _outbox.c.sent_at, _talks.c.last_patient_at >= patients.c.last_contacted_at
            ),
        )
        .correlate(patients, _outbox)
    )
