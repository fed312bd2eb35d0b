"""How likely each intent is by a committee of small networks, and each flag by a plane: quick, and the first to say.

Learnt by `python -m bot.understanding.training`.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bot.understanding.kept import Kept, Numbers, each_by_itself, likelihoods


@dataclass(frozen=True, kw_only=True, slots=True)
class Networks(Kept):
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
    stepped: ClassVar[str] = "hidden"

    def judge(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Tell how likely each intent and each flag is, shapes (29,) and (4,), for a text's numbers, shape (n,)."""
        centred: Numbers = numbers - self.mean
        units = np.maximum(centred @ self.hidden + self.hidden_bias, 0).reshape(len(self.intents), 1, -1)
        votes = (units @ self.intents)[:, 0] + self.intents_bias
        return likelihoods(votes).mean(axis=0), each_by_itself(centred @ self.flags + self.flags_bias)
