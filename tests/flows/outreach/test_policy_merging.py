"""The strictest of several policies: laws over any policies, and what each field of a merge is."""

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.outreach.ledger import Basis
from flows.outreach.merging import merge, narrows
from flows.outreach.policy import (
    AcceptedBasis,
    Automation,
    Caps,
    Hours,
    MustSay,
    OnHolidays,
    Policy,
    PolicyPart,
    PurposeRule,
)
from flows.outreach.policy_comparison import Stricter, differences
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import rule_of, strictest, with_rule
from tests.flows.outreach.policies_by_chance import policies

OTHER_PART = PolicyPart(id="mine", version=3, content_hash="ff" * 32)


def other(**changes: object) -> Policy:
    """Another file's policy, like the default but in what a test names."""
    plain = replace(strictest(), id="mine", version=3, parts=(OTHER_PART,), content_hash=OTHER_PART.content_hash)
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names fields and their types


def recall_merged(**changes: object) -> PurposeRule | None:
    """The rule of recall in the merge of the default and a policy whose recall differs in what a test names."""
    rule = replace(rule_of(Purpose.RECALL), **changes)  # type: ignore[arg-type]  # as above
    return merge([strictest(), with_rule(other(), rule)]).rule(Purpose.RECALL)


@given(policies())
def test_a_policy_merged_with_itself_is_itself(one: Policy) -> None:
    assert merge([one]) == merge([one, one]) == one


@pytest.mark.long
@given(st.lists(policies(), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_the_parts_changes_nothing(parts: list[Policy], chance: object) -> None:
    shuffled = list(parts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis's random.Random
    assert merge(shuffled) == merge(parts)


@pytest.mark.long
@given(policies(), policies(), policies())
def test_the_grouping_of_the_parts_changes_nothing(one: Policy, two: Policy, three: Policy) -> None:
    assert merge([merge([one, two]), three]) == merge([one, merge([two, three])]) == merge([one, two, three])


@given(st.lists(policies(), min_size=1, max_size=4))
def test_a_merge_never_allows_what_one_part_forbids(parts: list[Policy]) -> None:
    merged = merge(parts)
    for part in parts:
        assert {found.stricter for found in differences(merged, part)} <= {Stricter.FIRST}


@given(policies(), policies())
def test_a_merge_forbids_no_field_that_neither_part_forbids(one: Policy, two: Policy) -> None:
    for rule in merge([one, two]).rules:
        parts = [part for policy in (one, two) if (part := policy.rule(rule.purpose)) is not None]
        for field in ("opens", "closes", "on_holidays"):
            assert getattr(rule.hours, field) in {getattr(part.hours, field) for part in parts}
        for field in ("day", "week", "cycle", "cycle_months", "gap_days", "year", "household"):
            assert getattr(rule.caps, field) in {getattr(part.caps, field) for part in parts}
        assert rule.automation in {part.automation for part in parts}


@pytest.mark.long
@given(policies(), policies())
def test_what_is_merged_in_narrows_it_no_more(one: Policy, two: Policy) -> None:
    assert not narrows(merge([one, two]), one)
    assert not narrows(merge([one, two]), two)
    assert not narrows(one, one)


def test_a_merge_tells_of_what_it_is_made() -> None:
    merged = merge([other(jurisdiction="NL", sources=("a law",)), strictest()])
    assert (merged.id, merged.version, merged.jurisdiction) == ("mine+strictest", 3, "*+NL")
    assert merged.parts == (OTHER_PART, *strictest().parts)
    assert merged.sources == tuple(sorted({"a law", *strictest().sources}))
    assert merged.content_hash not in {OTHER_PART.content_hash, strictest().content_hash}


def test_a_merge_is_reviewed_when_every_part_is() -> None:
    assert merge([strictest(), other(reviewed_by="A. Lawyer")]).reviewed_by == ""
    reviewed = replace(strictest(), reviewed_by="B. Counsel")
    assert merge([reviewed, other(reviewed_by="A. Lawyer")]).reviewed_by == "A. Lawyer; B. Counsel"


def test_a_purpose_that_one_part_forbids_is_forbidden() -> None:
    assert merge([strictest(), other(rules=())]).rules == ()


def test_a_release_by_hand_in_one_part_is_one_in_all() -> None:
    merged = recall_merged(automation=Automation.HUMAN_RELEASE)
    assert merged is not None
    assert merged.automation is Automation.HUMAN_RELEASE


def test_a_ground_counts_where_all_accept_it_and_for_the_shortest_time() -> None:
    merged = recall_merged(
        bases=(
            AcceptedBasis(basis=Basis.EXPRESS_CONSENT, months=12),
            AcceptedBasis(basis=Basis.IMPLIED_CONSENT, months=24),
        )
    )
    assert merged is not None
    assert merged.bases == (AcceptedBasis(basis=Basis.EXPRESS_CONSENT, months=12),)


def test_grounds_that_have_nothing_in_common_forbid() -> None:
    assert recall_merged(bases=(AcceptedBasis(basis=Basis.IMPLIED_CONSENT, months=None),)) is None


def test_hours_are_those_that_all_allow() -> None:
    later = Hours(opens=time(12), closes=time(21), days=frozenset({4, 5, 6}), on_holidays=OnHolidays.SEND)
    merged = recall_merged(hours=later)
    assert merged is not None
    assert merged.hours == Hours(opens=time(12), closes=time(19), days=frozenset({4, 5}), on_holidays=OnHolidays.REST)


def test_hours_that_never_meet_forbid() -> None:
    rule = rule_of(Purpose.RECALL)
    assert recall_merged(hours=replace(rule.hours, opens=time(19), closes=time(21))) is None
    assert recall_merged(hours=replace(rule.hours, days=frozenset({6, 7}))) is None


def test_channels_that_have_nothing_in_common_forbid() -> None:
    assert recall_merged(channels=frozenset({Channel.LETTER})) is not None
    letters = with_rule(other(), replace(rule_of(Purpose.RECALL), channels=frozenset({Channel.LETTER})))
    calls = with_rule(strictest(), replace(rule_of(Purpose.RECALL), channels=frozenset({Channel.PHONE})))
    assert merge([letters, calls]).rule(Purpose.RECALL) is None


def test_caps_are_the_least_in_the_longest_cycle_with_the_widest_gap() -> None:
    merged = recall_merged(
        caps=Caps(day=2, week=3, cycle=1, cycle_months=6, gap_days=60, year=9, household=1), highest_level=2
    )
    assert merged is not None
    assert merged.caps == Caps(day=1, week=1, cycle=1, cycle_months=12, gap_days=60, year=2, household=1)
    assert merged.highest_level == 0


def test_everything_that_any_part_wants_said_must_be_said() -> None:
    merged = recall_merged(must_say=frozenset({MustSay.ADVERTISING}))
    assert merged is not None
    assert merged.must_say == {MustSay.ADVERTISING, MustSay.SENDER, MustSay.STOP, MustSay.AUTOMATIC}


def test_a_policy_that_only_asks_for_more_words_narrows() -> None:
    rule = replace(rule_of(Purpose.RECALL), must_say=frozenset({MustSay.ADDRESS}))
    assert narrows(strictest(), with_rule(other(), rule))
    assert not narrows(strictest(), other(retention_months=99, minor_age=12))
