"""Which word lists a word belongs to: whole words, stems, parts of compounds, numbers, and one typo in long ones.

A word that any list knows exactly is never taken for a typo of another.
"""

from dataclasses import dataclass, field
from typing import NewType

Key = NewType("Key", int)
"""A word, stem, number range or class of words, as patterns refer to it."""

LONG = 6
"""From this many letters on, one typo in a word or stem is tolerated."""

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
    _long: dict[str, list[Spelling]] = field(default_factory=dict)
    _keys: int = 0
    _remembered: dict[str, tuple[Key, ...]] = field(default_factory=dict)

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
        if entry.letters not in shelf and not entry.inside and len(entry.letters) >= LONG:
            self._long.setdefault(entry.letters[0], []).append(entry)
        shelf.setdefault(entry.letters, set()).add(key)

    def add_ordinary(self, words: tuple[str, ...]) -> None:
        """Add words that mean nothing to any rule, so that they are not taken for typos of those that do."""
        self._ordinary.update(words)

    def knows(self, word: str) -> bool:
        """Tell whether the word as it is written stands in this language's lists."""
        return word in self._wholes or word in self._ordinary

    def keys_of(self, word: str) -> tuple[Key, ...]:
        """Return the keys of all entries a word belongs to."""
        found = self._remembered.get(word)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[word] = tuple(sorted(self._look_up(word)))
        return found

    def _look_up(self, word: str) -> set[Key]:
        if word.isdecimal():
            return set(self._wholes.get(word, ())) | self._ranges_of(word)
        found = set(self._wholes.get(word, ()))
        for length in range(2, len(word) + 1):
            found |= self._stems.get(word[:length], set())
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
        for entry in self._long.get(word[0], ()):
            if differs_by_one(word, entry):
                found |= (self._wholes if entry.whole else self._stems)[entry.letters]
        return found


def differs_by_one(word: str, entry: Spelling) -> bool:
    """Tell whether one letter too many, too few, wrong or swapped stands between a word and an entry.

    The first letter is taken as right. For a stem, only its own letters count.
    """
    wanted = entry.letters
    at = 1
    while at < len(word) and at < len(wanted) and word[at] == wanted[at]:
        at += 1
    if at >= len(wanted):
        return not entry.whole or len(word) <= len(wanted) + 1
    rests = [
        (word[at + 1 :], wanted[at + 1 :]),
        (word[at + 1 :], wanted[at:]),
        (word[at:], wanted[at + 1 :]),
    ]
    if word[at : at + 2] == wanted[at : at + 2][::-1]:
        rests.append((word[at + 2 :], wanted[at + 2 :]))
    return any(rest == expected or (not entry.whole and rest.startswith(expected)) for rest, expected in rests)
