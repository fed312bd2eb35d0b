"""The small language in which word lists say what a text must contain.

A pattern is a line of words that stand next to each other; `words.toml` explains the signs at its top:

    word  stem*  *part*  a|b|c  <class>  #1-60     one word of the text
    <name>                                         a capitalised word that stands in no list
    ~x                                             x may be missing
    ..                                             up to five other words of the clause may stand here
    &                                              both sides anywhere near each other
    !x  !!x                                        x stands nowhere in the text, nowhere in the same clause
    ^  $                                           the text begins, ends here, courtesies aside
    [  ]                                           a clause begins, ends here

A line that cannot be read is refused with the part that is wrong.
"""

from dataclasses import dataclass, field
from itertools import islice, product

from bot.understanding.lexicon import Key, Lexicon, NumberRange, Spelling
from bot.understanding.normal import Apostrophe, normalise, split

GAP = 6
NOT_CLASS = "not"
NAME_CLASS = "name"
"""Capitalised words that no list knows; filled by the text, not by the file."""


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
    """Words wanted in a row, and the edges they must touch: of the text ("^", "$"), of a clause ("[", "]") or none."""

    elements: tuple[Element, ...]
    begins: str | None
    ends: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """What a text must contain (every segment) and must not: `unless` at all, `unless_beside` in the same clause.

    needs: all words that must be there, wherever.
    """

    segments: tuple[Segment, ...]
    unless: frozenset[Key]
    unless_beside: tuple[Key, ...]
    needs: frozenset[Key]


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
        unless = frozenset(self._key(sign[1:]) for sign in signs if sign.startswith("!") and sign[1:2] != "!")
        unless_beside = tuple(self._key(sign[2:]) for sign in signs if sign.startswith("!!"))
        choices = [_choices(sign) for sign in signs if not sign.startswith("!")]
        if not choices:
            raise PatternError("nothing is asked for: name at least one word")
        found = []
        for choice in product(*choices):
            segments = tuple(self._segments([sign for signs in choice for sign in signs]))
            elements = [element for segment in segments for element in segment.elements]
            needs = frozenset(element.key for element in elements if not element.optional)
            found.append(Pattern(segments=segments, unless=unless, unless_beside=unless_beside, needs=needs))
        return found

    def _segments(self, signs: list[str]) -> list[Segment]:
        segments: list[Segment] = []
        elements: list[Element] = []
        begins: str | None = None
        ends: str | None = None
        reach = 1
        for sign in [*signs, "&"]:
            match sign:
                case "^" | "[":
                    begins = sign
                case "$" | "]":
                    ends = sign
                case "..":
                    reach = GAP
                case "&":
                    if all(element.optional for element in elements):
                        raise PatternError("a part without words: name at least one word on each side of '&'")
                    segments.append(Segment(elements=tuple(elements), begins=begins, ends=ends))
                    elements, begins, ends, reach = [], None, None, 1
                case _:
                    optional = sign.startswith("~")
                    for key in self._keys(sign.removeprefix("~")):
                        if elements or begins or not optional:
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
