"""Owns the connection of the desk's bot: the library's bot object over our HTTP, shared by the board and the bot."""

from collections.abc import Mapping, Sequence
from typing import Any

from telegram.ext import ExtBot

from bot.desk.telegram.request import ANSWER_SECONDS, NoSenseError, ToldApart

CONNECTIONS = 8
"""A group takes 20 messages a minute; what needs more at once is presses, answered in milliseconds, and files."""
MOST_UPDATES = 100
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we want to hear of; reactions, polls and the rest would only fill the queue."""


class DeskClient(ExtBot[None]):
    """The library's bot, which can fetch updates as they are, too."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Say which bot it is; the library's own words hold the token."""
        return f"DeskClient({self.account})"

    @property
    def account(self) -> int:
        """The bot's own id, as its token begins; known before anybody was asked."""
        first = self.token.partition(":")[0]
        return int(first) if first.isascii() and first.isdecimal() else 0

    async def raw_updates(self, offset: int | None, seconds: int) -> Sequence[Mapping[str, Any]]:
        """Fetch updates as JSON, unread. Raises TelegramError."""
        asked = {"offset": offset, "timeout": seconds, "limit": MOST_UPDATES, "allowed_updates": list(KINDS)}
        updates = await self._post("getUpdates", asked, read_timeout=seconds + ANSWER_SECONDS)
        if not isinstance(updates, list) or not all(isinstance(update, dict) for update in updates):
            raise NoSenseError("updates")
        return updates

    async def close_sessions(self) -> None:
        """Close what is open, also where nobody started the bot, or it did not get far; it can be started again."""
        await self.shutdown()
        for request in self._request:
            await request.shutdown()


def connect(*, token: str, api_base: str) -> DeskClient:
    """Make the connection; nothing is sent yet. api_base: where the Bot API is, as "https://api.telegram.org"."""
    base = api_base.rstrip("/")
    return DeskClient(
        token=token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=ToldApart(connections=CONNECTIONS),
        get_updates_request=ToldApart(connections=1),
    )
