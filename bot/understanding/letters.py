"""Which language a text is in, and in which letters: as it stands, in Latin letters, or typed on another's keyboard.

A language is known by its letters three in a row, counted in the phrases written in it. What is likeliest is taken,
and the person's own setting unless something else is plainly likelier.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.understanding.keyboards import latin_to_cyrillic, on_the_other_keyboard
from bot.understanding.normal import normalise
from bot.understanding.weights import FOLDER, UNREADABLE, WeightsError
from flows.vocabulary import Language

_ALPHABET = " abcdefghijklmnopqrstuvwxyzабвгдежзиклмнопрстуфхцчшщъыьэюя"
SYMBOLS = 64
FILE = "letters.npz"
STEPS = 20
# What stands for a letter that cannot be written is "?": put last, it is the number of all letters of other alphabets.
_CODES = codecs.charmap_build(_ALPHABET + "?")
_THREE = np.array([1, SYMBOLS, SYMBOLS**2], dtype=np.intp)
_WORD = re.compile(r"[^\W\d_]+")
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[а-я]")
_MOST_LETTERS = 400
_LIKELIER, _PLAINLY_LIKELIER = 6.0, 8.0
"""By how much, in natural logarithms of the likelihood of the whole text, another reading must be likelier."""

_MAY_SOUND_RUSSIAN, _MAY_BE_OTHER_KEYS = -2.2, -2.8
"""How likely, on average, three letters in a row are at most in a text that was meant to be in other letters.

Of our Russian phrases in Latin letters the likeliest came to -2.2, of all phrases typed on the other keyboard to -3.1.
Of those in English, French and Dutch three of four are above the first bound and 99 of 100 above the second.
"""

Codes = NDArray[np.uint8]
"""The letters of a text as numbers below SYMBOLS."""

Tables = NDArray[np.float32]
"""Natural logarithms of the chance of a letter behind two others, by SYMBOLS * (SYMBOLS * first + second) + third."""

_RUSSIAN = frozenset({Language.RU})
_NOT_RUSSIAN = frozenset(Language) - _RUSSIAN


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A text as its writer meant it, and folded. language: the likeliest; plainly: whether nobody would doubt it."""

    text: str
    folded: str
    language: Language
    plainly: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Letters:
    """What languages look like. tables: shape (len(languages), SYMBOLS ** 3)."""

    languages: tuple[Language, ...]
    tables: Tables

    @classmethod
    def load(cls, *languages: Language) -> Self:
        """Load what some languages look like. Raises WeightsError."""
        try:
            with np.load(BytesIO((files(__package__) / FOLDER / FILE).read_bytes()), allow_pickle=False) as kept:
                steps = np.stack([kept[language.value] for language in languages])
        except (*UNREADABLE, KeyError, ValueError) as broken:
            raise WeightsError(f"{FOLDER}/{FILE} cannot be read; run make weights") from broken
        return cls(languages=languages, tables=steps.astype(np.float32) / np.float32(-STEPS))

    def packed(self) -> dict[str, NDArray[np.uint8]]:
        """Give the tables as they are kept: in steps of 1 / STEPS, unsigned."""
        steps = np.clip(np.rint(self.tables * -STEPS), 0, 255).astype(np.uint8)
        return {language.value: table for language, table in zip(self.languages, steps, strict=True)}

    def read(self, text: str, setting: Language | None) -> Written:
        """Tell what was meant. setting: the person's own language; None takes whichever is likeliest."""
        folded = normalise(text)
        codes = encode(folded)
        likely = dict(zip(self.languages, self._chances(codes), strict=True))
        best = max(likely, key=likely.__getitem__)
        own = setting if setting in likely else best
        found, written = best, text
        for said, languages in _elsewise(text.lower(), likely[best] / max(1, codes.size - 2)):
            chances = self._chances(encode(normalise(said[:_MOST_LETTERS])))
            for language, chance in zip(self.languages, chances, strict=True):
                if language in languages and chance > likely[found] + _LIKELIER:
                    likely[language], found, written = chance, language, said
        if found is not own and likely[found] - likely[own] < _LIKELIER:
            return Written(text=text, folded=folded, language=own, plainly=False)
        rivals = [chance for language, chance in likely.items() if language is not found]
        plainly = all(likely[found] - chance >= _PLAINLY_LIKELIER for chance in rivals)
        meant = folded if written is text else normalise(written)
        return Written(text=written, folded=meant, language=found, plainly=plainly)

    def _chances(self, codes: Codes) -> list[float]:
        """Tell how likely some letters are in each language, as natural logarithms."""
        chances: list[float] = self.tables.take(threes(codes), axis=1).sum(axis=1).tolist()
        return chances


def encode(folded: str) -> Codes:
    """Give the letters of a folded text as numbers below SYMBOLS, words parted by one 0; digits and signs part too."""
    words = " ".join(_WORD.findall(folded[:_MOST_LETTERS]))
    return np.frombuffer(codecs.charmap_encode(f" {words} ", "replace", _CODES)[0], dtype=np.uint8)


def threes(codes: Codes) -> NDArray[np.intp]:
    """Give the places of all letters three in a row in a table."""
    return np.convolve(codes, _THREE, "valid") if codes.size >= _THREE.size else np.empty(0, dtype=np.intp)


def _elsewise(lowered: str, likely: float) -> Iterator[tuple[str, frozenset[Language]]]:
    """Give a text in other letters, with the languages it might be in then.

    likely: how likely three of its letters are on average as they stand, as a natural logarithm.
    """
    if likely > _MAY_SOUND_RUSSIAN:
        return
    latin = bool(_LATIN.search(lowered))
    if latin is bool(_CYRILLIC.search(lowered)):
        return
    if latin:
        yield latin_to_cyrillic(lowered), _RUSSIAN
    if likely <= _MAY_BE_OTHER_KEYS:
        yield on_the_other_keyboard(lowered), _RUSSIAN if latin else _NOT_RUSSIAN


def learn(texts: Mapping[Language, list[str]]) -> Letters:
    """Learn what languages look like. Texts in letters foreign to a language are left out."""
    tables = np.empty((len(texts), SYMBOLS**3), dtype=np.float32)
    for table, (language, said) in zip(tables, texts.items(), strict=True):
        counts = np.zeros(SYMBOLS**3)
        for text in said:
            codes = encode(normalise(text))
            if _is_in_own_letters(codes, language):
                np.add.at(counts, threes(codes), 1)
        pairs = counts.reshape(-1, SYMBOLS)
        smoothed = (pairs + _SPARE) / (pairs.sum(axis=1, keepdims=True) + _SPARE * SYMBOLS)
        table[:] = np.log(smoothed).ravel()
    return Letters(languages=tuple(texts), tables=tables)


_SPARE = 0.05
_FIRST_CYRILLIC = _ALPHABET.index("а")


def _is_in_own_letters(codes: Codes, language: Language) -> bool:
    letters = codes[codes > 0]
    foreign = letters < _FIRST_CYRILLIC if language is Language.RU else letters >= _FIRST_CYRILLIC
    return not foreign.any()
