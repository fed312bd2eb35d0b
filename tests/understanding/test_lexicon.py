"""Which words belong to an entry: itself, its endings, and one typo in a long one."""

import pytest

from bot.understanding.lexicon import Lexicon, NumberRange, Spelling


@pytest.mark.parametrize(
    ("word", "belongs"),
    [
        ("swollen", True),
        ("swolen", True),
        ("swollenn", True),
        ("swolln", True),
        ("swlolen", True),
        ("swallen", True),
        ("swolls", False),
        ("wollen", False),
        ("swelling", False),
    ],
)
def test_one_typo_in_a_long_word_is_forgiven(word: str, belongs: bool) -> None:  # noqa: FBT001 - a table's column
    lexicon = Lexicon()
    key = lexicon.new_key()
    lexicon.add(Spelling(letters="swollen"), key)
    assert (key in lexicon.keys_of(word)) is belongs


@pytest.mark.parametrize(
    ("word", "belongs"), [("gonflement", True), ("gonlfe", True), ("gongle", True), ("ronfle", False)]
)
def test_one_typo_in_a_long_stem_is_forgiven(word: str, belongs: bool) -> None:  # noqa: FBT001 - a table's column
    lexicon = Lexicon()
    key = lexicon.new_key()
    lexicon.add(Spelling(letters="gonfle", whole=False), key)
    assert (key in lexicon.keys_of(word)) is belongs


def test_a_typo_is_forgiven_wherever_it_is_and_never_two() -> None:
    lexicon = Lexicon()
    whole, stem = lexicon.new_key(), lexicon.new_key()
    lexicon.add(Spelling(letters="abcdefgh"), whole)
    lexicon.add(Spelling(letters="mnopqrst", whole=False), stem)
    for word, key in (("abcdefgh", whole), ("mnopqrst", stem)):
        for at in range(1, len(word)):
            head, letter, tail = word[:at], word[at], word[at + 1 :]
            typos = [head + tail, f"{head}x{letter}{tail}", f"{head}x{tail}"]
            typos += [f"{head}{tail[0]}{letter}{tail[1:]}"] if tail else []
            for typo in typos:
                assert lexicon.keys_of(typo) == {key}, typo
            if 1 < at < len(word) - 1:
                assert not lexicon.keys_of(f"{word[0]}y{word[1:at]}z{tail}"), at


def test_an_ordinary_word_is_no_typo() -> None:
    lexicon = Lexicon()
    key = lexicon.new_key()
    lexicon.add(Spelling(letters="saigner"), key)
    lexicon.add_ordinary(("soigner",))
    assert not lexicon.keys_of("soigner")
    assert key in lexicon.keys_of("saigne")


def test_short_words_are_taken_as_they_are() -> None:
    lexicon = Lexicon()
    lexicon.add(Spelling(letters="stop"), lexicon.new_key())
    assert not lexicon.keys_of("stap")


def test_a_number_belongs_to_its_ranges() -> None:
    lexicon = Lexicon()
    young, minutes = lexicon.new_key(), lexicon.new_key()
    lexicon.add(NumberRange(least=8, most=17), young)
    lexicon.add(NumberRange(least=1, most=60), minutes)
    assert lexicon.keys_of("14") == {young, minutes}
    assert lexicon.keys_of("45") == {minutes}
    assert not lexicon.keys_of("99999999999999999999")
