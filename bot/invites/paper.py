"""What differs from country to country about paper: its size, and on which side an envelope has its window."""

from enum import StrEnum


class Paper(StrEnum):
    """A size of paper; the value is its name for the typesetter."""

    A4 = "a4"
    LETTER = "us-letter"


class Window(StrEnum):
    """Where the address must stand: DIN 5008 and its kin have it left, NF Z 11-001 and Belgian custom right."""

    LEFT = "left"
    RIGHT = "right"


_LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "PH"})
_WINDOW_RIGHT = frozenset({"FR", "BE", "LU", "IT", "CH"})


def paper_of(country: str) -> Paper:
    """Choose the paper of a country (ISO 3166-1 alpha-2)."""
    return Paper.LETTER if country in _LETTER_COUNTRIES else Paper.A4


def window_of(country: str) -> Window:
    """Choose the side of the window in a country (ISO 3166-1 alpha-2)."""
    return Window.RIGHT if country in _WINDOW_RIGHT else Window.LEFT
