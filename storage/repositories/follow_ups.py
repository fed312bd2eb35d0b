"""Who may get a further message of a campaign: the one before left, and nothing came of it since."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, literal, not_, or_, select, tuple_

from flows.ids import ClinicId, PatientId
from flows.outreach.bands import resting_since
from flows.outreach.hours import day_begins
from storage.models import Conversation, Outgoing, table_of
from storage.records.planning import LEFT, REACTIVATION, Campaigned, DueQuery
from storage.repositories.due_patients import none_of, objections_to_next, patients
from storage.repositories.due_statements import candidates
from storage.repositories.silence import not_in_place_of_a_letter, on_worklist

_talks = table_of(Conversation)
_outbox = table_of(Outgoing)
_later = _outbox.alias("later_step")


def follow_ups(clinic_id: ClinicId, query: DueQuery, step: int, sent_before: datetime, limit: int) -> Select[Any]:
    """Select whom a step, 2 or later, is for: the one before left by then (UTC); the longest waiting first."""
    began = day_begins(resting_since(query.today), query.zone)
    return (
        candidates(query)
        .add_columns(_outbox.c.campaign, _outbox.c.step, _outbox.c.sent_at)
        .join(_outbox, and_(_outbox.c.clinic_id == patients.c.clinic_id, _outbox.c.patient_id == patients.c.id))
        .where(
            patients.c.clinic_id == clinic_id,
            none_of(objections_to_next(query)),
            _outbox.c.campaign.startswith(REACTIVATION, autoescape=True),
            _outbox.c.step == step - 1,
            not_in_place_of_a_letter(_outbox),
            _outbox.c.status.in_(LEFT),
            _outbox.c.sent_at.between(began, sent_before),
            not_(exists(_steps_after())),
            # What has come to the worklist goes on there: no message follows.
            not_(exists(on_worklist(_outbox.c.campaign, _outbox))),
            not_(exists(_answers())),
        )
        .order_by(_outbox.c.sent_at, _outbox.c.patient_id)
        .limit(limit)
    )


def after_the_last(waiting: Select[Any], running: Campaigned, patient_id: PatientId) -> Select[Any]:
    """Go on behind the last one of the page before."""
    last = (literal(running.sent_at, _outbox.c.sent_at.type), literal(patient_id))
    return waiting.where(tuple_(_outbox.c.sent_at, _outbox.c.patient_id) > tuple_(*last))


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
