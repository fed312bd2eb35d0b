"""How likely each intent is by a committee of small networks, and each flag by a plane: quick, and the first to say.

Learnt by `python -m bot.understanding.training`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np

from bot.understanding.kept import Numbers, each_by_itself, likelihoods, packed, read_kept


@dataclass(frozen=True, kw_only=True, slots=True)
class Networks:
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
        parts, digest = read_kept(encoders, _PARTS)
        return cls(**parts, digest=digest)

    def save(self, file: Path) -> None:
        """Keep it."""
        parts = {part: getattr(self, part) for part in _PARTS}
        np.savez_compressed(file, allow_pickle=False, **packed(parts, stepped=("hidden",), digest=self.digest))

    def judge(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Tell how likely each intent and each flag is, shapes (29,) and (4,), for a text's numbers, shape (n,)."""
        centred: Numbers = numbers - self.mean
        units = np.maximum(centred @ self.hidden + self.hidden_bias, 0).reshape(len(self.intents), 1, -1)
        votes = (units @ self.intents)[:, 0] + self.intents_bias
        return likelihoods(votes).mean(axis=0), each_by_itself(centred @ self.flags + self.flags_bias)


_PARTS = tuple(field.name for field in fields(Networks) if field.name != "digest")
