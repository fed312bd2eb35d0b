"""Pauses grow between tries, up to a limit, are never all alike, and begin anew after a success."""

import pytest

from bot.intake.pauses import FIRST_SECONDS, LONGEST_SECONDS, Pauses


def test_pauses_double_up_to_the_longest() -> None:
    pauses = Pauses(first=0.5, longest=5.0, chance=lambda: 1.0)
    assert [pauses.next() for _ in range(6)] == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 4.0), (0.5, 6.0), (1.0, 8.0)])
def test_chance_takes_up_to_half_away_so_that_many_do_not_come_at_once(chance: float, seconds: float) -> None:
    assert Pauses(first=8.0, chance=lambda: chance).next() == seconds


def test_after_a_success_the_next_trouble_begins_anew() -> None:
    pauses = Pauses(first=0.5, chance=lambda: 1.0)
    assert [pauses.next(), pauses.next()] == [0.5, 1.0]
    pauses.over()
    assert pauses.next() == 0.5


@pytest.mark.parametrize("tries", [1, 4, 20])
def test_by_themselves_they_are_never_nothing(tries: int) -> None:
    pauses = Pauses()
    found = [pauses.next() for _ in range(tries)]
    assert min(found) >= FIRST_SECONDS / 2
    assert max(found) <= LONGEST_SECONDS
