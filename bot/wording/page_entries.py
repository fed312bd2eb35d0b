"""What a text of a page is declared as: its key, a note for translators, its parameters."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class PageEntry:
    """A text of a page. `counts`: the parameter that chooses the plural form, if any."""

    key: str
    note: str
    parameters: frozenset[str]
    counts: str | None = None


def entry(key: str, note: str, *parameters: str, counts: str | None = None) -> PageEntry:
    """Declare one text."""
    return PageEntry(key=key, note=note, parameters=frozenset(parameters), counts=counts)


def family(prefix: str, note: str, members: Iterable[StrEnum]) -> tuple[PageEntry, ...]:
    """Declare a text for each member of a closed set: `desk.role.dentist`; a new member needs a new text."""
    return tuple(entry(f"{prefix}.{member.value}", note) for member in members)
