"""A Bot API server for tests: real HTTP, a small messenger behind it, and people who write, press and look.

`async with bot_api() as api:` serves on loopback; README.md in this folder shows the rest.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.clocks import SystemClock
from tests.botapi.errors import ApiError
from tests.botapi.faults import Fault, Limits, Trouble
from tests.botapi.groups import Group
from tests.botapi.hub import BotAccount, Call, Hub
from tests.botapi.inbox import Inbox
from tests.botapi.model import Account, GroupRoom, Json, Membership, RoomKind, Standing
from tests.botapi.people import Person
from tests.botapi.rooms import new_token
from tests.botapi.server import application, serving
from tests.botapi.webhooks import Postman

FIRST_BOT = 7_000_000_001
FIRST_PERSON = 5_000_000_001
FIRST_GROUP = 1_000_000_000_001
FIRST_UPDATE = 410_000_001
MOST_FIRST = 1_000_000
"""By so much all of these may begin later: an update's number stays within 31 bits."""


@dataclass(kw_only=True)
class BotApi:
    """The server as tests hold it. base: its address, for `TelegramAPIServer.from_base` and `base_url`."""

    hub: Hub
    base: str
    postman: Postman
    numbers: "count[int]" = field(default_factory=count)

    def bot(self, username: str, *, sees_all: bool = False) -> BotAccount:
        """Make a bot; its token is `.token`. sees_all: it reads all that is written in its groups."""
        number = FIRST_BOT + next(self.numbers)
        account = Account(id=number, first_name=username, username=username, is_bot=True)
        inbox = Inbox(next_id=FIRST_UPDATE + 1000 * next(self.numbers))
        bot = BotAccount(account=account, token=new_token(number), inbox=inbox, sees_all=sees_all)
        self.hub.bots[bot.token] = bot
        self.postman.watch(bot)
        return bot

    def person(self, name: str, *, language: str | None = "en", phone: str | None = None) -> Person:
        """Make a person. language: as the messenger hints at it; phone: with "+"."""
        account = Account(id=FIRST_PERSON + next(self.numbers), first_name=name, language_code=language, phone=phone)
        self.hub.people[account.id] = account
        return Person(hub=self.hub, account=account)

    def group(self, title: str, owner: Person, *, kind: RoomKind = RoomKind.SUPERGROUP) -> Group:
        """Make a group; a supergroup has topics from the start (`switch_topics`), a basic group has none."""
        is_super = kind is RoomKind.SUPERGROUP
        number = FIRST_GROUP + next(self.numbers) if is_super else 4_000_000 + next(self.numbers)
        room = GroupRoom(id=-number, kind=kind, ids=count(2), title=title, is_forum=is_super)
        room.members[owner.id] = Membership(account=owner.account, standing=Standing.CREATOR)
        self.hub.groups[room.id] = room
        return Group(hub=self.hub, room=room, owner=owner.account)

    @property
    def calls(self) -> list[Call]:
        """Every call so far (none in lean mode)."""
        return self.hub.calls

    def calls_of(self, method: str) -> list[Call]:
        """List the calls of one method."""
        return [each for each in self.hub.calls if each.method.lower() == method.lower()]

    @property
    def violations(self) -> list[str]:
        """What was not as published, on either side."""
        return self.hub.violations

    def fault(
        self, meets: Trouble | ApiError, *, method: str | None = None, chat: int | None = None, times: float = 1
    ) -> Fault:
        """Let the next calls meet a trouble or an error answer. times: `math.inf` for all; method "download": files."""
        fault = Fault(meets=meets, method=method, chat=chat, times=times)
        self.hub.faults.append(fault)
        return fault

    def heal(self) -> None:
        """Take all troubles away."""
        self.hub.faults.clear()

    def limit(self, limits: Limits | None = None) -> Limits:
        """Switch the limits of sending on, the messenger's usual ones if none are given."""
        self.hub.limits = limits or Limits()
        return self.hub.limits

    def set_latency(self, seconds: float) -> None:
        """Let each call take so long."""
        self.hub.latency = seconds

    def inject(self, bot: BotAccount, body: Json) -> Json:
        """Let an update of any shape come, such as one that no library can read; gives it with its update_id."""
        update = {"update_id": bot.inbox.next_id, **body}
        bot.inbox.next_id += 1
        bot.inbox.add(update)
        return update

    def repeat(self, bot: BotAccount, back: int = 1) -> Json:
        """Deliver again one of the updates delivered last."""
        update = bot.inbox.delivered[-back]
        bot.inbox.echo(update)
        return update

    def hold(self, bot: BotAccount) -> None:
        """Keep updates back."""
        bot.inbox.held = []

    def release_reversed(self, bot: BotAccount) -> None:
        """Deliver what was kept back, the last first."""
        held, bot.inbox.held = bot.inbox.held or [], None
        for update in reversed(held):
            bot.inbox.add(update)

    async def until_call(self, method: str, times: int = 1, seconds: float = 5.0) -> Call:
        """Wait until a method was called so often; gives the last such call."""
        async with asyncio.timeout(seconds):
            while len(self.calls_of(method)) < times:
                await self.hub.next_change()
        return self.calls_of(method)[times - 1]

    async def until_fetched(self, bot: BotAccount, seconds: float = 5.0) -> None:
        """Wait until nothing waits for a bot: it confirmed all updates."""
        async with asyncio.timeout(seconds):
            while bot.inbox.waiting:  # noqa: ASYNC110  # fetching changes nothing that could be waited for
                await asyncio.sleep(0.005)

    def must_be_clean(self) -> None:
        """Fail if anything was not as published."""
        assert self.hub.violations == []


@contextlib.asynccontextmanager
async def bot_api(
    *,
    now: Callable[[], datetime] | None = None,
    lean: bool = False,
    latency: float = 0.0,
    port: int = 0,
    first: int = 0,
) -> AsyncIterator[BotApi]:
    """Serve until the block ends. now: the messenger's clock; lean: nothing is checked or kept, for benchmarks.

    port: on loopback; 0: a free one. first: by so much (0 to MOST_FIRST) the numbers of bots, people, groups, updates
    begin later, so that whoever knew another server does not take this one for it.
    """
    hub = Hub(now=now or SystemClock().now, checks=not lean, latency=latency)
    async with serving(application(hub), port) as base, asyncio.TaskGroup() as nursery:
        postman = Postman(hub=hub, nursery=nursery)
        try:
            yield BotApi(hub=hub, base=base, postman=postman, numbers=count(first))
        finally:
            for bot in hub.bots.values():
                bot.inbox.set_webhook(None, allowed=None)
                bot.inbox.interrupt(ApiError(code=500, description="Internal Server Error: restart"))
            await postman.close()
