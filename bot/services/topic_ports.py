"""What the desk in a forum group needs of its messenger: topics, cards, messages; and how that can fail.

An adapter turns every failure of its library into one of the errors below; nothing else may leave its methods.

Longer than other files: what the desk asks of the group and what the group tells the desk are one contract.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from bot.services.ports import OutgoingFile
from flows.vocabulary import Language


class TopicState(StrEnum):
    """How a topic stands, shown by its title and icon."""

    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    URGENT = "urgent"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicButton:
    """A button at the desk; payload: at most 64 bytes."""

    label: str
    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicMention:
    """A member of the group who is called by name, which notifies them; user_id: the messenger's."""

    name: str
    user_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicMessage:
    """A message or card for staff, plain text without markup.

    rows: buttons, row by row. file: sent with the text (at most 1,024 characters then) as its caption. mentions: named
    in a last line after the text. quiet: makes no sound.
    """

    text: str
    rows: tuple[tuple[TopicButton, ...], ...] = ()
    file: OutgoingFile | None = None
    mentions: tuple[TopicMention, ...] = ()
    quiet: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupState:
    """A group as it is. is_forum: topics are switched on. may_manage: the bot is admin and may manage topics.

    may_delete: it may delete messages, without which no topic can be deleted with what stands in it.
    """

    chat_id: int
    title: str
    is_forum: bool
    may_manage: bool
    may_delete: bool = False


class BoardError(Exception):
    """A call did not succeed; the subclass says what is known."""


class TopicGoneError(BoardError):
    """The topic was deleted: open another."""


class TopicClosedError(BoardError):
    """The topic is closed: open it again before anything is posted."""


class CardGoneError(BoardError):
    """The message to be edited is no more, or may not be edited."""


class GroupMovedError(BoardError):
    """The group became a supergroup with another id."""

    def __init__(self, chat_id: int) -> None:
        """Tell the new id."""
        super().__init__("the group moved")
        self.chat_id = chat_id


class NoForumError(BoardError):
    """Topics are switched off in the group."""


class NotAdminError(BoardError):
    """The bot may not do this in the group, or is no member of it any more."""


class BoardBusyError(BoardError):
    """The group, or the bot, is asked to wait."""

    def __init__(self, wait: timedelta) -> None:
        """Say how long."""
        super().__init__("busy")
        self.wait = wait


class BoardRefusedError(BoardError):
    """The messenger refuses this as it is; repeating it is no use."""


class BoardNotReachedError(BoardError):
    """The call surely had no effect; it may be repeated."""


class BoardUnknownError(BoardError):
    """The call may or may not have had its effect."""


class Board(Protocol):
    """A forum group, as its adapter speaks it. Each method raises BoardError."""

    async def look(self, group: int) -> GroupState:
        """Tell how the group stands."""
        ...

    async def open_topic(self, group: int, title: str, state: TopicState) -> int:
        """Open a topic (title: at most 128 characters); returns its id."""
        ...

    async def show_state(self, group: int, topic: int, title: str, state: TopicState) -> None:
        """Give a topic its title and icon."""
        ...

    async def close_topic(self, group: int, topic: int) -> None:
        """Close a topic."""
        ...

    async def reopen_topic(self, group: int, topic: int) -> None:
        """Open a closed topic again."""
        ...

    async def delete_topic(self, group: int, topic: int) -> None:
        """Delete a topic with everything in it, as when a person was erased."""
        ...

    async def post(self, group: int, topic: int | None, message: TopicMessage) -> int:
        """Post into a topic; topic None: the group's general one. Returns the message's id."""
        ...

    async def edit(self, group: int, message_id: int, message: TopicMessage) -> None:
        """Change a message of ours; that nothing changed is no error."""
        ...

    async def load(self, file_id: str) -> bytes:
        """Download a file staff sent, at most 20 MB."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffFile:
    """A file a member of staff sent; file_id: the desk bot's, to be downloaded."""

    file_id: str
    name: str
    media_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicSaid:
    """A member of the group wrote into a topic. edited: they changed what they wrote before under this message id.

    is_command: the messenger takes its first word for a command, which is none of ours.

    update_id: unique, as "<bot id>:<update id>". user_id: who, by the messenger's id; topic None: the general one.
    """

    update_id: str
    group: int
    topic: int | None
    user_id: int
    message_id: int
    text: str
    files: Sequence[StaffFile] = ()
    edited: bool = False
    is_command: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicPressed:
    """A member of the group pressed a button of ours."""

    update_id: str
    group: int
    topic: int | None
    user_id: int
    message_id: int
    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupLinkAsked:
    """Somebody wrote `/link <code>` into a group. code: as it came from outside, "" if it was left out."""

    update_id: str
    group: int
    title: str
    is_forum: bool
    user_id: int
    language: Language | None
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffLinkAsked:
    """Somebody wrote to the desk's bot in private. code: of `/start <code>`, "" for anything else they wrote."""

    update_id: str
    user_id: int
    language: Language | None
    code: str


class GroupChange(StrEnum):
    """What became of a group, or of what the bot may do there.

    STANDING: the bot's own rights or membership. FORUM: topics were switched on or off, or the title changed.
    """

    STANDING = "standing"
    FORUM = "forum"
    MOVED = "moved"


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupChanged:
    """A group, or the bot's standing in it, is not what it was. moved_to: its new id, where it MOVED.

    For all but MOVED, `Board.look` tells how it is now; updates come in any order.
    """

    update_id: str
    group: int
    change: GroupChange
    moved_to: int | None = None


class TopicChange(StrEnum):
    """What a member of the group did to a topic. That one was deleted is told by no update, only by the next call."""

    CLOSED = "closed"
    REOPENED = "reopened"
    RENAMED = "renamed"


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicChanged:
    """A topic was closed, opened again, or given another title or icon, by a person (never by our own bot)."""

    update_id: str
    group: int
    topic: int
    user_id: int
    change: TopicChange


class TopicDesk(Protocol):
    """The desk in forum groups, as its messenger's adapter calls it. Each update has its effect once.

    Raises StorageError in each method: nothing was taken; the messenger may deliver it again. Who may do what is
    judged here, never in the adapter.
    """

    async def said(self, said: TopicSaid) -> None:
        """Take what a member wrote into a topic; in a group that is not linked nothing happens."""
        ...

    async def pressed(self, pressed: TopicPressed) -> str:
        """Take a press, in a moment and without a call to the messenger; whatever the payload.

        Returns what to show whoever pressed, as the answer to the tap: at most 200 characters, "" for nothing.
        """
        ...

    async def link_group(self, asked: GroupLinkAsked) -> str:
        """Connect a group by a one-time code; returns what to answer in the group, "" for nothing."""
        ...

    async def link_staff(self, asked: StaffLinkAsked) -> str:
        """Connect a staff account by a one-time code; returns what to answer, to a stranger whose bot this is."""
        ...

    async def group_changed(self, changed: GroupChanged) -> None:
        """Heed what became of a group."""
        ...

    async def topic_changed(self, changed: TopicChanged) -> None:
        """Heed what was done to a topic."""
        ...
