"""Owns the download of what patients send: at most 20 MB, which is as much as a bot is given."""

import logging

from aiogram.exceptions import AiogramError
from aiogram.methods import GetFile

from bot.channels.telegram.connection import Connection

log = logging.getLogger(__name__)

LARGEST_FILE = 20 * 1024 * 1024
LOAD_SECONDS = 30


class Files:
    """Loads files by their ids."""

    def __init__(self, connection: Connection) -> None:
        """Load over a connection."""
        self._connection = connection

    async def load(self, file_id: str, size: int) -> bytes | None:
        """Load a file; size: what the message says it has, in bytes. None: it is too large, or cannot be had."""
        if size > LARGEST_FILE:
            return None
        try:
            described = await self._connection.ask(GetFile(file_id=file_id))
            path = described.get("file_path") if isinstance(described, dict) else None
            return await self._read(str(path)) if path else None
        except AiogramError as failure:
            log.warning("a file could not be loaded", extra={"kind": type(failure).__name__})
            return None

    async def _read(self, path: str) -> bytes | None:
        wire, bot = self._connection.wire, self._connection.bot
        content = bytearray()
        async for chunk in wire.stream_content(wire.api.file_url(bot.token, path), timeout=LOAD_SECONDS):
            content += chunk
            if len(content) > LARGEST_FILE:
                return None
        return bytes(content)
