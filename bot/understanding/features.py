"""What the word lists found in a text, as numbers for the classifier."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.matcher import Evidence
from bot.understanding.times import ReadTimes
from bot.understanding.words import Cue, Strength, Target
from flows.meaning import Flag, Intent

_TARGETS: tuple[Target, ...] = (*Intent, *Flag, *Cue)
_OF_TIMES = ("dates", "earliest", "latest", "far", "refused", "contact", "coverage", "length")
_WORDS_OF_A_LONG_TEXT = 30
NAMES = tuple(f"{strength}:{target}" for strength in Strength for target in _TARGETS) + _OF_TIMES
"""What each number is about; weights learnt for other numbers are refused."""

_PLACES = {name: place for place, name in enumerate(NAMES)}
_WORTH = 0.3
"""How much one of them counts beside a number of a sentence's vector."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A text as the word lists understand it.

    text: in the letters its writer meant. coverage: the share of its words that speak of times or are courtesies.
    """

    text: str
    evidence: Evidence
    times: ReadTimes
    has_contact: bool
    coverage: float


def features(heard: Heard) -> NDArray[np.float32]:
    """Return the numbers of a text, shape (len(NAMES),)."""
    found = np.zeros(len(NAMES), dtype=np.float32)
    found[_places(Strength.PLAIN, heard.evidence.plain)] = 1
    found[_places(Strength.HINT, heard.evidence.hints)] = 1
    wish = heard.times.wish
    found[-len(_OF_TIMES) :] = (
        wish.dates is not None,
        wish.earliest is not None,
        wish.latest is not None,
        heard.times.far,
        heard.times.refused,
        heard.has_contact,
        heard.coverage,
        min(1.0, len(heard.evidence.tokens.words) / _WORDS_OF_A_LONG_TEXT),
    )
    return found * np.float32(_WORTH)


def _places(strength: Strength, targets: Iterable[Target]) -> list[int]:
    return [_PLACES[f"{strength}:{target}"] for target in targets]
