"""How likely each intent and each flag is, from what the word lists found and from the vectors of the encoders.

The weights are learnt by `python -m bot.understanding.training` and kept beside this file, one set for each choice of
encoders; they hold no text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders import Encoder, Vector, installed
from bot.understanding.features import NAMES, Heard, features
from bot.understanding.weights import FOLDER, WeightsError
from flows.meaning import Flag, Intent

LEARNT_FLAGS = (Flag.CRISIS, Flag.LEGAL, Flag.MINOR, Flag.ROBOT_QUESTION)
_REMEMBERED = 1024
_SHORT = 24
"""Letters of a text that many write alike, and that says nothing of anybody: its vector is kept in memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Odds:
    """How likely each intent is, all together 1, and how likely each flag of `LEARNT_FLAGS`, each by itself."""

    intents: Mapping[Intent, float]
    flags: Mapping[Flag, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What was learnt. Shapes, with n numbers a text: intents (n + 1, 29), flags (n + 1, 4), mean (n,).

    The last row of each is added whatever the text says. digest: of the phrases they were learnt from.
    """

    intents: NDArray[np.float32]
    flags: NDArray[np.float32]
    mean: NDArray[np.float32]
    digest: str

    @classmethod
    def load(cls, encoders: Sequence[str]) -> Self:
        """Load what was learnt for encoders of these names. Raises WeightsError."""
        name = f"{'+'.join(encoders)}.npz"
        file = files(__package__) / FOLDER / name
        try:
            with np.load(BytesIO(file.read_bytes()), allow_pickle=False) as kept:
                named = tuple(kept["names"].tolist())
                found = cls(
                    intents=kept["intents"].astype(np.float32),
                    flags=kept["flags"].astype(np.float32),
                    mean=kept["mean"].astype(np.float32),
                    digest=str(kept["digest"]),
                )
        except (OSError, KeyError, ValueError) as broken:
            raise WeightsError(f"weights/{name} cannot be read; run make weights") from broken
        if named != NAMES + tuple(Intent) + LEARNT_FLAGS:
            raise WeightsError(f"weights/{name} was learnt for other word lists; run make weights")
        return found


class Classifier:
    """Judges texts by learnt weights."""

    def __init__(self, encoders: Sequence[Encoder], weights: Weights) -> None:
        """Take loaded encoders, and the weights learnt for them."""
        self._encoders = tuple(encoders)
        self._weights = weights
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._encode)

    @classmethod
    def load(cls) -> "Classifier | None":
        """Load what this machine has encoders for; None where it has none. Raises WeightsError."""
        encoders = tuple(installed())
        return cls(encoders, Weights.load([encoder.name for encoder in encoders])) if encoders else None

    @property
    def encoders(self) -> tuple[str, ...]:
        """Name the encoders."""
        return tuple(encoder.name for encoder in self._encoders)

    def judge(self, heard: Heard) -> Odds:
        """Tell how likely everything is."""
        short = len(heard.text) <= _SHORT
        vector = self._remembered(heard.text) if short else self._encode(heard.text)
        numbers = np.concatenate([features(heard), vector]) - self._weights.mean
        intents = numbers @ self._weights.intents[:-1] + self._weights.intents[-1]
        flags = numbers @ self._weights.flags[:-1] + self._weights.flags[-1]
        chances = np.exp(intents - intents.max())
        chances /= chances.sum()
        flagged = 1 / (1 + np.exp(-flags))
        return Odds(
            intents=dict(zip(Intent, chances.tolist(), strict=True)),
            flags=dict(zip(LEARNT_FLAGS, flagged.tolist(), strict=True)),
        )

    def _encode(self, text: str) -> Vector:
        return np.concatenate([encoder.encode(text) for encoder in self._encoders])
