"""The hash chain: one canonical form, and any change found."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.ids import LedgerEventId
from flows.outreach.chain import START, canonical, chain, verify
from flows.outreach.ledger import Act, LedgerEvent
from flows.vocabulary import Channel
from tests.flows.outreach.given import LONG_AGO, UNHURRIED, event, yes


def chained(*events: LedgerEvent) -> list[tuple[LedgerEvent, bytes]]:
    entries: list[tuple[LedgerEvent, bytes]] = []
    for one in events:
        previous = entries[-1][1] if entries else START
        entries.append((one, chain(previous, one)))
    return entries


HISTORY = (yes(), event(Act.PAUSE, id=LedgerEventId(2)), event(Act.WITHDRAW, id=LedgerEventId(3)))


def test_the_canonical_form_is_fixed_for_ever() -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    one = yes(at=at, valid_from=at, valid_until=None, channel=Channel.EMAIL, evidence="бланк 1")
    assert canonical(one).decode() == (
        '1:{"act":"permit","acted_by":"self","address_id":null,"at":"2026-01-02T03:04:05.000006+00:00",'
        '"basis":"express_consent","channel":"email","collected":"settings","evidence":"бланк 1","id":1,'
        '"patient_id":7,"policy":"strictest","policy_version":1,"purpose":"recall",'
        '"valid_from":"2026-01-02T03:04:05.000006+00:00","valid_until":null}'
    )


def test_every_field_is_in_the_canonical_form() -> None:
    content = json.loads(canonical(yes()).removeprefix(b"1:"))
    assert set(content) == {field.name for field in fields(LedgerEvent)}


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


@UNHURRIED
@given(st.integers(0, 2), st.sampled_from(["evidence", "collected", "policy"]), st.text(min_size=1))
def test_a_change_of_any_entry_is_found_where_it_is(index: int, name: str, value: str) -> None:
    entries = chained(*HISTORY)
    one, stored = entries[index]
    entries[index] = (replace(one, **{name: f"changed {value}"}), stored)  # type: ignore[arg-type]  # texts all three
    assert verify(entries) == index


def test_a_missing_a_moved_and_an_inserted_entry_are_found() -> None:
    first, second, third = chained(*HISTORY)
    assert verify([second, third]) == 0
    assert verify([first, third]) == 1
    assert verify([first, third, second]) == 1
    assert verify([first, first, second, third]) == 1


def test_a_change_that_also_rewrites_its_own_hash_is_found_at_the_next() -> None:
    first, second, third = chained(*HISTORY)
    forged = replace(second[0], evidence="forged")
    assert verify([first, (forged, chain(first[1], forged)), third]) == 2
