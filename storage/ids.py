"""Makes identifiers: time-ordered 63-bit integers, so that rows sort by the moment they were made.

Ids of one maker only grow, even while the clock stands or after it stepped back.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
NODE_BITS = 10
SEQUENCE_BITS = 12
NODES = 1 << NODE_BITS
_MILLISECOND = timedelta(milliseconds=1)
_LAST_SEQUENCE = (1 << SEQUENCE_BITS) - 1


class IdMaker:
    """Makes ids of 41 bits of milliseconds since 2025, 10 bits of node and 12 bits of sequence; for any thread.

    When the 4096 ids of a millisecond are used up, the maker runs ahead of the clock instead of waiting for it.
    """

    def __init__(self, *, clock: Callable[[], datetime], node: int) -> None:
        if not 0 <= node < NODES:
            raise ValueError(f"node {node} is not in 0..{NODES - 1}")
        self._clock = clock
        self._node = node << SEQUENCE_BITS
        self._lock = threading.Lock()
        self._millisecond = 0
        self._sequence = -1

    def next(self) -> int:
        """Make an id greater than all before."""
        now = (self._clock() - EPOCH) // _MILLISECOND
        with self._lock:
            return self._next(now)

    def take(self, count: int) -> list[int]:
        """Make `count` ids, ascending."""
        now = (self._clock() - EPOCH) // _MILLISECOND
        with self._lock:
            return [self._next(now) for _ in range(count)]

    def _next(self, now: int) -> int:
        if now > self._millisecond:
            self._millisecond, self._sequence = now, 0
        elif self._sequence < _LAST_SEQUENCE:
            self._sequence += 1
        else:
            self._millisecond, self._sequence = self._millisecond + 1, 0
        return self._millisecond << (NODE_BITS + SEQUENCE_BITS) | self._node | self._sequence


def made_at(identifier: int) -> datetime:
    """Tell when an id was made, to the millisecond, in UTC."""
    return EPOCH + (identifier >> (NODE_BITS + SEQUENCE_BITS)) * _MILLISECOND
