"""When the messages of a campaign leave. Plans only; the gate decides. Which steps there are, a programme says.

A planned time lies inside the policy's hours, on a day the policy allows, and never before `now`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
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

ENOUGH_ANSWERS = 3
"""So many answers tell when somebody reads; fewer are chance."""

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
REMINDER = Step(campaign=Campaign.REMINDER, number=1, purpose=Purpose.APPOINTMENT, days=2)
CHECK_IN = Step(campaign=Campaign.CHECK_IN, number=1, purpose=Purpose.POSTVISIT, days=2)

_AFTER_SURGERY_DAYS = 1
_DAY = timedelta(days=1)
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Where days are counted: the clinic's zone and its public holidays."""

    zone: ZoneInfo
    holidays: frozenset[date]


def usual_hour(answered: Iterable[int]) -> int | None:
    """The hour of the day (0 to 23, the clinic's zone) at which somebody mostly writes; None if too little is known.

    answered: the hour of each answer. Of hours equally usual the latest counts: late afternoon beats the morning.
    """
    hours = Counter(answered)
    if hours.total() < ENOUGH_ANSWERS:
        return None
    return max(hours, key=lambda hour: (hours[hour], hour))


def send_time(
    day: date, purpose: Purpose, policy: Policy, calendar: Calendar, usual: int | None = None
) -> datetime | None:
    """The good moment of a day (UTC); None if nothing may leave that day.

    At the hour at which somebody usually writes (`usual`) where it lies inside the hours; else in the early evening,
    pulled inside them.
    """
    rule = policy.rule(purpose)
    if rule is None:
        return None
    wall = _good_hour(rule.hours, usual)
    at = datetime.combine(day, wall, tzinfo=calendar.zone).astimezone(UTC)
    return at if allowed(at, rule.hours, calendar.zone, calendar.holidays) else None


def invite_at(
    step: Step,
    last_sent_at: datetime | None,
    policy: Policy,
    calendar: Calendar,
    now: datetime,
    usual: int | None = None,
) -> datetime | None:
    """When a step of the reactivation is due (UTC, at or after `now`); last_sent_at: when the step before it left.

    usual: the hour at which they write, see `usual_hour`. None if never: forbidden, no allowed day, or a later step of
    a campaign that has not begun.
    """
    rule = policy.rule(step.purpose)
    if rule is None or (last_sent_at is None and step.number > 1):
        return None
    gap = timedelta(days=max(step.days, rule.caps.gap_days))
    earliest = now if last_sent_at is None else max(now, last_sent_at + gap)
    times = (send_time(day, step.purpose, policy, calendar, usual) for day in _days_from(earliest, calendar))
    return next((at for at in times if at is not None and at >= earliest), None)


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
    wished = _wished_for_reminding(local_day(visit_at, calendar.zone), policy, calendar, rule.hours, earliest)
    return next((at for at in wished if at is not None and earliest <= at <= visit_at - NOTICE), None)


def _wished_for_reminding(
    visit_day: date, policy: Policy, calendar: Calendar, hours: Hours, earliest: datetime
) -> Iterator[datetime | None]:
    """The moments (UTC) at which a visit of that day would be reminded of, the best first."""
    due = visit_day - timedelta(days=REMINDER.days)
    days = (due - timedelta(days=back) for back in range(HORIZON_DAYS + 1))
    yield next((at for day in days if (at := send_time(day, REMINDER.purpose, policy, calendar)) is not None), None)
    yield send_time(visit_day - _DAY, REMINDER.purpose, policy, calendar)
    yield next_allowed(earliest, hours, calendar.zone, calendar.holidays)


def check_in_at(visit_at: datetime, care: Care, policy: Policy, calendar: Calendar, now: datetime) -> datetime | None:
    """When the check-in after a visit is due (UTC, at or after `now`); None if it would come too late.

    The day after surgery, two days after anything else (DOMAIN.md), or on the nearest allowed day after that.
    """
    visit_day = local_day(visit_at, calendar.zone)
    due = visit_day + timedelta(days=_AFTER_SURGERY_DAYS if care is Care.SURGERY else CHECK_IN.days)
    last = visit_day + timedelta(days=CHECK_IN_LATEST_DAYS)
    earliest = max(now, day_begins(due, calendar.zone))
    days = (day for day in _days_from(earliest, calendar) if day <= last)
    times = (send_time(day, CHECK_IN.purpose, policy, calendar) for day in days)
    return next((at for at in times if at is not None and at >= earliest), None)


def _days_from(at: datetime, calendar: Calendar) -> Iterable[date]:
    first = local_day(at, calendar.zone)
    return (first + timedelta(days=ahead) for ahead in range(HORIZON_DAYS + 1))


def _good_hour(hours: Hours, usual: int | None) -> time:
    if usual is not None and hours.opens <= time(usual) < hours.closes:
        return time(usual)
    if hours.opens > GOOD_HOUR:
        return hours.opens
    if hours.closes > GOOD_HOUR:
        return GOOD_HOUR
    before_closing = datetime.combine(_ANY_DAY, hours.closes) - BEFORE_CLOSING
    return max(datetime.combine(_ANY_DAY, hours.opens), before_closing).time()
