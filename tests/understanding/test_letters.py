"""Which language a text is in, and in which letters it was meant: transliterated, or on the wrong keyboard."""

import pytest

from bot.understanding.keyboards import latin_to_cyrillic, on_the_other_keyboard
from bot.understanding.letters import Letters, learn
from bot.understanding.weights import WeightsError
from flows.vocabulary import Language

EN, FR, NL, RU = Language.EN, Language.FR, Language.NL, Language.RU


@pytest.fixture(scope="module")
def letters() -> Letters:
    """All languages."""
    return Letters.load(*Language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I would like an appointment on Thursday please", EN),
        ("je voudrais un rendez-vous jeudi s'il vous plaît", FR),
        ("ik wil graag een afspraak op donderdag alstublieft", NL),
        ("я хотела бы записаться на четверг пожалуйста", RU),
    ],
)
def test_a_sentence_is_plainly_in_its_language(letters: Letters, text: str, language: Language) -> None:
    for setting in (None, *Language):
        written = letters.read(text, setting)
        assert (written.language, written.plainly, written.text) == (language, True, text)


@pytest.mark.parametrize("text", ["ok", "...", "", "12:30", "👍", "x"])
def test_what_says_nothing_is_in_the_persons_own_language_and_not_plainly(letters: Letters, text: str) -> None:
    for setting in Language:
        written = letters.read(text, setting)
        assert (written.language, written.plainly) == (setting, False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ya ne smogu priyti vo vtornik", "я не смогу прийти во вторник"),
        ("zapishite menya pozhaluysta na chetverg", "запишите меня пожалуйста на четверг"),
    ],
)
def test_russian_in_latin_letters_is_read_as_it_sounds(letters: Letters, typed: str, meant: str) -> None:
    for setting in (None, RU):
        written = letters.read(typed, setting)
        assert (written.language, written.text) == (RU, meant)


def test_russian_on_a_latin_keyboard_is_turned_back(letters: Letters) -> None:
    written = letters.read("pfgbibnt vtyz yf xtndthu", RU)
    assert (written.language, written.text) == (RU, "запишите меня на четверг")


@pytest.mark.parametrize("setting", [None, EN])
def test_english_on_a_cyrillic_keyboard_is_turned_back(letters: Letters, setting: Language | None) -> None:
    written = letters.read(on_the_other_keyboard("i would like an appointment please"), setting)
    assert (written.language, written.text) == (EN, "i would like an appointment please")


def test_only_loaded_languages_are_read() -> None:
    few = Letters.load(EN, FR)
    assert few.read("ik wil graag een afspraak op donderdag", None).language in {EN, FR}
    assert few.read("ya ne smogu priyti vo vtornik", EN).text == "ya ne smogu priyti vo vtornik"


def test_what_is_learnt_is_kept_nearly_as_it_was() -> None:
    learnt = learn({EN: ["please book me in"], RU: ["запишите меня", "not russian at all"]})
    assert learnt.read("please book", None).language is EN
    assert learnt.read("запишите", None).language is RU
    assert list(learnt.packed()) == ["en", "ru"]
    for kept, table in zip(learnt.packed().values(), learnt.tables, strict=True):
        assert abs(kept.astype(float) / -20 - table).max() <= 0.026


def test_letters_that_cannot_be_read_say_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.understanding.letters.FILE", "nowhere.npz")
    with pytest.raises(WeightsError, match=r"weights/nowhere\.npz cannot be read; run make weights"):
        Letters.load(EN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("shchi", "щи"), ("4ego", "чего"), ("v 4", "в 4"), ("chay", "чай"), ("yula", "юла"), ("k 16 00", "к 16 00")],
)
def test_sounds_are_written_in_cyrillic_and_numbers_stay(typed: str, meant: str) -> None:
    assert latin_to_cyrillic(typed) == meant


@pytest.mark.parametrize("text", ["ghbdtn", "привет", "[fn", "it's"])
def test_the_other_keyboard_twice_is_the_same_text(text: str) -> None:
    assert on_the_other_keyboard(on_the_other_keyboard(text)) == text
    assert on_the_other_keyboard(text) != text
