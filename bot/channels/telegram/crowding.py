"""Owns the question whom Telegram means when it takes no more: one chat, or the whole bot. Its answer does not say.

Two chats refused with nothing taken in between: it is the bot. One chat refused while others are served: that chat.
"""

from bot.services.ports import Busy


class Crowding:
    """Remembers the last refusal until something is taken again."""

    def __init__(self) -> None:
        """Begin with nothing refused."""
        self._refused: int | None = None

    def taken(self) -> None:
        """Something was taken: whatever was refused concerned its own chat."""
        self._refused = None

    def refused(self, chat: int) -> Busy:
        """Something was refused to a chat; tell whom it concerns."""
        before, self._refused = self._refused, chat
        return Busy.CHAT if before is None or before == chat else Busy.CHANNEL
