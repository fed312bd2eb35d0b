"""Tells open pages that something changed, so that they look again.

Only the fact travels, never content; a page that missed a signal finds the same by looking.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

DESK = "desk"


def chat_topic(conversation_id: int) -> str:
    """Name the signals of one conversation."""
    return f"chat:{conversation_id}"


class Live:
    """Signals between the services and whoever watches, within one process."""

    def __init__(self) -> None:
        """Start with nobody watching."""
        self._watchers: dict[str, set[asyncio.Event]] = defaultdict(set)

    def signal(self, *topics: str) -> None:
        """Wake all who watch one of the topics."""
        for topic in topics:
            for watcher in self._watchers.get(topic, ()):
                watcher.set()

    @asynccontextmanager
    async def watch(self, topic: str) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set at every signal of the topic; the watcher clears it."""
        event = asyncio.Event()
        self._watchers[topic].add(event)
        try:
            yield event
        finally:
            self._watchers[topic].discard(event)
            if not self._watchers[topic]:
                del self._watchers[topic]
