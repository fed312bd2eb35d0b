"""One update at a time in each chat, in the order they came; many chats at once, but not without bound."""

import asyncio
from contextlib import AbstractAsyncContextManager
from weakref import WeakValueDictionary

MOST_AT_ONCE = 128
"""So many updates are handled at once; those of more chats wait."""


class Lanes:
    """The lanes of one bot."""

    def __init__(self, at_once: int = MOST_AT_ONCE) -> None:
        """Handle so many updates at once."""
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._places = asyncio.Semaphore(at_once)

    def in_line(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn in a lane, first come first served."""
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = asyncio.Lock()
        return lane

    def at_work(self) -> AbstractAsyncContextManager[None]:
        """Wait for a place among those at work, so that what only waits for better times takes none."""
        return self._places
