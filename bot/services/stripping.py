"""Takes out of a text what could tell whose it is: names, numbers, addresses, dates.

Rather too much than too little: what is kept is what was said, not who said it. Nothing is remembered here.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache

from babel import Locale

from flows.vocabulary import Language
from locales import language_file

NAME, NUMBER, ADDRESS, DATE = "[name]", "[number]", "[address]", "[date]"

SHORT_NAME = 2
"""Names of so many letters are words as well ("Jo", "An"): they count only where they begin with a capital."""

LONGEST_ENDING = 3
"""So many letters a Russian name may gain in its cases."""

_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_WORD = re.compile(rf"[^\W\d_]+(?:['{_APOSTROPHE}-][^\W\d_]+)*")
_PIECES = re.compile(rf"['{_APOSTROPHE}-]")
_NAMED_THERE = rf"\s+((?:[^\W\d_][\w'{_APOSTROPHE}.-]*[ \t]*){{1,3}})"
_BEGINS = re.compile(r"(?:^|[.!?\N{HORIZONTAL ELLIPSIS}]|:\s)\W*$")
_BEFORE = 16
"""So many characters tell whether a sentence begins after them."""

_EDGES = re.compile(r"^\W+|\W+$")
_LEADS_SOMEWHERE = re.compile(r"(?i)@|://|^www\.|\w\.\w{2,}/|\w\.(?:com|net|org|info|eu|be|nl|fr|ru|uk|ca|io|me)$")
_SEVERAL = {mark: re.compile(rf"{re.escape(mark)}(?:[\s,/.\-]*{re.escape(mark)})+") for mark in (NAME, NUMBER, DATE)}


def stripped(text: str, names: Iterable[str]) -> str:
    """Give the text without what could tell whose it is.

    Args:
        text: what somebody wrote.
        names: of everybody and everything that might be named in it, each as it is written in full.

    Returns:
        The text in one line, with marks in place of what was taken out.
    """
    known = _Names(names)
    plain = known.without_whole(_without_presented(_visible(text)))
    words = _without_numbers(plain.split(" "))
    return _joined(_without_names(" ".join(words), known))


class _Names:
    """The names to be looked for, in every case they may stand in."""

    def __init__(self, names: Iterable[str]) -> None:
        whole = sorted({_visible(name).strip() for name in names} - {""}, key=len, reverse=True)
        self._whole = [re.compile(rf"(?<!\w){re.escape(_folded(name))}(?!\w)") for name in whole]
        parts = {part for name in whole for part in _WORD.findall(_folded(name))}
        self._parts = {piece for part in parts for piece in (part, *_PIECES.split(part)) if piece}
        self._parts -= _told("particles")

    def without_whole(self, text: str) -> str:
        """Take out names of several words where they stand in full."""
        for name in self._whole:
            folded = _folded(text)
            if len(folded) != len(text):
                # Rare letters that fold into two: their places are lost, and each word is looked at by itself.
                return text
            for found in reversed(list(name.finditer(folded))):
                if _is_short(found[0]) and not text[found.start()].isupper():
                    continue
                text = f"{text[: found.start()]}{NAME}{text[found.end() :]}"
        return text

    def has(self, word: str) -> bool:
        """Tell whether a word is one of the names, or one of them in another case."""
        folded = _folded(word)
        pieces = (folded, *_PIECES.split(folded))
        return any(self._fits(piece, capital=word[:1].isupper()) for piece in pieces if piece)

    def _fits(self, piece: str, *, capital: bool) -> bool:
        if piece in self._parts and (capital or not _is_short(piece)):
            return True
        return any(_is_case_of(piece, name) for name in self._parts if not _is_short(name))


def _visible(text: str) -> str:
    """The text as one sees it: letters in their plain form, nothing without width, one line."""
    composed = unicodedata.normalize("NFKC", text)
    seen = "".join(letter for letter in composed if unicodedata.category(letter) not in {"Cf", "Cc", "Cs", "Co", "Mn"})
    lines = re.split(r"[\r\n\u2028\u2029]+", composed)
    if len(lines) > 1:
        return " \n ".join(_visible(line) for line in lines if line.strip())
    return re.sub(r"\s+", " ", seen).strip()


def _without_presented(text: str) -> str:
    folded = _folded(text)
    if len(folded) == len(text):
        for found in reversed(list(_presents().finditer(folded))):
            rest = text[found.end(1) :]
            text = f"{text[: found.start(1)]}{NAME}{rest if rest[:1] in '.,;:!?' else ' ' + rest}"
    return text


def _folded(text: str) -> str:
    """The text without case and accents and with one apostrophe, letter by letter where that is possible."""
    bare = unicodedata.normalize("NFD", text)
    return (
        unicodedata.normalize("NFC", "".join(each for each in bare if not unicodedata.combining(each)))
        .casefold()
        .replace(_APOSTROPHE, "'")
    )


def _is_short(name: str) -> bool:
    return len(name) <= SHORT_NAME


def _is_case_of(word: str, name: str) -> bool:
    """Whether a word is a name with another ending: "Annas", or a case of a Russian one, whose last letter changes."""
    declined = unicodedata.name(name[0], "").startswith("CYRILLIC")
    stem = name[:-1] if declined else name
    endings = LONGEST_ENDING if declined else 1
    return len(stem) > SHORT_NAME and word.startswith(stem) and len(word) <= len(name) + endings


def _without_numbers(words: list[str]) -> list[str]:
    """Take out whatever holds a digit or leads somewhere; with the month beside it, as a date."""
    marked = [_marked(word) for word in words]
    for place, word in enumerate(words):
        if _EDGES.sub("", word).casefold() not in _months():
            continue
        around = [near for near in (place - 2, place - 1, place + 1, place + 2) if 0 <= near < len(words)]
        beside = [near for near in around if marked[near] in {NUMBER, DATE} and abs(near - place) == 1]
        # "the 3rd of March": what stands between is left.
        beside += [near for near in around if marked[near] == NUMBER and near == place - 2]
        if beside:
            marked[place] = DATE
            for near in beside:
                marked[near] = DATE
    return marked


def _marked(word: str) -> str:
    if _LEADS_SOMEWHERE.search(word.rstrip(".,;:!?)")):
        return ADDRESS
    if any(letter.isnumeric() for letter in word):
        return NUMBER
    return word


def _without_names(text: str, known: _Names) -> str:
    kept: list[str] = []
    end, after_title = 0, False
    for found in _WORD.finditer(text):
        before, word = text[end : found.start()], found[0]
        kept.append(before)
        is_mark = text[found.start() - 1 : found.start()] == "[" and text[found.end() : found.end() + 1] == "]"
        named = after_title or known.has(word) or _names_somebody(text, found)
        kept.append(word if is_mark or not named else NAME)
        after_title = not is_mark and _folded(word) in _told("titles")
        end = found.end()
    kept.append(text[end:])
    return "".join(kept)


def _names_somebody(text: str, found: re.Match[str]) -> bool:
    """Whether a word has a capital that no beginning of a sentence explains."""
    word = found[0]
    if not word[0].isupper() or _folded(word) in _told("capitals") or word.casefold() in _calendar():
        return False
    return _BEGINS.search(text[max(0, found.start() - _BEFORE) : found.start()]) is None


def _joined(text: str) -> str:
    """The text in one line, with one mark where several of a kind stand together."""
    line = re.sub(r"\s+", " ", text).strip()
    for mark, several in _SEVERAL.items():
        line = several.sub(mark, line)
    return line


@cache
def _told(what: str) -> frozenset[str]:
    """What `names.toml` of any language tells, folded: a text may be in another language than the patient's."""
    files = (tomllib.loads(language_file(language, "names.toml").read_text(encoding="utf-8")) for language in Language)
    return frozenset(_folded(word) for file in files for word in file[what])


@cache
def _presents() -> re.Pattern[str]:
    """Words by which somebody says who they are, and up to three words that follow."""
    words = "|".join(re.escape(phrase) for phrase in _told("presents"))
    return re.compile(rf"\b(?:{words}){_NAMED_THERE}")


@cache
def _months() -> frozenset[str]:
    return _named("months")


@cache
def _calendar() -> frozenset[str]:
    return _named("months") | _named("days")


def _named(what: str) -> frozenset[str]:
    names = (
        str(name).strip(".").casefold()
        for language in Language
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in getattr(Locale(language.value), what)[context][width].values()
    )
    return frozenset(names)
