"""The small language in which word lists say what a text must contain, and how a text is held against it.

A pattern is a line of words that stand next to each other; `words.toml` explains the signs at its top:

    word  stem*  *part*  a|b|c  <class>  #1-60     one word of the text
    <name>                                         a capitalised word that stands in no list
    ~x                                             x may be missing
    ..                                             up to five other words of the clause may stand here
    &                                              both sides anywhere near each other
    !x  !!x                                        x stands nowhere in the text, nowhere in the same clause
    ^  $                                           the text begins, ends here, courtesies aside
    [  ]                                           a clause begins, ends here

Matching is linear in the length of the text for each pattern: no pattern can be made slow by a text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from bot.understanding.courtesies import Mark
from bot.understanding.lexicon import Key, Lexicon, NumberRange, Spelling
from bot.understanding.normal import Apostrophe, normalise, split

GAP = 6
NOT_CLASS = "not"
NAME_CLASS = "name"
"""Capitalised words that no list knows; filled by the text, not by the file."""
NEAR = 14
_MOST_PLACES = 60
_BEGINNINGS = frozenset("^[")
_ENDINGS = frozenset("$]")
_NOWHERE: frozenset[int] = frozenset()


class PatternError(ValueError):
    """A pattern that cannot be read; the message says which part and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """One word wanted, at most `reach` words after the one before it; an optional one may be missing."""

    key: Key
    reach: int
    optional: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """Words wanted in a row, and the edges they must touch: of the text ("^", "$"), of a clause ("[", "]")."""

    elements: tuple[Element, ...]
    edges: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """What a text must contain (every segment) and must not: `unless` at all, `unless_beside` in the same clause."""

    segments: tuple[Segment, ...]
    unless: tuple[Key, ...]
    unless_beside: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """All words that must be there, in order."""
        return tuple(
            element.key for segment in self.segments for element in segment.elements if not element.optional
        )


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


@dataclass(kw_only=True, slots=True)
class PatternReader:
    """Reads patterns of one language into keys of its lexicon."""

    lexicon: Lexicon
    apostrophe: Apostrophe
    classes: dict[str, Key]
    _members: dict[str, list[Spelling | NumberRange]]
    _known: dict[str, Key]
    _filed: dict[str, list[Spelling | NumberRange]]
    _denying: set[Key] = field(default_factory=set)
    _looked_at: int = 0

    @classmethod
    def begin(cls, lexicon: Lexicon, apostrophe: Apostrophe) -> "PatternReader":
        """Start with no classes."""
        reader = cls(lexicon=lexicon, apostrophe=apostrophe, classes={}, _members={}, _known={}, _filed={})
        reader.define(NAME_CLASS, "")
        return reader

    @property
    def denials(self) -> frozenset[Key]:
        """The keys under which a word that denies is filed."""
        denying = set(self._members.get(NOT_CLASS, ()))
        # Asked for after every pattern: only the signs that came since then are looked at.
        for sign, key in islice(self._known.items(), self._looked_at, None):
            if not denying.isdisjoint(self._filed[sign]):
                self._denying.add(key)
        self._looked_at = len(self._known)
        return frozenset({*self._denying, self.classes[NOT_CLASS]})

    def define(self, name: str, members: str) -> None:
        """Define a class of words from its members, written with spaces between. Raises PatternError."""
        key = self.classes[name] = self.lexicon.new_key()
        entries = self._members[name] = [entry for member in members.split() for entry in self._entries(member)]
        for entry in entries:
            self.lexicon.add(entry, key)

    def read(self, line: str) -> list[Pattern]:
        """Read a pattern; one with `~` stands for several. Raises PatternError."""
        signs = line.split()
        unless = tuple(self._key(sign[1:]) for sign in signs if sign.startswith("!") and not sign.startswith("!!"))
        unless_beside = tuple(self._key(sign[2:]) for sign in signs if sign.startswith("!!"))
        choices = [_choices(sign) for sign in signs if not sign.startswith("!")]
        if not choices:
            raise PatternError("nothing is asked for: name at least one word")
        return [
            Pattern(
                segments=tuple(self._segments([sign for signs in choice for sign in signs])),
                unless=unless,
                unless_beside=unless_beside,
            )
            for choice in product(*choices)
        ]

    def _segments(self, signs: list[str]) -> list[Segment]:
        segments: list[Segment] = []
        elements: list[Element] = []
        edges: set[str] = set()
        reach = 1
        for sign in [*signs, "&"]:
            match sign:
                case "^" | "$" | "[" | "]":
                    edges.add(sign)
                case "..":
                    reach = GAP
                case "&":
                    if all(element.optional for element in elements):
                        raise PatternError("a part without words: name at least one word on each side of '&'")
                    segments.append(Segment(elements=tuple(elements), edges=frozenset(edges)))
                    elements, edges, reach = [], set(), 1
                case _:
                    optional = sign.startswith("~")
                    for key in self._keys(sign.removeprefix("~")):
                        if elements or _BEGINNINGS & edges or not optional:
                            elements.append(Element(key=key, reach=reach, optional=optional))
                        # What follows a missing word may stand as far off as that word might have.
                        reach = reach if optional else 1
        return segments

    def _keys(self, sign: str) -> list[Key]:
        if any(mark in sign for mark in "<>|*#"):
            return [self._key(sign)]
        words = split(normalise(sign), self.apostrophe).words
        if not words:
            raise PatternError(f"'{sign}' holds no word: remove it")
        return [self._key(word) for word in words]

    def _key(self, sign: str) -> Key:
        if sign.startswith("<") and sign.strip("<>") in self.classes:
            return self.classes[sign.strip("<>")]
        if sign not in self._known:
            key = self._known[sign] = self.lexicon.new_key()
            self._filed[sign] = [entry for member in sign.split("|") for entry in self._entries(member)]
            for entry in self._filed[sign]:
                self.lexicon.add(entry, key)
        return self._known[sign]

    def _entries(self, member: str) -> list[Spelling | NumberRange]:
        if not member.startswith("<"):
            return [self._entry(member)]
        if member == f"<{NAME_CLASS}>":
            raise PatternError(f"'{member}' stands alone: write it in a pattern of its own")
        if member.strip("<>") not in self._members:
            raise PatternError(f"unknown class '{member}': define it under [classes]")
        return self._members[member.strip("<>")]

    def _entry(self, member: str) -> Spelling | NumberRange:
        if member.startswith("#"):
            least, _, most = member[1:].partition("-")
            if not (least.isdecimal() and most.isdecimal()):
                raise PatternError(f"'{member}' is no range: write it like #1-60")
            return NumberRange(least=int(least), most=int(most))
        words = split(normalise(member.strip("*")), self.apostrophe).words
        if len(words) != 1:
            raise PatternError(f"'{member}' is not one word: write several words apart, as a pattern of their own")
        return Spelling(letters=words[0], whole=not member.endswith("*"), inside=member.startswith("*"))


def _choices(sign: str) -> list[tuple[str, ...]]:
    mark = "~" if sign.startswith("~") else ""
    members = sign.removeprefix("~").split("|")
    single = [member for member in members if "-" not in member or member.startswith("#")]
    several = [tuple(mark + word for word in member.split("-")) for member in members if member not in single]
    return [(mark + "|".join(single),), *several] if single else several


def find(pattern: Pattern, places: Places) -> list[Span]:
    """Find where a text fits a pattern; empty when it does not."""
    where = places.where
    if any(key in where for key in pattern.unless) or not all(key in where for key in pattern.keys):
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
    return [span for span in spans if barred.isdisjoint(places.clauses[span.first : span.last + 1])] if barred else spans


def _find_segment(segment: Segment, places: Places) -> list[Span]:
    where, clauses = places.where, places.clauses
    elements = segment.elements
    beginning = next(iter(_BEGINNINGS & segment.edges), None)
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
    return [
        Span(first=first, last=at) for at, first in ends.items() if ending is None or at in places.edges[ending]
    ]


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
