"""The messenger itself: accounts and rooms, who is told of what happens, and where that is checked.

Every update and every answer passes here, and is compared with the published types; what differs is a violation.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from tests.botapi.errors import (
    BLOCKED,
    CHAT_NOT_FOUND,
    DEACTIVATED,
    KICKED,
    NEVER_STARTED,
    NO_MEMBER,
    migrated,
)
from tests.botapi.faults import Fault, Limits
from tests.botapi.files import Shelf
from tests.botapi.inbox import Inbox
from tests.botapi.model import (
    Account,
    GroupRoom,
    Json,
    Message,
    PrivateRoom,
    Room,
    RoomKind,
    Standing,
)
from tests.botapi.schema import Kind, published


@dataclass(kw_only=True, eq=False)
class BotAccount:
    """A bot with its token. sees_all: its privacy mode is off, so that it reads along in groups."""

    account: Account
    token: str
    inbox: Inbox
    sees_all: bool = False
    is_revoked: bool = False
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    private_ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def id(self) -> int:
        """Its id."""
        return self.account.id

    def shown(self) -> Json:
        """Show as getMe shows it."""
        about = {
            "can_join_groups": True,
            "can_read_all_group_messages": self.sees_all,
            "supports_inline_queries": False,
        }
        return self.account.shown() | about


@dataclass(kw_only=True)
class Press:
    """A press on an inline button. answer: the words the bot answered with, "" for none, None while unanswered."""

    id: str
    by: Account
    message: Message
    data: str
    at: datetime
    answer: str | None = None
    is_alert: bool = False
    is_expired: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call as it came. outcome: "ok", or the error's description, or the trouble it met."""

    bot: str
    method: str
    params: Json
    outcome: str
    at: float


@dataclass(kw_only=True)
class Hub:
    """All there is. checks: off for benchmarks. latency: seconds that each call takes."""

    now: Callable[[], datetime]
    checks: bool = True
    latency: float = 0.0
    bots: dict[str, BotAccount] = field(default_factory=dict)
    people: dict[int, Account] = field(default_factory=dict)
    private: dict[tuple[int, int], PrivateRoom] = field(default_factory=dict)
    groups: dict[int, GroupRoom] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=Shelf)
    faults: list[Fault] = field(default_factory=list)
    limits: Limits | None = None
    calls: list[Call] = field(default_factory=list)
    call_count: int = 0
    violations: list[str] = field(default_factory=list)
    watchers: set["asyncio.Future[None]"] = field(default_factory=set)
    listeners: list[Callable[[Message], None]] = field(default_factory=list)
    version: int = 0

    def seconds(self) -> int:
        """Tell the time as the Bot API tells it."""
        return int(self.now().timestamp())

    def check(self, kind: Kind, value: object, path: str) -> None:
        """Note what is not as published."""
        if self.checks:
            self.violations.extend(published().problems(kind, value, path))

    def changed(self) -> None:
        """Wake whoever waits for something to be seen."""
        for watcher in self.watchers:
            if not watcher.done():
                watcher.set_result(None)
        self.watchers.clear()

    async def next_change(self) -> None:
        """Wait until something changes."""
        watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.watchers.add(watcher)
        try:
            await watcher
        finally:
            self.watchers.discard(watcher)

    def tell(self, bot: BotAccount, kind: str, body: Json) -> None:
        """Let a bot know of something."""
        update = bot.inbox.put(kind, body)
        if update is not None:
            self.check(Kind(choices=("Update",)), update, "update")

    def private_room(self, bot: BotAccount, person: Account) -> PrivateRoom:
        """Give the chat of a person with a bot."""
        key = (bot.id, person.id)
        if key not in self.private:
            self.private[key] = PrivateRoom(id=person.id, kind=RoomKind.PRIVATE, ids=bot.private_ids, person=person)
        return self.private[key]

    def room_for(self, bot: BotAccount, chat_id: object) -> Room:
        """Find the chat a bot names, where it may act. Raises ApiError."""
        if isinstance(chat_id, int) and chat_id < 0:
            return self._group_for(bot, chat_id)
        person = self.people.get(chat_id) if isinstance(chat_id, int) else None
        if person is None:
            raise CHAT_NOT_FOUND
        room = self.private_room(bot, person)
        if person.is_deactivated:
            raise DEACTIVATED
        if not room.is_open:
            raise NEVER_STARTED
        if room.is_blocked:
            raise BLOCKED
        return room

    def _group_for(self, bot: BotAccount, chat_id: int) -> GroupRoom:
        group = self.groups.get(chat_id)
        if group is None:
            raise CHAT_NOT_FOUND
        if group.moved_to is not None:
            raise migrated(group.moved_to.id)
        standing = group.membership(bot.account).standing
        if standing is Standing.KICKED:
            raise KICKED
        if standing is Standing.LEFT:
            raise NO_MEMBER
        return group

    def add_message(self, message: Message) -> Message:
        """Keep a message, and tell the bots that are to know of it. A bot never hears another bot, nor itself."""
        message.room.messages[message.id] = message
        message.version = self.version = self.version + 1
        if not message.sender.is_bot:
            for bot in self.hearers(message):
                self.tell(bot, "message", message.shown(bot.id, self.shelf))
        for listener in self.listeners:
            listener(message)
        self.changed()
        return message

    def edit_message(self, message: Message) -> None:
        """Tell of an edit."""
        message.edited_at = self.seconds()
        message.version = self.version = self.version + 1
        if not message.sender.is_bot:
            for bot in self.hearers(message):
                self.tell(bot, "edited_message", message.shown(bot.id, self.shelf))
        for listener in self.listeners:
            listener(message)
        self.changed()

    def hearers(self, message: Message) -> Iterator[BotAccount]:
        """Name the bots that a message reaches."""
        for bot in self.bots.values():
            room = message.room
            if isinstance(room, PrivateRoom):
                if self.private.get((bot.id, room.person.id)) is room and not room.is_blocked:
                    yield bot
            elif isinstance(room, GroupRoom) and self._reads_along(bot, room, message):
                yield bot

    def _reads_along(self, bot: BotAccount, group: GroupRoom, message: Message) -> bool:
        standing = group.membership(bot.account).standing
        if standing in {Standing.LEFT, Standing.KICKED}:
            return False
        if bot.sees_all or standing is Standing.ADMINISTRATOR:
            return True
        answers = message.reply_to is not None and message.reply_to.sender is bot.account
        return answers or message.text.startswith("/") or "text" not in message.content

    def bot_of(self, token: str) -> BotAccount | None:
        """Find a bot by its token, unless that was revoked."""
        bot = self.bots.get(token)
        return None if bot is None or bot.is_revoked else bot

    def new_press(self, by: Account, message: Message, data: str) -> Press:
        """Keep a press."""
        press = Press(id=str(secrets.randbits(62)), by=by, message=message, data=data, at=self.now())
        self.presses[press.id] = press
        return press

    def fault_for(self, method: str, params: Json) -> Fault | None:
        """Find the trouble that a call meets, and count it."""
        fault = next((each for each in self.faults if each.fits(method, params)), None)
        if fault is not None:
            fault.met += 1
        return fault

    def note(self, bot: str, method: str, params: Json, outcome: str) -> None:
        """Keep a call for whoever asks later; in benchmarks only their number."""
        self.call_count += 1
        if self.checks:
            at = asyncio.get_running_loop().time()
            self.calls.append(Call(bot=bot, method=method, params=params, outcome=outcome, at=at))
            self.changed()
