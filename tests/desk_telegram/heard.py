"""A desk that writes down what it is told, and raw updates as Telegram words them."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.services.topic_ports import (
    GroupChanged,
    GroupLinkAsked,
    StaffLinkAsked,
    TopicChanged,
    TopicPressed,
    TopicSaid,
)

Heard: TypeAlias = TopicSaid | TopicPressed | GroupLinkAsked | StaffLinkAsked | GroupChanged | TopicChanged

GROUP = -1001
TOPIC = 5
STAFF = 4
FORUM: dict[str, Any] = {"id": GROUP, "type": "supergroup", "title": "Desk", "is_forum": True}
MEMBER: dict[str, Any] = {"id": STAFF, "is_bot": False, "first_name": "Sam", "language_code": "fr-CA"}
PRIVATE: dict[str, Any] = {"id": STAFF, "type": "private", "first_name": "Sam"}
IN_TOPIC: dict[str, Any] = {"is_topic_message": True, "message_thread_id": TOPIC}


@dataclass(kw_only=True)
class Desk:
    """The desk. answer: to codes and taps; fails: raised over anything that is told."""

    heard: list[Heard] = field(default_factory=list)
    answer: str = ""
    fails: Exception | None = None

    async def said(self, said: TopicSaid) -> None:
        """Hear what was written."""
        self._hear(said)

    async def pressed(self, pressed: TopicPressed) -> str:
        """Hear a press."""
        self._hear(pressed)
        return self.answer

    async def link_group(self, asked: GroupLinkAsked) -> str:
        """Hear a code in a group."""
        self._hear(asked)
        return self.answer

    async def link_staff(self, asked: StaffLinkAsked) -> str:
        """Hear what was written in private."""
        self._hear(asked)
        return self.answer

    async def group_changed(self, changed: GroupChanged) -> None:
        """Hear of a group."""
        self._hear(changed)

    async def topic_changed(self, changed: TopicChanged) -> None:
        """Hear of a topic."""
        self._hear(changed)

    def _hear(self, told: Heard) -> None:
        if self.fails is not None:
            raise self.fails
        self.heard.append(told)


def message(**more: object) -> dict[str, Any]:
    """Word a message of a member in the group."""
    return {"message_id": 8, "date": 1_700_000_000, "chat": FORUM, "from": MEMBER, **more}


def said(**more: object) -> dict[str, Any]:
    """Word an update: a member wrote into the topic."""
    return {"update_id": 1, "message": message(**IN_TOPIC, **more)}


def command(text: str, **more: object) -> dict[str, Any]:
    """Word an update: a member sent a command."""
    length = len(text.split(maxsplit=1)[0])
    return {
        "update_id": 1,
        "message": message(text=text, entities=[{"type": "bot_command", "offset": 0, "length": length}], **more),
    }


def tapped(held: dict[str, Any]) -> dict[str, Any]:
    """Word an update: a member pressed a button below a message."""
    return {
        "update_id": 1,
        "callback_query": {"id": "17", "from": MEMBER, "chat_instance": "1", "data": "take:1", "message": held},
    }
