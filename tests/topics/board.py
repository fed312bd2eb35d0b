"""A forum group in memory, at the edge of the world: it shows what was posted, and fails as it is told.

It counts what appears in each minute and shows a repeated message twice, so that a blind repeat would be seen.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from bot.services.topic_ports import (
    CardGoneError,
    GroupState,
    NoForumError,
    NotAdminError,
    TopicClosedError,
    TopicGoneError,
    TopicMessage,
    TopicState,
)
from tests.world import MONDAY_MORNING

GROUP = -1001


@dataclass(kw_only=True)
class Posted:
    """A message of ours in the group."""

    id: int
    topic: int | None
    message: TopicMessage
    edits: int = 0

    @property
    def text(self) -> str:
        """What it says."""
        return self.message.text

    @property
    def labels(self) -> list[str]:
        """Its buttons."""
        return [button.label for row in self.message.rows for button in row]

    def payload(self, label: str) -> str:
        """What the button with this label carries."""
        return next(button.payload for row in self.message.rows for button in row if button.label == label)


@dataclass(kw_only=True)
class Room:
    """A topic."""

    id: int
    title: str
    state: TopicState
    closed: bool = False


@dataclass(kw_only=True)
class Trouble:
    """What happens at the next call of a kind. after: the call has its effect all the same."""

    failure: BaseException
    after: bool = False


@dataclass(kw_only=True)
class GroupBoard:
    """The board. troubles: what happens at the next calls of each name. files: what members sent, by id.

    others: by the ids of other groups the bot is in, what it has posted there.
    """

    now: Callable[[], datetime] = lambda: MONDAY_MORNING
    state: GroupState = field(
        default_factory=lambda: GroupState(chat_id=GROUP, title="Desk", is_forum=True, may_manage=True, may_delete=True)
    )
    rooms: dict[int, Room] = field(default_factory=dict)
    posts: list[Posted] = field(default_factory=list)
    troubles: dict[str, deque[Trouble]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    others: dict[int, list[str]] = field(default_factory=dict)
    calls: list[tuple[str, datetime]] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=lambda: count(10))

    def fails(self, call: str, failure: BaseException, *, times: int = 1, after: bool = False) -> None:
        """Let the next calls fail; after: they have their effect all the same."""
        self.troubles.setdefault(call, deque()).extend([Trouble(failure=failure, after=after)] * times)

    def stands(self, *, is_forum: bool = True, may_manage: bool = True, may_delete: bool = True) -> None:
        """Let the group stand otherwise."""
        self.state = replace(self.state, is_forum=is_forum, may_manage=may_manage, may_delete=may_delete)

    def moves(self, chat_id: int) -> None:
        """Let the group have another id."""
        self.state = replace(self.state, chat_id=chat_id)

    def room(self, state: TopicState | None = None) -> Room:
        """The one topic there is, or the one that stands so."""
        (found,) = [room for room in self.rooms.values() if state in {None, room.state}]
        return found

    def shown(self, room: Room | None) -> list[Posted]:
        """What stands in a topic; None: in the general one."""
        return [post for post in self.posts if post.topic == (room.id if room else None)]

    def card(self, room: Room | None = None) -> Posted:
        """The card of a topic: the one message with buttons, or the first."""
        return self.shown(room or self.room())[0]

    def said(self, room: Room | None = None) -> str:
        """All that stands below the card."""
        return "\n".join(post.text for post in self.shown(room or self.room())[1:])

    def busiest_minute(self) -> int:
        """How many calls made something appear in the busiest minute."""
        loud = [at for name, at in self.calls if name in {"open_topic", "post", "show_state"}]
        return max((sum(begin <= at < begin + timedelta(minutes=1) for at in loud) for begin in loud), default=0)

    async def look(self, group: int) -> GroupState:
        """Tell how the group stands."""
        self._call("look", group)
        return self.state

    async def open_topic(self, group: int, title: str, state: TopicState) -> int:
        """Open a topic."""
        after = self._call("open_topic", group)
        room = Room(id=next(self.ids), title=title, state=state)
        self.rooms[room.id] = room
        _raise(after)
        return room.id

    async def show_state(self, group: int, topic: int, title: str, state: TopicState) -> None:
        """Give a topic its title and icon."""
        after = self._call("show_state", group)
        room = self._room(topic)
        room.title, room.state = title, state
        _raise(after)

    async def close_topic(self, group: int, topic: int) -> None:
        """Close a topic."""
        self._call("close_topic", group)
        self._room(topic).closed = True

    async def reopen_topic(self, group: int, topic: int) -> None:
        """Open it again."""
        self._call("reopen_topic", group)
        self._room(topic).closed = False

    async def delete_topic(self, group: int, topic: int) -> None:
        """Delete a topic with everything in it."""
        self._call("delete_topic", group)
        self._room(topic)
        self.rooms.pop(topic)
        self.posts = [post for post in self.posts if post.topic != topic]

    async def post(self, group: int, topic: int | None, message: TopicMessage) -> int:
        """Post a message."""
        if group in self.others:
            self.others[group].append(message.text)
            return next(self.ids)
        after = self._call("post", group)
        if topic is not None and self._room(topic).closed:
            raise TopicClosedError
        limit = 4096 if message.file is None else 1024
        assert len(message.text.encode("utf-16-le")) // 2 <= limit
        posted = Posted(id=next(self.ids), topic=topic, message=message)
        self.posts.append(posted)
        _raise(after)
        return posted.id

    async def edit(self, group: int, message_id: int, message: TopicMessage) -> None:
        """Change a message."""
        after = self._call("edit", group)
        found = [post for post in self.posts if post.id == message_id]
        if not found:
            raise CardGoneError
        found[0].message, found[0].edits = message, found[0].edits + 1
        _raise(after)

    async def load(self, file_id: str) -> bytes:
        """Download a file."""
        self._call("load", self.state.chat_id)
        return self.files[file_id]

    def _call(self, name: str, group: int) -> BaseException | None:
        """Count a call; what fails after it had its effect is raised by the call itself."""
        self.calls.append((name, self.now()))
        waiting = self.troubles.get(name)
        trouble = waiting.popleft() if waiting else None
        if trouble is not None and not trouble.after:
            raise trouble.failure
        if group != self.state.chat_id:
            raise NotAdminError
        if name != "look" and not self.state.may_manage:
            raise NotAdminError
        if name not in {"look", "load"} and not self.state.is_forum:
            raise NoForumError
        return None if trouble is None else trouble.failure

    def _room(self, topic: int) -> Room:
        if topic not in self.rooms:
            raise TopicGoneError
        return self.rooms[topic]


def _raise(after: BaseException | None) -> None:
    if after is not None:
        raise after
