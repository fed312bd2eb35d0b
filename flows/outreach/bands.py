"""How long a patient has been away: calendar months, the recall bands, who is lapsed, and who comes first.

Every last visit falls into exactly one band on every day; each bound for SQL says the same as the band.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flows.ids import PatientId

DEFAULT_LIMIT_MONTHS = 12
GRACE_MONTHS = 1
"""On top of a patient's own interval: a recall is due in its month, and only after that month is it missed."""

REST_MONTHS = 12
_A, _B, _C, _OUT = 12, 18, 24, 36
_MONTHS_A_YEAR = 12
_DAY = timedelta(days=1)


class Band(StrEnum):
    """The recall band (DOMAIN.md), by calendar months since the last visit.

    RECENT: under 12; A: 12 to under 18; B: 18 to under 24; C: 24 to 36; OUT: over 36; NEVER: no visit known.
    D: contacted in the past year and not seen since; it overrides all but NEVER.
    """

    NEVER = "never"
    RECENT = "recent"
    A = "a"
    B = "b"
    C = "c"
    OUT = "out"
    D = "d"


DUE_BANDS = (Band.A, Band.B, Band.C)
"""The bands that are invited, in this order."""


class Concern(StrEnum):
    """Whether something in the chart worries the dentist, or advised treatment is not done."""

    NONE = "none"
    NOTED = "noted"


@dataclass(frozen=True, kw_only=True, slots=True)
class LapsedRule:
    """The clinic's idea of lapsed: months without a visit at least, and months of grace on top of a recall interval."""

    limit_months: int = DEFAULT_LIMIT_MONTHS
    grace_months: int = GRACE_MONTHS


def add_months(day: date, months: int) -> date:
    """The same day `months` calendar months later (earlier if negative), or the last day of a shorter month."""
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def latest_start(today: date, months: int) -> date:
    """The latest day from which `months` calendar months have passed by `today`: `day <= latest_start` in SQL.

    Not always the day `months` ago: on 28 February the 28th to the 31st of a longer month are a whole number of
    months ago.
    """
    start = add_months(today, -months)
    while add_months(start + _DAY, months) <= today:
        start += _DAY
    return start


def band(last_visit_on: date | None, last_contacted_on: date | None, today: date) -> Band:
    """The band of a patient on `today`; all dates in the clinic's calendar."""
    if last_visit_on is None:
        return Band.NEVER
    if last_contacted_on is not None and max(resting_since(today), last_visit_on + _DAY) <= last_contacted_on:
        return Band.D
    if today < add_months(last_visit_on, _A):
        return Band.RECENT
    if today < add_months(last_visit_on, _B):
        return Band.A
    if today < add_months(last_visit_on, _C):
        return Band.B
    return Band.C if today <= add_months(last_visit_on, _OUT) else Band.OUT


def months_to_lapse(recall_months: int | None, rule: LapsedRule) -> int:
    """After how many calendar months without a visit a patient is lapsed; recall_months None: no interval on record.

    The larger of the clinic's limit and the patient's own interval plus grace (DOMAIN.md).
    """
    own = 0 if recall_months is None else recall_months + rule.grace_months
    return max(rule.limit_months, own)


def lapsed_on(last_visit_on: date, recall_months: int | None, rule: LapsedRule) -> date:
    """The first day on which a patient with nothing booked counts as lapsed."""
    return add_months(last_visit_on, months_to_lapse(recall_months, rule))


def lapsed_before(today: date, recall_months: int | None, rule: LapsedRule) -> date:
    """The bound for SQL: lapsed are those whose last visit was on this day or earlier.

    With recall_months None it is the bound of the whole clinic: nobody beyond it is lapsed, whatever their interval.
    """
    return latest_start(today, months_to_lapse(recall_months, rule))


def due_between(today: date, due: Band) -> tuple[date, date]:
    """The bounds for SQL: the first and the last day, both within, of last visits in band A, B or C.

    Raises ValueError for another band.
    """
    match due:
        case Band.A:
            return latest_start(today, _B) + _DAY, latest_start(today, _A)
        case Band.B:
            return latest_start(today, _C) + _DAY, latest_start(today, _B)
        case Band.C:
            return lapsed_out_before(today), latest_start(today, _C)
        case _:
            raise ValueError(f"band {due} is not invited")


def lapsed_out_before(today: date) -> date:
    """The bound for SQL: a last visit before this day is too long ago to be contacted (band OUT)."""
    return latest_start(today - _DAY, _OUT) + _DAY


def resting_since(today: date) -> date:
    """The bound for SQL: who was contacted on this day or later, and not seen since, rests (band D)."""
    return latest_start(today, REST_MONTHS) + _DAY


def order(due: Band, concern: Concern, last_visit_on: date, patient_id: PatientId) -> tuple[int, int, date, int]:
    """The key that sorts patients of bands A, B, C by who is invited first.

    Band A before B before C; in a band those with a concern first (DOMAIN.md), then who is away longest, because they
    are the next to leave the band; then by id, so that the order is total. Raises ValueError for another band.
    """
    return DUE_BANDS.index(due), int(concern is Concern.NONE), last_visit_on, patient_id
