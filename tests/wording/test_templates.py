"""Texts with gaps: plain names only, and values are never read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.plain_lines import one_line
from bot.wording.templates import Gap, TemplateError, read_template


def test_a_text_falls_into_pieces() -> None:
    template = read_template("See you {first:sentence}, {name}.")

    assert template.pieces == ("See you ", Gap(name="first", style="sentence"), ", ", Gap(name="name"), ".")


@pytest.mark.parametrize(
    "text",
    ["{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a:}", "{A}", "a { b", "a } b", "{{a}}", "{a:{b}}", "{_a}"],
)
def test_anything_but_a_plain_name_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        read_template(text)


@given(st.text())
def test_what_fills_a_gap_is_not_read_again(value: str) -> None:
    template = read_template("before {a} between {b} after")

    assert template.fill(lambda gap: value if gap.name == "a" else "B") == f"before {value} between B after"


def test_a_text_that_begins_with_a_date_begins_with_a_capital() -> None:
    assert read_template("{day:day}?").fill(lambda _: "вторник, 24 ноября") == "Вторник, 24 ноября?"
    assert read_template("{name}?").fill(lambda _: "de Vries") == "de Vries?"


@given(st.text())
def test_an_inserted_value_stays_on_one_line(value: str) -> None:
    line = one_line(value)

    assert len(line.splitlines()) <= 1
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x1b")
    assert one_line(line) == line
