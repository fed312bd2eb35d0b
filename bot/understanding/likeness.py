"""How likely each intent and flag is by how like a text is to each of the phrases learnt from: surest, not quick.

Kernel ridge regression, learnt by `python -m bot.understanding.training`: each phrase speaks for some of
them and against others, the louder the nearer the text is. Of a phrase only its place is kept.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from bot.understanding.kept import Kept, Numbers, each_by_itself, likelihoods
from flows.meaning import Intent

_INTENTS = len(Intent)


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness(Kept):
    """What was learnt: where the phrases are, and what each says of the intents and flags.

    Shapes, with n numbers a text, p phrases and their places in d dimensions: mean (n,), axes (n, d), places (p, d),
    says (p, 29 + 4), bias (29 + 4,): what is said where no phrase is near. digest: of the phrases.
    """

    mean: Numbers
    axes: Numbers
    places: Numbers
    says: Numbers
    bias: Numbers
    digest: str
    stepped: ClassVar[str] = "places"
    lengths: Numbers = field(init=False)

    def __post_init__(self) -> None:
        """Measure once what each text would measure again."""
        object.__setattr__(self, "lengths", squares(self.places))

    def judge(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Tell how likely each intent and each flag is, shapes (29,) and (4,), for a text's numbers, shape (n,)."""
        centred: Numbers = numbers - self.mean
        near = nearness((centred @ self.axes)[None], self.places, self.lengths)[0]
        said = near @ self.says + self.bias
        return likelihoods(said[:_INTENTS]), each_by_itself(said[_INTENTS:])


def nearness(some: Numbers, others: Numbers, lengths: Numbers) -> Numbers:
    """Tell how near places are to others, shapes (s, d) and (o, d), as (s, o): from 1 at the same one down to 0.

    lengths: the squares of the others. The unit of length is chosen where the places come from.
    """
    apart: Numbers = some @ others.T
    apart *= 2
    apart -= squares(some)[:, None]
    apart -= lengths
    np.minimum(apart, 0, out=apart)
    return np.exp(apart, out=apart)


def squares(places: Numbers) -> Numbers:
    """Give the square of the length of each place."""
    found: Numbers = np.einsum("pd,pd->p", places, places)
    return found
