"""Which word lists a word belongs to: whole words, stems, parts of compounds, numbers, and one typo in long ones.

A word that any list knows exactly is never taken for a typo of another.
"""

from dataclasses import dataclass, field
from itertools import chain
from operator import eq
from typing import NewType

Key = NewType("Key", int)
"""A word, stem, number range or class of words, as patterns refer to it."""

LONG = 6
"""From this many letters on, one typo in a word or stem is tolerated."""

_HEAD = 3
"""Letters at the beginning of a long entry that a typo behind them leaves as they are."""

_BODY = slice(4, 6)
"""Letters of a long entry that a typo within its head leaves as they are, at most one place further on or back."""

_SHORTEST_STEM = 2
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Spelling:
    """One entry of a word list. `whole`: nothing may follow; `inside`: it may stand anywhere in the word."""

    letters: str
    whole: bool = True
    inside: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberRange:
    """A number between two bounds, both included."""

    least: int
    most: int


@dataclass(kw_only=True, slots=True)
class Lexicon:
    """The entries of one language. Filled while its words are loaded, only read after that."""

    _wholes: dict[str, set[Key]] = field(default_factory=dict)
    _stems: dict[str, set[Key]] = field(default_factory=dict)
    _insides: dict[str, set[Key]] = field(default_factory=dict)
    _ranges: dict[NumberRange, set[Key]] = field(default_factory=dict)
    _ordinary: set[str] = field(default_factory=set)
    _by_head: dict[str, list[Spelling]] = field(default_factory=dict)
    _by_body: dict[str, list[Spelling]] = field(default_factory=dict)
    _longest_stem: int = 0
    _keys: int = 0
    _remembered: dict[str, frozenset[Key]] = field(default_factory=dict)

    def new_key(self) -> Key:
        """Give out a key no entry has yet."""
        self._keys += 1
        return Key(self._keys)

    def add(self, entry: Spelling | NumberRange, key: Key) -> None:
        """File an entry under a key; an entry may have several keys."""
        if isinstance(entry, NumberRange):
            self._ranges.setdefault(entry, set()).add(key)
            return
        shelf = self._insides if entry.inside else self._wholes if entry.whole else self._stems
        letters = entry.letters
        if letters not in shelf and not entry.inside and len(letters) >= LONG:
            self._by_head.setdefault(letters[:_HEAD], []).append(entry)
            self._by_body.setdefault(letters[0] + letters[_BODY], []).append(entry)
        if shelf is self._stems:
            self._longest_stem = max(self._longest_stem, len(letters))
        shelf.setdefault(letters, set()).add(key)

    def add_ordinary(self, words: tuple[str, ...]) -> None:
        """Add words that mean nothing to any rule, so that they are not taken for typos of those that do."""
        self._ordinary.update(words)

    def knows(self, word: str) -> bool:
        """Tell whether the word as it is written stands in this language's lists."""
        return word in self._wholes or word in self._ordinary

    def keys_of(self, word: str) -> frozenset[Key]:
        """Return the keys of all entries a word belongs to."""
        found = self._remembered.get(word)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[word] = frozenset(self._look_up(word))
        return found

    def _look_up(self, word: str) -> set[Key]:
        found = set(self._wholes.get(word, ()))
        if word.isdecimal():
            return found | self._ranges_of(word)
        for length in range(_SHORTEST_STEM, min(len(word), self._longest_stem) + 1):
            found.update(self._stems.get(word[:length], ()))
        for inside, keys in self._insides.items():
            if inside in word:
                found |= keys
        if found or len(word) < LONG - 1 or word in self._ordinary:
            return found
        return self._one_typo_away(word)

    def _ranges_of(self, digits: str) -> set[Key]:
        if len(digits) > LONG:
            return set()
        within = [keys for bounds, keys in self._ranges.items() if bounds.least <= int(digits) <= bounds.most]
        return set().union(*within)

    def _one_typo_away(self, word: str) -> set[Key]:
        found: set[Key] = set()
        near = [self._by_head.get(word[:_HEAD], ())]
        near += [self._by_body.get(word[0] + word[_BODY.start + by : _BODY.stop + by], ()) for by in (-1, 0, 1)]
        for entry in chain.from_iterable(near):
            if differs_by_one(word, entry):
                found |= (self._wholes if entry.whole else self._stems)[entry.letters]
        return found


def differs_by_one(word: str, entry: Spelling) -> bool:
    """Tell whether one letter too many, too few, wrong or swapped stands between a word and an entry.

    The first letter is taken as right. For a stem, only its own letters count.
    """
    wanted = entry.letters
    if len(word) < len(wanted) - 1 or (entry.whole and len(word) > len(wanted) + 1):
        return False
    at = 1
    while at < len(word) and at < len(wanted) and word[at] == wanted[at]:
        at += 1
    if at >= len(wanted):
        return True
    fits = eq if entry.whole else str.startswith
    left, due = word[at + 1 :], wanted[at + 1 :]
    if fits(left, due) or fits(left, wanted[at:]) or fits(word[at:], due):
        return True
    return word[at : at + 2] == wanted[at : at + 2][::-1] and fits(left[1:], due[1:])
