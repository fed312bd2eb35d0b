"""Where in a TOML text each key stands, so that a complaint about a value can name its line.

The text is valid TOML already: what is read here is only where things are, not what they are.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

Place = tuple[str | int, ...]
"""The way to a value: names of tables and keys, and numbers in lists, counted from 0."""

_TOKEN = re.compile(
    r'''
    """(?:\\.|[^\\])*?"{3,5} | \'\'\'.*?\'{3,5}        # texts of many lines
  | "(?:\\.|[^"\\\n])*" | '[^'\n]*'                    # texts of one line
  | \#[^\n]* | [\[\]{}=,\n] | [^\s\[\]{}=,\#"']+
    ''',
    re.VERBOSE | re.DOTALL,
)


def line_of(text: str, place: Place) -> int:
    """The line (from 1) on which a key begins; of one that is not there, its table's; of the file itself, the first."""
    return find_line(text, place) or 1


def find_line(text: str, place: Place) -> int | None:
    """The line (from 1) on which a key begins; of one that is not there, its table's; None if that has none either."""
    lines = key_lines(text)
    ways = (place[:length] for length in range(len(place), 0, -1))
    return next((lines[way] for way in ways if way in lines), None)


def key_lines(text: str) -> dict[Place, int]:
    """By its place, the line (from 1) on which each table and each key of a valid TOML text begins."""
    reader = _Reader(tokens=_tokens(text))
    reader.file()
    return reader.lines


@dataclass(frozen=True, kw_only=True, slots=True)
class _Token:
    text: str
    line: int


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(text=found[0], line=1 + text.count("\n", 0, found.start()))
        for found in _TOKEN.finditer(text)
        if not found[0].startswith("#")
    ]


class _Reader:
    """Walks over the tokens of a text and remembers where each key began."""

    def __init__(self, *, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._lengths: dict[Place, int] = {}
        self.lines: dict[Place, int] = {}

    def file(self) -> None:
        """Read all of it."""
        table: Place = ()
        while self._at < len(self._tokens):
            if self._skip("\n"):
                continue
            table = self._header() if self._tokens[self._at].text == "[" else self._pair(table)

    def _header(self) -> Place:
        line = self._tokens[self._at].line
        self._skip("[")
        is_list = self._skip("[")
        table = self._within_lists(self._key("]"))
        self._skip("]")
        self._skip("]")
        if is_list:
            self._remember(table, line)
            self._lengths[table] = self._lengths.get(table, -1) + 1
            table = (*table, self._lengths[table])
        self._remember(table, line)
        return table

    def _within_lists(self, names: Place) -> Place:
        """The place a header names: below a list of tables, the last one."""
        place: Place = ()
        for position, name in enumerate(names, start=1):
            place = (*place, name)
            if place in self._lengths and position < len(names):
                place = (*place, self._lengths[place])
        return place

    def _pair(self, table: Place) -> Place:
        line = self._tokens[self._at].line
        place = (*table, *self._key("="))
        self._skip("=")
        self._remember(place, line)
        self._value(place)
        return table

    def _value(self, place: Place) -> None:
        if self._skip("["):
            for index in self._until("]"):
                self._remember((*place, index), self._tokens[self._at].line)
                self._value((*place, index))
        elif self._skip("{"):
            for _ in self._until("}"):
                self._pair(place)
        else:
            while self._at < len(self._tokens) and self._tokens[self._at].text not in {",", "]", "}", "\n"}:
                self._at += 1

    def _until(self, end: str) -> Iterator[int]:
        """Count the entries of a list or an inline table up to its end."""
        index = 0
        while True:
            while self._skip("\n") or self._skip(","):
                pass
            if self._skip(end):
                return
            yield index
            index += 1

    def _key(self, end: str) -> Place:
        written = ""
        while self._tokens[self._at].text != end:
            written += self._tokens[self._at].text
            self._at += 1
        names: list[str] = []
        inner: object = tomllib.loads(f"{written} = 0")
        while isinstance(inner, dict):
            ((name, inner),) = inner.items()
            names.append(name)
        return tuple(names)

    def _skip(self, text: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at].text == text
        self._at += found
        return found

    def _remember(self, place: Place, line: int) -> None:
        for length in range(1, len(place) + 1):
            self.lines.setdefault(place[:length], line)
