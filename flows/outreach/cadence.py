"""The programme as data: which message comes when. Plans only; the gate decides.

A planned time lies inside the policy's hours, on a day the policy allows, and never before `now`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from flows.outreach.hours import HORIZON_DAYS, allowed, day_begins, local_day, next_allowed
from flows.outreach.policy import Hours, Policy
from flows.vocabulary import Purpose

GOOD_HOUR = time(17, 30)
"""When people read and answer: late afternoon and early evening (DOMAIN.md, replies by hour)."""

BEFORE_CLOSING = timedelta(hours=1)
"""Where the hours end earlier than the good hour, a message leaves so long before their end."""

CONFIRMED_LATELY = timedelta(hours=4)
"""So soon after the booking, whose confirmation said it all, a reminder tells nothing."""

NOTICE = timedelta(hours=2)
"""A reminder later than this before the visit helps nobody."""

CHECK_IN_LATEST_DAYS = 7
"""A check-in later than so many days after the visit would be odd."""


class Campaign(StrEnum):
    """A row of messages that belong together; a patient gets each step of a campaign once."""

    REACTIVATION = "reactivation"
    REMINDER = "reminder"
    CHECK_IN = "check_in"
    INVITE = "invite"


class Care(StrEnum):
    """What was done at a visit, as far as the check-in cares."""

    PLAIN = "plain"
    SURGERY = "surgery"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A message of a campaign. number: counts from 1.

    days: REACTIVATION: at least so many after the step before (the policy's gap wins where it is longer); REMINDER: so
    many before the visit; CHECK_IN: so many after it.
    """

    campaign: Campaign
    number: int
    purpose: Purpose
    days: int


FIRST_INVITATION = Step(campaign=Campaign.REACTIVATION, number=1, purpose=Purpose.RECALL, days=0)
SECOND_INVITATION = Step(campaign=Campaign.REACTIVATION, number=2, purpose=Purpose.RECALL, days=7)
REMINDER = Step(campaign=Campaign.REMINDER, number=1, purpose=Purpose.APPOINTMENT, days=2)
CHECK_IN = Step(campaign=Campaign.CHECK_IN, number=1, purpose=Purpose.POSTVISIT, days=2)
PROGRAMME: tuple[Step, ...] = (FIRST_INVITATION, SECOND_INVITATION, REMINDER, CHECK_IN)

_AFTER_SURGERY_DAYS = 1
_DAY = timedelta(days=1)
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Where days are counted: the clinic's zone and its public holidays."""

    zone: ZoneInfo
    holidays: frozenset[date]


def step_after(campaign: Campaign, number: int) -> Step | None:
    """The step that follows step `number` (0: none sent yet); None after the last."""
    return next((step for step in PROGRAMME if (step.campaign, step.number) == (campaign, number + 1)), None)


def send_time(day: date, purpose: Purpose, policy: Policy, calendar: Calendar) -> datetime | None:
    """The good moment of a day (UTC): early evening, pulled inside the hours; None if nothing may leave that day."""
    rule = policy.rule(purpose)
    if rule is None:
        return None
    wall = _good_hour(rule.hours)
    at = datetime.combine(day, wall, tzinfo=calendar.zone).astimezone(UTC)
    return at if allowed(at, rule.hours, calendar.zone, calendar.holidays) else None


def invite_at(
    step: Step, last_sent_at: datetime | None, policy: Policy, calendar: Calendar, now: datetime
) -> datetime | None:
    """When a step of the reactivation is due (UTC, at or after `now`); last_sent_at: when the step before it left.

    None if never: forbidden, no allowed day, or a later step of a campaign that has not begun.
    """
    rule = policy.rule(step.purpose)
    if rule is None or (last_sent_at is None and step.number > 1):
        return None
    gap = timedelta(days=max(step.days, rule.caps.gap_days))
    earliest = now if last_sent_at is None else max(now, last_sent_at + gap)
    return _first_good(earliest, _days_from(earliest, calendar), step.purpose, policy, calendar)


def remind_at(
    visit_at: datetime, booked_at: datetime, policy: Policy, calendar: Calendar, now: datetime
) -> datetime | None:
    """When the reminder of a visit is due (UTC, at or after `now`); None if there is no time for one.

    Two days before, or on the nearest allowed day before that; if that has passed, the evening before the visit; else
    as soon as allowed. visit_at, booked_at, now: UTC; booked_at: when this time was last confirmed to the patient.
    """
    rule = policy.rule(REMINDER.purpose)
    if rule is None:
        return None
    earliest = max(now, booked_at + CONFIRMED_LATELY)
    visit_day = local_day(visit_at, calendar.zone)
    due = visit_day - timedelta(days=REMINDER.days)
    days = (due - timedelta(days=back) for back in range(HORIZON_DAYS + 1))
    best = next((at for day in days if (at := send_time(day, REMINDER.purpose, policy, calendar)) is not None), None)
    eve = send_time(visit_day - _DAY, REMINDER.purpose, policy, calendar)
    soonest = next_allowed(earliest, rule.hours, calendar.zone, calendar.holidays)
    choices = (at for at in (best, eve, soonest) if at is not None and earliest <= at <= visit_at - NOTICE)
    return next(choices, None)


def check_in_at(visit_at: datetime, care: Care, policy: Policy, calendar: Calendar, now: datetime) -> datetime | None:
    """When the check-in after a visit is due (UTC, at or after `now`); None if it would come too late.

    The day after surgery, two days after anything else (DOMAIN.md), or on the nearest allowed day after that.
    """
    visit_day = local_day(visit_at, calendar.zone)
    due = visit_day + timedelta(days=_AFTER_SURGERY_DAYS if care is Care.SURGERY else CHECK_IN.days)
    last = visit_day + timedelta(days=CHECK_IN_LATEST_DAYS)
    earliest = max(now, day_begins(due, calendar.zone))
    days = (day for day in _days_from(earliest, calendar) if day <= last)
    return _first_good(earliest, days, CHECK_IN.purpose, policy, calendar)


def _first_good(
    earliest: datetime, days: Iterable[date], purpose: Purpose, policy: Policy, calendar: Calendar
) -> datetime | None:
    times = (send_time(day, purpose, policy, calendar) for day in days)
    return next((at for at in times if at is not None and at >= earliest), None)


def _days_from(at: datetime, calendar: Calendar) -> Iterable[date]:
    first = local_day(at, calendar.zone)
    return (first + timedelta(days=ahead) for ahead in range(HORIZON_DAYS + 1))


def _good_hour(hours: Hours) -> time:
    if hours.opens > GOOD_HOUR:
        return hours.opens
    if hours.closes > GOOD_HOUR:
        return GOOD_HOUR
    before_closing = datetime.combine(_ANY_DAY, hours.closes) - BEFORE_CLOSING
    return max(datetime.combine(_ANY_DAY, hours.opens), before_closing).time()
