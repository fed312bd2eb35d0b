"""Owns the patients' bot as intake drives it: fetches raw updates, reads one at a time.

Invariants: an update is decoded only when it is handled; what cannot be decoded is told as such, without its words.
Between start and stop, calls that nobody waits for go on by themselves; stop waits for those under way.
"""

import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from aiogram import Dispatcher
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramNotFound
from aiogram.methods import GetUpdates
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from bot.channels.telegram.account import ALLOWED, PatientsAccount
from bot.channels.telegram.chats import Chats
from bot.channels.telegram.commands import introduce
from bot.channels.telegram.connection import Connection
from bot.channels.telegram.failures import intake_error
from bot.channels.telegram.lanes import lane_of
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.taps import read_tap
from bot.channels.telegram.unread import said_in
from bot.channels.telegram.words import BotWords
from bot.services.arriving import Entrance
from bot.services.intake_ports import OutOfReachError, RawUpdate, Said, UnreadableUpdateError
from bot.services.nursery import Nursery
from bot.services.ports import Clock

MOST_UPDATES = 100

log = logging.getLogger(__name__)


class PatientsBot(PatientsAccount):
    """The bot patients talk with."""

    def __init__(self, *, connection: Connection, entrance: Entrance, words: BotWords, clock: Clock) -> None:
        """Hand what comes in to an entrance."""
        super().__init__(connection)
        self._words = words
        chats = Chats(connection=connection, entrance=entrance, words=words, clock=clock)
        self._nursery = Nursery()
        self._going_on = AsyncExitStack()
        self._presses = Presses(connection=connection, entrance=entrance, words=words, nursery=self._nursery)
        self._dispatcher = _dispatcher(chats)

    async def fetch(self, offset: int | None, seconds: int) -> Sequence[RawUpdate]:
        """Fetch updates from `offset` on, waiting up to `seconds` for one. Raises IntakeError."""
        method = GetUpdates(offset=offset, limit=MOST_UPDATES, timeout=seconds, allowed_updates=ALLOWED)
        updates = await self._ask(method, longer=seconds)
        if not isinstance(updates, list) or not all(isinstance(update, dict) for update in updates):
            raise OutOfReachError("getUpdates brings no updates")
        return updates

    def lane(self, raw: RawUpdate) -> str:
        """Name the chat an update belongs to."""
        return lane_of(raw)

    def said(self, raw: RawUpdate) -> Said | None:
        """Tell who said an update that was not taken, as far as that is plain."""
        return said_in(raw)

    async def handle(self, raw: RawUpdate) -> None:
        """Handle one update; returns once its effect is committed. Raises UnreadableUpdateError, StorageError."""
        if (tap := read_tap(raw)) is not None:
            await self._presses.pressed(tap)
            return
        bot = self._connection.bot
        await self._dispatcher.feed_update(bot, _decoded(raw, {"bot": bot}))

    async def start(self) -> None:
        """Name the commands and say who we are, as far as the server lets us. Raises IntakeError."""
        try:
            await introduce(self._connection, self._words)
        except (TelegramNotFound, TelegramBadRequest) as failure:
            # A revoked token is told by this; a server without some method, or one that takes no such words, is no
            # reason to hear nobody.
            await self.identify()
            log.warning("the bot could not say what it is for", extra={"kind": type(failure).__name__})
        except AiogramError as failure:
            raise intake_error(failure) from failure
        if not self._nursery.is_open:
            await self._going_on.enter_async_context(self._nursery)

    async def stop(self) -> None:
        """Let what is under way arrive, then close the session."""
        try:
            await self._going_on.aclose()
        finally:
            await self.close()


def _dispatcher(chats: Chats) -> Dispatcher:
    """Route what we ask for and is no tap; aiogram's middlewares keep states and errors we do not have."""
    dispatcher = Dispatcher(disable_fsm=True)
    for middleware in tuple(dispatcher.update.outer_middleware):
        dispatcher.update.outer_middleware.unregister(middleware)
    dispatcher.message.register(chats.came)
    dispatcher.edited_message.register(chats.edited)
    dispatcher.my_chat_member.register(chats.membership_changed)
    return dispatcher


def _decoded(raw: RawUpdate, context: dict[str, Any]) -> Update:
    try:
        update = Update.model_validate(dict(raw), context=context)
        _ = update.event_type
    except ValidationError as unreadable:
        # Its message quotes what could not be read: only the places are told.
        places = sorted({".".join(str(part) for part in error["loc"]) for error in unreadable.errors()})
        raise UnreadableUpdateError(", ".join(places)) from None
    except UpdateTypeLookupError:
        raise UnreadableUpdateError("of an unknown kind") from None
    return update
