"""The end of a house: what is under way is finished before the bots close, and what it has to say still leaves."""

import asyncio
import signal
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette

from bot.app import web
from bot.app.listening import Listening
from bot.app.web import serve
from bot.intake import Intake, Mode, way_in
from bot.services.arriving import Arrival, Entrance
from bot.services.intake_ports import RawUpdate
from bot.services.updates import Wrote
from bot.web.serving import closing, listen
from flows.vocabulary import Channel, Language
from tests.house.line import Line
from tests.house.records import Records
from tests.intake.messenger import TOKEN, ToldBot, updates
from tests.intake.test_polling import intake_of, nothing, taking_in
from tests.world import World


@dataclass(kw_only=True)
class SlowBot(ToldBot):
    """Handles an update only when it is told to."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ends: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, raw: RawUpdate) -> None:
        """Wait, and handle it."""
        self.begun.set()
        await self.ends.wait()
        await ToldBot.handle(self, raw)


@dataclass(kw_only=True)
class EnteringBot(ToldBot):
    """Hands each update to the house as words of somebody."""

    entrance: Entrance

    async def handle(self, raw: RawUpdate) -> None:
        """Let it arrive."""
        number = raw["update_id"]
        await self.entrance.take(
            Arrival(
                channel=Channel.TELEGRAM,
                external_id=f"1:{number}",
                account="5001",
                language=Language.EN,
                content=Wrote(text="hello"),
            )
        )


async def test_an_update_under_way_is_finished_when_the_house_ends(world: World) -> None:
    bot = SlowBot(waiting=updates(1))
    intake = intake_of(world, bot)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(intake.run())
        await bot.begun.wait()
        running.cancel()
        await asyncio.sleep(0.05)
        bot.ends.set()
    assert (bot.handled, bot.stopped) == ([1], 1)


async def test_the_end_of_a_house_does_not_wait_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.intake.polling.GOODBYE_SECONDS", 0.05)
    bot = SlowBot(waiting=updates(1))
    intake = intake_of(world, bot)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(intake.run())
        await bot.begun.wait()
        running.cancel()
    assert (bot.handled, bot.stopped) == ([], 1)


async def test_replies_under_way_leave_before_the_bots_close(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_settle", lambda: None)
    house, line = world.house, Line(name=Channel.TELEGRAM)
    house.delivery.channels[Channel.TELEGRAM] = line
    bot = EnteringBot(entrance=house.entrance, waiting=updates(1))
    boundary = taking_in(world)
    intake = Intake(
        [way_in(bot, TOKEN)], mode=Mode.POLLING, taking_in=boundary, public_url="https://example.com", fetched=nothing
    )
    stopped_meanwhile = []

    async def slowly() -> None:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)
        stopped_meanwhile.append(bot.stopped)

    line.meanwhile = slowly
    with closing(listen("127.0.0.1", 0)) as socket:
        await serve(house, Starlette(), socket, lambda: None, Listening(intake=intake, taking_in=boundary))
    assert (stopped_meanwhile, bot.stopped) == ([0], 1)
    assert {row["status"] for row in records.of("outbox")} == {"sent"}
