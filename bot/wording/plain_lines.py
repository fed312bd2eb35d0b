"""Keeps inserted values on one line and in reading order: what came from a person cannot pose as our own text."""

import unicodedata

FORMAT = "Cf"
BREAKS = frozenset({"Cc", "Zl", "Zp", "Cs", "Co", "Cn"})
JOINERS = frozenset("\u200c\u200d")


def one_line(value: str) -> str:
    """Drop direction marks and the like, turn breaks and control characters into spaces, and join runs of spaces.

    No-break spaces stay, and so do the joiners some scripts are spelt with.
    """
    if not value.isprintable():
        value = "".join(_seen(character) for character in value)
    return " ".join(part for part in value.split(" ") if part)


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == FORMAT and character not in JOINERS:
        return ""
    return " " if category in BREAKS else character
