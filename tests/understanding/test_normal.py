"""Texts that look different and say the same are the same once folded."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normal import LONGEST_TEXT, MOST_WORDS, Apostrophe, capitalised, goes_on, normalise, split


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ARRÊTEZ", "arretez"),
        ("arre\u0302tez", "arretez"),
        ("st\u200bop", "stop"),
        ("STOOOOP", "stop"),
        ("\u0455to\u0440", "stop"),
        ("стоп", "стоп"),
        ("c\u0442o\u043f", "стоп"),
        ("ёж", "еж"),
        ("l\u2019été", "l'ete"),
        ("st0p", "stop"),
        ("ﬁne", "fine"),
        ("9:30", "9:30"),
        ("straße", "strasse"),
    ],
)  # fmt: skip
def test_a_text_is_folded(written: str, meant: str) -> None:
    assert normalise(written) == meant


def test_an_apostrophe_joins_or_splits_by_language() -> None:
    assert split("don't", Apostrophe.JOINS).words == ("dont",)
    assert split("j'ai", Apostrophe.SPLITS).words == ("j", "ai")


def test_marks_part_clauses_and_a_question_mark_stays() -> None:
    tokens = split("no, thanks. 24/11? at 9:30", Apostrophe.JOINS)
    assert tokens.words == ("no", "thanks", "24/11", "?", "at", "9:30")
    assert tokens.clauses == (0, 1, 3, 3, 5, 5)


def test_a_comma_alone_lets_a_list_go_on() -> None:
    commas, stops = (split(text, Apostrophe.JOINS).clauses for text in ("mon, tue., wed", "mon. tue; wed\nthu,\nfri"))
    assert all(goes_on(clause, following) for clause, following in pairwise(commas))
    assert not any(goes_on(clause, following) for clause, following in pairwise(stops))


def test_a_dash_joins_words_of_one_line_only() -> None:
    assert split("mon - fri", Apostrophe.JOINS).dashed == {1}
    assert not split("- mon\n- fri", Apostrophe.JOINS).dashed
    assert not split("mon, -fri", Apostrophe.JOINS).dashed


def test_a_million_characters_are_cut() -> None:
    assert len(normalise("é" * 1_000_000)) <= LONGEST_TEXT
    assert len(split("a " * 4000, Apostrophe.JOINS).words) == MOST_WORDS


def test_names_are_told_by_their_capital() -> None:
    assert capitalised("I am not Zorbax") == {"zorbax"}
    assert not capitalised("I AM NOT ZORBAX")


@given(st.text(max_size=400))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = normalise(text)
    words = split(once, Apostrophe.SPLITS)
    assert len(words.words) == len(words.clauses)
    assert normalise(once)[:50] == once[:50] or len(once) > LONGEST_TEXT // 2 or not once.isascii()
