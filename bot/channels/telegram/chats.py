"""Owns what comes in beside taps: messages, their edits, blocks; and groups, where the bot only says where to go.

Invariant: nothing that is said in a group goes any further than this module.
"""

import logging
from collections import OrderedDict
from datetime import datetime, timedelta

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import AiogramError
from aiogram.types import Chat, ChatMemberUpdated, Message, Update, User

from bot.channels.telegram.calls import Method, make_call
from bot.channels.telegram.composing import NO_PREVIEW
from bot.channels.telegram.connection import Connection
from bot.channels.telegram.files import Files
from bot.channels.telegram.reading import language_of, read
from bot.channels.telegram.sent_things import SentThing, words_of_checklist
from bot.channels.telegram.words import BotWords
from bot.services.arriving import Arrival, ArrivedContent, ChatClosed, ChatReopened, Edited, Entrance
from bot.services.ports import Clock
from bot.services.updates import SentFile
from flows.vocabulary import Channel

log = logging.getLogger(__name__)

SAID_AGAIN_AFTER = timedelta(minutes=10)
GROUPS_REMEMBERED = 1000
IN = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.RESTRICTED})


class Chats:
    """Handles messages and membership."""

    def __init__(self, *, connection: Connection, entrance: Entrance, words: BotWords, clock: Clock) -> None:
        """Take where arrivals are brought."""
        self._connection = connection
        self._entrance = entrance
        self._files = Files(connection)
        self._groups = Groups(connection=connection, words=words, clock=clock)

    async def came(self, message: Message, event_update: Update) -> None:
        """Handle a message. Raises StorageError."""
        if message.chat.type != ChatType.PRIVATE:
            await self._groups.heard(message)
            return
        content = read(message)
        if isinstance(content, SentThing):
            content = await self._loaded(content, message.chat)
        if content is not None:
            await self._bring(event_update, message.chat, message.from_user, content, str(message.message_id))

    async def edited(self, message: Message, event_update: Update) -> None:
        """Handle the edit of a message; a place that moves on is none. Raises StorageError."""
        text = message.text or message.caption or words_of_checklist(message)
        if message.chat.type != ChatType.PRIVATE or not text:
            return
        number = str(message.message_id)
        content = Edited(text=text, message_id=number)
        await self._bring(event_update, message.chat, message.from_user, content, number)

    async def membership_changed(self, change: ChatMemberUpdated, event_update: Update) -> None:
        """Handle a block, the end of one, and being taken into a group. Raises StorageError."""
        status = change.new_chat_member.status
        if change.chat.type != ChatType.PRIVATE:
            if status in IN and change.old_chat_member.status not in IN:
                await self._groups.joined(change.chat, change.from_user)
            return
        content = ChatClosed() if status == ChatMemberStatus.KICKED else ChatReopened()
        await self._bring(event_update, change.chat, change.from_user, content, "")

    async def _bring(
        self, update: Update, chat: Chat, user: User | None, content: ArrivedContent, message_id: str
    ) -> None:
        await self._entrance.take(
            Arrival(
                channel=Channel.TELEGRAM,
                external_id=f"{self._connection.bot.id}:{update.update_id}",
                account=str(chat.id),
                language=language_of(user),
                content=content,
                message_id=message_id,
            )
        )

    async def _loaded(self, thing: SentThing, chat: Chat) -> SentFile:
        content = None
        # Looked at before, not after: whoever has sent too much must not make us load more of it.
        if thing.file_id and await self._entrance.has_room(Channel.TELEGRAM, str(chat.id)):
            content = await self._files.load(thing.file_id, thing.size)
        return SentFile(
            kind=thing.kind, name=thing.name, media_type=thing.media_type, content=content, caption=thing.caption
        )


class Groups:
    """Says in groups that it talks in private only: when taken in, and when addressed, not too often."""

    def __init__(self, *, connection: Connection, words: BotWords, clock: Clock) -> None:
        """Take the words."""
        self._connection = connection
        self._words = words
        self._clock = clock
        self._said: OrderedDict[int, datetime] = OrderedDict()

    async def joined(self, chat: Chat, user: User) -> None:
        """Introduce ourselves."""
        await self._say(chat, user)

    async def heard(self, message: Message) -> None:
        """Answer if this was said to us: a command, our name, or an answer to what we said."""
        answered = message.reply_to_message.from_user if message.reply_to_message is not None else None
        to_us = answered is not None and answered.id == self._connection.bot.id
        text = message.text or ""
        if to_us or text.startswith("/") or await self._names_us(text):
            await self._say(message.chat, message.from_user)

    async def _names_us(self, text: str) -> bool:
        if "@" not in text:
            return False
        try:
            me = await self._connection.bot.me()
        except AiogramError:
            return False
        return f"@{me.username}".lower() in text.lower()

    async def _say(self, chat: Chat, user: User | None) -> None:
        now = self._clock.now()
        said = self._said.get(chat.id)
        if chat.type == ChatType.CHANNEL or (said is not None and now - said < SAID_AGAIN_AFTER):
            return
        self._said[chat.id] = now
        self._said.move_to_end(chat.id)
        if len(self._said) > GROUPS_REMEMBERED:
            self._said.popitem(last=False)
        text = self._words.say("private_only", language_of(user))
        try:
            await self._connection.ask(
                make_call(Method.SEND_TEXT, chat_id=chat.id, text=text, link_preview_options=NO_PREVIEW)
            )
        except AiogramError as failure:
            log.info("a group was not answered", extra={"kind": type(failure).__name__})
