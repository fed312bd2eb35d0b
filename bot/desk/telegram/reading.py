"""Reads updates of the library as what happened at the desk; judges nothing, and keeps what is not for us out.

A topic is what Telegram marks as one: outside forums a thread is a mere chain of replies.
"""

from telegram import CallbackQuery, Message, User
from telegram.constants import MessageEntityType

from bot.desk.telegram.files import files_of
from bot.services.topic_ports import (
    GroupChange,
    GroupChanged,
    GroupLinkAsked,
    StaffLinkAsked,
    TopicChange,
    TopicChanged,
    TopicPressed,
    TopicSaid,
)
from flows.vocabulary import Language


def said_in(message: Message, key: str) -> TopicSaid | None:
    """Read what somebody wrote; None where no member of the group did, or it was a command to another bot.

    A sticker, a place, a poll and the like come as neither text nor file.
    """
    user = message.from_user
    if user is None or message.is_automatic_forward or (user.is_bot and message.sender_chat is None):
        # Somebody who writes as the group itself comes as a bot, too, and shall learn that nobody can tell who it is.
        return None
    command = _command_in(message)
    if command is not None and _is_for_another_bot(command, message):
        return None
    return TopicSaid(
        update_id=key,
        group=message.chat_id,
        topic=topic_of(message),
        user_id=user.id,
        message_id=message.message_id,
        text=message.text or message.caption or "",
        files=files_of(message),
        edited=message.edit_date is not None,
        is_command=command is not None,
    )


def pressed_in(query: CallbackQuery, key: str) -> TopicPressed | None:
    """Read a press; None where the button is none of ours. Of an old message the topic is not told."""
    message = query.message
    if message is None or query.data is None:
        return None
    return TopicPressed(
        update_id=key,
        group=message.chat.id,
        topic=topic_of(message) if isinstance(message, Message) else None,
        user_id=query.from_user.id,
        message_id=message.message_id,
        payload=query.data,
    )


def group_link_in(message: Message, key: str, code: str) -> GroupLinkAsked | None:
    """Read `/link <code>` in a group."""
    user = message.from_user
    if user is None:
        return None
    return GroupLinkAsked(
        update_id=key,
        group=message.chat_id,
        title=message.chat.title or "",
        is_forum=bool(message.chat.is_forum),
        user_id=user.id,
        language=language_of(user),
        code=code,
    )


def staff_link_in(message: Message, key: str, code: str) -> StaffLinkAsked | None:
    """Read what somebody wrote in private; code: of `/start <code>`."""
    user = message.from_user
    if user is None:
        return None
    return StaffLinkAsked(update_id=key, user_id=user.id, language=language_of(user), code=code)


def group_change_in(message: Message, key: str) -> GroupChanged:
    """Read from a message what became of its group."""
    if message.migrate_to_chat_id is not None:
        return GroupChanged(
            update_id=key, group=message.chat_id, change=GroupChange.MOVED, moved_to=message.migrate_to_chat_id
        )
    if message.migrate_from_chat_id is not None:
        return GroupChanged(
            update_id=key, group=message.migrate_from_chat_id, change=GroupChange.MOVED, moved_to=message.chat_id
        )
    return GroupChanged(update_id=key, group=message.chat_id, change=GroupChange.FORUM)


def topic_change_in(message: Message, key: str) -> TopicChanged | None:
    """Read from a message what a person did to its topic; None where nobody did."""
    change, topic, user = _topic_change(message), topic_of(message), message.from_user
    if change is None or topic is None or user is None or user.id == message.get_bot().id:
        return None
    return TopicChanged(update_id=key, group=message.chat_id, topic=topic, user_id=user.id, change=change)


def topic_of(message: Message) -> int | None:
    """Tell the topic a message stands in; None: the general one."""
    return message.message_thread_id if message.is_topic_message else None


def language_of(user: User) -> Language | None:
    """Tell which language somebody reads, as far as we speak it."""
    first = (user.language_code or "").partition("-")[0].lower()
    return next((language for language in Language if language.value == first), None)


def _command_in(message: Message) -> str | None:
    """The command a message begins with, as it was written."""
    first = message.entities[0] if message.entities else None
    if first is None or first.type != MessageEntityType.BOT_COMMAND or first.offset:
        return None
    return message.parse_entity(first)


def _is_for_another_bot(command: str, message: Message) -> bool:
    name = command.partition("@")[2]
    return bool(name) and name.lower() != message.get_bot().username.lower()


def _topic_change(message: Message) -> TopicChange | None:
    if message.forum_topic_closed is not None:
        return TopicChange.CLOSED
    if message.forum_topic_reopened is not None:
        return TopicChange.REOPENED
    return TopicChange.RENAMED if message.forum_topic_edited is not None else None
