"""A bot whose messenger does as it is told: keeps updates until they are confirmed, and fails on request."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.services.intake_ports import BotIdentity, RawUpdate, Said, UnreadableUpdateError, WebhookState

TOKEN = "123456:synthetic"  # noqa: S105 - nobody's


@dataclass(kw_only=True)
class ToldBot:
    """The bot. troubles: what the next fetches raise; failing: what handling an update raises, by its number."""

    name: str = "patients"
    waiting: list[RawUpdate] = field(default_factory=list)
    troubles: "deque[Exception]" = field(default_factory=deque)
    failing: dict[int, list[Exception]] = field(default_factory=dict)
    handled: list[int] = field(default_factory=list)
    offsets: list[int | None] = field(default_factory=list)
    address: str = ""
    started: int = 0
    stopped: int = 0

    async def identify(self) -> BotIdentity:
        """Tell who it is."""
        return BotIdentity(id=123456, username="synthetic_bot")

    async def fetch(self, offset: int | None, seconds: int) -> Sequence[RawUpdate]:
        """Forget what is confirmed and bring the rest, as a messenger does."""
        self.offsets.append(offset)
        if self.troubles:
            raise self.troubles.popleft()
        if offset is not None:
            self.waiting = [each for each in self.waiting if each["update_id"] >= offset]
        if not self.waiting and seconds:
            await asyncio.sleep(0.01)
        return tuple(self.waiting)

    def lane(self, raw: RawUpdate) -> str:
        """Name the chat."""
        return str(raw.get("chat"))

    def said(self, raw: RawUpdate) -> Said | None:
        """Tell who said something, and what."""
        return None if "from" not in raw else Said(account=raw["from"], words=raw.get("words", ""))

    async def handle(self, raw: RawUpdate) -> None:
        """Handle an update, or fail as told."""
        number = raw["update_id"]
        if raw.get("unreadable"):
            raise UnreadableUpdateError("message.date")
        if self.failing.get(number):
            raise self.failing[number].pop(0)
        self.handled.append(number)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Set it."""
        del secret
        self.address = url

    async def delete_webhook(self) -> None:
        """Take it away."""
        self.address = ""

    async def webhook(self) -> WebhookState:
        """Tell what is set."""
        return WebhookState(url=self.address, waiting=0)

    async def start(self) -> None:
        """Begin."""
        self.started += 1

    async def stop(self) -> None:
        """End."""
        self.stopped += 1


def updates(*numbers: int, chat: int = 1) -> list[RawUpdate]:
    """Updates of one chat."""
    return [{"update_id": number, "chat": chat} for number in numbers]
