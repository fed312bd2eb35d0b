"""How likely each intent and each flag is, from what the word lists found and from the vectors of the encoders.

The weights are learnt by `python -m bot.understanding.training` and kept beside this file, one set for each choice of
encoders; they hold no text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders import Encoder, Vector, installed
from bot.understanding.features import NAMES, Heard, features
from bot.understanding.weights import FOLDER, WeightsError
from flows.meaning import Flag, Intent

LEARNT_FLAGS = (Flag.CRISIS, Flag.LEGAL, Flag.MINOR, Flag.ROBOT_QUESTION)
WHAT_FOR = NAMES + tuple(Intent) + LEARNT_FLAGS
"""What goes in and what comes out, by name; weights learnt for anything else are refused."""

_AS_THEY_ARE = ("mean", "hidden_bias", "intents", "intents_bias", "flags", "flags_bias")
_MOST_STEPS = 127
Numbers = NDArray[np.float32]
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
    """What was learnt: a committee of networks with one hidden layer for the intents, a plane for each flag.

    Shapes, with n numbers a text, m members and h hidden units each: mean (n,), hidden (n, m * h),
    hidden_bias (m * h,), intents (m, h, 29), intents_bias (m, 29), flags (n, 4), flags_bias (4,). digest: of the
    phrases they come from.
    """

    mean: Numbers
    hidden: Numbers
    hidden_bias: Numbers
    intents: Numbers
    intents_bias: Numbers
    flags: Numbers
    flags_bias: Numbers
    digest: str

    @classmethod
    def load(cls, encoders: Sequence[str]) -> Self:
        """Load what was learnt for encoders of these names. Raises WeightsError."""
        name = f"{'+'.join(encoders)}.npz"
        try:
            with np.load(BytesIO((files(__package__) / FOLDER / name).read_bytes()), allow_pickle=False) as kept:
                named = tuple(kept["names"].tolist())
                steps = kept["hidden_steps"].astype(np.float32)
                found = cls(
                    hidden=kept["hidden"].astype(np.float32) * steps,
                    digest=str(kept["digest"]),
                    **{part: kept[part].astype(np.float32) for part in _AS_THEY_ARE},
                )
        except (OSError, KeyError, ValueError) as broken:
            raise WeightsError(f"weights/{name} cannot be read; run make weights") from broken
        if named != WHAT_FOR:
            raise WeightsError(f"weights/{name} was learnt for other word lists; run make weights")
        return found

    def save(self, file: Path) -> None:
        """Keep it: the hidden layer in 255 steps a column, the rest in half precision."""
        steps = np.abs(self.hidden).max(axis=0) / _MOST_STEPS
        kept = {part: getattr(self, part).astype(np.float16) for part in _AS_THEY_ARE}
        np.savez_compressed(
            file,
            allow_pickle=False,
            names=np.array(WHAT_FOR),
            digest=np.array(self.digest),
            hidden=np.rint(self.hidden / steps).astype(np.int8),
            hidden_steps=steps.astype(np.float32),
            **kept,
        )

    def judge(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Tell how likely each intent and each flag is, shapes (29,) and (4,), for a text's numbers, shape (n,)."""
        centred = numbers - self.mean
        units = np.maximum(centred @ self.hidden + self.hidden_bias, 0).reshape(len(self.intents), 1, -1)
        votes = (units @ self.intents)[:, 0] + self.intents_bias
        chances = np.exp(votes - votes.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        flags: Numbers = np.float32(1) / (np.float32(1) + np.exp(-(centred @ self.flags + self.flags_bias)))
        return chances.mean(axis=0), flags


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
        intents, flags = self._weights.judge(np.concatenate([features(heard), vector]))
        return Odds(
            intents=dict(zip(Intent, intents.tolist(), strict=True)),
            flags=dict(zip(LEARNT_FLAGS, flags.tolist(), strict=True)),
        )

    def _encode(self, text: str) -> Vector:
        return np.concatenate([encoder.encode(text) for encoder in self._encoders])
