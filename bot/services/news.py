"""Tells whoever looks that a conversation has changed: the patient's open page, and every desk.

Only the fact travels. A desk that cannot be reached never holds up a turn.
"""

from collections.abc import Sequence

from bot.services.live import Live, chat_topic
from bot.services.ports import Desk


class News:
    """Spreads the news of one process."""

    def __init__(self, live: Live, desks: Sequence[Desk]) -> None:
        """Take the open pages and the desks."""
        self._live = live
        self._desks = tuple(desks)

    async def changed(self, *conversation_ids: int) -> None:
        """Let the pages of these conversations and all desks look again."""
        for conversation_id in conversation_ids:
            self._live.signal(chat_topic(conversation_id))
            for desk in self._desks:
                await desk.changed(conversation_id)
