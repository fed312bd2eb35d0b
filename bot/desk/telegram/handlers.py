"""Leads each kind of update to the desk: presses (each answered), what is said, codes, and what became of a group.

Everything else is left alone. What fails in the desk leaves as it is: whoever handed the update in must know.
"""

import contextlib
from typing import Any, TypeAlias

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.desk.telegram import reading
from bot.desk.telegram.client import DeskClient
from bot.services.topic_ports import GroupChange, GroupChanged, TopicDesk

Kept: TypeAlias = dict[Any, Any]
Context: TypeAlias = ContextTypes.DEFAULT_TYPE
DeskApplication: TypeAlias = Application[DeskClient, Context, Kept, Kept, Kept, None]

NEW = filters.UpdateType.MESSAGE
WRITTEN = filters.UpdateType.MESSAGES & ~filters.StatusUpdate.ALL
GROUP = filters.ChatType.GROUPS
PRIVATE = filters.ChatType.PRIVATE
GROUP_CHANGED = filters.StatusUpdate.MIGRATE | filters.StatusUpdate.NEW_CHAT_TITLE
TOPIC_CHANGED = (
    filters.StatusUpdate.FORUM_TOPIC_CLOSED
    | filters.StatusUpdate.FORUM_TOPIC_REOPENED
    | filters.StatusUpdate.FORUM_TOPIC_EDITED
)
SOON_SECONDS = 5.0
"""An answer to a tap is worth no longer wait: the next press of this chat stands in line behind it."""


class DeskHandlers:
    """What the desk's bot does with each kind of update; the first that fits has it alone."""

    def __init__(self, desk: TopicDesk) -> None:
        """Lead to a desk."""
        self._desk = desk

    def join(self, application: DeskApplication) -> None:
        """Take part in an application."""
        application.add_handlers(
            [
                CallbackQueryHandler(self.pressed),
                ChatMemberHandler(self.standing, ChatMemberHandler.MY_CHAT_MEMBER),
                CommandHandler("start", self.private, PRIVATE & NEW),
                MessageHandler(PRIVATE & NEW, self.private),
                CommandHandler("link", self.link, GROUP & NEW),
                MessageHandler(GROUP & NEW & GROUP_CHANGED, self.group_changed),
                MessageHandler(GROUP & NEW & TOPIC_CHANGED, self.topic_changed),
                MessageHandler(GROUP & WRITTEN & filters.FORUM, self.said),
                # No update tells that topics were switched off: what is written then does, by where it stands.
                MessageHandler(GROUP & WRITTEN & ~filters.COMMAND, self.group_changed),
            ]
        )

    async def pressed(self, update: Update, context: Context) -> None:
        """Let a tap have its meaning, which takes a moment, and answer it with what there is to say."""
        query = update.callback_query
        if query is None:
            return
        pressed = reading.pressed_in(query, _key(update, context))
        shown = ""
        try:
            if pressed is not None:
                shown = await self._desk.pressed(pressed)
        finally:
            # Whatever came of it, the button must not go on waiting; an answer that comes too late is no loss.
            with contextlib.suppress(TelegramError):
                await query.answer(shown or None, connect_timeout=SOON_SECONDS, read_timeout=SOON_SECONDS)

    async def said(self, update: Update, context: Context) -> None:
        """Take what a member wrote, or changed in what they wrote before."""
        message = update.effective_message
        said = None if message is None else reading.said_in(message, _key(update, context))
        if said is not None:
            await self._desk.said(said)

    async def link(self, update: Update, context: Context) -> None:
        """Connect the group, and say what came of it."""
        message = update.effective_message
        asked = None if message is None else reading.group_link_in(message, _key(update, context), _code(context))
        if message is not None and asked is not None:
            await _answer(message, await self._desk.link_group(asked))

    async def private(self, update: Update, context: Context) -> None:
        """Connect a staff account, or say whose bot this is."""
        message = update.effective_message
        asked = None if message is None else reading.staff_link_in(message, _key(update, context), _code(context))
        if message is not None and asked is not None:
            await _answer(message, await self._desk.link_staff(asked))

    async def standing(self, update: Update, context: Context) -> None:
        """Heed that the bot was added, made admin, or is so no more."""
        changed = update.my_chat_member
        if changed is not None and changed.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
            await self._desk.group_changed(
                GroupChanged(update_id=_key(update, context), group=changed.chat.id, change=GroupChange.STANDING)
            )

    async def group_changed(self, update: Update, context: Context) -> None:
        """Heed that the group moved, was renamed, or has no topics."""
        message = update.effective_message
        if message is not None:
            await self._desk.group_changed(reading.group_change_in(message, _key(update, context)))

    async def topic_changed(self, update: Update, context: Context) -> None:
        """Heed what a person did to a topic."""
        message = update.effective_message
        changed = None if message is None else reading.topic_change_in(message, _key(update, context))
        if changed is not None:
            await self._desk.topic_changed(changed)


def _key(update: Update, context: Context) -> str:
    """Name an update as nobody else's."""
    return f"{context.bot.id}:{update.update_id}"


def _code(context: Context) -> str:
    """The first word after a command; nothing where there was no command."""
    return context.args[0] if context.args else ""


async def _answer(message: Message, text: str) -> None:
    """Say what came of a code. It had its effect already, so an answer that is lost is not worth a repeat."""
    if text:
        with contextlib.suppress(TelegramError):
            await message.reply_text(text, do_quote=False)
