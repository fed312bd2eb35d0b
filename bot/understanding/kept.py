"""How what was learnt is kept: arrays of numbers in one file for each choice of encoders, refused if they do not fit.

Nothing of a file holds text; `digest` tells which phrases it was learnt from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import NDArray

from bot.understanding.features import NAMES
from bot.understanding.weights import FOLDER, UNREADABLE, WeightsError
from flows.meaning import Flag, Intent

LEARNT_FLAGS = (Flag.CRISIS, Flag.LEGAL, Flag.MINOR, Flag.ROBOT_QUESTION)
WHAT_FOR = NAMES + tuple(Intent) + LEARNT_FLAGS
"""What goes in and what comes out, by name; weights learnt for anything else are refused."""

_MOST_STEPS = 127
Numbers = NDArray[np.float32]


class Kept:
    """A dataclass of arrays, and the digest of what they come from. stepped: its large part, kept in 255 steps."""

    __slots__ = ()
    stepped: ClassVar[str]
    digest: str

    @classmethod
    def load(cls, encoders: Sequence[str]) -> Self:
        """Load what was learnt for encoders of these names. Raises WeightsError."""
        parts, digest = read_kept(encoders, _parts_of(cls))
        return cast("Callable[..., Self]", cls)(**parts, digest=digest)

    def save(self, file: Path) -> None:
        """Keep it."""
        parts = {part: getattr(self, part) for part in _parts_of(type(self))}
        kept = packed(parts, stepped=self.stepped, digest=self.digest)
        np.savez_compressed(file, allow_pickle=False, **kept)


def _parts_of(kind: type[Any]) -> list[str]:
    return [each.name for each in fields(kind) if each.init and each.name != "digest"]


def read_kept(encoders: Sequence[str], parts: Sequence[str]) -> tuple[dict[str, Numbers], str]:
    """Return the parts of what was learnt for encoders of these names, and its digest. Raises WeightsError."""
    name = f"{'+'.join(encoders)}.npz"
    try:
        packed = (files(__package__) / FOLDER / name).read_bytes()
        with np.load(BytesIO(packed), allow_pickle=False) as kept:
            named, digest = tuple(kept["names"].tolist()), str(kept["digest"])
            found = {part: kept[part].astype(np.float32) for part in parts}
            for part in parts:
                if f"{part}_steps" in kept:
                    found[part] *= kept[f"{part}_steps"]
    except (*UNREADABLE, KeyError, ValueError) as broken:
        raise WeightsError(f"weights/{name} cannot be read; run make weights") from broken
    if named != WHAT_FOR:
        raise WeightsError(f"weights/{name} was learnt for other word lists; run make weights")
    return found, digest


def packed(parts: Mapping[str, Numbers], *, stepped: str, digest: str) -> dict[str, NDArray[Any]]:
    """Give what a file holds: half precision, and of the `stepped` part, the large one, 255 steps a column."""
    kept: dict[str, NDArray[Any]] = {"names": np.array(WHAT_FOR), "digest": np.array(digest)}
    for part, numbers in parts.items():
        if part == stepped:
            steps = steps_of(numbers)
            kept |= {part: np.rint(numbers / steps).astype(np.int8), f"{part}_steps": steps}
        else:
            kept[part] = numbers.astype(np.float16)
    return kept


def steps_of(numbers: Numbers) -> Numbers:
    """Give how far apart two steps of each column are."""
    widest: Numbers = np.abs(numbers).max(axis=0, initial=np.finfo(np.float32).tiny)
    widest /= _MOST_STEPS
    return widest


def likelihoods(votes: Numbers) -> Numbers:
    """Turn votes for each intent, in the last of their dimensions, into likelihoods that make 1."""
    chances: Numbers = np.exp(votes - votes.max(axis=-1, keepdims=True))
    chances /= chances.sum(axis=-1, keepdims=True)
    return chances


def each_by_itself(votes: Numbers) -> Numbers:
    """Turn a vote for each flag into a likelihood of its own."""
    chances: Numbers = np.float32(1) / (np.float32(1) + np.exp(-votes))
    return chances
