"""Catalogues are read whole at start, or not at all."""

from pathlib import Path

import pytest

import flows.messages
from bot.wording import Catalogue, CatalogueError
from flows.messages.text import every_text
from flows.vocabulary import Language


def write(folder: Path, body: str) -> Path:
    for language in Language:
        (folder / language.value).mkdir()
        (folder / language.value / "messages.po").write_text(body, encoding="utf-8")
    return folder


def test_every_shipped_text_is_there_in_every_language(catalogue: Catalogue) -> None:
    texts = [text for text in every_text() if text.__module__.startswith(flows.messages.__name__)]

    catalogue.require(texts)

    assert len(texts) > 100


def test_a_missing_text_stops_the_start(tmp_path: Path) -> None:
    catalogue = Catalogue.load(write(tmp_path, ""))

    with pytest.raises(CatalogueError, match=r"en: recall\.first is missing at level 0"):
        catalogue.require([text for text in every_text() if text.key == "recall.first"])


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('msgctxt "level 0"\nmsgid "a.b"\nmsgstr "{a.b}"\n', "a.b: a brace"),
        ('msgctxt "level 0"\nmsgid "a.b"\nmsgstr "{a:loud}"\n', "no style “loud”"),
        ('msgctxt "aside"\nmsgid "a.b"\nmsgstr "x"\n', "unknown msgctxt"),
        ("this is no catalogue\n", r"en/messages\.po"),
    ],
)
def test_an_unreadable_catalogue_stops_the_start(tmp_path: Path, body: str, complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        Catalogue.load(write(tmp_path, body))


def test_a_fuzzy_text_counts_as_missing(tmp_path: Path) -> None:
    body = '#, fuzzy\nmsgctxt "level 0"\nmsgid "a.b"\nmsgstr "a guess"\n'

    catalogue = Catalogue.load(write(tmp_path, body))

    assert ("a.b", 0) not in catalogue.lexicon(Language.EN).entries


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        (Language.EN, {0: 1, 1: 0, 2: 1}),
        (Language.FR, {0: 0, 1: 0, 2: 1}),
        (Language.NL, {0: 1, 1: 0, 2: 1}),
        (Language.RU, {0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 12: 2, 21: 0, 22: 1, 111: 2}),
    ],
)
def test_plurals_follow_the_language(catalogue: Catalogue, language: Language, forms: dict[int, int]) -> None:
    plural = catalogue.lexicon(language).plural

    assert {count: plural(count) for count in forms} == forms
