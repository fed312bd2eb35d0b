"""The messenger's world as data: accounts, rooms, topics, messages; and how a bot is shown each of them.

What a bot is shown is made anew each time, so that a change shows everywhere. No rule stands here.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

from tests.botapi.files import MediaKind, Shelf, StoredFile

Json = dict[str, Any]


@dataclass(kw_only=True, eq=False)
class Account:
    """Somebody who has a telephone number, or a bot. language_code: a hint that is not always there."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    phone: str | None = None
    is_bot: bool = False
    is_deactivated: bool = False

    def shown(self) -> Json:
        """Show as a User."""
        fields: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        rest = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        return fields | {name: value for name, value in rest.items() if value is not None}


class RoomKind(StrEnum):
    """What a chat is."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class Standing(StrEnum):
    """What somebody is in a group, by the word of the Bot API."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


class Right(StrEnum):
    """What an administrator of a group may do, as far as it matters here."""

    MANAGE_TOPICS = "can_manage_topics"
    DELETE_MESSAGES = "can_delete_messages"
    PIN_MESSAGES = "can_pin_messages"


ALL_RIGHTS = frozenset(Right)


@dataclass(kw_only=True)
class Membership:
    """How somebody stands in a group."""

    account: Account
    standing: Standing
    rights: frozenset[Right] = frozenset()

    def may(self, right: Right) -> bool:
        """Whether they may do something."""
        return self.standing is Standing.CREATOR or (self.standing is Standing.ADMINISTRATOR and right in self.rights)

    def shown(self) -> Json:
        """Show as a ChatMember."""
        fields: Json = {"status": self.standing.value, "user": self.account.shown()}
        match self.standing:
            case Standing.CREATOR:
                return fields | {"is_anonymous": False}
            case Standing.KICKED:
                return fields | {"until_date": 0}
            case Standing.ADMINISTRATOR:
                return fields | self._shown_rights()
            case _:
                return fields

    def _shown_rights(self) -> Json:
        always = ("can_manage_chat", "can_change_info", "can_invite_users", "can_restrict_members")
        of_owners = ("can_be_edited", "is_anonymous", "can_promote_members", "can_send_welcome_messages")
        never = (*of_owners, "can_manage_video_chats", "can_post_stories", "can_edit_stories", "can_delete_stories")
        fields = dict.fromkeys(always, True) | dict.fromkeys(never, False)
        return fields | {right.value: right in self.rights for right in Right}


@dataclass(kw_only=True, eq=False)
class Topic:
    """A topic of a forum; id: of the message that began it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str = ""
    created_by: Account
    is_closed: bool = False
    is_deleted: bool = False

    def shown(self) -> Json:
        """Show as a ForumTopic."""
        icon = {"icon_custom_emoji_id": self.icon_custom_emoji_id} if self.icon_custom_emoji_id else {}
        return {"message_thread_id": self.id, "name": self.name, "icon_color": self.icon_color, **icon}


class Access(StrEnum):
    """Whether a message can still be reached: not after it was deleted, nor when it is too old for the bot."""

    OPEN = "open"
    INACCESSIBLE = "inaccessible"
    DELETED = "deleted"


@dataclass(kw_only=True, eq=False)
class Message:
    """A message. content: its fields as published, but for the file; markup: the keyboard that came with it.

    version: grows with each message and edit of the whole messenger, so that later is known from earlier.
    """

    id: int
    room: "Room"
    sender: Account
    date: int
    content: Json
    file: StoredFile | None = None
    details: Json = field(default_factory=dict)
    topic: Topic | None = None
    markup: Json | None = None
    reply_to: "Message | None" = None
    forward_origin: Json | None = None
    edited_at: int | None = None
    access: Access = Access.OPEN
    is_protected: bool = False
    version: int = 0

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    def shown(self, bot_id: int, shelf: Shelf) -> Json:
        """Show as a Message, or as an InaccessibleMessage."""
        if self.access is not Access.OPEN:
            return {"chat": self.room.shown(), "message_id": self.id, "date": 0}
        fields: Json = {
            "message_id": self.id,
            "from": self.sender.shown(),
            "chat": self.room.shown(),
            "date": self.date,
            **self.content,
            **(self._shown_file(bot_id, shelf, self.file) if self.file else {}),
        }
        if self.topic is not None:
            fields |= {"message_thread_id": self.topic.id, "is_topic_message": True}
        if self.markup and "inline_keyboard" in self.markup:
            fields["reply_markup"] = self.markup
        if self.reply_to is not None and self.reply_to.access is Access.OPEN:
            fields["reply_to_message"] = self.reply_to.shown(bot_id, shelf)
            fields["reply_to_message"].pop("reply_to_message", None)
        if self.is_protected:
            fields["has_protected_content"] = True
        rest = {"forward_origin": self.forward_origin, "edit_date": self.edited_at}
        return fields | {name: value for name, value in rest.items() if value is not None}

    def _shown_file(self, bot_id: int, shelf: Shelf, file: StoredFile) -> Json:
        common: Json = {
            "file_id": shelf.id_for(bot_id, file),
            "file_unique_id": file.unique_id,
            "file_size": file.size,
            **self.details,
        }
        match file.kind:
            case MediaKind.PHOTO:
                small = common | {"width": 90, "height": 90, "file_unique_id": f"{file.unique_id}s"}
                return {"photo": [small, common]}
            case MediaKind.STICKER:
                return {"sticker": common}
            case MediaKind.VOICE:
                return {"voice": common | {"mime_type": file.media_type}}
            case _:
                return {file.kind.value: common | {"file_name": file.name, "mime_type": file.media_type}}


@dataclass(kw_only=True, eq=False)
class Room:
    """A chat with its messages; ids: where the ids of its messages come from."""

    id: int
    kind: RoomKind
    ids: "count[int]"
    messages: dict[int, Message] = field(default_factory=dict)

    def shown(self) -> Json:
        """Show as a Chat."""
        return {"id": self.id, "type": self.kind.value}

    def open_message(self, message_id: int) -> Message | None:
        """Find a message that can be reached."""
        message = self.messages.get(message_id)
        return message if message is not None and message.access is Access.OPEN else None


@dataclass(kw_only=True, eq=False)
class PrivateRoom(Room):
    """The chat of one person with one bot. is_open: the person has started it at least once."""

    person: Account
    is_open: bool = False
    is_blocked: bool = False

    def shown(self) -> Json:
        """Show as a Chat."""
        names = {
            key: value for key, value in self.person.shown().items() if key in {"first_name", "last_name", "username"}
        }
        return super().shown() | names


@dataclass(kw_only=True, eq=False)
class GroupRoom(Room):
    """A group. moved_to: the supergroup it became."""

    title: str
    is_forum: bool = False
    members: dict[int, Membership] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    moved_to: "GroupRoom | None" = None

    def shown(self) -> Json:
        """Show as a Chat."""
        return super().shown() | {"title": self.title} | ({"is_forum": True} if self.is_forum else {})

    def membership(self, account: Account) -> Membership:
        """Tell how somebody stands here."""
        return self.members.get(account.id) or Membership(account=account, standing=Standing.LEFT)
