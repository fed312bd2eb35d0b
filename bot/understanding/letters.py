"""Which language a text is in, and in which letters: as it stands, in Latin letters, or typed on another's keyboard.

A language is known by its letters three in a row, counted in the phrases written in it. What is likeliest is taken,
and the person's own setting unless something else is plainly likelier.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.understanding.keyboards import latin_to_cyrillic, on_the_other_keyboard
from bot.understanding.normal import normalise
from bot.understanding.weights import FOLDER, WeightsError
from flows.vocabulary import Language

_ALPHABET = " abcdefghijklmnopqrstuvwxyzабвгдежзиклмнопрстуфхцчшщъыьэюя"
_OTHER = len(_ALPHABET)
SYMBOLS = 64
FILE = "letters.npz"
STEPS = 20
_CODES = {letter: place for place, letter in enumerate(_ALPHABET)}
_MOST_LETTERS = 400
_FEWEST = 3
_LIKELIER, _PLAINLY_LIKELIER = 6.0, 8.0
"""By how much, in natural logarithms of the likelihood of the whole text, another reading must be likelier."""

Table = NDArray[np.float32]
"""Natural logarithm of the chance of a letter behind two others, by SYMBOLS * (SYMBOLS * first + second) + third."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A text as its writer meant it. language: the likeliest; plainly: whether nobody would doubt it."""

    text: str
    language: Language
    plainly: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Letters:
    """What languages look like. tables: shape (SYMBOLS ** 3,) each."""

    tables: Mapping[Language, Table]

    @classmethod
    def load(cls, *languages: Language) -> Self:
        """Load what some languages look like. Raises WeightsError."""
        try:
            with np.load(BytesIO((files(__package__) / FOLDER / FILE).read_bytes()), allow_pickle=False) as kept:
                steps = {language: kept[language.value] for language in languages}
        except (OSError, KeyError, ValueError) as broken:
            raise WeightsError(f"{FOLDER}/{FILE} cannot be read; run make weights") from broken
        return cls(tables={language: found.astype(np.float32) / -STEPS for language, found in steps.items()})

    def packed(self) -> dict[str, NDArray[np.uint8]]:
        """Give the tables as they are kept: in steps of 1 / STEPS, unsigned."""
        return {
            language.value: np.clip(np.rint(table * -STEPS), 0, 255).astype(np.uint8)
            for language, table in self.tables.items()
        }

    def read(self, text: str, setting: Language | None) -> Written:
        """Tell what was meant. setting: the person's own language; None takes whichever is likeliest."""
        codes = encode(text)
        likely = {language: _chance(table, codes) for language, table in self.tables.items()}
        best = max(likely, key=likely.__getitem__)
        own = setting if setting in likely else best
        found, written = best, text
        for said, language in self._elsewise(text):
            chance = _chance(self.tables[language], encode(said))
            if chance > likely[found] + _LIKELIER:
                likely[language], found, written = max(chance, likely[language]), language, said
        ahead = likely[found] - likely[own]
        if found is not own and ahead < _LIKELIER:
            return Written(text=text, language=own, plainly=False)
        rivals = [chance for language, chance in likely.items() if language is not found]
        plainly = all(likely[found] - chance >= _PLAINLY_LIKELIER for chance in rivals)
        return Written(text=written, language=found, plainly=plainly)

    def _elsewise(self, text: str) -> list[tuple[str, Language]]:
        """The text in other letters, with the language it might be in then."""
        lowered = text.lower()
        cyrillic = any("а" <= letter <= "я" for letter in lowered)
        latin = any("a" <= letter <= "z" for letter in lowered)
        if cyrillic == latin:
            return []
        if latin:
            made = [latin_to_cyrillic(lowered), on_the_other_keyboard(lowered)]
            return [(said, Language.RU) for said in made] if Language.RU in self.tables else []
        said = on_the_other_keyboard(lowered)
        return [(said, language) for language in self.tables if language is not Language.RU]


def encode(text: str) -> NDArray[np.intp]:
    """Give the letters of a text as numbers below SYMBOLS, words parted by one 0; digits and signs part words too."""
    spaced = "".join(letter if letter.isalpha() else " " for letter in normalise(text[:_MOST_LETTERS]))
    codes = [_CODES.get(letter, _OTHER) for letter in f" {' '.join(spaced.split())} "]
    return np.array(codes, dtype=np.intp)


def threes(codes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give the places of all letters three in a row in a table."""
    return (codes[:-2] * SYMBOLS + codes[1:-1]) * SYMBOLS + codes[2:]


def learn(texts: Mapping[Language, list[str]]) -> Letters:
    """Learn what languages look like. Texts in letters foreign to a language are left out."""
    tables: dict[Language, Table] = {}
    for language, said in texts.items():
        counts = np.zeros(SYMBOLS**3)
        for text in said:
            codes = encode(text)
            if _is_in_own_letters(codes, language):
                np.add.at(counts, threes(codes), 1)
        pairs = counts.reshape(-1, SYMBOLS)
        smoothed = (pairs + _SPARE) / (pairs.sum(axis=1, keepdims=True) + _SPARE * SYMBOLS)
        tables[language] = np.log(smoothed).astype(np.float32).ravel()
    return Letters(tables=tables)


_SPARE = 0.05
_FIRST_CYRILLIC = _CODES["а"]


def _is_in_own_letters(codes: NDArray[np.intp], language: Language) -> bool:
    letters = codes[codes > 0]
    foreign = letters < _FIRST_CYRILLIC if language is Language.RU else letters >= _FIRST_CYRILLIC
    return not foreign.any()


def _chance(table: Table, codes: NDArray[np.intp]) -> float:
    return float(table[threes(codes)].sum()) if codes.size >= _FEWEST else 0.0
