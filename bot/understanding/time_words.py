"""The words of a text as far as they speak of time: "day after tomorrow" is one item, an unknown word another.

The longest phrase wins; which phrases mean what is data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.understanding.lexicon import LONG, Lexicon, Spelling, differs_by_one
from bot.understanding.normal import Apostrophe, Tokens, normalise, split
from bot.understanding.patterns import PatternError
from bot.understanding.time_items import Item, Kind, Value, read_code

_NAMES = frozenset({Kind.DAY, Kind.WEEKDAY, Kind.MONTH})
_DAY_NAMES = frozenset({Kind.WEEKDAY, Kind.SHORT})
_FORGIVING = _NAMES | {Kind.PART}
_LONGEST_FIGURE = 4


@dataclass(kw_only=True, slots=True)
class _Node:
    means: tuple[tuple[Kind, Value], ...] = ()
    words: dict[str, "_Node"] = field(default_factory=dict)
    stems: list[tuple[str, "_Node"]] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class TimeWords:
    """The phrases of one language. Filled once, only read after that."""

    lexicon: Lexicon
    _root: _Node = field(default_factory=_Node)
    _long: dict[str, list[tuple[Spelling, _Node]]] = field(default_factory=dict)

    @classmethod
    def compile(cls, phrases: Mapping[str, Sequence[str]], apostrophe: Apostrophe, lexicon: Lexicon) -> "TimeWords":
        """Prepare phrases, given by what they say. Raises PatternError for a code that says nothing."""
        words = cls(lexicon=lexicon)
        for code, wordings in phrases.items():
            means = read_code(code)
            for wording in wordings:
                words._add(wording, means, apostrophe)
        return words

    def _add(self, wording: str, means: tuple[tuple[Kind, Value], ...], apostrophe: Apostrophe) -> None:
        spellings = [
            Spelling(letters=letters, whole=not sign.endswith("*"))
            for sign in wording.split()
            for letters in split(normalise(sign.rstrip("*")), apostrophe).words
        ]
        if not spellings:
            raise PatternError(f"'{wording}' holds no word: remove it")
        node = self._root
        for spelling in spellings:
            node = _child(node, spelling)
            self.lexicon.add_ordinary((spelling.letters,))
        if node.means and node.means != means:
            raise PatternError(f"'{wording}' is given two meanings: keep one")
        node.means = means
        only = spellings[0]
        if len(spellings) == 1 and len(only.letters) >= LONG and means[0][0] in _FORGIVING:
            self._long.setdefault(only.letters[0], []).append((only, node))

    def items(self, tokens: Tokens) -> list[Item]:
        """Read a text into items, words without a meaning in time included."""
        items: list[Item] = []
        at = 0
        words, clauses = tokens.words, tokens.clauses
        while at < len(words):
            word, clause = words[at], clauses[at]
            end, node = self._longest(words, at)
            if node is None and not word[0].isalpha():
                items.append(_figure(word, clause, at))
                at += 1
                continue
            if node is None:
                node, end = self._nearly(word), at + 1
            means = node.means if node else ((Kind.WORD, word),)
            if at in tokens.dashed and means[0][0] in _DAY_NAMES and _ends_with_a_day(items, clause):
                # "mon-fri" is from Monday to Friday; "mon fri", "mon/fri" and days listed line by line are two days.
                items.append(Item(Kind.UNTIL, 0, clause, at))
            items.extend(Item(kind, value, clause, end - 1) for kind, value in means if kind is not Kind.GLUE)
            at = end
        return items

    def _longest(self, words: tuple[str, ...], at: int) -> tuple[int, _Node | None]:
        best: tuple[int, _Node | None] = (at, None)
        open_nodes = [(at, self._root)]
        while open_nodes:
            here, node = open_nodes.pop()
            if node.means and here > best[0]:
                best = (here, node)
            if here >= len(words):
                continue
            word = words[here]
            if word in node.words:
                open_nodes.append((here + 1, node.words[word]))
            open_nodes.extend((here + 1, child) for stem, child in node.stems if word.startswith(stem))
        return best

    def _nearly(self, word: str) -> _Node | None:
        if len(word) < LONG - 1 or word[0] not in self._long or self.lexicon.knows(word):
            return None
        near = next((node for entry, node in self._long[word[0]] if differs_by_one(word, entry)), None)
        if near is None or near.means[0][0] in _NAMES:
            # The name of a day says more than a word of the rules that is as near.
            return near
        return None if self.lexicon.keys_of(word) else near


def _ends_with_a_day(items: list[Item], clause: int) -> bool:
    return bool(items) and items[-1].kind in _DAY_NAMES and items[-1].clause == clause


def _child(node: _Node, spelling: Spelling) -> _Node:
    if spelling.whole:
        return node.words.setdefault(spelling.letters, _Node())
    for stem, child in node.stems:
        if stem == spelling.letters:
            return child
    child = _Node()
    node.stems.append((spelling.letters, child))
    return child


def _figure(word: str, clause: int, at: int) -> Item:
    if word.isdecimal() and len(word) <= _LONGEST_FIGURE:
        return Item(Kind.NUMBER, int(word), clause, at, figures=True)
    return Item(Kind.COMPOUND if word[0].isdecimal() and not word.isdecimal() else Kind.WORD, word, clause, at)
