"""Owns sending to patients on Telegram.

Invariants: nothing but a ChannelError leaves `send`; a message of which a part may have arrived is never called unsent.
"""

import asyncio
from functools import partial
from time import monotonic

from aiogram.exceptions import AiogramError, TelegramBadRequest

from bot.channels.telegram.calls import Call, Method
from bot.channels.telegram.composing import Composed, as_document, compose, compose_edits
from bot.channels.telegram.connection import Connection
from bot.channels.telegram.crowding import Crowding
from bot.channels.telegram.failures import NO_PICTURE, NOT_EDITABLE, UNCHANGED, channel_error, says
from bot.channels.telegram.keyboards import MOST_BUTTONS
from bot.channels.telegram.splitting import LONGEST_TEXT
from bot.services.ports import (
    Capabilities,
    NotSentError,
    OutcomeUnknownError,
    OutgoingMessage,
    Pace,
    RefusedError,
)
from flows.vocabulary import Channel

PER_SECOND = 29.0
CHAT_SECONDS = 1.0

WHOLE_SECONDS = 15.0
"""Within these no part of a message waits any more. Delivery gives it longer, which is for the last answer."""

MOST_WAITS = 3
"""So often a part behind the first waits when it is told to; nobody else can send it after those that left."""


class TelegramChannel:
    """The channel `telegram`; an address is the id of a private chat, in digits."""

    def __init__(self, connection: Connection, *, per_second: float = PER_SECOND) -> None:
        """Send over a connection. per_second: how many messages the bot may send, all chats together."""
        self._connection = connection
        self._crowding = Crowding()
        self._capabilities = Capabilities(
            may_start=False,
            repeatable=False,
            buttons=MOST_BUTTONS,
            text_length=LONGEST_TEXT,
            can_edit=True,
            pace=Pace(per_second=per_second, chat_seconds=CHAT_SECONDS),
        )

    @property
    def name(self) -> Channel:
        """Tell which channel this is."""
        return Channel.TELEGRAM

    @property
    def capabilities(self) -> Capabilities:
        """Tell what Telegram can do."""
        return self._capabilities

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Send to a chat, or change what was sent; returns the message's id. Raises ChannelError."""
        chat, latest = _chat(address), monotonic() + WHOLE_SECONDS
        if await self._edit(chat, message):
            return str(message.edits)
        return await self._send_all(chat, compose(chat, message), latest)

    async def _edit(self, chat: int, message: OutgoingMessage) -> bool:
        """Change an earlier message; False where this must be sent anew. Raises ChannelError."""
        for edit in compose_edits(chat, message):
            try:
                await self._connection.ask(edit)
            except AiogramError as failure:
                if says(failure, *NOT_EDITABLE):
                    continue
                if not says(failure, UNCHANGED):
                    raise channel_error(failure, partial(self._crowding.refused, chat)) from failure
            self._crowding.taken()
            return True
        return False

    async def _send_all(self, chat: int, composed: Composed, latest: float) -> str:
        first, *others = composed.calls
        ids = [await self._send_one(chat, first)]
        ids += [await self._send_behind(chat, call, latest) for call in others]
        return ids[composed.main]

    async def _send_behind(self, chat: int, call: Call, latest: float) -> str:
        """Send a part behind those that left, again after a wait where it surely did not leave and there is time."""
        waits = 0
        while True:
            try:
                return await self._send_one(chat, call)
            except NotSentError as failure:
                wait = failure.wait.total_seconds()
                if waits == MOST_WAITS or monotonic() + wait > latest:
                    raise OutcomeUnknownError("in_part") from failure
            except RefusedError as failure:
                raise OutcomeUnknownError("in_part") from failure
            waits += 1
            await asyncio.sleep(wait)

    async def _send_one(self, chat: int, call: Call) -> str:
        try:
            sent = await self._ask(call)
        except AiogramError as failure:
            raise channel_error(failure, partial(self._crowding.refused, chat)) from failure
        self._crowding.taken()
        if not isinstance(sent, dict) or not isinstance(sent.get("message_id"), int):
            raise OutcomeUnknownError("no_message")
        return str(sent["message_id"])

    async def _ask(self, call: Call) -> object:
        """Make a call; a picture Telegram does not take for one goes as a document."""
        try:
            return await self._connection.ask(call)
        except TelegramBadRequest as failure:
            if call.method is not Method.SEND_PHOTO or not says(failure, *NO_PICTURE):
                raise
        return await self._connection.ask(as_document(call))


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError as no_chat:
        raise RefusedError("address_is_no_chat") from no_chat
