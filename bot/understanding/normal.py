"""What a text looks like once spelling habits are set aside: folded letters, words, clauses.

Linear in the length of the text and safe on any Unicode; nothing beyond `LONGEST_TEXT` characters is read.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TEXT = 4096
MOST_WORDS = 800
"""A text of 4,096 characters in any of our languages has fewer words than this."""

_INVISIBLE = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02bb\u00b4\u0060\uff07", "'"))
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"))
_UNLIKE_MARKS = _QUOTES | _DASHES

_LATIN = "aceopxykhbmtiu"
_CYRILLIC = "асеорхукнвмтіи"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans("асеорхукнвмті", "aceopxykhbmti")
_LETTERS = re.compile(r"[^\W\d_]+")
_HAS_LATIN = re.compile("[a-z]")
_HAS_CYRILLIC = re.compile("[\u0430-\u045f]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_DIGIT_AS_LETTER = re.compile(r"(?<=[a-z\u0430-\u045f])[01](?=[a-z\u0430-\u045f])")

_TOKENS = re.compile(r"\d{1,4}(?:[.:/-]\d{1,4})+|\d+|[^\W\d_]+|[^\w\s]|\n")
_ANY_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_NAMES = 20
_SILENT = frozenset("'\"-*#_/\\@&%+=<>[]{}|~^«»“”„°")
_BREAKS = frozenset(".,;:!?()…\n¿¡。")


class Apostrophe(StrEnum):
    """What an apostrophe does in a language: "don't" is one word, "j'ai" two."""

    JOINS = "joins"
    SPLITS = "splits"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """The words of a text, and for each the number of the clause it stands in."""

    words: tuple[str, ...]
    clauses: tuple[int, ...]


def normalise(text: str) -> str:
    """Fold a text: compatibility forms, case, accents, quotes, dashes, look-alike and invisible letters.

    Only the first `LONGEST_TEXT` characters count. The result is itself normal: folding it again changes nothing that
    the word lists can see.
    """
    folded = text[:LONGEST_TEXT]
    if not folded.isascii():
        # Marks go first: sorting a long pile of them is what makes Unicode normalisation slow.
        folded = unicodedata.normalize("NFKD", _INVISIBLE.sub("", folded).translate(_UNLIKE_MARKS))
        folded = _INVISIBLE.sub("", folded)[:LONGEST_TEXT].casefold()
        folded = unicodedata.normalize("NFKD", folded).translate(_UNLIKE_MARKS)
        folded = _INVISIBLE.sub("", folded)[:LONGEST_TEXT]
        if _HAS_LATIN.search(folded) and _HAS_CYRILLIC.search(folded):
            folded = _LETTERS.sub(_in_one_script, folded)
    else:
        folded = folded.translate(_QUOTES).lower()
    return _DIGIT_AS_LETTER.sub(_letter_for_digit, _STRETCHED.sub(r"\1", folded))


def capitalised(text: str) -> frozenset[str]:
    """Return the words of a text as it was written that begin with a capital, folded; none where all are capitals."""
    words = _ANY_WORD.findall(text[:LONGEST_TEXT])
    if all(word.isupper() for word in words):
        return frozenset()
    begun = [word for word in words if word[0].isupper()]
    return frozenset(normalise(word) for word in begun[:_MOST_NAMES])


def split(folded: str, apostrophe: Apostrophe) -> Tokens:
    """Cut a normalised text into words and clauses. At most `MOST_WORDS` words are kept."""
    folded = folded.replace("'", "" if apostrophe is Apostrophe.JOINS else " ")
    words: list[str] = []
    clauses: list[int] = []
    clause = 0
    for token in _TOKENS.findall(folded):
        if token in _SILENT:
            continue
        if token in _BREAKS:
            if words and clauses[-1] == clause:
                clause += 1
            if token != "?":
                continue
            words.append(token)
            clauses.append(clause - 1 if clause else 0)
            continue
        words.append(token)
        clauses.append(clause)
        if len(words) >= MOST_WORDS:
            break
    return Tokens(words=tuple(words), clauses=tuple(clauses))


def _in_one_script(found: re.Match[str]) -> str:
    word = found.group()
    latin = len(_HAS_LATIN.findall(word))
    cyrillic = len(_HAS_CYRILLIC.findall(word))
    if not latin or not cyrillic:
        return word
    return word.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)


def _letter_for_digit(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1]
    zero, one = ("o", "i") if before.isascii() else ("о", "и")
    return zero if found.group() == "0" else one
