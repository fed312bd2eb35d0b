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
_MOST_SIGNS = 2 * MOST_WORDS

_INVISIBLE = (
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
)
_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u02bc\u02bb\u00b4\u0060\uff07"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_MARKS = re.compile(f"[{_INVISIBLE}{_QUOTES}{_DASHES}]")
_PLAIN_MARKS = dict.fromkeys(_QUOTES, "'") | dict.fromkeys(_DASHES, "-")

# Letters that look alike in both scripts, as pairs of code points so that a reader can tell them apart.
_PAIRS = {
    "a": "\u0430", "b": "\u0432", "c": "\u0441", "e": "\u0435", "h": "\u043d", "i": "\u0456", "j": "\u0458",
    "k": "\u043a", "m": "\u043c", "o": "\u043e", "p": "\u0440", "s": "\u0455", "t": "\u0442", "x": "\u0445",
    "y": "\u0443",
}  # fmt: skip
_LIKE_CYRILLIC = frozenset(_PAIRS)
_LIKE_LATIN = frozenset(_PAIRS.values())
_TO_CYRILLIC = str.maketrans(_PAIRS)
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _PAIRS.items()})
_LETTERS = re.compile(r"[^\W\d_]+")
_HAS_LATIN = re.compile("[a-z]")
_HAS_CYRILLIC = re.compile("[\u0430-\u045f]")
# It looks ahead for any sign three times first: to ask of each whether it is a letter takes longer.
_STRETCHED = re.compile(r"(?=(.)\1\1)([^\W\d_])\2+")
_DIGIT_AS_LETTER = re.compile(r"(?<=[a-z\u0430-\u045f])[01](?=[a-z\u0430-\u045f])")

_TOKENS = re.compile(r"\d{1,4}(?:[.:/-]\d{1,4})+|\d+|[^\W\d_]+|[^\w\s]|\n")
_ANY_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_NAMES = 20
_SILENT = frozenset("'\"-*#_/\\@&%+=<>[]{}|~^«»“”„°")
_BREAKS = frozenset(".,;:!?()…\n¿¡。")
_COMMA = ","
_AFTER_A_COMMA = 1
_AFTER_A_STOP = 2


class Apostrophe(StrEnum):
    """What an apostrophe does in a language: "don't" is one word, "j'ai" two."""

    JOINS = "joins"
    SPLITS = "splits"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """The words of a text, and for each the number of its clause; and those that a dash joins to the one before.

    The clause behind a comma is one on, that behind anything else that parts clauses two.
    """

    words: tuple[str, ...]
    clauses: tuple[int, ...]
    dashed: frozenset[int] = frozenset()


def normalise(text: str) -> str:
    """Fold a text: compatibility forms, case, accents, quotes, dashes, look-alike and invisible letters.

    Only the first `LONGEST_TEXT` characters count. The result is itself normal: folding it again changes nothing that
    the word lists can see.
    """
    folded = text[:LONGEST_TEXT]
    if not folded.isascii():
        # Marks go first: sorting a long pile of them is what makes Unicode normalisation slow.
        folded = unicodedata.normalize("NFKD", _MARKS.sub(_plain_mark, folded))
        folded = _MARKS.sub(_plain_mark, folded)[:LONGEST_TEXT].casefold()
        folded = _MARKS.sub(_plain_mark, unicodedata.normalize("NFKD", folded))[:LONGEST_TEXT]
        if _HAS_LATIN.search(folded) and _HAS_CYRILLIC.search(folded):
            folded = _LETTERS.sub(_in_one_script, folded)
    else:
        folded = folded.replace("`", "'").lower()
    return _DIGIT_AS_LETTER.sub(_letter_for_digit, _STRETCHED.sub(r"\1", folded))


def capitalised(text: str) -> frozenset[str]:
    """Return the words of a text as it was written that begin with a capital, folded; none where all are capitals."""
    words = _ANY_WORD.findall(text[:LONGEST_TEXT])
    if all(word.isupper() for word in words):
        return frozenset()
    begun = [word for word in words if word[0].isupper()]
    return frozenset(normalise(word) for word in begun[:_MOST_NAMES])


def goes_on(clause: int, following: int) -> bool:
    """Tell whether at most a comma parts two clauses, by their numbers."""
    return following - clause <= _AFTER_A_COMMA


def split(folded: str, apostrophe: Apostrophe) -> Tokens:
    """Cut a normalised text into words and clauses. At most `MOST_WORDS` words are kept."""
    folded = folded.replace("'", "" if apostrophe is Apostrophe.JOINS else " ")
    words: list[str] = []
    clauses: list[int] = []
    dashed: list[int] = []
    clause = 0
    behind_a_word = False
    for sign in _TOKENS.findall(folded)[:_MOST_SIGNS]:
        if sign in _SILENT:
            if sign == "-" and behind_a_word:
                dashed.append(len(words))
            behind_a_word = False
            continue
        if sign in _BREAKS:
            behind_a_word = False
            if clauses:
                # "mon., tue." parts no more than "mon, tue".
                clause = clauses[-1] + (_AFTER_A_COMMA if sign == _COMMA else _AFTER_A_STOP)
            if sign == "?":
                words.append(sign)
                clauses.append(clauses[-1] if clauses else 0)
            continue
        behind_a_word = True
        words.append(sign)
        clauses.append(clause)
    return Tokens(words=tuple(words[:MOST_WORDS]), clauses=tuple(clauses[:MOST_WORDS]), dashed=frozenset(dashed))


def _plain_mark(found: re.Match[str]) -> str:
    return _PLAIN_MARKS.get(found.group(), "")


def _in_one_script(found: re.Match[str]) -> str:
    word = found.group()
    latin, cyrillic = set(_HAS_LATIN.findall(word)), set(_HAS_CYRILLIC.findall(word))
    if not latin or not cyrillic:
        return word
    if cyrillic <= _LIKE_LATIN and (len(latin) >= len(cyrillic) or not latin <= _LIKE_CYRILLIC):
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC)


def _letter_for_digit(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1]
    zero, one = ("o", "i") if before.isascii() else ("о", "и")
    return zero if found.group() == "0" else one
