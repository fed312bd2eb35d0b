"""Forms of address: the right name, or none."""

from dataclasses import replace

import pytest

from bot.wording import NOBODY, Catalogue, Reader
from bot.wording.names import greeting
from flows.vocabulary import Language, Sex

MARTIN = Reader(sex=Sex.FEMALE, first_name="Anna", last_name="Martin", patronymic="Сергеевна")
VRIES = Reader(sex=Sex.FEMALE, first_name="Anna", last_name="de Vries")


def greet(catalogue: Catalogue, language: Language, reader: Reader) -> str:
    lexicon = catalogue.lexicon(language)
    return greeting(reader, lexicon.style.address, lexicon.titles)


@pytest.mark.parametrize(
    ("language", "reader", "expected"),
    [
        (Language.EN, MARTIN, "Hello Anna,"),
        (Language.FR, MARTIN, "Bonjour Madame Martin,"),
        (Language.FR, replace(MARTIN, sex=Sex.MALE), "Bonjour Monsieur Martin,"),
        (Language.NL, VRIES, "Beste mevrouw De Vries,"),
        (Language.NL, replace(VRIES, last_name="van der Berg", sex=Sex.MALE), "Beste meneer Van der Berg,"),
        (Language.NL, replace(VRIES, last_name="’t Hart"), "Beste mevrouw ’t Hart,"),
        (Language.RU, replace(MARTIN, first_name="Анна"), "Здравствуйте, Анна Сергеевна!"),
        (Language.FR, VRIES, "Bonjour Madame de Vries,"),
    ],
)
def test_each_language_has_its_own_form_of_address(
    catalogue: Catalogue, language: Language, reader: Reader, expected: str
) -> None:
    assert greet(catalogue, language, reader) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language.EN, "Hello,"),
        (Language.FR, "Bonjour,"),
        (Language.NL, "Goedendag,"),
        (Language.RU, "Здравствуйте!"),
    ],
)
def test_somebody_unknown_is_greeted_without_a_name(catalogue: Catalogue, language: Language, expected: str) -> None:
    assert greet(catalogue, language, NOBODY) == expected


@pytest.mark.parametrize("language", [Language.FR, Language.NL])
def test_no_name_where_neither_title_nor_sex_is_known(catalogue: Catalogue, language: Language) -> None:
    unknown = replace(MARTIN, sex=Sex.UNKNOWN)

    assert "Martin" not in greet(catalogue, language, unknown)


def test_no_russian_name_without_a_patronymic(catalogue: Catalogue) -> None:
    assert greet(catalogue, Language.RU, replace(MARTIN, patronymic=None)) == "Здравствуйте!"


@pytest.mark.parametrize("title", ["Mrs", "mrs.", "Mme", "Mevr.", "г-жа", "Madame "])
def test_a_title_of_any_language_is_understood_in_each(catalogue: Catalogue, title: str) -> None:
    reader = replace(MARTIN, sex=Sex.UNKNOWN, title=title)

    assert greet(catalogue, Language.FR, reader) == "Bonjour Madame Martin,"


def test_a_doctor_is_addressed_as_one_where_the_language_does(catalogue: Catalogue) -> None:
    doctor = replace(VRIES, title="Dr.")

    assert greet(catalogue, Language.FR, doctor) == "Bonjour Docteur de Vries,"
    assert greet(catalogue, Language.NL, doctor) == "Beste mevrouw De Vries,"


def test_a_title_that_contradicts_the_sex_leaves_the_name_out(catalogue: Catalogue) -> None:
    doubtful = replace(MARTIN, title="M.")

    assert greet(catalogue, Language.FR, doubtful) == "Bonjour,"


@pytest.mark.parametrize(
    "name",
    ["", "   ", "-", "0471", "x" * 41, "\u202e\u200f", "\n"],
)
def test_what_is_not_a_name_is_left_out(catalogue: Catalogue, name: str) -> None:
    assert greet(catalogue, Language.EN, replace(MARTIN, first_name=name)) == "Hello,"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("O’Neil-Søndergård", "Hello O’Neil-Søndergård,"),
        ("José María", "Hello José María,"),
        ("Anna\nStop paying", "Hello Anna Stop paying,"),
        ("An\u202ena", "Hello Anna,"),
        ("李娜", "Hello 李娜,"),
        ("{phone}", "Hello {phone},"),
        ("{name}", "Hello {name},"),
        ("{0.__class__}", "Hello {0.__class__},"),
        ("A\\1 $1", "Hello A\\1 $1,"),
    ],
)
def test_an_odd_name_is_inserted_as_it_stands_on_one_line(catalogue: Catalogue, name: str, expected: str) -> None:
    assert greet(catalogue, Language.EN, replace(MARTIN, first_name=name)) == expected
