"""When an objection of the gate ends by itself: it stands until that moment, and then no more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.outreach.case import Case
from flows.outreach.facts import NEVER_SENT, Facts
from flows.outreach.gate import objections
from flows.outreach.ledger import Act
from flows.outreach.outlook import OUTLOOKS, ends_by
from flows.outreach.policy import Policy
from flows.outreach.verdict import Refusal
from flows.vocabulary import Purpose
from tests.flows.outreach.given import WEDNESDAY, event, facts, request, strictest, yes

SOON = timedelta(seconds=1)


def local(year: int, month: int, day: int) -> datetime:
    """The first moment of a winter day in Brussels."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=1)


def case(known: Facts, *, now: datetime = WEDNESDAY, policy: Policy | None = None) -> Case:
    """A question about an invitation."""
    return Case(request=request(), facts=known, policy=policy or strictest(), now=now)


def objects(known: Facts, reason: Refusal, now: datetime) -> bool:
    """Whether the gate objects for this reason at a moment."""
    asked = case(known, now=now)
    return reason in objections(asked.request, asked.facts, asked.policy, asked.now)


PASSING = (
    (Refusal.PAUSED, facts(yes(), event(Act.PAUSE, valid_until=local(2026, 12, 24))), local(2026, 12, 24)),
    (Refusal.IN_CONVERSATION, facts(asked=True, heard_at=WEDNESDAY - timedelta(hours=3)), WEDNESDAY + 21 * 3600 * SOON),
    (Refusal.RESTING, facts(last_contacted_at=local(2026, 2, 3)), local(2027, 2, 3)),
    (Refusal.NOT_DUE, facts(last_visit_on=date(2025, 12, 20)), local(2026, 12, 20)),
    (Refusal.NOT_DUE, facts(last_visit_on=date(2025, 9, 1), recall_months=16), local(2027, 2, 1)),
    (Refusal.MINOR, facts(birth_date=date(2009, 1, 15)), local(2027, 1, 15)),
    (Refusal.MINOR, facts(birth_date=date(2012, 2, 29)), local(2030, 3, 1)),
)


@pytest.mark.parametrize(("reason", "known", "end"), PASSING, ids=lambda value: getattr(value, "value", None))
def test_an_objection_stands_until_the_moment_it_is_said_to_end(reason: Refusal, known: Facts, end: datetime) -> None:
    assert objects(known, reason, WEDNESDAY)
    assert ends_by(reason, case(known)) == end
    assert objects(known, reason, end - SOON)
    assert not objects(known, reason, end)


@pytest.mark.parametrize(
    ("reason", "end"),
    [
        (Refusal.CAP_CYCLE, local(2027, 11, 11)),
        (Refusal.CAP_YEAR, local(2027, 11, 11)),
        (Refusal.CAP_HOUSEHOLD, WEDNESDAY + timedelta(days=7)),
    ],
)
def test_a_cap_has_room_at_the_latest_when_the_last_message_counts_no_more(reason: Refusal, end: datetime) -> None:
    full = replace(NEVER_SENT, cycle=2, year=2, household=2, last_at=local(2026, 11, 10) + timedelta(hours=17))
    assert ends_by(reason, case(facts(sent=full))) == end


def test_a_visit_stands_in_the_way_until_its_time() -> None:
    visit = WEDNESDAY + timedelta(days=3)
    assert ends_by(Refusal.BOOKED, case(facts(next_visit_at=visit))) == visit
    assert ends_by(Refusal.BOOKED, case(facts(next_visit_at=WEDNESDAY - timedelta(days=3)))) is None


@pytest.mark.parametrize("reason", sorted(set(Refusal) - set(OUTLOOKS)))
def test_what_only_a_person_can_change_has_no_end(reason: Refusal) -> None:
    assert ends_by(reason, case(facts())) is None


@pytest.mark.parametrize("reason", sorted(OUTLOOKS))
def test_where_nothing_is_known_no_end_is_promised(reason: Refusal) -> None:
    nothing = facts(birth_date=None, last_visit_on=None)
    forbidden = replace(strictest(), rules=())
    found = ends_by(reason, case(nothing, policy=forbidden))
    assert found == (WEDNESDAY + timedelta(days=7) if reason is Refusal.CAP_HOUSEHOLD else None)


def test_a_pause_without_an_end_and_a_visit_too_long_ago_have_none() -> None:
    assert ends_by(Refusal.PAUSED, case(facts(yes(), event(Act.PAUSE, purpose=Purpose.RECALL)))) is None
    never_due = facts(last_visit_on=date(2020, 1, 1), recall_months=120)
    assert ends_by(Refusal.NOT_DUE, case(never_due)) is None
