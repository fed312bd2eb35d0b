"""Civil time: hours on the wall clock, over clock changes, weekends and holidays."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.outreach.hours import (
    HORIZON_DAYS,
    allowed,
    closed_by,
    cycle_began,
    day_begins,
    local_day,
    next_allowed,
    year_began,
)
from flows.outreach.policy import Caps, Hours, OnHolidays
from flows.outreach.verdict import Wait
from tests.flows.outreach.given import BRUSSELS

WORKING = Hours(opens=time(10), closes=time(19), days=frozenset({1, 2, 3, 4, 5}), on_holidays=OnHolidays.REST)
ZONES = ["Europe/Brussels", "America/Montreal", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "Africa/Cairo"]


def wall(year: int, month: int, day: int, hour: int, minute: int = 0, zone: ZoneInfo = BRUSSELS) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


def following(at: datetime, hours: Hours = WORKING, *holidays: date) -> datetime | None:
    return next_allowed(at, hours, BRUSSELS, frozenset(holidays))


@pytest.mark.parametrize(
    ("at", "closed"),
    [
        (wall(2026, 11, 18, 9, 59), Wait.QUIET_HOURS),
        (wall(2026, 11, 18, 10), None),
        (wall(2026, 11, 18, 18, 59), None),
        (wall(2026, 11, 18, 19), Wait.QUIET_HOURS),
        (wall(2026, 11, 20, 12), Wait.HOLIDAY),
        (wall(2026, 11, 20, 22), Wait.HOLIDAY),
        (wall(2026, 11, 21, 12), Wait.WEEKDAY),
        (wall(2026, 11, 22, 22), Wait.WEEKDAY),
        (wall(2026, 11, 23, 12), None),
    ],
)
def test_hours_are_from_to_exclusive_on_their_days(at: datetime, closed: Wait | None) -> None:
    holidays = frozenset({date(2026, 11, 20), date(2026, 11, 22)})
    assert closed_by(at, WORKING, BRUSSELS, holidays) is closed
    assert allowed(at, WORKING, BRUSSELS, holidays) is (closed is None)


def test_hours_follow_the_wall_clock_in_summer_and_winter() -> None:
    assert following(datetime(2026, 7, 1, 8, 0, tzinfo=UTC)) == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert following(datetime(2026, 12, 1, 8, 0, tzinfo=UTC)) == datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def test_inside_the_hours_now_is_the_next_moment() -> None:
    assert following(wall(2026, 11, 18, 11, 11)) == wall(2026, 11, 18, 11, 11)


def test_in_the_evening_the_next_moment_is_tomorrow_and_on_friday_it_is_monday() -> None:
    assert following(wall(2026, 11, 18, 19)) == wall(2026, 11, 19, 10)
    assert following(wall(2026, 11, 20, 20)) == wall(2026, 11, 23, 10)


def test_the_clock_change_of_a_weekend_moves_nothing() -> None:
    assert following(wall(2026, 10, 23, 20)) == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
    assert following(wall(2027, 3, 26, 20)) == datetime(2027, 3, 29, 8, 0, tzinfo=UTC)


def test_a_holiday_rests_unless_the_policy_sends_on_it() -> None:
    holiday = date(2026, 11, 18)
    assert following(wall(2026, 11, 18, 9), WORKING, holiday) == wall(2026, 11, 19, 10)
    sends = replace(WORKING, on_holidays=OnHolidays.SEND)
    assert following(wall(2026, 11, 18, 9), sends, holiday) == wall(2026, 11, 18, 10)


def test_where_nothing_opens_for_a_month_there_is_no_next_moment() -> None:
    closed = [date(2026, 11, 1) + timedelta(days=day) for day in range(70)]
    assert following(wall(2026, 11, 18, 9), WORKING, *closed) is None
    assert following(wall(2026, 11, 18, 9), replace(WORKING, days=frozenset())) is None


def test_the_next_moment_is_looked_for_a_month_ahead_and_no_further() -> None:
    at = wall(2026, 11, 18, 20)
    days = [date(2026, 11, 18) + timedelta(days=ahead) for ahead in range(HORIZON_DAYS + 1)]
    assert days[-1] == date(2026, 12, 19)
    everyday = replace(WORKING, days=frozenset(range(1, 8)))
    assert following(at, everyday, *days[:-1]) == wall(2026, 12, 19, 10)
    assert following(at, everyday, *days) is None


ALL_WEEK = replace(WORKING, days=frozenset(range(1, 8)))


def test_an_opening_that_a_clock_change_skips_moves_with_the_clock() -> None:
    early = replace(ALL_WEEK, opens=time(2, 30))
    assert following(wall(2027, 3, 28, 1), early) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_hours_that_a_clock_change_skips_entirely_wait_for_the_next_day() -> None:
    skipped = replace(ALL_WEEK, opens=time(2, 15), closes=time(2, 45))
    assert following(wall(2027, 3, 28, 1), skipped) == wall(2027, 3, 29, 2, 15)


def test_an_opening_in_an_hour_that_comes_twice_counts_both_times() -> None:
    early = replace(ALL_WEEK, opens=time(2, 30))
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert following(first - timedelta(minutes=1), early) == first
    assert following(datetime(2026, 10, 25, 1, 10, tzinfo=UTC), early) == second


INSTANTS = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2028, 1, 1)).map(  # noqa: DTZ001 - made aware
    lambda at: at.replace(tzinfo=UTC)
)
WINDOWS = st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] < pair[1])


@given(INSTANTS, WINDOWS, st.sets(st.integers(1, 7), min_size=1), st.sampled_from(ZONES))
def test_the_next_moment_is_inside_the_hours_and_not_before(
    at: datetime, window: tuple[time, time], days: set[int], name: str
) -> None:
    zone = ZoneInfo(name)
    hours = Hours(opens=window[0], closes=window[1], days=frozenset(days), on_holidays=OnHolidays.REST)
    found = next_allowed(at, hours, zone, frozenset())
    assert found is not None
    local = found.astimezone(zone)
    assert found >= at
    assert local.isoweekday() in days
    assert window[0] <= local.time() < window[1]
    assert found == at or (found - timedelta(microseconds=1)).astimezone(zone).time() != local.time()


@given(INSTANTS, st.sampled_from(ZONES))
def test_a_day_begins_with_its_first_instant(at: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    day = local_day(at, zone)
    begins = day_begins(day, zone)
    assert local_day(begins, zone) == day
    assert local_day(begins - timedelta(microseconds=1), zone) < day
    assert begins <= at


def test_a_day_begins_after_a_skipped_midnight_and_at_the_first_of_two() -> None:
    cairo, havana = ZoneInfo("Africa/Cairo"), ZoneInfo("America/Havana")
    assert day_begins(date(2026, 4, 24), cairo).astimezone(cairo).time() == time(1)
    assert day_begins(date(2026, 11, 1), havana) == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_a_cycle_began_at_the_start_of_the_day_so_many_months_ago() -> None:
    caps = Caps(day=1, week=1, cycle=2, cycle_months=6, gap_days=30, year=2, household=2)
    assert cycle_began(wall(2026, 11, 18, 12), caps, BRUSSELS) == wall(2026, 5, 18, 0)


def test_a_year_began_at_the_start_of_the_day_twelve_months_ago() -> None:
    assert year_began(wall(2026, 11, 18, 12), BRUSSELS) == wall(2025, 11, 18, 0)
    assert year_began(wall(2028, 2, 29, 12), BRUSSELS) == wall(2027, 2, 28, 0)
