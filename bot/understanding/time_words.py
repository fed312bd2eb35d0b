"""The words of a text as far as they speak of time: "day after tomorrow" is one item, an unknown word another.

The longest phrase wins; which phrases mean what is data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from bot.understanding.lexicon import LONG, Lexicon, Spelling, differs_by_one
from bot.understanding.normal import Apostrophe, Tokens, normalise, split
from bot.understanding.patterns import PatternError


class Kind(StrEnum):
    """What an item says. The comment names its value in the data, if it has one."""

    DAY = "day"  # days from today: "day +1"
    WEEKDAY = "weekday"  # 0 is Monday
    SHORT = "short"  # a weekday's abbreviation that is a word of its own too: only beside another time
    WORKDAYS = "workdays"
    WEEKEND = "weekend"
    WEEK = "week"  # weeks from this one
    THIS_MONTH = "this_month"
    MONTH = "month"  # 1 to 12
    SHORT_MONTH = "short_month"  # a month that is a word of its own too: only beside a number or after "in"
    NEXT_MONTH = "next_month"
    NEXT_YEAR = "next_year"
    SEASON = "season"  # month and day it begins: "season 03-01"
    NUMBER = "number"
    ORDINAL = "ordinal"
    ARTICLE = "article"  # a one that is also "a": only before a unit or an hour
    SUFFIX = "suffix"  # the "th" of "24th"
    CLOCK = "clock"  # "clock 12:00"
    BARE = "bare"  # an hour of the clock's twelve: "bare 9:30"
    PART = "part"  # "part 06:00-12:00", "part 17:00-"
    HALF = "half"
    QUARTER = "quarter"
    PAST = "past"
    TO = "to"
    BEFORE = "before"  # both "quarter to" and "until"
    MINUS = "minus"  # before minutes and hour: "без пяти десять"
    HALF_PAST = "half_past"  # behind the hour: "et demie"
    QUARTER_PAST = "quarter_past"
    QUARTER_TO = "quarter_to"
    LESS = "less"  # behind the hour, minutes follow: "moins dix"
    HOUR = "hour"
    MINUTE = "minute"
    AM = "am"
    PM = "pm"
    AT = "at"
    FROM = "from"  # 0 when the day itself counts, 1 when it does not
    UNTIL = "until"  # 0 or -1, likewise
    BETWEEN = "between"
    RANGE = "range"  # "de 14 h à 16 h": nothing unless a second time follows
    AND = "and"
    OR = "or"
    NOT = "not"
    EXCEPT = "except"
    ANY_DAY = "any_day"
    IN = "in"
    UNIT = "unit"  # day, week, month, year
    NEXT = "next"
    COMING = "coming"
    LAST = "last"
    SINCE = "since"
    AGO = "ago"
    HENCE = "hence"  # "two weeks from now"
    SHIFT = "shift"  # minutes from the visit there is: "shift -1440"
    SAME_TIME = "same_time"
    MONTHS = "months"  # months from today: "months +6"
    DATED = "dated"  # the day of a month follows: "le 24"
    BEGIN = "begin"
    MIDDLE = "middle"
    END = "end"
    GLUE = "glue"  # "the", "of": nothing, but nothing stands between its neighbours either
    SKIP = "skip"  # "good morning": sounds like a time, is none
    WORD = "word"
    COMPOUND = "compound"  # "9:30", "24/11", "2-4": decided by its neighbours


class Bounds(NamedTuple):
    """A stretch of the day; None is open."""

    earliest: time | None
    latest: time | None


Value = int | str | time | date | Bounds


class Item(NamedTuple):
    """A word or phrase: what it says, and in which clause and up to which word of the text."""

    kind: Kind
    value: Value
    clause: int
    last: int


_WHOLE_NUMBERS = frozenset(
    {
        Kind.DAY, Kind.WEEKDAY, Kind.SHORT, Kind.WEEK, Kind.MONTH, Kind.SHORT_MONTH, Kind.NUMBER, Kind.ORDINAL,
        Kind.FROM, Kind.UNTIL, Kind.SHIFT, Kind.MONTHS,
    }
)  # fmt: skip
_FORGIVING = frozenset({Kind.DAY, Kind.WEEKDAY, Kind.MONTH, Kind.PART})
_A_LEAP_YEAR = 2000
_LONGEST_FIGURE = 4
_UNITS = {unit: unit for unit in ("day", "week", "month", "year")}


def read_code(code: str) -> tuple[tuple[Kind, Value], ...]:
    """Read what a phrase says, for example "day +0, part 17:00-22:00". Raises PatternError."""
    return tuple(_read_one(part.split()) for part in code.split(","))


def _read_one(words: list[str]) -> tuple[Kind, Value]:
    try:
        return _kind_and_value(words)
    except (ValueError, LookupError) as broken:
        raise PatternError(f"unknown time '{' '.join(words)}': see the kinds of time in bot/understanding") from broken


def _kind_and_value(words: list[str]) -> tuple[Kind, Value]:
    kind = Kind(words[0])
    if kind in _WHOLE_NUMBERS:
        return kind, int(words[1])
    if kind in {Kind.CLOCK, Kind.BARE}:
        return kind, _clock(words[1])
    if kind is Kind.PART:
        earliest, latest = words[1].split("-")
        return kind, Bounds(_clock(earliest) if earliest else None, _clock(latest) if latest else None)
    if kind is Kind.SEASON:
        month, day = words[1].split("-")
        return kind, date(_A_LEAP_YEAR, int(month), int(day))
    if kind is Kind.UNIT:
        return kind, _UNITS[words[1]]
    return kind, 0


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


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
            if not word[0].isalpha():
                items.append(_figure(word, clause, at))
                at += 1
                continue
            end, node = self._longest(words, at)
            if node is None:
                node, end = self._nearly(word), at + 1
            means = node.means if node else ((Kind.WORD, word),)
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
        if len(word) < LONG - 1 or word[0] not in self._long or self.lexicon.keys_of(word) or self.lexicon.knows(word):
            return None
        return next((node for entry, node in self._long[word[0]] if differs_by_one(word, entry)), None)


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
        return Item(Kind.NUMBER, int(word), clause, at)
    return Item(Kind.COMPOUND if word[0].isdecimal() and not word.isdecimal() else Kind.WORD, word, clause, at)
