"""Where a text fits a pattern.

The work is linear in the length of the text for each pattern: no text can make a pattern slow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.understanding.courtesies import Mark
from bot.understanding.lexicon import Key
from bot.understanding.patterns import Pattern, Segment

NEAR = 14
"""How many words may lie between parts that stand in any order."""

_MOST_PLACES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where a pattern was found: numbers of the first and the last word."""

    first: int
    last: int


@dataclass(kw_only=True, slots=True)
class Places:
    """A text by the keys of its words, their clauses and what they are to courtesies; present: all its keys.

    Where a key, a beginning or an end stands is looked for when a pattern first asks.
    """

    keys: Sequence[frozenset[Key]]
    clauses: Sequence[int]
    courtesies: Sequence[Mark]
    present: frozenset[Key]
    _where: dict[Key, frozenset[int]] = field(default_factory=dict)
    _edges: dict[str, frozenset[int]] = field(default_factory=dict)

    def where(self, key: Key) -> frozenset[int]:
        """Return the places of a key."""
        found = self._where.get(key)
        if found is None:
            found = self._where[key] = frozenset([at for at, keys in enumerate(self.keys) if key in keys])
        return found

    def edges(self, sign: str) -> frozenset[int]:
        """Return where the text ("^", "$") or its clauses ("[", "]") may be said to begin or end.

        A courtesy at an edge may be counted in or out, so there may be several beginnings and ends.
        """
        found = self._edges.get(sign)
        if found is None:
            found = self._edges[sign] = self._find_edges(sign)
        return found

    def _find_edges(self, sign: str) -> frozenset[int]:
        count, courtesies = len(self.clauses), self.courtesies
        forwards = sign in "^["
        clauses = self.clauses if sign in "[]" else [0] * count
        found: list[int] = []
        before: int | None = None
        for at in range(count) if forwards else range(count - 1, -1, -1):
            fresh = before is None or clauses[before] != clauses[at]
            if fresh or (found[-1] == before and courtesies[before]):
                found.append(at)
            before = at
        # No courtesy is cut in two.
        beside = 0 if forwards else 1
        return frozenset(at for at in found if at + beside == count or courtesies[at + beside] is not Mark.CONTINUES)


def find(pattern: Pattern, places: Places) -> list[Span]:
    """Find where a text that holds all a pattern needs fits it; empty when it does not."""
    if not pattern.unless.isdisjoint(places.present):
        return []
    spans = _find_segment(pattern.segments[0], places)
    for segment in pattern.segments[1:]:
        if not spans:
            return []
        others = _find_segment(segment, places)
        spans = [
            Span(first=min(one.first, other.first), last=max(one.last, other.last))
            for one in spans[:_MOST_PLACES]
            for other in others[:_MOST_PLACES]
            if one.first - other.last <= NEAR and other.first - one.last <= NEAR
        ]
    barred = {places.clauses[at] for key in pattern.unless_beside for at in places.where(key)}
    return (
        [span for span in spans if barred.isdisjoint(places.clauses[span.first : span.last + 1])] if barred else spans
    )


def _find_segment(segment: Segment, places: Places) -> list[Span]:
    clauses, elements = places.clauses, segment.elements
    if segment.begins:
        ends = {first - 1: first for first in places.edges(segment.begins)}
    else:
        ends = {at: at for at in places.where(elements[0].key)}
        elements = elements[1:]
    for element in elements:
        wanted = places.where(element.key)
        reached = {
            at + step: first
            for at, first in sorted(ends.items())
            for step in range(1, element.reach + 1)
            if at + step in wanted and (step == 1 or clauses[max(at, 0)] == clauses[at + step])
        }
        ends = ends | reached if element.optional else reached
        if not ends:
            return []
    allowed = places.edges(segment.ends) if segment.ends else ends
    return [Span(first=first, last=at) for at, first in ends.items() if at in allowed]
