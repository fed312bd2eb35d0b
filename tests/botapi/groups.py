"""A forum group of staff: its topics, and what tests let its members do there."""

import asyncio
from dataclasses import dataclass

from tests.botapi.entities import found
from tests.botapi.files import MediaKind
from tests.botapi.hub import BotAccount, Hub
from tests.botapi.messages import SIZES
from tests.botapi.model import (
    ALL_RIGHTS,
    Access,
    Account,
    GroupRoom,
    Json,
    Membership,
    Message,
    Right,
    RoomKind,
    Standing,
    Topic,
)
from tests.botapi.people import GUESSED_TYPES, Pressed
from tests.botapi.rooms import forget_topic, join, new_topic, serve_notice
from tests.botapi.seen import PATIENCE, Look, Seen, on_screen, until


@dataclass(kw_only=True)
class Group:
    """A group as its owner sees it. None for a topic means the general one."""

    hub: Hub
    room: GroupRoom
    owner: Account
    mark: int = 0

    @property
    def id(self) -> int:
        """The group's id."""
        return self.room.id

    def add(self, bot: BotAccount, rights: frozenset[Right] | None = ALL_RIGHTS) -> None:
        """Add a bot as administrator with rights, or as a plain member (None)."""
        standing = Standing.MEMBER if rights is None else Standing.ADMINISTRATOR
        join(self.hub, self.room, bot, standing, rights or frozenset(), self.owner)

    def demote(self, bot: BotAccount) -> None:
        """Take a bot's rights."""
        join(self.hub, self.room, bot, Standing.MEMBER, frozenset(), self.owner)

    def kick(self, bot: BotAccount) -> None:
        """Throw a bot out."""
        join(self.hub, self.room, bot, Standing.KICKED, frozenset(), self.owner)

    def member(self, account: Account) -> "Member":
        """Let somebody be a member; gives what they can do."""
        self.room.members.setdefault(account.id, Membership(account=account, standing=Standing.MEMBER))
        return Member(group=self, account=account)

    def switch_topics(self, state: str) -> None:
        """Switch topics "on" or "off"; no bot is told."""
        self.room.is_forum = state == "on"

    def become_supergroup(self) -> "Group":
        """Turn into a supergroup with another id, as when topics are first switched on; gives the new one."""
        new = GroupRoom(
            id=self.room.id - 1_000_000_000_000,
            kind=RoomKind.SUPERGROUP,
            ids=self.room.ids,
            title=self.room.title,
            is_forum=self.room.is_forum,
            members=dict(self.room.members),
            topics=dict(self.room.topics),
        )
        self.hub.groups[new.id] = new
        serve_notice(self.hub, self.room, self.owner, None, {"migrate_to_chat_id": new.id})
        self.room.moved_to = new
        serve_notice(self.hub, new, self.owner, None, {"migrate_from_chat_id": self.room.id})
        return Group(hub=self.hub, room=new, owner=self.owner)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that there are."""
        return tuple(each for each in self.room.topics.values() if not each.is_deleted)

    def topic(self, name: str) -> Topic:
        """Find a topic whose name holds some words."""
        fitting = [each for each in self.topics if name in each.name]
        if not fitting:
            raise AssertionError(f"no topic {name!r}; there are {[each.name for each in self.topics]}")
        return fitting[-1]

    async def until_topic(self, name: str, seconds: float = PATIENCE) -> Topic:
        """Wait for a topic whose name holds some words."""
        async with asyncio.timeout(seconds):
            while not any(name in each.name for each in self.topics):
                await self.hub.next_change()
        return self.topic(name)

    def sees(self, topic: Topic | None = None) -> tuple[Seen, ...]:
        """List what a topic shows, oldest first."""
        return on_screen(each for each in self.room.messages.values() if each.topic is topic)

    async def until_sees(self, text: str, topic: Topic | None = None, seconds: float = PATIENCE) -> Seen:
        """Wait for a message of a bot with `text` in it, in a topic (None: anywhere), since a member's last act."""
        look = Look(messages=self.room.messages, text=text, after=self.mark, topic=topic)
        return await until(self.hub, look, text, seconds)


@dataclass(kw_only=True)
class Member:
    """Somebody in a group."""

    group: Group
    account: Account

    def write(self, topic: Topic | None, text: str, reply_to: int | None = None) -> Message:
        """Write into a topic; reply_to: the id of the message that is answered."""
        entities = found(text)
        content: Json = {"text": text} | ({"entities": entities} if entities else {})
        return self._say(topic, content, self.group.room.messages.get(reply_to) if reply_to is not None else None)

    def send(
        self,
        topic: Topic | None,
        kind: MediaKind,
        content: bytes = b"bytes",
        *,
        name: str = "",
        caption: str = "",
        size: int | None = None,
    ) -> Message:
        """Send a file into a topic. size: lets it be larger than its content."""
        guessed, media_type = GUESSED_TYPES[kind]
        message = self._made(topic, {"caption": caption} if caption else {}, None)
        message.file = self.group.hub.shelf.keep(
            kind, name=name or guessed, media_type=media_type, content=content, size=size
        )
        message.details = SIZES[kind]
        return self._added(message)

    def edit(self, message: Message, text: str) -> None:
        """Change what was written."""
        self.group.mark = self.group.hub.version
        message.content = message.content | {"caption" if message.file else "text": text}
        self.group.hub.edit_message(message)

    def delete(self, message: Message | Seen) -> None:
        """Delete a message; no bot is told."""
        (message.message if isinstance(message, Seen) else message).access = Access.DELETED

    def press(self, label: str, topic: Topic | None = None) -> Pressed:
        """Press a button under the newest message that has it; topic: None looks everywhere."""
        for each in sorted(self.group.room.messages.values(), key=lambda one: -one.version):
            if each.access is Access.DELETED or (topic is not None and each.topic is not topic):
                continue
            for row in (each.markup or {}).get("inline_keyboard", ()):
                for button in row:
                    if button["text"] == label and "callback_data" in button:
                        return self.press_data(each, button["callback_data"])
        raise AssertionError(f"no button {label!r} in the group")

    def press_data(self, message: Message, data: str) -> Pressed:
        """Press with data of one's own making."""
        hub = self.group.hub
        bot = next(each for each in hub.bots.values() if each.account is message.sender)
        self.group.mark = hub.version
        press = hub.new_press(self.account, message, data)
        body = {
            "id": press.id,
            "from": self.account.shown(),
            "message": message.shown(bot.id, hub.shelf),
            "chat_instance": str(message.room.id),
            "data": data,
        }
        hub.tell(bot, "callback_query", body)
        return Pressed(hub=hub, press=press)

    def open_topic(self, name: str) -> Topic:
        """Make a topic."""
        return new_topic(self.group.hub, self.group.room, self.account, name, None, "")

    def rename_topic(self, topic: Topic, name: str) -> None:
        """Rename a topic."""
        topic.name = name
        serve_notice(self.group.hub, self.group.room, self.account, topic, {"forum_topic_edited": {"name": name}})

    def close_topic(self, topic: Topic) -> None:
        """Close a topic."""
        topic.is_closed = True
        serve_notice(self.group.hub, self.group.room, self.account, topic, {"forum_topic_closed": {}})

    def reopen_topic(self, topic: Topic) -> None:
        """Open a closed topic again."""
        topic.is_closed = False
        serve_notice(self.group.hub, self.group.room, self.account, topic, {"forum_topic_reopened": {}})

    def delete_topic(self, topic: Topic) -> None:
        """Delete a topic; no bot is told."""
        forget_topic(self.group.room, topic)

    def _say(self, topic: Topic | None, content: Json, reply_to: Message | None) -> Message:
        return self._added(self._made(topic, content, reply_to))

    def _made(self, topic: Topic | None, content: Json, reply_to: Message | None) -> Message:
        room = self.group.room
        # In a topic, what answers nothing answers the message that began the topic.
        return Message(
            id=next(room.ids),
            room=room,
            sender=self.account,
            date=self.group.hub.seconds(),
            content=content,
            topic=topic,
            reply_to=reply_to or (room.messages.get(topic.id) if topic else None),
        )

    def _added(self, message: Message) -> Message:
        self.group.hub.add_message(message)
        self.group.mark = self.group.hub.version
        return message
