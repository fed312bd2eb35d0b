"""Sentences as patients write them, in `sentences/<language>.txt`, and what each must be understood to mean."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.meaning import Expecting, Flag, Intent, Meaning
from flows.vocabulary import Language
from tests.understanding.conftest import Read

TABLES = Path(__file__).parent / "sentences"
SAFETY = (Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.STOP, Intent.ERASE, Intent.HUMAN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A line of a table: `expected` are the intents that will do, or the one that must not be read; empty is any."""

    language: Language
    text: str
    expected: frozenset[str]
    refused: str
    flags: frozenset[Flag]
    expecting: Expecting

    @property
    def is_about(self) -> str:
        """The intent this line proves something about."""
        return self.refused or next(iter(sorted(self.expected)), "")


def lines(language: Language) -> Iterator[Sentence]:
    for line in (TABLES / f"{language.value}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        head, text = line.split(" | ", 1)
        *before, last = [part for part in head.split() if not part.startswith("+")]
        intents, _, asked = last.partition("@")
        refused = intents if before == ["not"] else ""
        yield Sentence(
            language=language,
            text=text,
            expected=frozenset() if refused or intents == "any" else frozenset(intents.split(",")),
            refused=refused,
            flags=frozenset(Flag(part[1:]) for part in head.split() if part.startswith("+")),
            expecting=Expecting(asked or Expecting.NOTHING),
        )


def fits(sentence: Sentence, meaning: Meaning) -> bool:
    if not sentence.flags <= meaning.flags:
        return False
    if sentence.refused == "flagged":
        return not meaning.flags
    if sentence.refused:
        return meaning.intent != sentence.refused
    return not sentence.expected or meaning.intent.value in sentence.expected


@pytest.mark.parametrize("language", Language)
def test_sentences_are_understood(language: Language, read: Read) -> None:
    heard = [(each, read(each.text, language, expecting=each.expecting)) for each in lines(language)]
    assert [(each.text, meaning) for each, meaning in heard if not fits(each, meaning)] == []


@pytest.mark.parametrize("language", Language)
def test_the_tables_speak_of_everything(language: Language) -> None:
    counted = Counter(sentence.is_about for sentence in lines(language))
    assert not {intent.value for intent in Intent if counted[intent.value] < 2}
    assert sum(counted[intent.value] for intent in SAFETY) >= 25 * 4
    assert not {intent.value for intent in Intent if intent is not Intent.OTHER and counted[intent.value] < 4}


@pytest.mark.parametrize("language", Language)
def test_most_ordinary_sentences_are_sure(language: Language, read: Read) -> None:
    ordinary = [sentence for sentence in lines(language) if sentence.expected and sentence.is_about not in SAFETY]
    sure = [read(each.text, each.language, expecting=each.expecting).sure for each in ordinary]
    assert sum(sure) / len(sure) >= 0.75


@pytest.mark.parametrize("language", Language)
def test_a_sentence_is_understood_under_another_setting(language: Language, read: Read) -> None:
    other = Language.EN if language is not Language.EN else Language.FR
    told = [each for each in lines(language) if each.expected in ({"stop"}, {"urgent"})]
    heard = [read(each.text, other, expecting=each.expecting).intent for each in told]
    missed = [each.text for each, intent in zip(told, heard, strict=True) if intent.value not in each.expected]
    assert len(missed) <= len(told) * 0.05, missed
