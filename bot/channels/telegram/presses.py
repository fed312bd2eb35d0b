"""Owns taps on buttons: answered first, then taken; an answered question is changed into its answer.

Invariants: only the person whose chat it is may press; what no button of ours holds has no effect, nor has a second
touch of one press; the telephone never
waits for the database, nor does whoever brings a tap wait for what Telegram says to an answer or a change.
"""

import logging

from aiogram.exceptions import AiogramError

from bot.channels.telegram.calls import Call, Method, make_call
from bot.channels.telegram.composing import NO_PREVIEW
from bot.channels.telegram.connection import Connection
from bot.channels.telegram.double_taps import DoubleTaps
from bot.channels.telegram.failures import TOO_OLD, UNCHANGED, says
from bot.channels.telegram.reading import language_called
from bot.channels.telegram.splitting import LONGEST_CAPTION, LONGEST_TEXT, units
from bot.channels.telegram.taps import Tap, Tapped
from bot.channels.telegram.words import BotWords
from bot.services.arriving import Arrival, Entrance
from bot.services.nursery import Nursery
from bot.services.updates import Pressed
from flows.engine.choices import Payload, PayloadError
from flows.vocabulary import Channel

log = logging.getLogger(__name__)


class Presses:
    """Handles callback queries."""

    def __init__(self, *, connection: Connection, entrance: Entrance, words: BotWords, nursery: Nursery) -> None:
        """Take where presses are brought. nursery: where calls go on by themselves while it is open."""
        self._connection = connection
        self._entrance = entrance
        self._words = words
        self._nursery = nursery
        self._double = DoubleTaps()

    async def pressed(self, tap: Tap) -> None:
        """Handle one tap. Raises StorageError."""
        language = language_called(tap.language_code)
        if not _theirs(tap):
            await self._go_on(_answer(tap, self._words.say("tap.not_yours", language)))
            return
        try:
            payload = Payload.decode(tap.data)
        except PayloadError:
            await self._go_on(_answer(tap, self._words.say("tap.gone", language)))
            return
        # The answer is on its way before the work begins, which need not wait for it to arrive.
        await self._go_on(_answer(tap))
        if self._double.is_one(tap):
            return
        arrived = await self._entrance.take(
            Arrival(
                channel=Channel.TELEGRAM,
                external_id=f"{self._connection.bot.id}:{tap.update}",
                account=str(tap.person),
                language=language,
                content=Pressed(payload=payload),
                message_id="" if tap.message is None else str(tap.message.id),
            )
        )
        self._double.remember(tap)
        if arrived.answered and tap.message is not None and tap.message.is_within_reach:
            await self._go_on(_with_answer(tap.message))

    async def _go_on(self, call: Call) -> None:
        """Make a call on whose success nothing depends, while its caller goes on; the nursery closed, it waits."""
        if self._nursery.is_open:
            self._nursery.start(self._quietly(call))
        else:
            await self._quietly(call)

    async def _quietly(self, call: Call) -> None:
        try:
            await self._connection.ask(call)
        except AiogramError as failure:
            if not says(failure, TOO_OLD, UNCHANGED):
                log.info("a tap was not answered", extra={"kind": type(failure).__name__})


def _theirs(tap: Tap) -> bool:
    """Whether whoever pressed is the one whose chat it is. A private chat has the person's id.

    Without a message Telegram no longer knows where the button stood; only its own reader can have kept it.
    """
    if tap.message is None:
        return not tap.is_inline
    return tap.message.is_private and tap.message.chat == tap.person


def _answer(tap: Tap, text: str | None = None) -> Call:
    return make_call(Method.ANSWER_TAP, callback_query_id=tap.id, text=text)


def _with_answer(message: Tapped) -> Call:
    """The call that changes a question into its answer: what was asked, what was chosen, no buttons."""
    question = message.text or message.caption or ""
    text = f"{question}\n\n→ {message.label}"
    longest = LONGEST_CAPTION if message.text is None else LONGEST_TEXT
    if not message.label or not question or units(text) > longest:
        return make_call(Method.EDIT_BUTTONS, chat_id=message.chat, message_id=message.id)
    if message.text is None:
        return make_call(Method.EDIT_CAPTION, chat_id=message.chat, message_id=message.id, caption=text)
    return make_call(
        Method.EDIT_TEXT,
        chat_id=message.chat,
        message_id=message.id,
        text=text,
        link_preview_options=NO_PREVIEW,
    )
