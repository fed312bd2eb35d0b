"""The words of a language, read once from `locales/<language>/words.toml` and made ready for matching.

A file with anything unknown, missing or unreadable in it is refused, with the key and the remedy.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

from bot.understanding.clock_forms import HalfHour
from bot.understanding.courtesies import Courtesies
from bot.understanding.lexicon import Key, Lexicon
from bot.understanding.normal import Apostrophe, normalise, split
from bot.understanding.patterns import NAME_CLASS, NOT_CLASS, Pattern, PatternReader
from bot.understanding.time_words import TimeWords
from bot.understanding.word_file import WordFile, WordsError
from flows.meaning import Flag, Intent, Paraphrase
from flows.vocabulary import ContactKind, Language

FILE = "words.toml"


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


class Tongue(StrEnum):
    """What a pattern shows that names a language, beside the wish to be written to in it."""

    UNREAD = "unread"


Target = Intent | Flag | Cue | ContactKind | Language | Tongue | Paraphrase


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
    """Everything that understanding knows of a language.

    named: what shows which contact detail is spoken of, which language is asked for, and what is asked that a button
    answers. pain: the words for it. closings: what a text that ends a talk may consist of.
    """

    language: Language
    apostrophe: Apostrophe
    half: HalfHour
    lexicon: Lexicon
    times: TimeWords
    rules: Mapping[Key, tuple[Rule, ...]]
    named: Mapping[Key, tuple[Rule, ...]]
    courtesies: Courtesies
    closings: Courtesies
    contrasts: frozenset[str]
    negations: Key
    names: Key
    pain: Key


_WORD_KEYS = ("contrasts", "common", "ordinary")
_TEXT_KEYS = ("apostrophe", "half_hour", "courtesies", "closings", *_WORD_KEYS)
_TABLES = ("classes", "intents", "flags", "cues", "paraphrases", "contacts", "languages", "times")
_NEEDED_CLASSES = {NOT_CLASS: "list the words that deny", "pain": "list the words for pain"}
_TONGUE = "<tongue>"
"""Stands in the patterns of `languages` for what each language is called in turn."""


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


class _Loader(WordFile):
    def load(self, language: Language) -> Words:
        self.check_keys("", self.data, {*_TEXT_KEYS, *_TABLES})
        apostrophe = self.member("apostrophe", Apostrophe)
        half = self.member("half_hour", HalfHour)
        lexicon = Lexicon()
        reader = PatternReader.begin(lexicon, apostrophe)
        for class_name, members in self.table("classes").items():
            self.attempt(
                f"classes.{class_name}", reader.define, class_name, self.text(f"classes.{class_name}", members)
            )
        for needed, remedy in _NEEDED_CLASSES.items():
            if needed not in reader.classes:
                raise self.error(f"classes.{needed}", f"is missing; {remedy}")
        rules = self._rules(reader)
        beside = self._of_kind(reader, "contacts", ContactKind) + self._of_kind(reader, "paraphrases", Paraphrase)
        named = {**_by_rarest_key(beside), **self._languages(reader, language)}
        plain = {key: self._plain_words(key, apostrophe) for key in _WORD_KEYS}
        for words in plain.values():
            lexicon.add_ordinary(words)
        courtesies = self._phrases("courtesies", apostrophe)
        for phrase in courtesies.phrases:
            lexicon.add_ordinary(phrase)
        phrases = {key: self.list_of_texts(f"times.{key}", lines) for key, lines in self.table("times").items()}
        times = self.attempt("times", TimeWords.compile, phrases, apostrophe, lexicon)
        return Words(
            language=language,
            apostrophe=apostrophe,
            half=half,
            lexicon=lexicon,
            times=times,
            rules=_by_rarest_key(rules),
            named=named,
            courtesies=courtesies,
            closings=self._phrases("closings", apostrophe),
            contrasts=frozenset(plain["contrasts"]),
            negations=reader.classes[NOT_CLASS],
            names=reader.classes[NAME_CLASS],
            pain=reader.classes["pain"],
        )

    def _rules(self, reader: PatternReader) -> list[Rule]:
        rules: list[Rule] = []
        for name, table in self.table("intents").items():
            intent = self.enum(f"intents.{name}", name, Intent)
            if not isinstance(table, dict):
                raise self.error(f"intents.{name}", "must be a table; give it 'plain' and 'hint' lists")
            self.check_keys(f"intents.{name}", table, set(Strength))
            for strength, lines in table.items():
                rules += self._read_rules(reader, f"intents.{name}.{strength}", lines, intent, Strength(strength))
        return rules + self._of_kind(reader, "flags", Flag) + self._of_kind(reader, "cues", Cue)

    def _of_kind(
        self, reader: PatternReader, key: str, kind: type[Flag | Cue | ContactKind | Paraphrase]
    ) -> list[Rule]:
        rules: list[Rule] = []
        for name, lines in self.table(key).items():
            target = self.enum(f"{key}.{name}", name, kind)
            rules += self._read_rules(reader, f"{key}.{name}", lines, target, Strength.PLAIN)
        return rules

    def _languages(self, reader: PatternReader, own: Language) -> dict[Key, tuple[Rule, ...]]:
        """Read what asks for each language, filed under its name: few texts name one."""
        table = self.table("languages")
        self.check_keys("languages", table, {*Language, "asked", Tongue.UNREAD})
        asked, unread = (self.list_of_texts(f"languages.{key}", table.get(key)) for key in ("asked", Tongue.UNREAD))
        filed: dict[Key, tuple[Rule, ...]] = {}
        for language in Language:
            if language not in table:
                continue
            called = self.text(f"languages.{language}", table.get(language))
            rules: list[Rule] = []
            # Whoever says in a language that they do not speak it, asks for none.
            lacks = unread if language is not own else []
            for key, lines, target in (("asked", asked, language), (Tongue.UNREAD, lacks, Tongue.UNREAD)):
                said = [line.replace(_TONGUE, called) for line in lines]
                rules += self._read_rules(reader, f"languages.{key}", said, target, Strength.PLAIN)
            names = self.attempt(f"languages.{language}", reader.read, called)
            filed |= {key: tuple(rules) for pattern in names for key in pattern.needs}
        return filed

    def _read_rules(
        self, reader: PatternReader, key: str, lines: object, target: Target, strength: Strength
    ) -> list[Rule]:
        rules = []
        for number, line in enumerate(self.list_of_texts(key, lines), start=1):
            for pattern in self.attempt(f"{key}, line {number}", reader.read, line):
                deniable = reader.denials.isdisjoint(pattern.needs)
                rules.append(Rule(target=target, strength=strength, pattern=pattern, deniable=deniable, line=line))
        return rules

    def _plain_words(self, key: str, apostrophe: Apostrophe) -> tuple[str, ...]:
        return split(normalise_all(self.text(key, self.data.get(key))), apostrophe).words

    def _phrases(self, key: str, apostrophe: Apostrophe) -> Courtesies:
        lines = self.text(key, self.data.get(key)).split(",")
        return Courtesies.of(split(normalise(line), apostrophe).words for line in lines)


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
