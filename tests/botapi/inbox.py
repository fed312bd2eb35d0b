"""The updates that wait for a bot: numbered, kept until the bot confirms them, fetched by one at a time."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.botapi.errors import POLLED_ELSEWHERE, WEBHOOK_CAME, WEBHOOK_IS_SET, ApiError
from tests.botapi.model import Json

# Updates of these kinds are sent only to a bot that asks for them.
ONLY_IF_ASKED = frozenset({"chat_member"})


@dataclass(kw_only=True)
class Webhook:
    """Where updates are posted. certificate, connections: kept, not used."""

    url: str
    secret: str = ""
    last_error: str = ""
    last_error_at: int = 0
    most_connections: int = 40


@dataclass(kw_only=True)
class Inbox:
    """What waits for one bot.

    held: updates kept back until they are released. echoes: delivered once more whatever the bot confirmed.
    """

    next_id: int
    waiting: list[Json] = field(default_factory=list)
    echoes: list[Json] = field(default_factory=list)
    held: list[Json] | None = None
    delivered: deque[Json] = field(default_factory=lambda: deque(maxlen=1000))
    allowed: frozenset[str] | None = None
    webhook: Webhook | None = None
    poll: "asyncio.Future[ApiError | None] | None" = None
    came: Callable[[], None] = lambda: None

    def put(self, kind: str, body: object) -> Json | None:
        """Let something happen; gives the update, or None if the bot did not ask for such."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_IF_ASKED
        if not wanted:
            return None
        update: Json = {"update_id": self.next_id, kind: body}
        self.next_id += 1
        self.add(update)
        return update

    def add(self, update: Json) -> None:
        """Let an update wait, as it is."""
        if self.held is not None:
            self.held.append(update)
            return
        self.waiting.append(update)
        self._wake()

    def echo(self, update: Json) -> None:
        """Deliver an update once more."""
        self.echoes.append(update)
        self._wake()

    def _wake(self) -> None:
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(None)
        self.came()

    def interrupt(self, error: ApiError) -> None:
        """End the long poll that is under way, if any."""
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(error)

    def set_webhook(self, webhook: Webhook | None, *, allowed: frozenset[str] | None) -> None:
        """Post updates from now on, or keep them for polling."""
        self.webhook = webhook
        if allowed is not None:
            self.allowed = allowed or None
        if webhook is not None:
            self.interrupt(WEBHOOK_CAME)
        self.came()

    async def fetch(self, *, offset: int, limit: int, seconds: float) -> list[Json]:
        """Give updates from `offset` on and forget those before; waits for one. Raises ApiError."""
        if self.webhook is not None:
            raise WEBHOOK_IS_SET
        self.interrupt(POLLED_ELSEWHERE)
        self._forget_before(offset)
        if not self.waiting and not self.echoes and seconds > 0:
            await self._wait(seconds)
        batch = [*self.waiting[:limit], *self.echoes]
        self.echoes.clear()
        self.delivered.extend(batch)
        return batch

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            self.waiting = self.waiting[offset:]
        elif offset > 0:
            self.waiting = [each for each in self.waiting if each["update_id"] >= offset]

    async def _wait(self, seconds: float) -> None:
        mine: asyncio.Future[ApiError | None] = asyncio.get_running_loop().create_future()
        self.poll = mine
        try:
            async with asyncio.timeout(seconds):
                if (error := await mine) is not None:
                    raise error
        except TimeoutError:
            return
        finally:
            if self.poll is mine:
                self.poll = None
