"""Bands, lapse and order: calendar months to the day, and bounds for SQL that agree with them."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.ids import PatientId
from flows.outreach.bands import (
    DUE_BANDS,
    Band,
    Concern,
    LapsedRule,
    add_months,
    band,
    due_between,
    lapsed_before,
    lapsed_on,
    lapsed_out_before,
    latest_start,
    order,
    resting_since,
)

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))
DAY = timedelta(days=1)
TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 1, 1), -1, date(2024, 12, 1)),
        (date(2025, 5, 5), 0, date(2025, 5, 5)),
    ],
)
def test_calendar_months_end_with_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(DAYS, st.integers(-60, 60))
def test_adding_months_lands_in_the_right_month_on_the_same_day_or_its_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, calendar.monthrange(later.year, later.month)[1])


@given(DAYS, st.integers(1, 60))
def test_the_latest_start_is_the_last_day_whose_months_have_passed(today: date, months: int) -> None:
    start = latest_start(today, months)
    assert add_months(start, months) <= today < add_months(start + DAY, months)


def test_the_latest_start_counts_the_days_a_short_month_swallows() -> None:
    assert latest_start(date(2025, 2, 28), 12) == date(2024, 2, 29)
    assert latest_start(date(2025, 2, 28), 1) == date(2025, 1, 31)


@pytest.mark.parametrize(
    ("last_visit_on", "expected"),
    [
        (None, Band.NEVER),
        (date(2025, 11, 19), Band.RECENT),
        (date(2025, 11, 18), Band.A),
        (date(2025, 5, 19), Band.A),
        (date(2025, 5, 18), Band.B),
        (date(2024, 11, 19), Band.B),
        (date(2024, 11, 18), Band.C),
        (date(2023, 11, 18), Band.C),
        (date(2023, 11, 17), Band.OUT),
        (date(1999, 1, 1), Band.OUT),
        (date(2027, 1, 1), Band.RECENT),
    ],
)
def test_bands_begin_and_end_to_the_day(last_visit_on: date | None, expected: Band) -> None:
    assert band(last_visit_on, None, TODAY) is expected


def contains(due: Band, last_visit_on: date, today: date) -> bool:
    first, last = due_between(today, due)
    return first <= last_visit_on <= last


@given(DAYS, DAYS)
def test_every_last_visit_falls_into_exactly_one_band_and_the_bounds_agree(last_visit_on: date, today: date) -> None:
    memberships = {
        Band.RECENT: last_visit_on > latest_start(today, 12),
        Band.A: contains(Band.A, last_visit_on, today),
        Band.B: contains(Band.B, last_visit_on, today),
        Band.C: contains(Band.C, last_visit_on, today),
        Band.OUT: last_visit_on < lapsed_out_before(today),
    }
    assert [found for found, within in memberships.items() if within] == [band(last_visit_on, None, today)]


@given(DAYS, st.sampled_from([12, 18, 24, 36]))
def test_the_bounds_agree_around_the_edges_of_bands(today: date, months: int) -> None:
    for days in range(-4, 5):
        last_visit_on = add_months(today, -months) + timedelta(days=days)
        found = [due for due in DUE_BANDS if contains(due, last_visit_on, today)]
        assert found == [due for due in DUE_BANDS if band(last_visit_on, None, today) is due]
        assert (last_visit_on < lapsed_out_before(today)) is (band(last_visit_on, None, today) is Band.OUT)


def test_the_bounds_of_a_day_are_known() -> None:
    assert due_between(TODAY, Band.A) == (date(2025, 5, 19), date(2025, 11, 18))
    assert due_between(TODAY, Band.B) == (date(2024, 11, 19), date(2025, 5, 18))
    assert due_between(TODAY, Band.C) == (date(2023, 11, 18), date(2024, 11, 18))
    assert lapsed_out_before(TODAY) == date(2023, 11, 18)
    assert resting_since(TODAY) == date(2025, 11, 19)


@pytest.mark.parametrize("other", [Band.NEVER, Band.RECENT, Band.OUT, Band.D])
def test_only_bands_that_are_invited_have_bounds(other: Band) -> None:
    with pytest.raises(ValueError, match="not invited"):
        due_between(TODAY, other)


@pytest.mark.parametrize(
    ("last_visit_on", "contacted_on", "expected"),
    [
        (date(2025, 6, 1), date(2025, 11, 19), Band.D),
        (date(2025, 6, 1), date(2025, 11, 18), Band.A),
        (date(2025, 9, 1), date(2025, 8, 31), Band.A),
        (date(2024, 1, 1), date(2026, 11, 18), Band.D),
        (date(2020, 1, 1), date(2026, 11, 1), Band.D),
        (date(2026, 3, 1), date(2026, 3, 1), Band.RECENT),
        (date(2026, 3, 1), date(2026, 3, 2), Band.D),
        (None, date(2026, 11, 1), Band.NEVER),
    ],
)
def test_who_was_contacted_within_a_year_and_not_seen_since_rests(
    last_visit_on: date | None, contacted_on: date, expected: Band
) -> None:
    assert band(last_visit_on, contacted_on, TODAY) is expected


@given(DAYS, DAYS, DAYS)
def test_the_bound_of_rest_agrees_with_band_d(last_visit_on: date, contacted_on: date, today: date) -> None:
    rests = contacted_on >= resting_since(today) and last_visit_on < contacted_on
    assert (band(last_visit_on, contacted_on, today) is Band.D) is rests


@pytest.mark.parametrize(
    ("recall_months", "expected"),
    [(None, date(2026, 1, 31)), (3, date(2026, 1, 31)), (11, date(2026, 1, 31)), (12, date(2026, 2, 28))],
)
def test_lapsed_is_the_larger_of_the_limit_and_the_own_interval_with_grace(
    recall_months: int | None, expected: date
) -> None:
    assert lapsed_on(date(2025, 1, 31), recall_months, LapsedRule()) == expected


def test_a_clinic_sets_its_own_limit_and_grace() -> None:
    rule = LapsedRule(limit_months=15, grace_months=3)
    assert lapsed_on(date(2025, 1, 1), 6, rule) == date(2026, 4, 1)
    assert lapsed_on(date(2025, 1, 1), 18, rule) == date(2026, 10, 1)


@given(DAYS, DAYS, st.none() | st.integers(3, 24), st.integers(6, 24), st.integers(0, 3))
def test_the_bound_of_lapse_agrees_with_the_day_of_lapse(
    last_visit_on: date, today: date, recall_months: int | None, limit: int, grace: int
) -> None:
    rule = LapsedRule(limit_months=limit, grace_months=grace)
    is_lapsed = lapsed_on(last_visit_on, recall_months, rule) <= today
    assert is_lapsed is (last_visit_on <= lapsed_before(today, recall_months, rule))
    if is_lapsed:
        assert last_visit_on <= lapsed_before(today, None, rule)


def test_band_then_concern_then_the_longest_away_then_the_id_decide_who_is_first() -> None:
    early, late = date(2025, 6, 1), date(2025, 9, 1)
    expected = [
        order(Band.A, Concern.NOTED, early, PatientId(9)),
        order(Band.A, Concern.NOTED, late, PatientId(1)),
        order(Band.A, Concern.NONE, early, PatientId(2)),
        order(Band.A, Concern.NONE, early, PatientId(3)),
        order(Band.B, Concern.NOTED, date(2025, 1, 1), PatientId(1)),
        order(Band.C, Concern.NOTED, date(2024, 1, 1), PatientId(1)),
    ]
    assert sorted(expected[3:] + expected[:3]) == expected


def test_who_is_not_invited_has_no_place_in_the_order() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        order(Band.OUT, Concern.NOTED, TODAY, PatientId(1))
