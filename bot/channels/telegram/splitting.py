"""Owns how a long text becomes several messages: whole paragraphs if they fit, else lines, sentences, words.

Invariant: the parts hold every word in order, each within the limit, which counts UTF-16 units: never fewer than
Telegram counts, so that nothing is refused that we let pass.
"""

from bisect import bisect_right
from itertools import accumulate

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
BREAKS = ("\n\n", "\n", ". ", " ")


def units(text: str) -> int:
    """Count a text as Telegram does, or more."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", errors="replace")) // 2


def split(text: str, limit: int = LONGEST_TEXT) -> list[str]:
    """Split a text into parts of at most `limit` units, at the kindest place; spaces at a break are left out."""
    parts = []
    rest = text.strip()
    while units(rest) > limit:
        most = _so_many(rest, limit)
        at = _break(rest, most)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest]


def _so_many(text: str, limit: int) -> int:
    """Count how many characters fit."""
    sizes = accumulate(1 if ord(character) <= 0xFFFF else 2 for character in text[:limit])  # noqa: PLR2004 - one unit's end
    return bisect_right(list(sizes), limit)


def _break(text: str, most: int) -> int:
    """Find the last good place within the first `most` characters, not in their first half if it can be helped."""
    for mark in BREAKS:
        at = text.rfind(mark, most // 2, most)
        if at > 0:
            return at + len(mark)
    return most
