"""Which policy counts for whom."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.outreach.merging import merge, narrows
from flows.outreach.policy import LONGEST_ID, MustSay, Policy, PolicyPart
from flows.outreach.policy_book import PolicyBook
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import rule_of, strictest, with_rule
from tests.flows.outreach.policies_by_chance import policies


def named(name: str, jurisdiction: str, *says: MustSay) -> Policy:
    """A policy that asks for some words in an invitation, and in the rest is like the default."""
    part = PolicyPart(id=name, version=1, content_hash=name * 8)
    plain = replace(strictest(), id=name, jurisdiction=jurisdiction, parts=(part,), content_hash=part.content_hash)
    return with_rule(plain, replace(rule_of(Purpose.RECALL), must_say=frozenset(says)))


OWN = strictest()
NL = named("nl", "NL")
BE = named("be", "BE", MustSay.ADVERTISING)
QC = named("ca-qc", "CA-QC", MustSay.ADDRESS)
CHAT = named("chat", "*", MustSay.RISK_WARNING)
FALLBACK = named("cautious", "*", MustSay.ADDRESS, MustSay.RISK_WARNING)
BOOK = PolicyBook(
    own=OWN,
    by_residence={"NL": NL, "BE": BE, "CA-QC": QC},
    by_channel={Channel.TELEGRAM: CHAT},
    fallback=FALLBACK,
    home="NL",
)


@pytest.mark.parametrize("residence", [None, "NL", "NL-ZH"])
def test_who_lives_where_the_clinic_is_has_the_clinics_policy(residence: str | None) -> None:
    assert BOOK.for_patient(residence, Channel.WEBCHAT) == OWN


def test_who_lives_abroad_has_the_strictest_of_both() -> None:
    assert BOOK.for_patient("BE", Channel.WEBCHAT) == merge([OWN, BE])
    assert BOOK.for_patient("BE-VLG", Channel.WEBCHAT) == merge([OWN, BE])


def test_a_part_of_a_country_has_its_own_policy() -> None:
    assert BOOK.for_patient("CA-QC", None) == merge([OWN, QC])


def test_where_no_policy_is_known_the_fallback_protects() -> None:
    assert BOOK.for_patient("DE", None) == BOOK.for_patient("CA-ON", None) == merge([OWN, FALLBACK])


def test_a_country_of_which_only_a_part_is_known_is_treated_as_that_part_and_as_unknown() -> None:
    assert BOOK.for_patient("CA", None) == merge([OWN, FALLBACK, QC])


def test_a_clinic_in_a_part_of_a_country_takes_the_bare_country_for_its_own_place() -> None:
    quebec = replace(BOOK, own=QC, home="CA-QC")
    assert quebec.for_patient("CA", None) == quebec.for_patient(None, None) == QC


def test_a_clinic_that_chose_another_countrys_policy_is_held_to_its_own_countrys_too() -> None:
    assert replace(BOOK, home="BE").for_patient(None, None) == merge([OWN, BE])


def test_a_clinic_where_no_policy_is_known_has_the_fallback_beside_its_own() -> None:
    assert replace(BOOK, home="DE").for_patient(None, None) == merge([OWN, FALLBACK])


def test_a_channel_may_have_a_policy_of_its_own() -> None:
    assert BOOK.for_patient(None, Channel.TELEGRAM) == merge([OWN, CHAT])
    assert BOOK.for_patient("BE", Channel.TELEGRAM) == merge([OWN, BE, CHAT])


def test_what_narrows_nothing_needs_no_signature() -> None:
    assert BOOK.for_patient("NL", None).parts == OWN.parts


def test_everything_that_counts_for_somebody_has_to_be_signed() -> None:
    assert {part.id for part in BOOK.parts} == {"chat", "strictest"}
    assert {part.id for part in BOOK.parts_for(["BE", "DE"])} == {"be", "cautious", "chat", "strictest"}


def test_the_same_question_is_merged_once() -> None:
    assert BOOK.for_patient("BE", Channel.EMAIL) is BOOK.for_patient("BE", Channel.EMAIL)


@given(policies(), policies(), policies(), policies(), st.sampled_from([None, "NL", "BE", "CA", "CA-QC", "DE"]))
def test_nobody_is_allowed_more_than_the_clinic_their_place_or_the_channel_allows(
    own: Policy, place: Policy, channel: Policy, fallback: Policy, residence: str | None
) -> None:
    book = PolicyBook(
        own=own,
        by_residence={"BE": place, "CA-QC": place},
        by_channel={Channel.EMAIL: channel},
        fallback=fallback,
        home="BE",
    )
    counts = [own, channel, place if residence in {None, "BE", "CA-QC"} else fallback]
    merged = book.for_patient(residence, Channel.EMAIL)
    assert not any(narrows(merged, part) for part in counts)


def test_the_ids_of_all_that_can_be_merged_for_one_patient_fit_their_column() -> None:
    merged = merge([named(letter * LONGEST_ID, "*") for letter in "abc"])
    assert len(merged.id) <= 64
