"""How long to wait before the next try: longer each time, up to a limit, and never all at the same moment."""

import random
from collections.abc import Callable

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 60.0


class Pauses:
    """Pauses between tries of one thing."""

    def __init__(
        self,
        *,
        first: float = FIRST_SECONDS,
        longest: float = LONGEST_SECONDS,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Begin with `first` seconds and double up to `longest`; chance: numbers from 0 to 1."""
        self._first = self._next = first
        self._longest = longest
        self._chance = chance

    def next(self) -> float:
        """The seconds to wait now: between half of what is due and all of it."""
        due, self._next = self._next, min(2 * self._next, self._longest)
        return due * (1 + self._chance()) / 2

    def over(self) -> None:
        """It went well: the next trouble begins anew."""
        self._next = self._first
