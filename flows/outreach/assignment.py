"""Stable random assignment: which lot somebody draws in a campaign, and what the lot decides.

The same person draws the same lot in the same campaign for ever, whoever asks and wherever; lots are uniform, and
those of two campaigns know nothing of each other.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

_Choice = TypeVar("_Choice")

LOTS = 10_000
"""Lots run from 0 to one less than this."""

HOLD_OUT = "hold_out"
"""The drawing that decides who is not contacted, to measure what the programme really adds (DOMAIN.md)."""

_BYTES = 8


def lot_of(key: bytes, campaign: str, person: bytes) -> int:
    """Draw a person's lot in a campaign.

    key: a secret of the clinic, 1 to 64 bytes. person: what tells them apart however often they are imported anew: a
    keyed hash of the clinic's own number for them.
    """
    drawn = blake2b(b"\n".join((campaign.encode(), person)), key=key, digest_size=_BYTES).digest()
    return int.from_bytes(drawn) * LOTS >> 8 * _BYTES


def held_out_below(share: float) -> int:
    """Below which lot somebody is held out, where a share (0 to 1) of all people is: a bound for SQL too."""
    return round(share * LOTS)


def choose(lot: int, among: Sequence[_Choice]) -> _Choice:
    """Choose one of several, each as often as the others."""
    return among[lot * len(among) // LOTS]
