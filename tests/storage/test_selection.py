"""The selection by sets loses nobody the gate would permit, and whom it leaves out it leaves out for their reason.

Clinics by chance, on both databases: everybody is judged one by one, and the sets must agree.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flows.outreach.bands import LapsedRule, add_months, latest_start
from flows.outreach.gate import Refusal, Refuse, judge, objections
from flows.outreach.ledger import Act, ActedBy
from flows.outreach.policy import Policy
from flows.outreach.policy_reading import parse_policy
from flows.vocabulary import Language, Owner, PatientStatus, Purpose
from storage.unit_of_work import UnitOfWork
from tests.storage.calendar_world import CLINIC, TODAY, World, worlds
from tests.storage.planning_people import LAPSED, LATER, Contact, Person, add, query, question

MAY = Person()
NO_ONE_ELSE = 10_000
ENDS = (Act.DECEASED, Act.CORRECTED, Act.SUPPRESSED, Act.ERASED, Act.FREEZE, Act.FREEZE, Act.CLEAR, Act.WRONG_PERSON)
ON_ONE_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
OF_A_MISSING_RIGHT = frozenset(
    {Refusal.NO_RIGHT, Refusal.WITHDRAWN, Refusal.OBJECTED, Refusal.BASIS_EXPIRED, Refusal.SUPPRESSED, Refusal.DECEASED}
)
"""The plain columns tell that a right is missing; of what became of it they tell the roughest."""


def _policy() -> Policy:
    file = resources.files("flows.outreach") / "policies" / "strictest.toml"
    return parse_policy(tomllib.loads(file.read_text("utf-8")), source=file.name)


STRICTEST = _policy()


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


acts_ = st.sampled_from(Act)
actors_ = st.sampled_from(ActedBy)
purposes_ = st.sampled_from([Purpose.RECALL, Purpose.RECALL, Purpose.POSTVISIT, None])
events_ = st.lists(st.tuples(acts_, actors_, purposes_, st.integers(-3, 1000)), max_size=3).map(
    lambda events: tuple(event for event in events if event[0] is not Act.PERMIT or event[2] is not None)
)
ends_ = st.lists(
    st.tuples(st.sampled_from(ENDS), st.sampled_from([ActedBy.SELF, ActedBy.STAFF]), st.none(), st.integers(-3, 900)),
    min_size=1,
    max_size=3,
).map(tuple)
around = st.integers(-2, 2).map(lambda beside: timedelta(days=beside))
boundaries = st.tuples(st.sampled_from([12, 13, 18, 24, 36]), around).map(
    lambda months_beside: latest_start(TODAY, months_beside[0]) + months_beside[1]
)
guardian = ((Act.PERMIT, ActedBy.GUARDIAN, Purpose.RECALL, 900),)
asked_for_silence = (*MAY.events, (Act.PAUSE, ActedBy.SELF, None, 300))
come_of_age = st.integers(-40, 40).map(lambda beside: add_months(TODAY, -216) + timedelta(days=beside))
# Each changes what stands between a person and an invitation in one respect.
CHANGES: tuple[st.SearchStrategy[dict[str, Any]], ...] = (
    st.fixed_dictionaries({"last_visit_on": boundaries}),
    st.fixed_dictionaries({"last_visit_on": st.dates(date(2022, 1, 1), TODAY)}),
    st.fixed_dictionaries({"recall_months": st.one_of(st.none(), st.integers(1, 60)), "last_visit_on": boundaries}),
    st.fixed_dictionaries({"birth_date": st.one_of(st.none(), come_of_age)}),
    st.fixed_dictionaries({"birth_date": come_of_age, "events": st.just(guardian)}),
    st.fixed_dictionaries(
        {"events": events_.map(lambda events: (*MAY.events, *events)), "pause_days": st.integers(-9, 9)}
    ),
    st.fixed_dictionaries({"events": events_}),
    st.fixed_dictionaries(
        {"events": ends_.map(lambda events: (*MAY.events, *events)), "source": st.sampled_from(["complaint", "test"])}
    ),
    st.fixed_dictionaries({"events": st.just(asked_for_silence), "pause_days": st.integers(-290, 9)}),
    st.fixed_dictionaries({"contacted_days": st.one_of(st.integers(0, 800), st.integers(363, 368))}),
    st.fixed_dictionaries(
        {
            "events": st.just(asked_for_silence),
            "pause_days": st.integers(-290, 9),
            "contacted_days": st.integers(250, 370),
        }
    ),
    st.fixed_dictionaries({"heard_days": st.integers(0, 800)}),
    st.fixed_dictionaries({"contact": st.sampled_from(Contact)}),
    st.fixed_dictionaries({"status": st.sampled_from(PatientStatus)}),
    st.fixed_dictionaries({"language": st.sampled_from([*Language, None])}),
    st.just({"next_visit_at": LATER}),
    st.just({"owner": Owner.STAFF}),
    st.just({"waiting": True}),
    st.just({"erased": True}),
)
people_ = st.lists(st.one_of(*CHANGES), max_size=2).map(
    lambda changes: replace(MAY, **{name: value for change in changes for name, value in change.items()})
)


def agree(uow: UnitOfWork, people: list[Person], lapsed: LapsedRule) -> None:
    """Bring people into an empty clinic, and compare what the sets and the gate say of each."""
    added = [add(uow, f"N{number}", person).patient_id for number, person in enumerate(people)]
    due = {candidate.patient_id for candidate in uow.planning.due(query(lapsed=lapsed), limit=NO_ONE_ELSE)}
    counts = uow.planning.counts(query(lapsed=lapsed))
    against: list[frozenset[Refusal]] = []
    for patient_id in added:
        case = question(uow, patient_id, STRICTEST)
        facts = replace(case.facts, clinic=replace(case.facts.clinic, lapsed=lapsed))
        asked = (case.request, facts, case.policy, case.now)
        said = judge(*asked)
        assert isinstance(said, Refuse) or patient_id in due, f"lost: {said}"
        if patient_id not in due:
            against.append(frozenset(objections(*asked)))
    assert sum(counts.due.values()) == len(due)
    # Who is nobody's patient yet is no patient to be counted.
    # Erasing takes the status too: who was a stranger is somebody erased like any other.
    known = sum(person.erased or person.status is not PatientStatus.UNKNOWN for person in people)
    assert sum(counts.due.values()) + sum(counts.out.values()) == known
    for reason, count in counts.out.items():
        fitting = OF_A_MISSING_RIGHT if reason in OF_A_MISSING_RIGHT else {reason}
        assert sum(bool(theirs & fitting) for theirs in against) >= count, f"nobody is {reason}"


clinics_ = st.lists(people_, min_size=4, max_size=8)
rules_ = st.builds(LapsedRule, limit_months=st.sampled_from((6, 12, 18, 36)), grace_months=st.sampled_from((0, 1, 3)))


@settings(ON_ONE_DATABASE, max_examples=80)
@given(people=clinics_, lapsed=rules_)
@example(people=[MAY], lapsed=LAPSED)
def test_whoever_the_gate_permits_is_selected_and_whoever_is_not_has_that_reason(
    world: World, people: list[Person], lapsed: LapsedRule
) -> None:
    with world.database.unit_of_work(CLINIC) as uow:  # not committed: each example finds an empty clinic
        agree(uow, people, lapsed)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(ON_ONE_DATABASE, max_examples=1000)
@given(people=clinics_, lapsed=rules_)
def test_whoever_the_gate_permits_is_selected_in_many_clinics(
    world: World, people: list[Person], lapsed: LapsedRule
) -> None:
    with world.database.unit_of_work(CLINIC) as uow:
        agree(uow, people, lapsed)
