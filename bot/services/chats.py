"""One thing at a time in each conversation: turns, staff actions and deliveries of a chat wait for each other.

This keeps the order of a person's messages within a process; between processes the row lock in the database does.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, ExitStack
from weakref import WeakValueDictionary

from flows.ids import ConversationId


class ChatQueues:
    """A fair queue for each conversation that somebody is using; forgotten when nobody is."""

    def __init__(self) -> None:
        """Start empty."""
        self._locks: WeakValueDictionary[ConversationId, asyncio.Lock] = WeakValueDictionary()

    def turn_of(self, conversation_id: ConversationId) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn in the conversation, first come first served."""
        return self._lock_of(conversation_id)

    async def turn_to_hand_on(self, conversation_id: ConversationId) -> ExitStack:
        """Wait for a turn that somebody else may end: whoever holds what is given, or took it over by `pop_all`."""
        lock = self._lock_of(conversation_id)
        await lock.acquire()
        turn = ExitStack()
        turn.callback(lock.release)
        return turn

    def _lock_of(self, conversation_id: ConversationId) -> asyncio.Lock:
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        return lock
