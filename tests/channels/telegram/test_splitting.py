"""Long texts in parts."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.splitting import split, units


def test_a_short_text_stays_whole() -> None:
    assert split("One.\n\nTwo.") == ["One.\n\nTwo."]


def test_paragraphs_come_before_lines_and_lines_before_sentences() -> None:
    assert split("aaaa bbbb\n\ncccc. dddd", 14) == ["aaaa bbbb", "cccc. dddd"]
    assert split("aaaa bbbb\ncccc. dddd", 14) == ["aaaa bbbb", "cccc. dddd"]
    assert split("aaaa bbb. cccc dddd", 14) == ["aaaa bbb.", "cccc dddd"]


def test_a_word_longer_than_a_message_is_cut() -> None:
    assert split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_what_takes_two_units_counts_twice() -> None:
    assert units("😀a") == 3
    assert [units(part) for part in split("😀" * 7, 5)] == [4, 4, 4, 2]


@given(st.text(alphabet="ab. \n😀я", max_size=300), st.integers(min_value=2, max_value=40))
def test_nothing_is_lost_and_each_part_fits(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
