"""The policy that holds where a clinic names no other: what it permits, when, how often, and on what ground."""

from datetime import time

from flows.outreach.ledger import Basis
from flows.outreach.policy import (
    AcceptedBasis,
    Automation,
    Caps,
    Hours,
    MustSay,
    OnHolidays,
    PolicyPart,
    ZoneSource,
)
from flows.vocabulary import Purpose
from tests.flows.outreach.given import rule_of, strictest


def test_the_default_asks_for_express_consent_for_all_but_a_booked_visit() -> None:
    policy = strictest()
    assert (policy.id, policy.version, policy.reviewed_by) == ("strictest", 1, "")
    assert {rule.purpose: rule.bases for rule in policy.rules} == {
        Purpose.APPOINTMENT: (AcceptedBasis(basis=Basis.BOOKED_VISIT, months=None),),
        Purpose.RECALL: (AcceptedBasis(basis=Basis.EXPRESS_CONSENT, months=None),),
        Purpose.POSTVISIT: (AcceptedBasis(basis=Basis.EXPRESS_CONSENT, months=None),),
    }


def test_the_default_forbids_offers() -> None:
    assert strictest().rule(Purpose.OFFER) is None


def test_the_default_writes_on_working_days_from_ten_to_seven_at_level_0() -> None:
    hours = Hours(opens=time(10), closes=time(19), days=frozenset({1, 2, 3, 4, 5}), on_holidays=OnHolidays.REST)
    assert [(rule.hours, rule.highest_level, rule.automation) for rule in strictest().rules] == [
        (hours, 0, Automation.AUTO)
    ] * 3


def test_the_default_allows_two_recalls_a_cycle_thirty_days_apart() -> None:
    assert rule_of(Purpose.RECALL).caps == Caps(
        day=1, week=1, cycle=2, cycle_months=12, gap_days=30, year=2, household=2
    )


def test_the_default_has_an_invitation_name_its_sender_say_that_it_is_automatic_and_how_it_ends() -> None:
    assert rule_of(Purpose.RECALL).must_say == {MustSay.SENDER, MustSay.AUTOMATIC, MustSay.STOP}


def test_the_default_belongs_to_no_country_and_is_one_file() -> None:
    policy = strictest()
    assert policy.jurisdiction == "*"
    assert policy.parts == (PolicyPart(id="strictest", version=1, content_hash=policy.content_hash),)


def test_the_default_takes_an_imported_yes_for_recall_alone() -> None:
    policy = strictest()
    assert policy.imported_yes == {Purpose.RECALL}
    assert (policy.minor_age, policy.zone, policy.retention_months) == (18, ZoneSource.CLINIC, 24)
