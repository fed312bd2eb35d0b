"""Where a text fits a pattern.

The work is linear in the length of the text for each pattern: no text can make a pattern slow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.courtesies import Mark
from bot.understanding.lexicon import Key
from bot.understanding.patterns import BEGINNINGS, Pattern, Segment

NEAR = 14
"""How many words may lie between parts that stand in any order."""

_MOST_PLACES = 60
_ENDINGS = frozenset("$]")
_NOWHERE: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where a pattern was found: numbers of the first and the last word."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """A text by the keys of its words, the clauses of its words, and where text and clauses begin and end.

    A courtesy at an edge may be counted in or out, so there may be several beginnings and ends.
    """

    where: Mapping[Key, frozenset[int]]
    clauses: Sequence[int]
    edges: Mapping[str, frozenset[int]]


def find(pattern: Pattern, places: Places) -> list[Span]:
    """Find where a text fits a pattern; empty when it does not."""
    where = places.where
    if not pattern.needs.issubset(where) or not pattern.unless.isdisjoint(where):
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
    barred = {places.clauses[at] for key in pattern.unless_beside for at in where.get(key, _NOWHERE)}
    return (
        [span for span in spans if barred.isdisjoint(places.clauses[span.first : span.last + 1])] if barred else spans
    )


def _find_segment(segment: Segment, places: Places) -> list[Span]:
    where, clauses = places.where, places.clauses
    elements = segment.elements
    beginning = next(iter(BEGINNINGS & segment.edges), None)
    if beginning:
        ends = {first - 1: first for first in places.edges[beginning]}
    else:
        ends = {at: at for at in where[elements[0].key]}
        elements = elements[1:]
    for element in elements:
        wanted = where.get(element.key, _NOWHERE)
        reached = {
            at + step: first
            for at, first in sorted(ends.items())
            for step in range(1, element.reach + 1)
            if at + step in wanted and (step == 1 or clauses[max(at, 0)] == clauses[at + step])
        }
        ends = ends | reached if element.optional else reached
        if not ends:
            return []
    ending = next(iter(_ENDINGS & segment.edges), None)
    return [Span(first=first, last=at) for at, first in ends.items() if ending is None or at in places.edges[ending]]


def edges_of(clauses: Sequence[int], courtesies: Sequence[Mark]) -> dict[str, frozenset[int]]:
    """Return where a text and its clauses may be said to begin and end, by the signs for it."""
    forwards, backwards = range(len(clauses)), range(len(clauses) - 1, -1, -1)
    whole = [0] * len(clauses)
    heads = frozenset(at for at in forwards if courtesies[at] is not Mark.CONTINUES)
    tails = frozenset(at for at in forwards if at + 1 == len(clauses) or at + 1 in heads)
    return {
        "^": heads & _edge(forwards, courtesies, whole),
        "$": tails & _edge(backwards, courtesies, whole),
        "[": heads & _edge(forwards, courtesies, clauses),
        "]": tails & _edge(backwards, courtesies, clauses),
    }


def _edge(places: Sequence[int], courtesies: Sequence[Mark], clauses: Sequence[int]) -> frozenset[int]:
    found: list[int] = []
    before: int | None = None
    for at in places:
        fresh = before is None or clauses[before] != clauses[at]
        if fresh or (found and found[-1] == before and courtesies[found[-1]]):
            found.append(at)
        before = at
    return frozenset(found)
