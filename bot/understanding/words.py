"""The words of a language, read once from `locales/<language>/words.toml` and made ready for matching.

A file with anything unknown, missing or unreadable in it is refused, with the key and the remedy.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, TypeVar

from bot.understanding.clock_forms import HalfHour
from bot.understanding.courtesies import Courtesies
from bot.understanding.lexicon import Key, Lexicon
from bot.understanding.normal import Apostrophe, normalise, split
from bot.understanding.patterns import NAME_CLASS, NOT_CLASS, Pattern, PatternError, PatternReader
from bot.understanding.time_words import TimeWords
from flows.meaning import Flag, Intent
from flows.vocabulary import Language

FILE = "words.toml"


class WordsError(ValueError):
    """A file of words cannot be used; the message names the file, the key and the remedy."""


class Cue(StrEnum):
    """What a pattern shows that is neither an intent nor a flag."""

    IDLE_NOT = "idle_not"
    NOT_OF_DANGER = "not_of_danger"
    NOT_NOW_URGENT = "not_now_urgent"
    TOOTHACHE = "toothache"
    WENT_WELL = "went_well"
    WENT_BADLY = "went_badly"
    FIRST_OFFER = "first_offer"
    SECOND_OFFER = "second_offer"
    THIRD_OFFER = "third_offer"
    LAST_OFFER = "last_offer"
    ANY_OFFER = "any_offer"
    OTHER_TIMES = "other_times"


class Strength(StrEnum):
    """What finding a pattern is worth: plain evidence, or a hint that another reading may outweigh."""

    PLAIN = "plain"
    HINT = "hint"


Target = Intent | Flag | Cue


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A pattern, and what a text that fits it shows.

    deniable: no "not" is part of it, so that one around it may turn it round. line: as it stands in the file.
    """

    target: Target
    strength: Strength
    pattern: Pattern
    deniable: bool
    line: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Everything that understanding knows of a language."""

    language: Language
    apostrophe: Apostrophe
    half: HalfHour
    lexicon: Lexicon
    times: TimeWords
    rules: Mapping[Key, tuple[Rule, ...]]
    courtesies: Courtesies
    contrasts: frozenset[str]
    negations: Key
    names: Key


_WORD_KEYS = ("contrasts", "common", "ordinary")
_TEXT_KEYS = ("apostrophe", "half_hour", "courtesies", *_WORD_KEYS)
_TABLES = ("classes", "intents", "flags", "cues", "times")
E = TypeVar("E", bound=StrEnum)


def load_words(language: Language) -> Words:
    """Load and check the words of a language. Raises WordsError."""
    name = f"locales/{language.value}/{FILE}"
    try:
        raw = (files("locales") / language.value / FILE).read_text(encoding="utf-8")
        return read_words(language, tomllib.loads(raw), name)
    except OSError as missing:
        raise WordsError(f"{name}: cannot be read; put the file there") from missing
    except tomllib.TOMLDecodeError as broken:
        raise WordsError(f"{name}: no valid TOML: {broken}; mend that line") from broken


def read_words(language: Language, data: Mapping[str, Any], name: str) -> Words:
    """Make words ready from the content of a file called `name`. Raises WordsError."""
    return _Loader(name=name, data=data).load(language)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Loader:
    name: str
    data: Mapping[str, Any]

    def load(self, language: Language) -> Words:
        self._check_keys("", self.data, {*_TEXT_KEYS, *_TABLES})
        apostrophe = self._member("apostrophe", Apostrophe)
        half = self._member("half_hour", HalfHour)
        lexicon = Lexicon()
        reader = PatternReader.begin(lexicon, apostrophe)
        for class_name, members in self._table("classes").items():
            self._try(f"classes.{class_name}", reader.define, class_name, self._text(f"classes.{class_name}", members))
        if NOT_CLASS not in reader.classes:
            raise self._error(f"classes.{NOT_CLASS}", "is missing; list the words that deny")
        rules = self._rules(reader)
        plain = {key: self._plain_words(key, apostrophe) for key in _WORD_KEYS}
        for words in plain.values():
            lexicon.add_ordinary(words)
        courtesies = Courtesies.of(split(normalise(line), apostrophe).words for line in self._phrases("courtesies"))
        for phrase in courtesies.phrases:
            lexicon.add_ordinary(phrase)
        phrases = {key: self._list(f"times.{key}", lines) for key, lines in self._table("times").items()}
        times = self._try("times", TimeWords.compile, phrases, apostrophe, lexicon)
        return Words(
            language=language,
            apostrophe=apostrophe,
            half=half,
            lexicon=lexicon,
            times=times,
            rules=_by_rarest_key(rules),
            courtesies=courtesies,
            contrasts=frozenset(plain["contrasts"]),
            negations=reader.classes[NOT_CLASS],
            names=reader.classes[NAME_CLASS],
        )

    def _rules(self, reader: PatternReader) -> list[Rule]:
        rules: list[Rule] = []
        for name, table in self._table("intents").items():
            intent = self._enum(f"intents.{name}", name, Intent)
            if not isinstance(table, dict):
                raise self._error(f"intents.{name}", "must be a table; give it 'plain' and 'hint' lists")
            self._check_keys(f"intents.{name}", table, set(Strength))
            for strength, lines in table.items():
                rules += self._read_rules(reader, f"intents.{name}.{strength}", lines, intent, Strength(strength))
        for name, lines in self._table("flags").items():
            flag = self._enum(f"flags.{name}", name, Flag)
            rules += self._read_rules(reader, f"flags.{name}", lines, flag, Strength.PLAIN)
        for name, lines in self._table("cues").items():
            cue = self._enum(f"cues.{name}", name, Cue)
            rules += self._read_rules(reader, f"cues.{name}", lines, cue, Strength.PLAIN)
        return rules

    def _read_rules(
        self, reader: PatternReader, key: str, lines: object, target: Target, strength: Strength
    ) -> list[Rule]:
        rules = []
        for number, line in enumerate(self._list(key, lines), start=1):
            for pattern in self._try(f"{key}, line {number}", reader.read, line):
                deniable = reader.denials.isdisjoint(pattern.needs)
                rules.append(Rule(target=target, strength=strength, pattern=pattern, deniable=deniable, line=line))
        return rules

    def _plain_words(self, key: str, apostrophe: Apostrophe) -> tuple[str, ...]:
        return split(normalise_all(self._text(key, self.data.get(key))), apostrophe).words

    def _phrases(self, key: str) -> list[str]:
        return [phrase for phrase in self._text(key, self.data.get(key)).split(",") if phrase.strip()]

    def _table(self, key: str) -> Mapping[str, Any]:
        table = self.data.get(key)
        if not isinstance(table, dict):
            raise self._error(key, "is missing or no table; add it")
        return table

    def _list(self, key: str, value: object) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(line, str) and line.strip() for line in value):
            raise self._error(key, "must be a list of texts that are not empty")
        return value

    def _text(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self._error(key, "must be a text with words in it; add it")
        return value

    def _member(self, key: str, kind: type[E]) -> E:
        return self._enum(key, self._text(key, self.data.get(key)), kind)

    def _enum(self, key: str, value: str, kind: type[E]) -> E:
        try:
            return kind(value)
        except ValueError as unknown:
            raise self._error(key, f"is unknown; choose one of {', '.join(kind)}") from unknown

    def _check_keys(self, key: str, table: Mapping[str, Any], allowed: set[str]) -> None:
        for found in table:
            if found not in allowed:
                raise self._error(
                    f"{key}.{found}".strip("."), f"is unknown; choose one of {', '.join(sorted(allowed))}"
                )

    def _try(self, key: str, act: Any, *arguments: object) -> Any:  # noqa: ANN401 - the act decides
        try:
            return act(*arguments)
        except PatternError as broken:
            raise self._error(key, str(broken)) from broken

    def _error(self, key: str, what: str) -> WordsError:
        return WordsError(f"{self.name}: {key}: {what}")


def normalise_all(text: str) -> str:
    """Fold a word list of any length."""
    return " ".join(normalise(word) for word in text.split())


def _by_rarest_key(rules: list[Rule]) -> Mapping[Key, tuple[Rule, ...]]:
    # Filed under the key that fewest patterns share, a pattern is looked at only when its rarest word is in the text.
    shared: dict[Key, int] = {}
    for rule in rules:
        for key in rule.pattern.needs:
            shared[key] = shared.get(key, 0) + 1
    filed: dict[Key, list[Rule]] = {}
    for rule in rules:
        filed.setdefault(min(sorted(rule.pattern.needs), key=lambda key: shared[key]), []).append(rule)
    return {key: tuple(found) for key, found in filed.items()}
