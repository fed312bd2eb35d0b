"""The bounds that a question of planning lies between: parameters of its statement, and their values on a day.

Statements depend on the shape of a question alone, so that each is made once, however many days it is asked on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Date, SmallInteger, bindparam

from flows.outreach.bands import (
    DUE_BANDS,
    Band,
    LapsedRule,
    add_months,
    due_between,
    lapsed_before,
    lapsed_out_before,
    latest_start,
    resting_since,
)
from flows.outreach.hours import day_begins
from flows.vocabulary import Channel, StayingAway
from storage.records.planning import DueQuery
from storage.types import UtcInstant

REMEMBERED = 64
"""Shapes whose statements are kept, and days whose bounds are: more than the clinics of one process have at a time."""

_DUE_AT_LEAST_MONTHS = 12
DUE_AT_MOST_MONTHS = 36
_INTERVALS = range(1, DUE_AT_MOST_MONTHS + 1)


def _day(name: str) -> BindParameter[date]:
    return bindparam(name, type_=Date)


def _instant(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcInstant)


NOW = _instant("now")
"""The moment of the question (UTC)."""

RESTING_SINCE = _instant("resting_since")
"""The first instant (UTC) of the past year: whoever was contacted since rests."""

LAPSED_OUT_BEFORE = _day("lapsed_out_before")
"""Whoever was last seen before this day is not contacted any more."""

LATEST_VISIT = _day("latest_visit")
"""The latest last visit of somebody lapsed by the clinic's limit."""

LATEST_VISIT_OF: Mapping[int, BindParameter[date]] = {months: _day(f"latest_visit_{months}") for months in _INTERVALS}
"""The same by a patient's own recall interval, in months."""

LATEST_VISIT_BEYOND = _day("latest_visit_beyond")
"""The same for whoever has a longer interval than those."""

STRETCH: Mapping[Band, tuple[BindParameter[date], BindParameter[date]]] = {
    band: (_day(f"first_of_{band.value}"), _day(f"last_of_{band.value}")) for band in DUE_BANDS
}
"""The first and the last last visit of each band that is invited."""

UNDER_AGE_SINCE = _day("under_age_since")
"""Whoever was born in a later month than this is surely under age."""

HELD_OUT_BELOW = bindparam("held_out_below", type_=SmallInteger)
"""Whoever drew a lower lot is held out."""

GIVEN_SINCE: Mapping[StayingAway, BindParameter[datetime]] = {
    reason: _instant(f"{reason.value}_since") for reason in StayingAway
}
"""Since when (UTC) a reason for staying away must have been given to hold today."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What decides which conditions a statement is made of; questions of one shape differ in their bounds alone.

    channels: those on which the programme may write. own_from_months: from which recall interval on a patient is
    lapsed later than by the clinic's limit. silent_after: reasons for staying away after which the programme is
    silent, whenever they were given; silent_for_a_while: and those that must have been given since.
    """

    channels: tuple[Channel, ...]
    own_from_months: int
    silent_after: tuple[StayingAway, ...]
    silent_for_a_while: tuple[StayingAway, ...]


def shape(query: DueQuery) -> Shape:
    """Tell the shape of a question."""
    limit = max(query.lapsed.limit_months, _DUE_AT_LEAST_MONTHS)
    silent = query.silent_after
    return Shape(
        channels=query.channels,
        own_from_months=max(limit - query.lapsed.grace_months + 1, 1),
        silent_after=tuple(reason for reason, since in silent.items() if since is None),
        silent_for_a_while=tuple(reason for reason, since in silent.items() if since is not None),
    )


def bounds(query: DueQuery) -> dict[str, object]:
    """Give each parameter of this module its value; those that a statement does not have do no harm."""
    return {
        **_of_all_day(query.today, query.zone, query.lapsed, query.minor_age),
        NOW.key: query.now,
        HELD_OUT_BELOW.key: query.held_out,
        **{GIVEN_SINCE[reason].key: since for reason, since in query.silent_after.items() if since is not None},
    }


@lru_cache(maxsize=REMEMBERED)
def _of_all_day(today: date, zone: ZoneInfo, lapsed: LapsedRule, minor_age: int) -> Mapping[str, object]:
    limit = min(lapsed_before(today, None, lapsed), latest_start(today, _DUE_AT_LEAST_MONTHS))
    stretches = {band: due_between(today, band) for band in DUE_BANDS}
    return {
        RESTING_SINCE.key: day_begins(resting_since(today), zone),
        LAPSED_OUT_BEFORE.key: lapsed_out_before(today),
        LATEST_VISIT.key: limit,
        **{bound.key: lapsed_before(today, months, lapsed) for months, bound in LATEST_VISIT_OF.items()},
        LATEST_VISIT_BEYOND.key: lapsed_before(today, DUE_AT_MOST_MONTHS + 1, lapsed),
        **{bound.key: day for band in DUE_BANDS for bound, day in zip(STRETCH[band], stretches[band], strict=True)},
        UNDER_AGE_SINCE.key: add_months(today.replace(day=1), -12 * minor_age),
    }
