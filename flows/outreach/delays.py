"""What only postpones a message: until when it has to wait, apart from the hours.

Each wait ends at a moment after which the reason for it has surely passed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from flows.outreach.bands import add_months
from flows.outreach.case import PROGRAMME, RuledCase
from flows.outreach.hours import day_begins
from flows.outreach.message_checks import CONVERSATION_WINDOW
from flows.outreach.verdict import Wait
from flows.vocabulary import Purpose

Delay: TypeAlias = Callable[[RuledCase], datetime | None]

BREATH = timedelta(minutes=30)
"""So long a message about a booked visit waits for a patient who is just writing."""


def after_the_talk(case: RuledCase) -> datetime | None:
    """What is not an invitation waits until the patient has finished: a reminder briefly, a check-in a day."""
    window = BREATH if case.purpose is Purpose.APPOINTMENT else CONVERSATION_WINDOW
    heard_at = case.facts.heard_at
    return heard_at + window if heard_at is not None and case.is_talking(window) else None


def after_the_day(case: RuledCase) -> datetime | None:
    """The cap of a day: tomorrow."""
    if case.facts.sent.today < case.rule.caps.day:
        return None
    return day_begins(case.today + timedelta(days=1), case.facts.clinic.zone)


def after_the_week(case: RuledCase) -> datetime | None:
    """The cap of seven days: when all of them have certainly passed."""
    last_at = case.facts.sent.last_at
    return last_at + timedelta(days=7) if last_at is not None and case.facts.sent.week >= case.rule.caps.week else None


def after_the_gap(case: RuledCase) -> datetime | None:
    """The gap between two messages."""
    last_at = case.facts.sent.last_at
    return None if last_at is None else last_at + timedelta(days=case.rule.caps.gap_days)


def after_the_rhythm(case: RuledCase) -> datetime | None:
    """The programme writes no more often than the patient asked, whatever the policy would allow."""
    facts = case.facts
    if case.purpose not in PROGRAMME or facts.rhythm_months is None or facts.last_contacted_at is None:
        return None
    return day_begins(add_months(case.day_of(facts.last_contacted_at), facts.rhythm_months), facts.clinic.zone)


DELAYS: Mapping[Wait, Delay] = {
    Wait.TALKING: after_the_talk,
    Wait.CAP_DAY: after_the_day,
    Wait.CAP_WEEK: after_the_week,
    Wait.GAP: after_the_gap,
    Wait.RHYTHM: after_the_rhythm,
}
"""All of them, each with the reason it gives; the one that ends last counts."""
