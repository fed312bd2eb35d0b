"""The two statements over all patients of a clinic: who is due, page by page, and how many fall out for which reason.

Making them costs more than a small clinic takes to answer them, so they are made once for each shape of a question;
what differs from one question or day to the next is a parameter. A page is read from six stretches of one index that
together keep the order of `flows.outreach.bands.order`: it costs a page, not a clinic.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    not_,
    select,
    tuple_,
    union_all,
)

from flows.outreach.bands import DUE_BANDS, Concern
from flows.outreach.gate import Refusal
from flows.vocabulary import PatientStatus
from storage.records.planning import Candidate, DueQuery
from storage.repositories.due_bounds import REMEMBERED, STRETCH, Shape, bounds, shape
from storage.repositories.due_patients import band_of, none_of, objections, patients
from storage.types import Id

_PLACES = tuple((band, concern) for band in DUE_BANDS for concern in (Concern.NOTED, Concern.NONE))
_SAID_BY_STRETCH = frozenset({Refusal.NEVER_VISITED, Refusal.LAPSED_OUT})
"""What the days of a stretch say already: said twice, SQLite may begin to read at the wrong one."""

UNKNOWN: ColumnElement[str] = literal_column(f"'{PatientStatus.UNKNOWN.value}'")
"""Who is nobody's patient yet is not counted. Not bound, like all words of these statements."""

_ORDER = (patients.c.last_visit_on, patients.c.id)

Question = tuple[Select[Any], dict[str, object]]
"""A statement and its parameters; only the clinic and how many rows are still wanted are missing."""


def page(query: DueQuery, after: Candidate | None) -> Question:
    """Ask for who is due, in order: parameters `clinic_id` and `most` are to be added.

    Args:
        query: where the bounds lie.
        after: the last candidate of the page before.
    """
    asked = bounds(query)
    if after is None:
        return _page(shape(query), None), asked
    asked |= {"after_day": after.last_visit_on, "after_id": after.patient_id}
    return _page(shape(query), _PLACES.index((after.band, after.concern))), asked


def counting(query: DueQuery) -> Question:
    """Ask how many patients share each fate: a band or the first reason against them; `clinic_id` is to be added."""
    return _counting(shape(query)), bounds(query)


def candidates() -> Select[Any]:
    """All that is told of a candidate, of the patients of all clinics."""
    return select(
        patients.c.id,
        patients.c.provider_id,
        patients.c.language,
        patients.c.last_visit_on,
        patients.c.has_concern,
        patients.c.preferred_channel,
        patients.c.staying_away,
        band_of().label("band"),
    )


@lru_cache(maxsize=REMEMBERED * (1 + len(_PLACES)))
def _page(asked: Shape, begun: int | None) -> Select[Any]:
    """Read the stretches one after the other, as far as needed; `begun`: the page before ended in that one."""
    against = tuple(each for each in objections(asked) if each[0] not in _SAID_BY_STRETCH)
    due = candidates().where(patients.c.clinic_id == bindparam("clinic_id"), none_of(against))
    most = bindparam("most", type_=Integer)
    stretches = []
    for place in range(begun or 0, len(_PLACES)):
        band, concern = _PLACES[place]
        worried = patients.c.has_concern if concern is Concern.NOTED else not_(patients.c.has_concern)
        first, last = STRETCH[band]
        within = _after(last) if place == begun else patients.c.last_visit_on.between(first, last)
        stretches.append(due.where(worried, within).order_by(*_ORDER).limit(most).subquery())
    return select(union_all(*(select(stretch) for stretch in stretches)).limit(most).subquery())


def _after(last: ColumnElement[date]) -> ColumnElement[bool]:
    """Whoever follows in the stretch; the day stands alone as well, for SQLite begins to read at no pair of columns."""
    day, patient = bindparam("after_day", type_=Date), bindparam("after_id", type_=Id)
    return patients.c.last_visit_on.between(day, last) & (tuple_(*_ORDER) > tuple_(day, patient))


@lru_cache(maxsize=REMEMBERED)
def _counting(asked: Shape) -> Select[Any]:
    against = ((condition, literal(reason.value)) for reason, condition in objections(asked))
    fates = (
        select(case(*against, else_=band_of()).label("fate"))
        .where(patients.c.clinic_id == bindparam("clinic_id"), patients.c.status != UNKNOWN)
        .subquery()
    )
    return select(fates.c.fate, func.count().label("people")).group_by(fates.c.fate)
