"""Owns how members are called by name below a message: by their account, so that it notifies them.

Invariant: positions count UTF-16 units, as Telegram does (core.telegram.org/bots/api#messageentity).
"""

from telegram import MessageEntity, User

from bot.services.topic_ports import TopicMessage

BETWEEN = ", "


def with_mentions(message: TopicMessage) -> tuple[str, list[MessageEntity] | None]:
    """The text with a last line that calls members, and where it does; None where nobody is called."""
    if not message.mentions:
        return message.text, None
    text, entities = message.text + "\n", []
    for place, mention in enumerate(message.mentions):
        text += BETWEEN if place else ""
        user = User(id=mention.user_id, first_name=mention.name, is_bot=False)
        at, length = _units(text), _units(mention.name)
        entities.append(MessageEntity(MessageEntity.TEXT_MENTION, at, length, user=user))
        text += mention.name
    return text, entities


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
