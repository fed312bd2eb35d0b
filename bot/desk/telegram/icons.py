"""Owns the icons of topics: which of those Telegram offers shows which state. They are asked for once."""

import asyncio
from collections.abc import Mapping

from telegram import Bot

from bot.services.topic_ports import TopicState

WANTED: Mapping[TopicState, tuple[str, ...]] = {
    TopicState.WAITING: ("❓", "💬", "📣"),
    TopicState.TAKEN: ("👀", "🗣", "📝"),
    TopicState.ANSWERED: ("✅", "🆒", "⭐"),
    TopicState.URGENT: ("‼", "❗", "🔥"),
    TopicState.CLOSED: ("🏁", "📁", "🔝"),
}
"""By state, which picture is best, and what does as well where Telegram has stopped offering it."""
AS_A_PICTURE = "\ufe0f"
"""Stands behind some emoji and behind others not, and means nothing here."""


class Icons:
    """The icons a bot may give to topics."""

    def __init__(self, bot: Bot) -> None:
        """Ask for them by a bot, when first needed."""
        self._bot = bot
        self._asking = asyncio.Lock()
        self._known: Mapping[str, str] | None = None

    async def of(self, state: TopicState) -> str | None:
        """Tell the id of a state's icon; None where nothing fitting is offered. Raises TelegramError."""
        async with self._asking:
            if self._known is None:
                stickers = await self._bot.get_forum_topic_icon_stickers()
                self._known = {
                    sticker.emoji.replace(AS_A_PICTURE, ""): sticker.custom_emoji_id
                    for sticker in stickers
                    if sticker.emoji and sticker.custom_emoji_id
                }
        return next((self._known[emoji] for emoji in WANTED[state] if emoji in self._known), None)
