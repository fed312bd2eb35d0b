"""How likely each intent and each flag is, from what the word lists found and from the vectors of the encoders.

The quick encoder is asked first. Where what it says is plain and nothing of what must never be missed is in sight, the
slow one is not asked. What was learnt is kept beside this file, one file for each choice of encoders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.understanding.encoders import Encoder, Vector, installed
from bot.understanding.features import Heard, features
from bot.understanding.judgement import SAFETY
from bot.understanding.kept import LEARNT_FLAGS, Numbers
from bot.understanding.likeness import Likeness
from bot.understanding.networks import Networks
from flows.meaning import Flag, Intent

_PLAIN = 0.9
"""From this likelihood on an intent is plain by the quick encoder alone; of safety, if the word lists say it too."""
_IN_SIGHT = 0.02
"""From this likelihood on of a graver intent or a flag all encoders are asked."""
_SAY_OF_ALL = 0.8
"""How much likeness with all encoders counts beside the networks with one."""

_INTENTS = tuple(Intent)
_REMEMBERED = 1024
_SHORT = 24
"""Letters of a text that many write alike, and that says nothing of anybody: its vectors are kept in memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Odds:
    """How likely each intent is, all together 1, and how likely each flag of `LEARNT_FLAGS`, each by itself.

    asked: the names of the encoders that had a say.
    """

    intents: Mapping[Intent, float]
    flags: Mapping[Flag, float]
    asked: tuple[str, ...] = ()


class Classifier:
    """Judges texts by what was learnt: by networks with the first encoder, by likeness too with all of them."""

    def __init__(self, encoders: Sequence[Encoder], networks: Networks, likeness: Likeness | None = None) -> None:
        """Take loaded encoders, and what was learnt for the first and, where there are more, for all."""
        self._first, *self._others = encoders
        self._networks = networks
        self._likeness = likeness
        self._remembered = {encoder.name: lru_cache(maxsize=_REMEMBERED)(encoder.encode) for encoder in encoders}

    @classmethod
    def of(cls, encoders: Sequence[Encoder]) -> "Classifier":
        """Load what was learnt for these encoders, one or more. Raises WeightsError."""
        names = [encoder.name for encoder in encoders]
        return cls(encoders, Networks.load(names[:1]), Likeness.load(names) if names[1:] else None)

    @classmethod
    def load(cls) -> "Classifier | None":
        """Load what this machine has encoders for; None where it has none. Raises WeightsError."""
        encoders = tuple(installed())
        return cls.of(encoders) if encoders else None

    @property
    def encoders(self) -> tuple[str, ...]:
        """Name the encoders."""
        return tuple(encoder.name for encoder in (self._first, *self._others))

    def judge(self, heard: Heard) -> Odds:
        """Tell how likely everything is."""
        numbers = np.concatenate([features(heard), self._vector(heard.text, self._first)])
        intents, flags = self._networks.judge(numbers)
        if self._likeness is None or _is_plain(heard, intents, flags):
            return _odds(intents, flags, (self._first.name,))
        vectors = [self._vector(heard.text, other) for other in self._others]
        alike, flags = self._likeness.judge(np.concatenate([numbers, *vectors]))
        return _odds(intents + _SAY_OF_ALL * (alike - intents), flags, self.encoders)

    def _vector(self, text: str, encoder: Encoder) -> Vector:
        return (self._remembered[encoder.name] if len(text) <= _SHORT else encoder.encode)(text)


def _is_plain(heard: Heard, intents: Numbers, flags: Numbers) -> bool:
    """Tell that the first encoder is sure, and that nothing graver than what it is sure of is in sight."""
    place = int(intents.argmax())
    likeliest = _INTENTS[place]
    graver = SAFETY[: SAFETY.index(likeliest)] if likeliest in SAFETY else SAFETY
    evidence = heard.evidence
    if likeliest in SAFETY and not evidence.shows(likeliest):
        return False
    if not (evidence.plain | evidence.hints).isdisjoint({*graver, *LEARNT_FLAGS}):
        return False
    in_sight = max(float(flags.max()), *(float(intents[_INTENTS.index(intent)]) for intent in graver), 0.0)
    return float(intents[place]) >= _PLAIN and in_sight < _IN_SIGHT


def _odds(intents: Numbers, flags: Numbers, asked: tuple[str, ...]) -> Odds:
    return Odds(
        intents=dict(zip(_INTENTS, intents.tolist(), strict=True)),
        flags=dict(zip(LEARNT_FLAGS, flags.tolist(), strict=True)),
        asked=asked,
    )
