"""Owns the desk's bot as intake speaks it: raw updates in, each read and handled by the library, failures let out.

The library is driven, it never drives: it has no updater and no queue, so no update is fetched, kept or dropped by it.
"""

from collections.abc import Sequence
from typing import NoReturn

from telegram import Update
from telegram.ext import Application, ApplicationBuilder

from bot.desk.telegram.account import DeskAccount
from bot.desk.telegram.client import DeskClient
from bot.desk.telegram.failures import UNREADABLE, as_intake_errors
from bot.desk.telegram.handlers import Context, DeskApplication, DeskHandlers, Kept
from bot.desk.telegram.lanes import lane_of
from bot.services.intake_ports import RawUpdate, UnreadableUpdateError
from bot.services.topic_ports import TopicDesk


class Outspoken(Application[DeskClient, Context, Kept, Kept, Kept, None]):
    """An application that lets errors of handlers out; the library's own logs them and goes on."""

    async def process_error(
        self, update: object, error: Exception, job: object = None, coroutine: object = None
    ) -> NoReturn:
        """Let it out: the update had no effect, and whoever handed it in decides what becomes of it."""
        del update, job, coroutine
        raise error


class DeskBot(DeskAccount):
    """The desk's bot, listened to."""

    def __init__(self, *, client: DeskClient, desk: TopicDesk) -> None:
        """Lead what comes by a connection to a desk; nothing is sent yet."""
        super().__init__(client)
        builder = ApplicationBuilder().application_class(Outspoken).bot(client)
        # Updates are handed in by lanes, several at once, so the library's own ways of taking turns are not used.
        self._application: DeskApplication = builder.updater(None).job_queue(None).build()
        DeskHandlers(desk).join(self._application)

    async def fetch(self, offset: int | None, seconds: int) -> Sequence[RawUpdate]:
        """Fetch updates from `offset` on, waiting up to `seconds` for one. Raises IntakeError."""
        with as_intake_errors():
            return await self._client.raw_updates(offset, seconds)

    def lane(self, raw: RawUpdate) -> str:
        """Name the topic or chat an update belongs to."""
        return lane_of(raw)

    def said(self, raw: RawUpdate) -> None:
        """Tell that no patient said it: whoever talks with this bot is of the staff."""
        del raw

    async def handle(self, raw: RawUpdate) -> None:
        """Handle one update; the bot must have been started. Raises UnreadableUpdateError, and what the desk raises."""
        await self._application.process_update(self._read(raw))

    async def start(self) -> None:
        """Open sessions and learn who we are; the desk has no commands to name. Raises IntakeError."""
        with as_intake_errors():
            await self._application.initialize()

    async def stop(self) -> None:
        """Close sessions."""
        await self._application.shutdown()
        await self.close()

    def _read(self, raw: RawUpdate) -> Update:
        try:
            update = Update.de_json(dict(raw), self._client)
        except UNREADABLE as broken:
            # Only the kind: the words of such an error quote what somebody wrote.
            raise UnreadableUpdateError(type(broken).__name__) from None
        return update
