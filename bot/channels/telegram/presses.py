"""Owns taps on buttons: answered first, then taken; an answered question is changed into its answer.

Invariants: only the person whose chat it is may press; what no button of ours holds has no effect; the telephone never
waits for the database, nor does the database's work depend on what Telegram says to an answer.
"""

import asyncio
import logging

from aiogram.enums import ChatType
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, Message, Update

from bot.channels.telegram.calls import Call, Method, make_call
from bot.channels.telegram.composing import NO_PREVIEW
from bot.channels.telegram.connection import Connection
from bot.channels.telegram.failures import TOO_OLD, UNCHANGED, says
from bot.channels.telegram.reading import language_of
from bot.channels.telegram.splitting import LONGEST_CAPTION, LONGEST_TEXT, units
from bot.channels.telegram.words import BotWords
from bot.services.arriving import Arrival, Entrance
from bot.services.updates import Pressed
from flows.engine.choices import Payload, PayloadError
from flows.vocabulary import Channel

log = logging.getLogger(__name__)


class Presses:
    """Handles callback queries."""

    def __init__(self, *, connection: Connection, entrance: Entrance, words: BotWords) -> None:
        """Take where presses are brought."""
        self._connection = connection
        self._entrance = entrance
        self._words = words

    async def pressed(self, query: CallbackQuery, event_update: Update) -> None:
        """Handle one tap. Raises StorageError."""
        language = language_of(query.from_user)
        if not _theirs(query):
            await self._quietly(_answer(query, self._words.say("tap.not_yours", language)))
            return
        try:
            payload = Payload.decode(query.data or "")
        except PayloadError:
            await self._quietly(_answer(query, self._words.say("tap.gone", language)))
            return
        arrival = Arrival(
            channel=Channel.TELEGRAM,
            external_id=f"{self._connection.bot.id}:{event_update.update_id}",
            account=str(query.from_user.id),
            language=language,
            content=Pressed(payload=payload),
            message_id="" if query.message is None else str(query.message.message_id),
        )
        # The answer is on its way before the work begins, which need not wait for it to arrive.
        _, arrived = await asyncio.gather(self._quietly(_answer(query)), self._entrance.take(arrival))
        if arrived.answered and isinstance(query.message, Message):
            await self._quietly(_with_answer(query.message, query.data or ""))

    async def _quietly(self, call: Call) -> None:
        """Make a call on whose success nothing depends."""
        try:
            await self._connection.ask(call)
        except AiogramError as failure:
            if not says(failure, TOO_OLD, UNCHANGED):
                log.info("a tap was not answered", extra={"kind": type(failure).__name__})


def _theirs(query: CallbackQuery) -> bool:
    """Whether whoever pressed is the one whose chat it is. A private chat has the person's id.

    Without a message Telegram no longer knows where the button stood; only its own reader can have kept it.
    """
    if query.message is None:
        return query.inline_message_id is None
    return query.message.chat.type == ChatType.PRIVATE and query.message.chat.id == query.from_user.id


def _answer(query: CallbackQuery, text: str | None = None) -> Call:
    return make_call(Method.ANSWER_TAP, callback_query_id=query.id, text=text)


def _with_answer(message: Message, data: str) -> Call:
    """The call that changes a question into its answer: what was asked, what was chosen, no buttons."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup is not None else []
    label = next((button.text for row in rows for button in row if button.callback_data == data), "")
    question = message.text or message.caption or ""
    text = f"{question}\n\n→ {label}"
    longest = LONGEST_CAPTION if message.text is None else LONGEST_TEXT
    if not label or not question or units(text) > longest:
        return make_call(Method.EDIT_BUTTONS, chat_id=message.chat.id, message_id=message.message_id)
    if message.text is None:
        return make_call(Method.EDIT_CAPTION, chat_id=message.chat.id, message_id=message.message_id, caption=text)
    return make_call(
        Method.EDIT_TEXT,
        chat_id=message.chat.id,
        message_id=message.message_id,
        text=text,
        link_preview_options=NO_PREVIEW,
    )
