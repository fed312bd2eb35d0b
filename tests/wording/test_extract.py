"""Catalogues follow what is declared, and never guess."""

import shutil
from pathlib import Path

import pytest

from bot.wording.extract import SHIPPED, extract, outdated, texts_of
from flows.vocabulary import Language

KEY = ("recall.first", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for language in Language:
        (tmp_path / language.value).mkdir()
        for name in ("messages.po", "pages.po"):
            shutil.copy(SHIPPED / language.value / name, tmp_path / language.value / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_catalogues_are_up_to_date() -> None:
    assert not outdated(SHIPPED)


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    assert len(extract(tmp_path)) == 2 * len(Language)
    assert extract(tmp_path) == ()


def test_texts_survive_an_extraction(folder: Path) -> None:
    before = texts_of(folder / "ru" / "messages.po")
    edit(folder / "ru" / "messages.po", "#. English: ", "#. Engels: ")

    extract(folder)

    assert texts_of(folder / "ru" / "messages.po") == before
    assert len(before[("times.two", 0)]) == 3


def test_a_new_key_gets_an_empty_text_though_a_similar_one_exists(folder: Path) -> None:
    edit(folder / "fr" / "messages.po", 'msgid "recall.first"', 'msgid "recall.firsts"')

    extract(folder)
    said = texts_of(folder / "fr" / "messages.po")

    assert ("recall.first", 0) not in said
    assert ("recall.firsts", 0) not in said


def test_a_new_english_text_becomes_the_translators_comment(folder: Path) -> None:
    edit(folder / "en" / "messages.po", 'msgstr "What can we do for you?"', 'msgstr "How may we help?"')

    changed = extract(folder)

    assert {path.parent.name for path in changed} == {"fr", "nl", "ru"}
    assert "#. English: How may we help?" in (folder / "nl" / "messages.po").read_text(encoding="utf-8")


def test_plural_forms_of_the_wrong_number_are_written_anew(folder: Path) -> None:
    path = folder / "ru" / "pages.po"
    edit(path, 'msgstr[2] "{count} месяцев"', "")

    extract(folder)

    assert ("desk.card.months", None) not in texts_of(path)
    assert 'msgstr[2] ""' in path.read_text(encoding="utf-8")
