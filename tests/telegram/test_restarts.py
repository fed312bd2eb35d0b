"""A house that was down, or was cut short, and what patients notice of it when it is back."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clocks import RehearsalClock
from bot.intake import Mode
from tests.botapi.api import BotApi
from tests.botapi.errors import too_many
from tests.botapi.faults import Trouble
from tests.telegram.acts import comes_by_link, is_offered_times
from tests.telegram.starting import house_on_telegram

pytestmark = pytest.mark.long

TEN_MINUTES = timedelta(minutes=10)
TIMES = "Which suits you better?"


@pytest.mark.parametrize("mode", Mode)
async def test_after_ten_minutes_down_the_open_question_is_asked_again(
    mode: Mode, api: BotApi, folder: Path, clock: RehearsalClock
) -> None:
    async with house_on_telegram(api, folder, clock, mode=mode) as clinic:
        bots = clinic.bots
        await clinic.house.ticks.run_all()
        anna = await comes_by_link(clinic, clinic.add_patient())
        quiet = await comes_by_link(clinic, clinic.add_patient())
        quiet.press("Yes, please")
        await quiet.until_sees("After a visit")
        quiet.press("No, thank you")
        await quiet.until_sees("How often")
        quiet.press("When it is due")
        await quiet.until_sees("noted")
        await is_offered_times(anna)
        await clinic.until_quiet()
    clock.move_to(clock.now() + TEN_MINUTES)
    heard = len(quiet.sees())
    async with house_on_telegram(api, folder, clock, mode=mode, bots=bots) as clinic:
        await clinic.house.ticks.run_all()
        await anna.until_sees("could not be reached")
        again = await anna.until_sees("better")
        await clinic.until_quiet()
        anna.press(again.buttons[0])
        await anna.until_sees("booked")
        await clinic.until_quiet()
        assert len(quiet.sees()) == heard
        assert len(clinic.records.of("appointment", status="booked")) == 1


@pytest.mark.parametrize("mode", Mode)
async def test_what_was_written_while_the_house_was_down_is_answered_once_it_is_back(
    mode: Mode, api: BotApi, folder: Path, clock: RehearsalClock
) -> None:
    async with house_on_telegram(api, folder, clock, mode=mode) as clinic:
        bots = clinic.bots
        anna = await comes_by_link(clinic, clinic.add_patient())
    for words in ("hello", "look for a time please"):
        anna.write(words)
    clock.move_to(clock.now() + TEN_MINUTES)
    async with house_on_telegram(api, folder, clock, mode=mode, bots=bots) as clinic:
        await anna.until_sees(TIMES)
        await clinic.until_quiet()
        assert sum(TIMES in seen.text for seen in anna.sees()) == 1
        assert len(clinic.records.of("received")) == 2


async def test_an_answer_that_was_written_but_not_sent_leaves_once_after_a_restart(
    api: BotApi, folder: Path, clock: RehearsalClock
) -> None:
    async with house_on_telegram(api, folder, clock) as clinic:
        bots = clinic.bots
        anna = await comes_by_link(clinic, clinic.add_patient())
        api.fault(too_many(30), method="sendMessage")
        anna.write("look for a time please")
        await clinic.until(lambda: clinic.records.of("outbox", status="queued"), "the answer waits")
        await clinic.until_quiet()
    async with house_on_telegram(api, folder, clock, bots=bots) as clinic:
        await clinic.comes(clock.now() + timedelta(seconds=31))
        await anna.until_sees(TIMES)
        await clinic.comes(clock.now() + TEN_MINUTES)
        assert sum(TIMES in seen.text for seen in anna.sees()) == 1


@pytest.mark.parametrize(("trouble", "arrived"), [(Trouble.SILENT_BEFORE, 0), (Trouble.SILENT_AFTER, 1)])
async def test_an_answer_cut_short_under_way_is_unknown_and_never_repeated(
    trouble: Trouble, arrived: int, api: BotApi, folder: Path, clock: RehearsalClock
) -> None:
    async with house_on_telegram(api, folder, clock) as clinic:
        bots = clinic.bots
        anna = await comes_by_link(clinic, clinic.add_patient())

    async def run_until_it_sends() -> None:
        async with house_on_telegram(api, folder, clock, bots=bots):
            fault = api.fault(trouble, method="sendMessage")
            anna.write("look for a time please")
            while not fault.met:  # noqa: ASYNC110  # the messenger tells nobody
                await asyncio.sleep(0.01)
            under_way.set()
            await asyncio.Event().wait()

    under_way = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        house = tasks.create_task(run_until_it_sends())
        await under_way.wait()
        house.cancel()
    async with house_on_telegram(api, folder, clock, bots=bots) as clinic:
        await clinic.comes(clock.now() + timedelta(seconds=61))
        await clinic.comes(clock.now() + TEN_MINUTES)
        await clinic.until_quiet()
        assert [row["status"] for row in clinic.records.of("outbox", kind="reply")][-1] == "unknown"
        assert clinic.records.of("ticket", reason="unknown_delivery")
        assert sum(TIMES in seen.text for seen in anna.sees()) == arrived
