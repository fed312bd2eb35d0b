"""A webhook is open to the messenger alone: not by a guess, not by a leaked token; and each chat keeps its order."""

import asyncio
import hmac
from dataclasses import dataclass, field

import pytest

from bot.intake.ways_in import webhook_of
from bot.services.intake_ports import OutOfReachError, RawUpdate, TokenRevokedError, WebhookState
from tests.house.records import Records
from tests.intake.messenger import TOKEN, ToldBot
from tests.intake.test_polling import listens
from tests.intake.test_webhook import UPDATE, Site
from tests.world import World


@dataclass(kw_only=True)
class AskedBot(ToldBot):
    """Raises what it is told to when it is asked for its webhook."""

    async def webhook(self) -> WebhookState:
        """Fail as told, or tell what is set."""
        if self.troubles:
            raise self.troubles.popleft()
        return await ToldBot.webhook(self)


@dataclass(kw_only=True)
class HeldBot(ToldBot):
    """Handles one update only when it is told to."""

    held: int
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ends: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, raw: RawUpdate) -> None:
        """Wait, if it is the one, and handle it."""
        if raw["update_id"] == self.held:
            self.begun.set()
            await self.ends.wait()
        await ToldBot.handle(self, raw)


async def until_stands(site: Site, standing: str) -> None:
    """Wait until the bot stands so."""
    while site.intake.standings()["patients"] != standing:  # noqa: ASYNC110 - what is awaited lies in many hands
        await asyncio.sleep(0.01)


async def test_a_revoked_token_closes_the_webhook_to_whoever_knows_its_secret(
    world: World, records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    bot = AskedBot()
    bot.troubles.append(TokenRevokedError("401"))
    site = Site(world, bot)
    await listens(site.intake, lambda: bot.stopped == 1)
    assert (bot.started, site.intake.standings()["patients"]) == (1, "token revoked")
    assert "set this bot anew and restart" in caplog.records[-1].getMessage()
    for body in (UPDATE, b"nonsense"):
        assert await site.bring(body) == 503, "what truly comes waits at the messenger for the new token"
    assert (bot.handled, records.of("quarantined_update")) == ([], [])


async def test_a_token_that_turns_out_revoked_while_it_listens_stops_the_bot(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.calling.LOOK_SECONDS", 0.01)
    bot = AskedBot()
    site = Site(world, bot)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(site.intake.run())
        await until_stands(site, "listening")
        assert await site.bring(UPDATE) == 200
        bot.troubles.append(TokenRevokedError("401"))
        await running
    assert (bot.handled, bot.stopped, site.intake.standings()["patients"]) == ([5], 1, "token revoked")
    assert await site.bring(b'{"update_id": 6, "chat": 1}') == 503
    assert bot.handled == [5]


async def test_a_messenger_out_of_reach_closes_no_webhook(world: World) -> None:
    bot = AskedBot()
    bot.troubles.append(OutOfReachError("no answer"))
    site = Site(world, bot)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(site.intake.run())
        await until_stands(site, "messenger out of reach")
        assert await site.bring(UPDATE) == 200
        running.cancel()


async def test_a_secret_is_compared_in_the_same_time_whatever_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    compare = hmac.compare_digest

    def spy(said: bytes, secret: bytes) -> bool:
        compared.append((said, secret))
        return compare(said, secret)

    monkeypatch.setattr("bot.intake.hooks.hmac.compare_digest", spy)
    (hook,) = Site(world, ToldBot()).intake.hooks
    secret = webhook_of(TOKEN).secret
    assert [hook.knows(said) for said in ("", "guessed", secret[:-1], secret)] == [False, False, False, True]
    assert compared == [(said.encode(), secret.encode()) for said in ("", "guessed", secret[:-1], secret)]


async def test_updates_of_a_chat_that_are_brought_at_once_are_handled_one_after_another(world: World) -> None:
    bot = HeldBot(held=1)
    site = Site(world, bot)
    await site.open(bot)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        first = tasks.create_task(site.bring(b'{"update_id": 1, "chat": 1}'))
        await bot.begun.wait()
        behind = tasks.create_task(site.bring(b'{"update_id": 2, "chat": 1}'))
        assert await site.bring(b'{"update_id": 3, "chat": 2}') == 200
        assert (bot.handled, behind.done()) == ([3], False), "another chat does not wait, the same one does"
        bot.ends.set()
    assert bot.handled == [3, 1, 2]
    assert (first.result(), behind.result()) == (200, 200)
