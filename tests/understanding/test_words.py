"""A file of words that cannot be used is refused, with the key and the remedy."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from bot.understanding import WordsError, load_words
from bot.understanding.words import read_words
from flows.vocabulary import Language


def content() -> dict[str, Any]:
    return tomllib.loads((files("locales") / "en" / "words.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", Language)
def test_every_language_loads(language: Language) -> None:
    words = load_words(language)
    assert words.language is language
    assert len(words.rules) > 100


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("apostrophe", "wobbles", "apostrophe: is unknown; choose one of joins, splits"),
        ("half_hour", None, "half_hour: must be a text"),
        ("classes", None, "classes: is missing"),
        ("surprise", 1, "surprise: is unknown"),
        ("cues", {"wild": ["x"]}, "cues.wild: is unknown"),
        ("flags", {"crisis": "x"}, "flags.crisis: must be a list"),
        ("flags", {"crisis": ["<nowhere> x"]}, "flags.crisis, line 1: unknown class '<nowhere>'"),
        ("flags", {"crisis": ["x & & y"]}, "flags.crisis, line 1: a part without words"),
        ("flags", {"crisis": ["!x"]}, "flags.crisis, line 1: nothing is asked for"),
        ("flags", {"crisis": ["#a-b"]}, "flags.crisis, line 1: '#a-b' is no range"),
        ("flags", {"crisis": ["a|..."]}, "flags.crisis, line 1: '...' is not one word"),
        ("flags", {"crisis": ["<name>|a"]}, "flags.crisis, line 1: '<name>' stands alone"),
        ("contacts", {"pigeon": ["x"]}, "contacts.pigeon: is unknown; choose one of mobile, email"),
        ("languages", {"en": "english"}, "languages.asked: must be a list"),
        ("languages", {"de": "german"}, "languages.de: is unknown"),
        ("languages", {"en": 5, "asked": ["in <tongue>"], "unread": ["no <tongue>"]}, "languages.en: must be a text"),
        ("intents", {"stop": {"loud": ["x"]}}, "intents.stop.loud: is unknown"),
        ("intents", {"stop": ["x"]}, "intents.stop: must be a table"),
        ("intents", {"halt": {"plain": ["x"]}}, "intents.halt: is unknown"),
        ("times", {"day one": ["today"]}, "times: unknown time 'day one'"),
        ("times", {"part 6:00": ["morning"]}, "times: unknown time 'part 6:00'"),
        ("times", {"unit fortnight": ["x"]}, "times: unknown time 'unit fortnight'"),
        ("times", {"day +1": ["x"], "day +2": ["x"]}, "times: 'x' is given two meanings"),
        ("times", {"day +1": ["..."]}, "times: '...' holds no word"),
    ],
)
def test_a_broken_file_is_refused_with_its_key(key: str, value: object, said: str) -> None:
    data = content()
    if value is None:
        del data[key]
    else:
        data[key] = value
    with pytest.raises(WordsError, match=r"^words of a test: ") as raised:
        read_words(Language.EN, data, "words of a test")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("needed", "remedy"), [("not", "list the words that deny"), ("pain", "list the words for pain")]
)
def test_a_file_without_the_words_that_must_be_there_is_refused(needed: str, remedy: str) -> None:
    data = content()
    del data["classes"][needed]
    data["intents"] = data["flags"] = data["cues"] = {}
    with pytest.raises(WordsError, match=remedy):
        read_words(Language.EN, data, "words of a test")
