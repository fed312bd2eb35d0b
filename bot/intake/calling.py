"""Watches over one bot that is called by the messenger: its webhook must be where it should be, and its token known."""

import asyncio
import logging

from bot.intake.ways_in import WayIn

log = logging.getLogger(__name__)

LOOK_SECONDS = 300.0


class Called:
    """Looks after one bot's webhook; it is set and taken away by `recare webhook` alone."""

    def __init__(self, way_in: WayIn, public_url: str) -> None:
        """Take the bot; public_url: where the messenger reaches this house."""
        self._way_in = way_in
        self._url = way_in.webhook.at(public_url)
        self._was_right = True
        self._has_looked = False

    async def look(self, _chats: asyncio.TaskGroup) -> None:
        """Rest since the last look, look once, and say what is wrong. Raises IntakeError."""
        if self._has_looked:
            await asyncio.sleep(LOOK_SECONDS)
        is_right = (await self._way_in.bot.webhook()).url == self._url
        if not is_right and self._was_right:
            log.warning("no webhook leads here: `recare webhook set` sets it", extra={"bot": self._way_in.bot.name})
        self._was_right, self._has_looked = is_right, True
