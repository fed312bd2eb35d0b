"""Random assignment is stable, uniform, and another one in each campaign and for each key."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.outreach.assignment import HOLD_OUT, LOTS, choose, held_out_below, lot_of

KEY = b"only for tests"
PEOPLE = 20_000


def lots(campaign: str, key: bytes = KEY) -> list[int]:
    return [lot_of(key, campaign, str(number).encode()) for number in range(PEOPLE)]


@given(st.binary(min_size=1, max_size=64), st.text(max_size=40), st.binary(max_size=64))
def test_a_lot_is_the_same_each_time_and_in_bounds(key: bytes, campaign: str, person: bytes) -> None:
    lot = lot_of(key, campaign, person)
    assert lot == lot_of(key, campaign, person)
    assert 0 <= lot < LOTS


def test_lots_are_uniform() -> None:
    tenths = Counter(lot * 10 // LOTS for lot in lots(HOLD_OUT))
    expected = PEOPLE / 10
    chi_squared = sum((found - expected) ** 2 / expected for found in tenths.values())
    assert set(tenths) == set(range(10))
    assert chi_squared < 27.9, "beyond the 99.9th percentile for nine degrees of freedom"


@pytest.mark.parametrize("share", [0.05, 0.1, 0.5])
def test_the_share_that_is_held_out_is_the_one_asked_for(share: float) -> None:
    held = sum(lot < held_out_below(share) for lot in lots(HOLD_OUT))
    assert abs(held / PEOPLE - share) < 0.012
    assert held_out_below(0.0) == 0


def test_lots_of_two_campaigns_or_keys_know_nothing_of_each_other() -> None:
    plain = lots("reactivation:2026-11-23:1")
    for others in (lots("reactivation:2026-11-24:1"), lots("reactivation:2026-11-23:1", b"another key")):
        both_low = sum(one < LOTS // 2 and other < LOTS // 2 for one, other in zip(plain, others, strict=True))
        assert abs(both_low / PEOPLE - 0.25) < 0.015


def test_each_of_several_is_chosen_as_often_as_the_others() -> None:
    for among in (("a",), ("a", "b"), ("a", "b", "c")):
        chosen = Counter(choose(lot, among) for lot in range(LOTS))
        assert set(chosen) == set(among)
        assert max(chosen.values()) - min(chosen.values()) <= 1
