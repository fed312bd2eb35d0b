"""The programme's times: early evening, inside the hours, never before now."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.outreach.cadence import (
    CHECK_IN_LATEST_DAYS,
    FIRST_INVITATION,
    NOTICE,
    Calendar,
    Campaign,
    Care,
    Step,
    check_in_at,
    invite_at,
    remind_at,
    send_time,
    usual_hour,
)
from flows.outreach.hours import allowed
from flows.outreach.policy import Policy
from flows.vocabulary import Purpose
from tests.flows.outreach.given import BRUSSELS, WEDNESDAY, rule_of, strictest, with_rule

POLICY = strictest()
CALENDAR = Calendar(zone=BRUSSELS, holidays=frozenset())
FORBIDDEN = replace(POLICY, rules=())
DAY = timedelta(days=1)
SECOND_INVITATION = Step(campaign=Campaign.REACTIVATION, number=2, purpose=Purpose.RECALL, days=7)
LONG_BEFORE = WEDNESDAY - 30 * DAY


def evening(month: int, day: int, hour: int = 17, minute: int = 30) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BRUSSELS).astimezone(UTC)


def with_hours(opens: time, closes: time) -> Policy:
    rule = rule_of(Purpose.RECALL)
    return with_rule(POLICY, replace(rule, hours=replace(rule.hours, opens=opens, closes=closes)))


def test_who_mostly_writes_at_some_hour_is_written_to_at_that_hour() -> None:
    usual = usual_hour([12, 12, 18, 12, 9])
    assert usual == 12
    assert invite_at(FIRST_INVITATION, None, POLICY, CALENDAR, WEDNESDAY, usual) == evening(11, 18, 12, 0)
    later = evening(11, 18, 12, 1)
    assert invite_at(FIRST_INVITATION, None, POLICY, CALENDAR, later, usual) == evening(11, 19, 12, 0)


def test_an_hour_outside_the_policys_counts_for_nothing() -> None:
    for usual in (3, 9, 19, 23):
        assert invite_at(FIRST_INVITATION, None, POLICY, CALENDAR, WEDNESDAY, usual) == evening(11, 18)


def test_few_answers_tell_no_usual_hour_and_of_equals_the_later_counts() -> None:
    assert usual_hour([]) is None
    assert usual_hour([11, 11]) is None
    assert usual_hour([11, 17, 17, 11]) == 17


def test_the_first_invitation_leaves_this_evening_or_the_next_one_allowed() -> None:
    assert invite_at(FIRST_INVITATION, None, POLICY, CALENDAR, WEDNESDAY) == evening(11, 18)
    assert invite_at(FIRST_INVITATION, None, POLICY, CALENDAR, evening(11, 18)) == evening(11, 18)
    assert invite_at(FIRST_INVITATION, None, POLICY, CALENDAR, evening(11, 18, 17, 31)) == evening(11, 19)
    assert invite_at(FIRST_INVITATION, None, POLICY, CALENDAR, evening(11, 20, 18)) == evening(11, 23)


def test_the_second_invitation_waits_for_the_longer_of_its_own_gap_and_the_policys() -> None:
    first = evening(11, 2)
    assert invite_at(SECOND_INVITATION, first, POLICY, CALENDAR, WEDNESDAY) == evening(12, 2)
    rule = rule_of(Purpose.RECALL)
    eager = with_rule(POLICY, replace(rule, caps=replace(rule.caps, gap_days=1)))
    assert invite_at(SECOND_INVITATION, first, eager, CALENDAR, first) == evening(11, 9)


def test_an_overdue_invitation_leaves_at_the_next_good_hour() -> None:
    assert invite_at(SECOND_INVITATION, LONG_BEFORE - 60 * DAY, POLICY, CALENDAR, WEDNESDAY) == evening(11, 18)


def test_there_is_no_second_invitation_without_a_first_and_none_where_recall_is_forbidden() -> None:
    assert invite_at(SECOND_INVITATION, None, POLICY, CALENDAR, WEDNESDAY) is None
    assert invite_at(FIRST_INVITATION, None, FORBIDDEN, CALENDAR, WEDNESDAY) is None


def test_no_invitation_is_planned_where_no_day_is_allowed() -> None:
    closed = replace(CALENDAR, holidays=frozenset(date(2026, 11, 1) + number * DAY for number in range(90)))
    assert invite_at(FIRST_INVITATION, None, POLICY, closed, WEDNESDAY) is None


def test_a_reminder_leaves_two_days_before() -> None:
    assert remind_at(evening(11, 27, 9), LONG_BEFORE, POLICY, CALENDAR, WEDNESDAY) == evening(11, 25)


def test_a_reminder_that_would_fall_on_a_weekend_leaves_on_the_friday_before() -> None:
    assert remind_at(evening(11, 24, 9), LONG_BEFORE, POLICY, CALENDAR, WEDNESDAY) == evening(11, 20)
    assert remind_at(evening(11, 23, 9), LONG_BEFORE, POLICY, CALENDAR, WEDNESDAY) == evening(11, 20)


def test_for_a_visit_booked_late_the_reminder_leaves_the_evening_before() -> None:
    booked = evening(11, 18, 9)
    assert remind_at(evening(11, 20, 9), booked, POLICY, CALENDAR, booked) == evening(11, 18)
    assert remind_at(evening(11, 19, 9), booked, POLICY, CALENDAR, booked) == evening(11, 18)


def test_after_downtime_a_reminder_leaves_as_soon_as_allowed() -> None:
    late = evening(11, 19, 20)
    assert remind_at(evening(11, 20, 14), LONG_BEFORE, POLICY, CALENDAR, late) == evening(11, 20, 10, 0)
    assert remind_at(evening(11, 19, 14), LONG_BEFORE, POLICY, CALENDAR, evening(11, 19, 10)) == evening(11, 19, 10)


def test_a_reminder_too_short_before_the_visit_or_after_the_booking_is_none() -> None:
    late = evening(11, 19, 20)
    assert remind_at(evening(11, 20, 11), LONG_BEFORE, POLICY, CALENDAR, late) is None
    booked = evening(11, 19, 15)
    assert remind_at(evening(11, 20, 9), booked, POLICY, CALENDAR, booked) is None
    assert remind_at(evening(11, 18, 10), LONG_BEFORE, POLICY, CALENDAR, WEDNESDAY) is None


def test_the_confirmation_of_four_hours_ago_is_reminder_enough() -> None:
    visit = evening(11, 20, 9)
    for minute, expected in ((30, evening(11, 18)), (31, evening(11, 19))):
        booked = evening(11, 18, 13, minute)
        assert remind_at(visit, booked, POLICY, CALENDAR, booked) == expected


def test_two_hours_before_the_visit_is_the_last_moment_of_a_reminder() -> None:
    late = evening(11, 19, 20)
    assert remind_at(evening(11, 20, 12, 0), LONG_BEFORE, POLICY, CALENDAR, late) == evening(11, 20, 10, 0)
    assert remind_at(evening(11, 20, 11, 59), LONG_BEFORE, POLICY, CALENDAR, late) is None


def test_there_is_no_reminder_where_messages_about_visits_are_forbidden() -> None:
    assert remind_at(evening(11, 27), LONG_BEFORE, FORBIDDEN, CALENDAR, WEDNESDAY) is None


def test_there_is_no_reminder_where_no_day_is_allowed() -> None:
    closed = replace(CALENDAR, holidays=frozenset(date(2026, 10, 1) + number * DAY for number in range(120)))
    assert remind_at(evening(11, 27), LONG_BEFORE, POLICY, closed, WEDNESDAY) is None


def test_a_check_in_leaves_two_days_after_and_the_day_after_surgery() -> None:
    visit = evening(11, 17, 9)
    assert check_in_at(visit, Care.PLAIN, POLICY, CALENDAR, visit) == evening(11, 19)
    assert check_in_at(visit, Care.SURGERY, POLICY, CALENDAR, visit) == evening(11, 18)


def test_a_check_in_that_would_fall_on_a_weekend_leaves_on_monday() -> None:
    assert check_in_at(evening(11, 19, 9), Care.PLAIN, POLICY, CALENDAR, evening(11, 19)) == evening(11, 23)


def test_a_check_in_comes_late_by_days_but_not_by_more_than_a_week() -> None:
    visit = evening(11, 3, 9)
    assert check_in_at(visit, Care.PLAIN, POLICY, CALENDAR, evening(11, 10, 12)) == evening(11, 10)
    assert check_in_at(visit, Care.PLAIN, POLICY, CALENDAR, evening(11, 10, 18)) is None


SOON = st.integers(-20 * 24 * 60, 20 * 24 * 60).map(lambda minutes: WEDNESDAY + timedelta(minutes=minutes))


def sendable(at: datetime, purpose: Purpose) -> bool:
    return allowed(at, rule_of(purpose).hours, BRUSSELS, CALENDAR.holidays)


@given(SOON, SOON, SOON)
def test_whatever_is_planned_lies_inside_the_hours_and_not_in_the_past(
    visit: datetime, before: datetime, now: datetime
) -> None:
    reminder = remind_at(visit, before, POLICY, CALENDAR, now)
    assert reminder is None or (now <= reminder <= visit - NOTICE and sendable(reminder, Purpose.APPOINTMENT))
    assert reminder is None or reminder > before
    check_in = check_in_at(visit, Care.PLAIN, POLICY, CALENDAR, now)
    assert check_in is None or (max(now, visit) <= check_in and sendable(check_in, Purpose.POSTVISIT))
    assert check_in is None or check_in <= visit + (CHECK_IN_LATEST_DAYS + 1) * DAY
    second = invite_at(SECOND_INVITATION, before, POLICY, CALENDAR, now)
    assert second is not None
    assert second >= max(now, before + 30 * DAY)
    assert sendable(second, Purpose.RECALL)


def test_hours_that_do_not_reach_the_early_evening_pull_the_good_moment_inside_them() -> None:
    closing_at_four = with_hours(time(9), time(16))
    assert send_time(WEDNESDAY.date(), Purpose.RECALL, closing_at_four, CALENDAR) == evening(11, 18, 15, 0)
    opening_at_six = with_hours(time(18), time(20))
    assert send_time(WEDNESDAY.date(), Purpose.RECALL, opening_at_six, CALENDAR) == evening(11, 18, 18, 0)
    half_an_hour = with_hours(time(9), time(9, 30))
    assert send_time(WEDNESDAY.date(), Purpose.RECALL, half_an_hour, CALENDAR) == evening(11, 18, 9, 0)


def test_what_is_forbidden_has_no_good_moment() -> None:
    assert send_time(WEDNESDAY.date(), Purpose.RECALL, FORBIDDEN, CALENDAR) is None
