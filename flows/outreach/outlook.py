"""When an objection of the gate ends by itself, so that "no" can be told together with "until when".

Nothing is promised: at that time the gate is asked again, and other objections may have come. What only a person can
change has no time.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TypeAlias

from flows.outreach.bands import DUE_BANDS, REST_MONTHS, add_months, band, lapsed_on
from flows.outreach.case import Case
from flows.outreach.hours import MONTHS_A_YEAR, day_begins
from flows.outreach.message_checks import CONVERSATION_WINDOW
from flows.outreach.rights import FOREVER
from flows.outreach.verdict import Refusal

Outlook: TypeAlias = Callable[[Case], datetime | None]

WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)


def ends_by(reason: Refusal, case: Case) -> datetime | None:
    """By when (UTC) an objection that `case` meets has ended by itself; None: not without somebody doing something."""
    outlook = OUTLOOKS.get(reason)
    at = None if outlook is None else outlook(case)
    return at if at is not None and at > case.now else None


def _after_the_pause(case: Case) -> datetime | None:
    until = case.facts.rights.pause_of(case.purpose)
    return None if until is None or until == FOREVER else until


def _after_the_talk(case: Case) -> datetime | None:
    heard_at = case.facts.heard_at
    return None if heard_at is None else heard_at + CONVERSATION_WINDOW


def _after_the_rest(case: Case) -> datetime | None:
    contacted_at = case.facts.last_contacted_at
    # Who answered an invitation has ended that campaign; the next one begins when they have rested.
    return None if contacted_at is None else _begins(case, add_months(case.day_of(contacted_at), REST_MONTHS))


def _when_due(case: Case) -> datetime | None:
    """The first day on which they count as lapsed and stand in a band that is invited."""
    seen = case.facts.last_visit_on
    if seen is None:
        return None
    day = lapsed_on(seen, case.facts.recall_months, case.facts.clinic.lapsed)
    first = max(day, add_months(seen, MONTHS_A_YEAR))
    return _begins(case, first) if band(seen, None, first) in DUE_BANDS else None


def _when_of_age(case: Case) -> datetime | None:
    born = case.facts.birth_date
    if born is None:
        return None
    birthday = add_months(born, case.policy.minor_age * MONTHS_A_YEAR)
    # Born on 29 February, they come of age on 1 March, as the gate counts.
    return _begins(case, birthday if birthday.day == born.day else birthday + ONE_DAY)


def _after_the_visit(case: Case) -> datetime | None:
    return case.facts.next_visit_at


def _after_the_cycle(case: Case) -> datetime | None:
    rule = case.policy.rule(case.purpose)
    return None if rule is None else _months_after_the_last(case, rule.caps.cycle_months)


def _after_the_year(case: Case) -> datetime | None:
    return _months_after_the_last(case, MONTHS_A_YEAR)


def _after_the_week(case: Case) -> datetime | None:
    return case.now + WEEK


def _months_after_the_last(case: Case, months: int) -> datetime | None:
    """When every message has surely ceased to count: the last one's day is past by then, too."""
    last_at = case.facts.sent.last_at
    return None if last_at is None else _begins(case, add_months(case.day_of(last_at), months) + ONE_DAY)


def _begins(case: Case, day: date) -> datetime:
    return day_begins(day, case.facts.clinic.zone)


OUTLOOKS: Mapping[Refusal, Outlook] = {
    Refusal.PAUSED: _after_the_pause,
    Refusal.IN_CONVERSATION: _after_the_talk,
    Refusal.RESTING: _after_the_rest,
    Refusal.NOT_DUE: _when_due,
    Refusal.MINOR: _when_of_age,
    Refusal.BOOKED: _after_the_visit,
    Refusal.CAP_CYCLE: _after_the_cycle,
    Refusal.CAP_YEAR: _after_the_year,
    Refusal.CAP_HOUSEHOLD: _after_the_week,
}
"""The objections that pass with time."""
