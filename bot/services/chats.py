"""One thing at a time in each conversation: turns, staff actions and deliveries of a chat wait for each other.

This keeps the order of a person's messages within a process; between processes the row lock in the database does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from flows.ids import ConversationId


class ChatQueues:
    """A fair queue for each conversation that somebody is using; forgotten when nobody is."""

    def __init__(self) -> None:
        """Start empty."""
        self._locks: WeakValueDictionary[ConversationId, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn_of(self, conversation_id: ConversationId) -> AsyncIterator[None]:
        """Wait for one's turn in the conversation, first come first served."""
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        async with lock:
            yield
