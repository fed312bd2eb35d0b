"""One thing is one thing, several are several."""

import pytest

from bot.cli.counts import counted


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 messages"), (1, "1 message"), (2, "2 messages"), (1000, "1000 messages")]
)
def test_a_number_of_things_is_in_the_right_number(number: int, words: str) -> None:
    assert counted(number, "message") == words


def test_a_plural_of_its_own_is_used() -> None:
    assert [counted(number, "entry", "entries") for number in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]
