"""Owns the forum group as the desk uses it: topics opened and shown, messages posted and edited, files fetched.

Nothing but a BoardError leaves; that nothing had to be changed is a success. What was meant for a topic never stays in
the main chat, where Telegram puts it once topics are switched off.
"""

import contextlib

from telegram import ChatMemberAdministrator, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.desk.telegram import files
from bot.desk.telegram.client import DeskClient
from bot.desk.telegram.failures import as_board_errors, as_errors_of_asking, unchanged_is_done
from bot.desk.telegram.icons import Icons
from bot.desk.telegram.mentions import with_mentions
from bot.desk.telegram.request import RefusedByTelegramError
from bot.services.ports import OutgoingFile
from bot.services.topic_ports import GroupState, NoForumError, TopicMessage, TopicState

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""No server fetches an address a patient wrote."""
NO_PHOTO = ("photo_", "image_process_failed")
"""Refusals of a picture as a photo: its sides, its shape, its inside. It goes as a document, as it is."""


class ForumBoard:
    """A board on Telegram."""

    def __init__(self, client: DeskClient) -> None:
        """Use a connection; the icons are asked for when first needed."""
        self._client = client
        self._icons = Icons(client)

    async def look(self, group: int) -> GroupState:
        """Tell how the group stands."""
        with as_errors_of_asking():
            chat = await self._client.get_chat(group)
            member = await self._client.get_chat_member(group, self._client.account)
        rights = member if isinstance(member, ChatMemberAdministrator) else None
        owns = member.status == ChatMemberStatus.OWNER
        return GroupState(
            chat_id=chat.id,
            title=chat.title or "",
            is_forum=bool(chat.is_forum),
            may_manage=owns or (rights is not None and bool(rights.can_manage_topics)),
            may_delete=owns or (rights is not None and rights.can_delete_messages),
        )

    async def open_topic(self, group: int, title: str, state: TopicState) -> int:
        """Open a topic; returns its id."""
        icon = await self._icon(state)
        with as_board_errors():
            topic = await self._client.create_forum_topic(group, title, icon_custom_emoji_id=icon)
        return topic.message_thread_id

    async def show_state(self, group: int, topic: int, title: str, state: TopicState) -> None:
        """Give a topic its title and icon."""
        icon = await self._icon(state)
        with as_board_errors(), unchanged_is_done():
            # An empty icon takes away the one of the state before.
            await self._client.edit_forum_topic(group, topic, name=title, icon_custom_emoji_id=icon or "")

    async def close_topic(self, group: int, topic: int) -> None:
        """Close a topic; one that is closed already stays so."""
        with as_board_errors(), unchanged_is_done():
            await self._client.close_forum_topic(group, topic)

    async def reopen_topic(self, group: int, topic: int) -> None:
        """Open a closed topic again; one that is open already stays so."""
        with as_board_errors(), unchanged_is_done():
            await self._client.reopen_forum_topic(group, topic)

    async def delete_topic(self, group: int, topic: int) -> None:
        """Delete a topic with everything in it; TopicGoneError if somebody did already."""
        with as_board_errors():
            await self._client.delete_forum_topic(group, topic)

    async def post(self, group: int, topic: int | None, message: TopicMessage) -> int:
        """Post into a topic, or into the general one; returns the message's id."""
        with as_board_errors():
            if message.file is None:
                text, mentions = with_mentions(message)
                posted = await self._client.send_message(
                    group,
                    text,
                    entities=mentions,
                    message_thread_id=topic,
                    reply_markup=_keyboard(message),
                    link_preview_options=NO_PREVIEW,
                    disable_notification=message.quiet,
                )
            else:
                posted = await self._post_file(group, topic, message, message.file)
        if topic is not None and not posted.is_topic_message:
            await self._take_back(posted)
            raise NoForumError("it went to the main chat")
        return posted.message_id

    async def edit(self, group: int, message_id: int, message: TopicMessage) -> None:
        """Change a message of ours; of one with a file, its caption: the file stays."""
        with as_board_errors(), unchanged_is_done():
            if message.file is None:
                await self._client.edit_message_text(
                    message.text,
                    chat_id=group,
                    message_id=message_id,
                    reply_markup=_keyboard(message),
                    link_preview_options=NO_PREVIEW,
                )
            else:
                await self._client.edit_message_caption(
                    chat_id=group, message_id=message_id, caption=message.text, reply_markup=_keyboard(message)
                )

    async def load(self, file_id: str) -> bytes:
        """Download a file staff sent, at most 20 MB."""
        return await files.download(self._client, file_id)

    async def _icon(self, state: TopicState) -> str | None:
        with as_errors_of_asking():
            return await self._icons.of(state)

    async def _post_file(self, group: int, topic: int | None, message: TopicMessage, file: OutgoingFile) -> Message:
        keyboard = _keyboard(message)
        caption = message.text or None
        if files.is_photo(file.media_type, file.content):
            try:
                return await self._client.send_photo(
                    group,
                    file.content,
                    caption=caption,
                    message_thread_id=topic,
                    reply_markup=keyboard,
                    filename=file.name,
                )
            except RefusedByTelegramError as refused:
                if not any(word in refused.description.lower() for word in NO_PHOTO):
                    raise
        if file.media_type == "audio/ogg":
            return await self._client.send_voice(
                group, file.content, caption=caption, message_thread_id=topic, reply_markup=keyboard, filename=file.name
            )
        return await self._client.send_document(
            group, file.content, caption=caption, message_thread_id=topic, reply_markup=keyboard, filename=file.name
        )

    async def _take_back(self, posted: Message) -> None:
        with contextlib.suppress(TelegramError):
            await self._client.delete_message(posted.chat_id, posted.message_id)


def _keyboard(message: TopicMessage) -> InlineKeyboardMarkup | None:
    if not message.rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.payload) for button in row] for row in message.rows]
    )
