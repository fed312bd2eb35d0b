"""Whose campaign has come to nothing: statements that select the silent, and the conditions they are made of.

Silent is who neither wrote nor is talked to by staff, and for whom nothing else of the campaign is under way. The
statements are made once for each step and shape of a question, as `storage.repositories.due_statements` says.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, literal, not_, or_, select, tuple_

from flows.vocabulary import Owner
from storage.models import Conversation, Outgoing, Patient, WorklistItem, table_of
from storage.records.planning import LEFT, PENDING, REACTIVATION, DueQuery
from storage.records.worklist import CAME_TO_NOTHING, IN_PLACE_OF_A_LETTER, Silent
from storage.repositories.due_bounds import REMEMBERED, Shape, bounds, shape
from storage.repositories.due_patients import none_of, objections_to_next
from storage.repositories.due_statements import Question
from storage.types import Id, UtcInstant
from storage.vocabulary import OutboxStatus, WorkOutcome

FORGOTTEN_AFTER = timedelta(days=365)
"""A step that came to nothing so long ago is no campaign under way any more."""

STAYED_IN = frozenset({OutboxStatus.REFUSED, OutboxStatus.WITHDRAWN, OutboxStatus.FAILED})
"""What never reached anybody."""

_items = table_of(WorklistItem)
_next_items = _items.alias("next_items")
_outbox = table_of(Outgoing)
_later = _outbox.alias("later_message")
_patients = table_of(Patient)
_talks = table_of(Conversation)


def after_messages(
    query: DueQuery, last_step: int, sent_before: datetime, given_up_before: datetime, after: Silent | None
) -> Question:
    """Ask who has not answered the last message that will come, left by then, or any that left so long ago (UTC).

    The longest silent first; of this question and of those below, parameters `clinic_id` and `most` are to be added.
    """
    asked = _asked(query, after) | {"sent_before": sent_before, "given_up_before": given_up_before}
    return _behind(_after_messages(shape(query), last_step), after), asked


def after_work(query: DueQuery, step: int, closed_before: datetime, after: Silent | None) -> Question:
    """Ask whose step of the worklist came to nothing by then (UTC), and who said nothing since.

    An e-mail counts from when it left, and not at all if it did not.
    """
    asked = _asked(query, after) | {"closed_before": closed_before}
    return _behind(_after_work(shape(query), step), after), asked


def after_mails(query: DueQuery, step: int, after: Silent | None) -> Question:
    """Ask whose e-mail in place of a letter reached nobody, and who said nothing since; `place` is the item's id."""
    return _behind(_after_mails(shape(query), step), after), _asked(query, after)


def _asked(query: DueQuery, after: Silent | None) -> dict[str, object]:
    asked = bounds(query) | {"since_when": query.now - FORGOTTEN_AFTER}
    return asked if after is None else asked | {"after_since": after.since, "after_place": after.place}


def _behind(waiting: Select[Any], after: Silent | None) -> Select[Any]:
    return waiting if after is None else _going_on(waiting)


@lru_cache(maxsize=REMEMBERED)
def _going_on(waiting: Select[Any]) -> Select[Any]:
    """Go on behind the last one of the page before."""
    since, place = (waiting.selected_columns[name] for name in ("since", "place"))
    last = (bindparam("after_since", type_=UtcInstant), bindparam("after_place", type_=Id))
    return waiting.where(tuple_(since, place) > tuple_(*last))


def _instant(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UtcInstant)


@lru_cache(maxsize=REMEMBERED)
def _after_messages(asked: Shape, last_step: int) -> Select[Any]:
    last = and_(_outbox.c.step >= last_step, _outbox.c.sent_at <= _instant("sent_before"))
    return (
        select(
            _outbox.c.patient_id,
            _outbox.c.campaign,
            _outbox.c.step,
            _outbox.c.sent_at.label("since"),
            _outbox.c.patient_id.label("place"),
        )
        .join(_patients, and_(_patients.c.clinic_id == _outbox.c.clinic_id, _patients.c.id == _outbox.c.patient_id))
        .where(
            _outbox.c.clinic_id == bindparam("clinic_id"),
            _outbox.c.campaign.startswith(REACTIVATION, autoescape=True),
            _outbox.c.status.in_(LEFT),
            or_(last, _outbox.c.sent_at <= _instant("given_up_before")),
            not_in_place_of_a_letter(_outbox),
            _outbox.c.sent_at > _instant("since_when"),
            none_of(objections_to_next(asked)),
            not_(exists(_later_messages())),
            not_(exists(on_worklist(_outbox.c.campaign, _outbox))),
            not_(wrote(_outbox.c.sent_at, _outbox)),
        )
        .order_by(_outbox.c.sent_at, _outbox.c.patient_id)
        .limit(bindparam("most", type_=Integer))
    )


@lru_cache(maxsize=REMEMBERED)
def _after_work(asked: Shape, step: int) -> Select[Any]:
    closed_before = _instant("closed_before")
    left = and_(_outbox.c.status.in_(LEFT), _outbox.c.sent_at <= closed_before)
    return _closed(asked, step).where(
        _items.c.outcome.in_(CAME_TO_NOTHING),
        _items.c.closed_at <= closed_before,
        or_(_items.c.outcome != WorkOutcome.MAILED, not_(exists(_mails().where(not_(left))))),
    )


@lru_cache(maxsize=REMEMBERED)
def _after_mails(asked: Shape, step: int) -> Select[Any]:
    return _closed(asked, step).where(
        _items.c.outcome == WorkOutcome.MAILED, exists(_mails().where(_outbox.c.status.in_(STAYED_IN)))
    )


def not_in_place_of_a_letter(rows: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a table or its alias
    """Whether a message is none of the worklist's e-mails: what follows those, the worklist knows."""
    ends: ColumnElement[bool] = rows.c.campaign.endswith(IN_PLACE_OF_A_LETTER, autoescape=True)
    return not_(ends)


def _closed(asked: Shape, step: int) -> Select[Any]:
    """The closed items of a step behind which nothing came yet, the longest closed first."""
    return (
        select(
            _items.c.patient_id,
            _items.c.campaign,
            _items.c.step,
            _items.c.closed_at.label("since"),
            _items.c.id.label("place"),
        )
        .join(_patients, and_(_patients.c.clinic_id == _items.c.clinic_id, _patients.c.id == _items.c.patient_id))
        .where(
            _items.c.clinic_id == bindparam("clinic_id"),
            _items.c.step == step,
            _items.c.closed_at >= _instant("since_when"),
            none_of(objections_to_next(asked)),
            not_(exists(on_worklist(_items.c.campaign, _items).where(_next_items.c.step > _items.c.step))),
            not_(exists(_still_open())),
            not_(wrote(_items.c.created_at, _items)),
        )
        .order_by(_items.c.closed_at, _items.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def _mails() -> Select[Any]:
    """The e-mail that went, or was to go, in place of the letter of an item."""
    return (
        select(literal(1))
        .select_from(_outbox)
        .where(
            _outbox.c.clinic_id == _items.c.clinic_id,
            _outbox.c.patient_id == _items.c.patient_id,
            _outbox.c.campaign == _items.c.campaign + IN_PLACE_OF_A_LETTER,
            _outbox.c.step == _items.c.step,
        )
        .correlate(_items)
    )


def wrote(since: ColumnElement[Any], rows: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a table or its alias
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


def on_worklist(campaign: ColumnElement[Any], rows: Any) -> Select[Any]:  # noqa: ANN401 - a table or its alias
    """The items of the worklist, as `next_items`, that belong to the campaign of a row."""
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
