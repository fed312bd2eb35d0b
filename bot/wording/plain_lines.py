"""Keeps inserted values on one line and in reading order: what came from a person cannot pose as our own text."""

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
JOINERS = frozenset("\u200c\u200d")


def one_line(value: str) -> str:
    """Turn line breaks, control, direction and unassigned characters into spaces, and runs of spaces into one.

    No-break spaces stay, and so do the joiners some scripts are spelt with.
    """
    if not value.isprintable():
        value = "".join(_seen(character) for character in value)
    return " ".join(part for part in value.split(" ") if part)


def _seen(character: str) -> str:
    unseen = unicodedata.category(character) in UNSEEN and character not in JOINERS
    return " " if unseen else character
