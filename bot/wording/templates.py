"""Reads texts with `{named}` or `{named:style}` gaps into pieces, once, at start.

Only plain names and known styles are gaps; nothing that is put into a gap is ever read as a text again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

GAP = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z][a-z0-9_]*))?\}")


class TemplateError(ValueError):
    """The text holds a brace that belongs to no plain gap."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A place for a value: its name, and the style it is shown in, if any."""

    name: str
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A text in pieces, in order: what stands as it is, and gaps."""

    pieces: tuple[str | Gap, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Gap))

    @property
    def names(self) -> frozenset[str]:
        """The names of the gaps."""
        return frozenset(gap.name for gap in self.gaps)

    @property
    def plain(self) -> str | None:
        """The text, if nothing is to be put into it."""
        match self.pieces:
            case (str(text),):
                return text
            case _:
                return None

    def fill(self, show: "Show") -> str:
        """Put what `show` gives for each gap into its place; a text that begins with a date begins with a capital."""
        filled = "".join([piece if isinstance(piece, str) else show(piece) for piece in self.pieces])
        first = self.pieces[0]
        if isinstance(first, Gap) and first.style:
            return filled[:1].upper() + filled[1:]
        return filled


Show: TypeAlias = Callable[[Gap], str]


def read_template(text: str) -> Template:
    """Cut a text into pieces.

    Raises TemplateError for `{}`, `{0}`, `{a.b}`, `{a!r}`, `{a:>9}` and any stray brace.
    """
    pieces: list[str | Gap] = []
    end = 0
    for found in GAP.finditer(text):
        _add_plain(pieces, text[end : found.start()])
        pieces.append(Gap(name=found[1], style=found[2]))
        end = found.end()
    _add_plain(pieces, text[end:])
    return Template(tuple(pieces))


def _add_plain(pieces: list[str | Gap], plain: str) -> None:
    if "{" in plain or "}" in plain:
        raise TemplateError(f"a brace that belongs to no gap, in “{plain.strip()}”")
    if plain:
        pieces.append(plain)
