"""Two policies side by side."""

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given

from flows.outreach.ledger import Basis
from flows.outreach.merging import narrows
from flows.outreach.policy import AcceptedBasis, Automation, MustSay, OnHolidays, Policy
from flows.outreach.policy_comparison import Difference, Stricter, differences
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import rule_of, strictest, with_rule
from tests.flows.outreach.policies_by_chance import policies

RECALL = rule_of(Purpose.RECALL)


@given(policies(), policies())
def test_the_other_way_round_the_same_differs_and_the_other_is_the_stricter(one: Policy, two: Policy) -> None:
    turned = {Stricter.FIRST: Stricter.SECOND, Stricter.SECOND: Stricter.FIRST, Stricter.EACH: Stricter.EACH}
    assert differences(two, one) == tuple(
        Difference(field=found.field, first=found.second, second=found.first, stricter=turned[found.stricter])
        for found in differences(one, two)
    )


@given(policies(), policies())
def test_one_that_is_nowhere_the_stricter_narrows_nothing(one: Policy, two: Policy) -> None:
    nowhere = {found.stricter for found in differences(one, two)} <= {Stricter.FIRST}
    assert narrows(one, two) is not nowhere


def test_a_policy_differs_in_nothing_from_itself() -> None:
    assert differences(strictest(), strictest()) == ()


@pytest.mark.parametrize(
    ("changes", "field", "written", "stricter"),
    [
        ({"automation": Automation.HUMAN_RELEASE}, "automation", "human_release", Stricter.SECOND),
        (
            {"bases": (AcceptedBasis(basis=Basis.EXPRESS_CONSENT, months=1),)},
            "bases.express_consent",
            "1 month",
            Stricter.SECOND,
        ),
        (
            {"bases": (*RECALL.bases, AcceptedBasis(basis=Basis.CARE_CONTRACT, months=24))},
            "bases.care_contract",
            "24 months",
            Stricter.FIRST,
        ),
        ({"hours": replace(RECALL.hours, opens=time(9, 30))}, "hours.from", "09:30", Stricter.FIRST),
        ({"hours": replace(RECALL.hours, closes=time(18))}, "hours.to", "18:00", Stricter.SECOND),
        ({"hours": replace(RECALL.hours, days=frozenset({5, 6}))}, "hours.days", "fri, sat", Stricter.EACH),
        ({"hours": replace(RECALL.hours, on_holidays=OnHolidays.SEND)}, "hours.holidays", "send", Stricter.FIRST),
        ({"caps": replace(RECALL.caps, day=2)}, "caps.day", "2", Stricter.FIRST),
        ({"caps": replace(RECALL.caps, cycle_months=13)}, "caps.cycle_months", "13", Stricter.SECOND),
        ({"caps": replace(RECALL.caps, gap_days=14)}, "caps.gap_days", "14", Stricter.FIRST),
        ({"caps": replace(RECALL.caps, household=1)}, "caps.household", "1", Stricter.SECOND),
        ({"highest_level": 1}, "level", "1", Stricter.FIRST),
        ({"channels": frozenset({Channel.LETTER})}, "channels", "letter", Stricter.SECOND),
        ({"must_say": frozenset[MustSay]()}, "must_say", "nothing", Stricter.FIRST),
        ({"must_say": frozenset({MustSay.ADDRESS})}, "must_say", "address", Stricter.EACH),
    ],
)
def test_a_field_that_differs_is_told_with_the_stricter_of_the_two(
    changes: dict[str, object], field: str, written: str, stricter: Stricter
) -> None:
    changed = with_rule(strictest(), replace(RECALL, **changes))  # type: ignore[arg-type]  # named in the table
    (found,) = differences(strictest(), changed)
    assert (found.field, found.second, found.stricter) == (f"recall.{field}", written, stricter)


def test_a_purpose_that_only_one_allows_is_one_difference() -> None:
    assert differences(strictest(), replace(strictest(), rules=(RECALL,)))[0] == Difference(
        field="appointment.automation", first="auto", second="forbidden", stricter=Stricter.SECOND
    )


def test_what_counts_for_all_purposes_is_compared_too() -> None:
    looser = replace(strictest(), minor_age=14, imported_yes=frozenset({Purpose.OFFER}), retention_months=36)
    assert [(found.field, found.second, found.stricter) for found in differences(strictest(), looser)] == [
        ("minor_age", "14", Stricter.FIRST),
        ("imported_yes", "offer", Stricter.EACH),
        ("retention_months", "36", Stricter.FIRST),
    ]
