"""The phrases that frame a text and change nothing: "please", "s'il vous plaît", "добрый день"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Mark(IntEnum):
    """What a word is to courtesies: none of one, the first word of one, or a later word."""

    NONE = 0
    BEGINS = 1
    CONTINUES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Courtesies:
    """The courtesies of a language, normalised, by their first word, the longest first."""

    _by_first: Mapping[str, tuple[tuple[str, ...], ...]]

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, ...]]) -> "Courtesies":
        """Prepare phrases given by their words."""
        by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            if phrase:
                by_first.setdefault(phrase[0], []).append(phrase)
        return cls(_by_first={first: tuple(sorted(found, key=len, reverse=True)) for first, found in by_first.items()})

    @property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """All phrases."""
        return tuple(phrase for found in self._by_first.values() for phrase in found)

    def mark(self, words: Sequence[str]) -> list[Mark]:
        """Tell for each word what it is to a courtesy; a question mark is one."""
        marks = [Mark.BEGINS if word == "?" else Mark.NONE for word in words]
        at = 0
        while at < len(words):
            fitting = (
                phrase for phrase in self._by_first.get(words[at], ()) if tuple(words[at : at + len(phrase)]) == phrase
            )
            length = len(next(fitting, ()))
            for place in range(at, at + length):
                marks[place] = Mark.BEGINS if place == at else Mark.CONTINUES
            at += length or 1
        return marks
