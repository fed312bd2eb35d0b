"""A tap is answered before its work begins: a telephone shows that it waits for as long as it has no answer."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.channels.telegram import BotWords, Connection, PatientsBot
from bot.clocks import RehearsalClock
from bot.services.arriving import Arrival, Arrived
from tests.channels.telegram.conftest import RecordingEntrance
from tests.channels.telegram.scripted import ScriptedApi
from tests.channels.telegram.updates import tap


@dataclass(kw_only=True)
class WaitingEntrance(RecordingEntrance):
    """Takes a tap only once Telegram has heard its answer, as a house whose database is slow would."""

    api: ScriptedApi

    async def take(self, arrival: Arrival) -> Arrived:
        """Wait for the answer, then remember the arrival."""
        async with asyncio.timeout(2):
            while not self.api.of("answerCallbackQuery"):  # noqa: ASYNC110  # the server has no event to wait for
                await asyncio.sleep(0.005)
        return await RecordingEntrance.take(self, arrival)


@pytest.mark.parametrize("listens", [False, True], ids=["brought alone", "while the bot listens"])
async def test_a_tap_is_answered_while_the_house_still_works_at_it(
    connection: Connection, words: BotWords, clock: RehearsalClock, api: ScriptedApi, *, listens: bool
) -> None:
    entrance = WaitingEntrance(api=api)
    patients = PatientsBot(connection=connection, entrance=entrance, words=words, clock=clock)
    if listens:
        await patients.start()
    await patients.handle(tap())
    await patients.stop()
    assert len(entrance.taken) == 1
