"""The hash chain: one canonical form, and any change found."""

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.ids import LedgerEventId
from flows.outreach.chain import NEWEST_FORM, START, Link, canonical, chain, verify
from flows.outreach.ledger import Act, LedgerEvent
from flows.vocabulary import Channel
from tests.flows.outreach.given import LONG_AGO, event, yes


def chained(*events: LedgerEvent, forms: Sequence[int] = ()) -> list[Link]:
    links: list[Link] = []
    for seq, (one, form) in enumerate(zip_longest(events, forms, fillvalue=NEWEST_FORM), start=1):
        assert isinstance(one, LedgerEvent)
        previous = links[-1].hash if links else START
        links.append(Link(seq=seq, event=one, form=form, hash=chain(previous, one, form)))
    return links


HISTORY = (yes(), event(Act.PAUSE, id=LedgerEventId(2)), event(Act.WITHDRAW, id=LedgerEventId(3)))


AT = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
FIXED = yes(at=AT, valid_from=AT, valid_until=None, channel=Channel.EMAIL, evidence="бланк 1")


def test_the_canonical_form_is_fixed_for_ever() -> None:
    one = replace(
        FIXED,
        address_hash=bytes(range(4)),
        key_version=2,
        notice="nl/recall@3#0123456789ab",
        withdraw_by="stop",
        source_system="recare",
    )
    assert canonical(one).decode() == (
        '2:{"act":"permit","acted_by":"self","address_hash":"00010203","address_id":null,'
        '"at":"2026-01-02T03:04:05.000006+00:00","basis":"express_consent","channel":"email","collected":"settings",'
        '"evidence":"бланк 1","id":1,"key_version":2,"notice":"nl/recall@3#0123456789ab","patient_id":7,'
        '"policy":"strictest","policy_version":1,"purpose":"recall","source_system":"recare",'
        '"valid_from":"2026-01-02T03:04:05.000006+00:00","valid_until":null,"withdraw_by":"stop"}'
    )


def test_the_first_form_stays_as_it_was() -> None:
    assert canonical(FIXED, 1).decode() == (
        '1:{"act":"permit","acted_by":"self","address_id":null,"at":"2026-01-02T03:04:05.000006+00:00",'
        '"basis":"express_consent","channel":"email","collected":"settings","evidence":"бланк 1","id":1,'
        '"patient_id":7,"policy":"strictest","policy_version":1,"purpose":"recall",'
        '"valid_from":"2026-01-02T03:04:05.000006+00:00","valid_until":null}'
    )


def test_every_field_is_in_the_canonical_form() -> None:
    content = json.loads(canonical(yes()).removeprefix(b"2:"))
    assert set(content) == {field.name for field in fields(LedgerEvent)}


@pytest.mark.parametrize(
    "later",
    [
        {"address_hash": b"x"},
        {"key_version": 2},
        {"notice": "nl/recall@3#0"},
        {"withdraw_by": "stop"},
        {"source_system": "recare"},
    ],
)
def test_an_event_of_the_first_form_that_says_what_its_hash_does_not_cover_is_broken(later: dict[str, object]) -> None:
    (link,) = chained(yes(), forms=[1])
    assert verify([link]) is None
    added = replace(link, event=replace(link.event, **later))  # type: ignore[arg-type]  # each names fields and types
    assert verify([added]) == 0


def test_chains_that_began_in_the_first_form_go_on_in_the_second() -> None:
    assert verify(chained(*HISTORY, forms=[1, 1])) is None
    assert verify(chained(*HISTORY, forms=[1, 2, 1])) is None


def test_a_form_from_a_newer_recare_is_not_taken_for_whole() -> None:
    (link,) = chained(yes())
    assert verify([replace(link, form=3)]) == 0
    with pytest.raises(ValueError, match="form 3"):
        canonical(yes(), 3)


def test_the_zone_a_time_is_written_in_does_not_matter() -> None:
    elsewhere = LONG_AGO.astimezone(timezone(timedelta(hours=5)))
    assert canonical(yes(at=elsewhere)) == canonical(yes())


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        canonical(yes(at=LONG_AGO.replace(tzinfo=None)))


def test_a_previous_hash_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        chain(b"short", yes())


def test_a_whole_chain_verifies_and_so_does_an_empty_one() -> None:
    assert verify(chained(*HISTORY)) is None
    assert verify([]) is None


@given(
    st.integers(0, 2),
    st.sampled_from(["evidence", "collected", "policy", "notice", "withdraw_by", "source_system"]),
    st.text(min_size=1),
)
def test_a_change_of_any_entry_is_found_where_it_is(index: int, name: str, value: str) -> None:
    links = chained(*HISTORY)
    changed = replace(links[index].event, **{name: f"changed {value}"})  # type: ignore[arg-type]  # texts all
    links[index] = replace(links[index], event=changed)
    assert verify(links) == index


def test_a_missing_a_moved_and_an_inserted_entry_are_found() -> None:
    first, second, third = chained(*HISTORY)
    assert verify([second, third]) == 0
    assert verify([first, third]) == 1
    assert verify([first, third, second]) == 1
    assert verify([first, first, second, third]) == 1


def test_a_renumbered_entry_is_found() -> None:
    first, second, third = chained(*HISTORY)
    assert verify([first, second, replace(third, seq=4)]) == 2
    assert verify([replace(first, seq=2)]) == 0


def test_a_change_that_also_rewrites_its_own_hash_is_found_at_the_next() -> None:
    first, second, third = chained(*HISTORY)
    forged = replace(second.event, evidence="forged")
    assert verify([first, replace(second, event=forged, hash=chain(first.hash, forged)), third]) == 2
