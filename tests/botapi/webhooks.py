"""Posts updates to a bot's webhook: in order within a chat, again with growing pauses until it is taken."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field

import aiohttp

from tests.botapi.hub import BotAccount, Hub
from tests.botapi.model import Json

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name
LONGEST_ANSWER = 60.0


@dataclass(kw_only=True)
class Postman:
    """Delivers for all bots. first_pause: seconds before the first repetition, doubled until longest_pause.

    The real messenger begins with one second and goes to two minutes; tests have less patience.
    """

    hub: Hub
    nursery: asyncio.TaskGroup
    first_pause: float = 0.05
    longest_pause: float = 1.0
    attempts: int = 0
    queues: dict[tuple[int, object], list[Json]] = field(default_factory=lambda: defaultdict(list))
    busy: set[tuple[int, object]] = field(default_factory=set)
    running: set[asyncio.Task[None]] = field(default_factory=set)
    session: aiohttp.ClientSession | None = None

    def watch(self, bot: BotAccount) -> None:
        """Deliver what comes for a bot."""
        bot.inbox.came = lambda: self.collect(bot)

    def collect(self, bot: BotAccount) -> None:
        """Take what waits, if a webhook is set, and post it."""
        inbox = bot.inbox
        if inbox.webhook is None:
            return
        fresh = [each for each in (*inbox.waiting, *inbox.echoes) if not self._is_queued(bot, each)]
        inbox.echoes.clear()
        for update in fresh:
            key = (bot.id, _chat_of(update))
            self.queues[key].append(update)
            if key not in self.busy:
                self.busy.add(key)
                task = self.nursery.create_task(self._work(bot, key))
                self.running.add(task)
                task.add_done_callback(self.running.discard)

    def _is_queued(self, bot: BotAccount, update: Json) -> bool:
        return any(each is update for each in self.queues[bot.id, _chat_of(update)])

    async def _work(self, bot: BotAccount, key: tuple[int, object]) -> None:
        queue = self.queues[key]
        pause = self.first_pause
        try:
            while queue and bot.inbox.webhook is not None:
                update = queue[0]
                if await self._post(bot, update):
                    pause = self.first_pause
                    queue.pop(0)
                    bot.inbox.waiting = [each for each in bot.inbox.waiting if each is not update]
                    bot.inbox.delivered.append(update)
                    self.hub.changed()
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, self.longest_pause)
        finally:
            self.busy.discard(key)
            if bot.inbox.webhook is None:
                queue.clear()

    async def _post(self, bot: BotAccount, update: Json) -> bool:
        hook = bot.inbox.webhook
        if hook is None:
            return False
        if self.session is None:
            self.session = aiohttp.ClientSession()
        headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: hook.secret} if hook.secret else {})
        self.attempts += 1
        try:
            timeout = aiohttp.ClientTimeout(total=LONGEST_ANSWER)
            async with self.session.post(hook.url, data=json.dumps(update), headers=headers, timeout=timeout) as answer:
                await answer.read()
                problem = "" if answer.ok else f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError):
            problem = "Webhook connection closed"
        if problem:
            hook.last_error, hook.last_error_at = problem, self.hub.seconds()
        return not problem

    async def close(self) -> None:
        """Stop."""
        for task in list(self.running):
            task.cancel()
        if self.session is not None:
            await self.session.close()


def _chat_of(update: Json) -> object:
    for kind, body in update.items():
        if kind == "callback_query":
            return ("press", body.get("from", {}).get("id"))
        if isinstance(body, dict) and isinstance(body.get("chat"), dict):
            return body["chat"].get("id")
    return update["update_id"]
