"""Whether the phrases of all languages are whole, kept apart by use, and what was learnt was learnt from them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.errors import RecareError
from bot.understanding.encoders import KINDS
from bot.understanding.likeness import Likeness
from bot.understanding.networks import Networks
from bot.understanding.phrases import (
    FEWEST,
    FOLDER,
    Phrase,
    PhraseFile,
    PhrasesError,
    Use,
    digest_of,
    of_use,
    read_phrases,
    shared,
    too_few,
)
from flows.vocabulary import Language

COMMON = 25
"""Letters of a text that many would write alike ("yes please"): it may stand on both sides."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What was found. faults: what must be mended, notes: what is worth a look; each with its place."""

    files: Mapping[Language, tuple[PhraseFile, ...]]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OnBothSides:
    """Texts to measure with that stand among those to learn from: each with its own file before, the other behind."""

    long: tuple[tuple[str, str, str], ...]
    short: tuple[tuple[str, str, str], ...]


def check_phrases(languages: Iterable[Language] = Language) -> Checked:
    """Check everything. Nothing is raised: what cannot be read is a fault too."""
    files: dict[Language, tuple[PhraseFile, ...]] = {}
    faults: list[str] = []
    notes: list[str] = []
    for language in languages:
        try:
            files[language] = read_phrases(language)
        except PhrasesError as wrong:
            faults.append(str(wrong))
            continue
        faults += faults_of(language, files[language])
        both = said_on_both_sides(files[language])
        faults += [f"{name}: {text!r} stands in {other} too; take it out of one" for name, text, other in both.long]
        if both.short:
            listed = ", ".join(repr(text) for _, text, _ in both.short)
            notes.append(f"locales/{language.value}/{FOLDER}: short enough to be on both sides: {listed}")
    if not faults:
        faults += _unlearnt([phrase for read in files.values() for phrase in of_use(read, Use.TRAINING)])
    return Checked(files=files, faults=tuple(faults), notes=tuple(notes))


def faults_of(language: Language, read: Iterable[PhraseFile]) -> Iterator[str]:
    """Tell what a language's files lack, each with the remedy."""
    read = tuple(read)
    place = f"locales/{language.value}/{FOLDER}"
    for use in Use:
        if not any(file.use is use for file in read):
            yield f'{place}: no file says use = "{use.value}"; add one by an author of its own'
    for intent, count in too_few(read).items():
        yield f"{place}: {intent.value} has {count} phrases to learn from; write at least {FEWEST - count} more"
    for author in shared(read):
        yield f"{place}: {author} wrote both to learn from and to measure with; let somebody else write one of them"


def said_on_both_sides(read: Iterable[PhraseFile]) -> OnBothSides:
    """Find the texts to measure with that stand among those to learn from."""
    read = tuple(read)
    learnt = {phrase.text.casefold(): file.name for file in read if file.use is Use.TRAINING for phrase in file.phrases}
    found = [
        (file.name, phrase.text, learnt[phrase.text.casefold()])
        for file in read
        if file.use is Use.EVALUATION
        for phrase in file.phrases
        if phrase.text.casefold() in learnt
    ]
    return OnBothSides(
        long=tuple(each for each in found if len(each[1]) > COMMON),
        short=tuple(each for each in found if len(each[1]) <= COMMON),
    )


def _unlearnt(phrases: list[Phrase]) -> Iterator[str]:
    """Tell which weights were learnt from other phrases than these."""
    wanted = digest_of(phrases)
    names = [kind.name for kind in KINDS]
    for count in range(1, len(names) + 1):
        name = "+".join(names[:count])
        try:
            learnt = (Likeness if names[1:count] else Networks).load(names[:count]).digest
        except RecareError as wrong:
            yield str(wrong)
            continue
        if learnt != wanted:
            yield f"bot/understanding/weights/{name}.npz was learnt from other phrases; run make weights"
