"""Owns how one token speaks with the Bot API: aiogram's bot over one pool of connections, to send and to fetch."""

from collections.abc import Awaitable
from typing import Any

from aiogram import Bot

from bot.channels.telegram.calls import Asked
from bot.channels.telegram.wire import ANSWER_SECONDS, Wire

TELEGRAM = "https://api.telegram.org"


class Connection:
    """Speaks as one bot with one server."""

    def __init__(self, token: str, base: str = TELEGRAM, *, seconds: float = ANSWER_SECONDS) -> None:
        """Speak as the bot of a token with the server at `base`; nothing leaves yet.

        seconds: how long to wait for an answer.

        Raises aiogram's TokenValidationError: what was given cannot be a token.
        """
        self.base = base
        self.wire = Wire(base)
        self._seconds = seconds
        self.bot = Bot(token, session=self.wire)

    def ask(self, asked: Asked, longer: float = 0) -> Awaitable[Any]:
        """Make a call and return its result as JSON data. Raises what `Wire.ask` raises.

        longer: by how many seconds the answer may take longer than usual.
        """
        return self.wire.ask(self.bot, asked, self._seconds + longer)

    async def close(self) -> None:
        """Close the connections."""
        await self.wire.close()
