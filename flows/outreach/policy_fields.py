"""Reading fields of a policy file: every value is asked for by name and type, and nothing may be left over.

Each complaint names the dotted key and what to do about it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from enum import StrEnum
from typing import NoReturn, TypeVar

_Word = TypeVar("_Word", bound=StrEnum)

NO_END = "no_end"
"""How a file says that a ground does not run out."""


class PolicyError(ValueError):
    """A policy file cannot be used.

    source: the file; place: the key, below its tables (in a list, their numbers from 0); problem, remedy: English, for
    the command line.
    """

    def __init__(self, *, source: str, place: tuple[str | int, ...], problem: str, remedy: str) -> None:
        self.source = source
        self.place = place
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{source}: {self.path}: {problem}; {remedy}")

    @property
    def path(self) -> str:
        """The dotted key; of a table in a list, its number, counted from 1."""
        return ".".join(str(part + 1) if isinstance(part, int) else part for part in self.place)


class Fields:
    """One table of a policy file, read key by key; used with `complete`."""

    def __init__(self, raw: Mapping[str, object], *, source: str, place: tuple[str | int, ...] = ()) -> None:
        self._raw = raw
        self._source = source
        self._place = place
        self._asked: set[str] = set()

    @contextmanager
    def complete(self) -> Iterator["Fields"]:
        """Read within this block; at its end a key that nobody asked for is an error."""
        yield self
        for key in sorted(set(self._raw) - self._asked):
            self.refuse(key, "is unknown here", "remove it, or use a version of recare that knows it")

    def refuse(self, key: str, problem: str, remedy: str) -> NoReturn:
        """Raise the error about a key of this table."""
        raise PolicyError(source=self._source, place=(*self._place, key), problem=problem, remedy=remedy)

    def text(self, key: str) -> str:
        """A text, possibly empty."""
        value = self._value(key)
        if not isinstance(value, str):
            self.refuse(key, f"is {_kind(value)}", "give a text in quotes")
        return value

    def filled(self, key: str) -> str:
        """A text that says something."""
        value = self.text(key)
        if not value.strip():
            self.refuse(key, "is empty", "fill it in")
        return value

    def whole(self, key: str, *, least: int, most: int) -> int:
        """A whole number within both bounds."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(key, f"is {_kind(value)}", f"give a whole number from {least} to {most}")
        if not least <= value <= most:
            self.refuse(key, f"is {value}", f"give a whole number from {least} to {most}")
        return value

    def months(self, key: str, *, most: int) -> int | None:
        """A number of months, or None where the file says `no_end`."""
        if self._value(key) == NO_END:
            return None
        return self.whole(key, least=1, most=most)

    def clock(self, key: str) -> time:
        """A wall time, written as "HH:MM"."""
        value = self.text(key)
        try:
            read = time.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            read = None
        if read is None or read.isoformat("minutes") != value:
            self.refuse(key, f'is "{value}"', 'give a time as "HH:MM", from "00:00" to "23:59"')
        return read

    def word(self, key: str, words: type[_Word]) -> _Word:
        """One word of a closed set."""
        value = self._value(key)
        known = [word for word in words if word.value == value]
        if not known:
            self.refuse(key, f"is {value!r}", f"give one of {_listed(words)}")
        return known[0]

    def words(self, key: str, words: type[_Word]) -> frozenset[_Word]:
        """Words of a closed set, possibly none."""
        found = {item: word for item in self._items(key) for word in words if word.value == item}
        for item in self._items(key):
            if item not in found:
                self.refuse(key, f"holds {item!r}", f"give a list of {_listed(words)}")
        return frozenset(found.values())

    def some_words(self, key: str, words: type[_Word]) -> frozenset[_Word]:
        """At least one word of a closed set."""
        found = self.words(key, words)
        if not found:
            self.refuse(key, "is an empty list", f"give at least one of {_listed(words)}")
        return found

    def some_texts(self, key: str) -> tuple[str, ...]:
        """At least one text that says something."""
        items = tuple(self._items(key))
        if not items or not all(item.strip() for item in items):
            self.refuse(key, "holds nothing to read", "give at least one text, and no empty one")
        return items

    def table(self, key: str) -> "Fields":
        """A table below this one."""
        value = self._value(key)
        if not isinstance(value, Mapping):
            self.refuse(key, f"is {_kind(value)}", "make it a table")
        return Fields(value, source=self._source, place=(*self._place, key))

    def tables(self, key: str) -> tuple["Fields", ...]:
        """At least one table, written as a list of them."""
        value = self._value(key)
        if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
            self.refuse(key, f"is {_kind(value)}", f"write at least one table [[{key}]]")
        return tuple(
            Fields(one, source=self._source, place=(*self._place, key, number)) for number, one in enumerate(value)
        )

    @property
    def names(self) -> frozenset[str]:
        """The keys of this table."""
        return frozenset(self._raw)

    def _items(self, key: str) -> list[str]:
        value = self._value(key)
        if not isinstance(value, list):
            self.refuse(key, f"is {_kind(value)}", "give a list of texts in quotes")
        for item in value:
            if not isinstance(item, str):
                self.refuse(key, f"holds {_kind(item)}", "give a list of texts in quotes")
        return value

    def _value(self, key: str) -> object:
        self._asked.add(key)
        if key not in self._raw:
            self.refuse(key, "is missing", "add it: what is not said is not allowed")
        return self._raw[key]


def _kind(value: object) -> str:
    return f"of type {type(value).__name__}"


def _listed(words: type[StrEnum]) -> str:
    return ", ".join(f'"{word.value}"' for word in words)
