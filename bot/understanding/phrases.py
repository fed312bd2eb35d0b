"""What patients write, as data: `locales/<language>/phrases/*.toml`, to learn from or to measure with.

A file with anything unknown, missing or twice in it is refused, with the place and the remedy; docs/understanding.md
describes the form.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, StringConstraints, ValidationError, model_validator

from bot.errors import RecareError
from flows.meaning import Expecting, Flag, Intent
from flows.vocabulary import Language

FOLDER = "phrases"
FEWEST = 60
"""Phrases that each intent has in each language."""


class PhrasesError(RecareError):
    """A file of phrases cannot be used; the message names the file, the place and the remedy."""


class Use(StrEnum):
    """What phrases are for. Whoever wrote some to learn from wrote none to measure with."""

    TRAINING = "training"
    EVALUATION = "evaluation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """A text, and what it means where the question open is `expecting`."""

    text: str
    language: Language
    intent: Intent
    flags: frozenset[Flag] = frozenset()
    expecting: Expecting = Expecting.NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class TimePhrase:
    """A text that names times, and which.

    now, offers: in the clinic's zone, without it. dates: None where any day would do. earliest, latest: None is open.
    """

    text: str
    language: Language
    now: datetime
    offers: tuple[datetime, ...]
    dates: tuple[date, ...] | None
    earliest: time | None
    latest: time | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PhraseFile:
    """What one author wrote in one language."""

    name: str
    language: Language
    author: str
    use: Use
    phrases: tuple[Phrase, ...]
    times: tuple[TimePhrase, ...]


_Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
_STRICT = ConfigDict(extra="forbid", frozen=True)


class _Said(BaseModel):
    model_config = _STRICT
    text: _Text
    intent: Intent
    flags: frozenset[Flag] = frozenset()
    expecting: Expecting = Expecting.NOTHING


class _Named(BaseModel):
    model_config = _STRICT
    text: _Text
    now: NaiveDatetime
    offers: tuple[NaiveDatetime, ...] = ()
    dates: tuple[date, ...] | Literal["any"]
    earliest: time | None = Field(default=None, alias="from")
    latest: time | None = Field(default=None, alias="to")


class _Written(BaseModel):
    """A file, as it stands."""

    model_config = _STRICT
    author: _Text
    use: Use
    intents: Mapping[Intent, tuple[_Text, ...]] = Field(default_factory=dict)
    texts: tuple[_Said, ...] = ()
    times: tuple[_Named, ...] = ()

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        seen: set[tuple[str, Expecting]] = set()
        for text, expecting in self.said():
            if (text, expecting) in seen:
                raise ValueError(f"{text!r} stands there twice; keep one")
            seen.add((text, expecting))
        return self

    def said(self) -> Iterable[tuple[str, Expecting]]:
        """Every text, folded, with the question it answers."""
        yield from ((text.casefold(), Expecting.NOTHING) for texts in self.intents.values() for text in texts)
        yield from ((said.text.casefold(), said.expecting) for said in self.texts)


def read_phrases(language: Language) -> tuple[PhraseFile, ...]:
    """Read all files of a language, in the order of their names. Raises PhrasesError."""
    folder = files("locales") / language.value / FOLDER
    name = f"locales/{language.value}/{FOLDER}"
    if not folder.is_dir():
        raise PhrasesError(f"{name}: is missing; put what patients write in this language there")
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(_read(file, f"{name}/{file.name}", language) for file in found)


def of_use(read: Iterable[PhraseFile], use: Use) -> list[Phrase]:
    """Give the phrases for one use."""
    return [phrase for file in read if file.use is use for phrase in file.phrases]


def too_few(read: Iterable[PhraseFile]) -> dict[Intent, int]:
    """Tell which intents have fewer phrases to learn from than they should, and how many."""
    counts = dict.fromkeys(Intent, 0)
    for phrase in of_use(read, Use.TRAINING):
        counts[phrase.intent] += 1
    return {intent: count for intent, count in counts.items() if count < FEWEST}


def shared(read: Iterable[PhraseFile]) -> tuple[str, ...]:
    """Name the authors who wrote both to learn from and to measure with."""
    authors: dict[Use, set[str]] = {use: set() for use in Use}
    for file in read:
        authors[file.use].add(file.author)
    return tuple(sorted(authors[Use.TRAINING] & authors[Use.EVALUATION]))


def digest_of(phrases: Sequence[Phrase]) -> str:
    """Give what tells these phrases from others, in hexadecimal."""
    told = [f"{said.language}\t{said.intent}\t{sorted(said.flags)}\t{said.text}" for said in phrases]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _read(file: Traversable, name: str, language: Language) -> PhraseFile:
    try:
        written = _Written.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as unreadable:
        raise PhrasesError(f"{name}: cannot be read; save it as UTF-8") from unreadable
    except tomllib.TOMLDecodeError as broken:
        raise PhrasesError(f"{name}: no valid TOML: {broken}; mend that line") from broken
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise PhrasesError(f"{name}: {place}: {first['msg']}; docs/understanding.md shows the form") from wrong
    listed = [
        Phrase(text=text, language=language, intent=intent)
        for intent, texts in written.intents.items()
        for text in texts
    ]
    listed += [Phrase(language=language, **dict(said)) for said in written.texts]
    return PhraseFile(
        name=name,
        language=language,
        author=written.author,
        use=written.use,
        phrases=tuple(listed),
        times=tuple(_time_phrase(named, language) for named in written.times),
    )


def _time_phrase(named: _Named, language: Language) -> TimePhrase:
    return TimePhrase(
        text=named.text,
        language=language,
        now=named.now,
        offers=named.offers,
        dates=None if named.dates == "any" else named.dates,
        earliest=named.earliest,
        latest=named.latest,
    )
