"""A file of words as it is read: every value has its form, or the file is refused with the key and the remedy."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from bot.understanding.patterns import PatternError

E = TypeVar("E", bound=StrEnum)


class WordsError(ValueError):
    """A file of words cannot be used; the message names the file, the key and the remedy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WordFile:
    """The content of a file and its name. Everything here raises WordsError."""

    name: str
    data: Mapping[str, Any]

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a table of the file."""
        table = self.data.get(key)
        if not isinstance(table, dict):
            raise self.error(key, "is missing or no table; add it")
        return table

    def list_of_texts(self, key: str, value: object) -> list[str]:
        """Return a value that must be a list of texts."""
        if not isinstance(value, list) or not all(isinstance(line, str) and line.strip() for line in value):
            raise self.error(key, "must be a list of texts that are not empty")
        return value

    def text(self, key: str, value: object) -> str:
        """Return a value that must be a text."""
        if not isinstance(value, str):
            raise self.error(key, "must be a text with words in it; add it")
        return value

    def member(self, key: str, kind: type[E]) -> E:
        """Return what a key of the file chooses."""
        return self.enum(key, self.text(key, self.data.get(key)), kind)

    def enum(self, key: str, value: str, kind: type[E]) -> E:
        """Return the member of a closed set that a value names."""
        try:
            return kind(value)
        except ValueError as unknown:
            raise self.error(key, f"is unknown; choose one of {', '.join(kind)}") from unknown

    def check_keys(self, key: str, table: Mapping[str, Any], allowed: set[str]) -> None:
        """Refuse a key that means nothing."""
        for found in table:
            if found not in allowed:
                raise self.error(f"{key}.{found}".strip("."), f"is unknown; choose one of {', '.join(sorted(allowed))}")

    def attempt(self, key: str, act: Any, *arguments: object) -> Any:  # noqa: ANN401 - the act decides
        """Do what may find a pattern that cannot be read."""
        try:
            return act(*arguments)
        except PatternError as broken:
            raise self.error(key, str(broken)) from broken

    def error(self, key: str, what: str) -> WordsError:
        """Make the error of a key."""
        return WordsError(f"{self.name}: {key}: {what}")
