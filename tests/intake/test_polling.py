"""Long poll: each update is handled once and in its chat's order; nothing blocks, and one bot's trouble is its own."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.intake import HealthWithIntake, Intake, Mode, way_in
from bot.services.acceptance import TakingIn, external_id_of
from bot.services.bot_names import BotName
from bot.services.intake_ports import BusyError, OutOfReachError, PolledElsewhereError, TokenRevokedError
from flows.vocabulary import Channel
from storage.errors import StorageBusyError
from tests.house.records import Records
from tests.intake.messenger import TOKEN, ToldBot, updates
from tests.world import World


def taking_in(world: World) -> TakingIn:
    """The boundary of intake."""
    house = world.house
    return TakingIn(
        database=house.database,
        clinic=house.clinic,
        clock=house.clock,
        channel=Channel.TELEGRAM,
        changed=house.delivery.news.changed,
    )


def nested() -> list[object]:
    """What JSON can say and nobody can write again."""
    found: list[object] = [0]
    for _ in range(5000):
        found = [found]
    return found


async def nothing() -> None:
    """Nobody needs to know that the messenger answered."""


def intake_of(world: World, *bots: ToldBot, name: BotName | None = None) -> Intake:
    """An intake that polls for these bots."""
    ways_in = [way_in(each, f"{number}{TOKEN}", name) for number, each in enumerate(bots, 1)]
    return Intake(
        ways_in, mode=Mode.POLLING, taking_in=taking_in(world), public_url="https://example.com", fetched=nothing
    )


async def listens(intake: Intake, until: Callable[[], bool]) -> None:
    """Let an intake run until something has come true."""
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(intake.run())
        while not until():  # noqa: ASYNC110 - what is awaited lies in many hands
            await asyncio.sleep(0.01)
        running.cancel()


async def test_each_update_is_handled_once_in_order_and_then_confirmed(world: World) -> None:
    bot = ToldBot(waiting=[*updates(12, 11, 10), *updates(13, chat=2)])
    await listens(intake_of(world, bot), lambda: not bot.waiting and len(bot.offsets) > 3)
    assert sorted(bot.handled) == [10, 11, 12, 13]
    assert [number for number in bot.handled if number < 13] == [10, 11, 12]
    assert bot.offsets[:3] == [None, 14, None]
    assert bot.stopped == 1


async def test_an_unreadable_update_is_put_aside_sealed_and_those_behind_it_are_handled(
    world: World, records: Records
) -> None:
    bot = ToldBot(waiting=[{"update_id": 7, "chat": 1, "unreadable": "\ud800"}, *updates(8)])
    intake = intake_of(world, bot)
    await listens(intake, lambda: not bot.waiting)
    assert bot.handled == [8]
    rows = records.of("quarantined_update")
    assert [(row["external_id"], row["error"]) for row in rows] == [("1123456:7", "UnreadableUpdateError")]
    health = await HealthWithIntake(world.house.keeping, intake, taking_in(world)).health()
    assert (health["status"], health["updates_put_aside"]) == ("ok", 1)


@pytest.mark.parametrize("number", [{"update_id": 7}, {}], ids=["numbered", "without a number"])
def test_an_update_nested_too_deeply_to_be_written_is_known_again(number: dict[str, int]) -> None:
    assert external_id_of(1, number | {"chat": nested()}) == external_id_of(1, number | {"chat": nested()})


async def test_an_update_nested_too_deeply_to_be_written_is_put_aside(world: World, records: Records) -> None:
    bot = ToldBot(waiting=[{"update_id": 7, "chat": 1, "unreadable": nested()}, *updates(8)])
    await listens(intake_of(world, bot), lambda: not bot.waiting)
    assert bot.handled == [8]
    assert [row["error"] for row in records.of("quarantined_update")] == ["UnreadableUpdateError"]


async def test_a_chat_in_trouble_holds_up_no_other_and_is_confirmed_by_nobody(world: World) -> None:
    busy = StorageBusyError("try again")
    bot = ToldBot(waiting=[*updates(1, 2), *updates(3, 4, chat=2)], failing={1: [busy, busy, busy]})
    await listens(intake_of(world, bot), lambda: len(bot.handled) == 4 and not bot.waiting)
    assert bot.handled[:2] == [3, 4]
    assert bot.handled[2:] == [1, 2]


@pytest.mark.long
async def test_what_the_database_refuses_for_ever_is_put_aside_at_last(world: World, records: Records) -> None:
    bot = ToldBot(waiting=updates(1, 2), failing={1: [StorageBusyError("try again")] * 50})
    await listens(intake_of(world, bot), lambda: not bot.waiting)
    assert bot.handled == [2]
    assert [row["error"] for row in records.of("quarantined_update")] == ["StorageBusyError"]


async def test_a_revoked_token_stops_only_its_own_bot_and_says_so(world: World) -> None:
    revoked, other = ToldBot(name="desk"), ToldBot()
    revoked.troubles.append(TokenRevokedError("401"))
    intake = intake_of(world, revoked, other)
    other.troubles.append(OutOfReachError("no answer"))
    other.waiting = updates(1)
    await listens(intake, lambda: other.handled == [1] and revoked.stopped == 1)
    assert len(revoked.offsets) == 1
    assert intake.standings()["desk"] == "token revoked"


async def test_the_log_names_the_variable_and_the_address_that_are_wrong(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    # Whatever ran before in this process may have made the house quieter.
    caplog.set_level(logging.WARNING, "bot.intake.supervision")
    bot = ToldBot()
    bot.troubles.extend([OutOfReachError("no answer"), TokenRevokedError("401")])
    named = BotName(token="RECARE_DESK_TOKEN", setting="desk_username", username=None, links="links")  # noqa: S106 - a variable
    intake = Intake(
        [way_in(bot, TOKEN, named)],
        mode=Mode.POLLING,
        taking_in=taking_in(world),
        public_url="https://example.com",
        fetched=nothing,
        messenger="http://127.0.0.1:1",
    )
    await listens(intake, lambda: bot.stopped == 1)
    unreachable, unknown = (record.getMessage() for record in caplog.records[-2:])
    assert "http://127.0.0.1:1 gives no answer" in unreachable
    assert "api_base" in unreachable
    assert "set RECARE_DESK_TOKEN anew" in unknown


async def test_whatever_the_messenger_says_is_waited_out(world: World) -> None:
    bot = ToldBot(waiting=updates(1))
    bot.troubles.extend(
        [PolledElsewhereError("409"), BusyError(timedelta(milliseconds=10)), OutOfReachError("502"), ValueError("odd")]
    )
    await listens(intake_of(world, bot), lambda: bot.handled == [1])
    assert bot.started == 1


async def test_numbers_that_begin_anew_are_fetched(world: World) -> None:
    bot = ToldBot(waiting=updates(1_000))
    intake = intake_of(world, bot)
    later = iter([updates(5)])

    def both() -> bool:
        if bot.handled == [1_000] and not bot.waiting:
            bot.waiting = next(later, bot.waiting)
        return bot.handled == [1_000, 5]

    await listens(intake, both)


@pytest.mark.parametrize(("username", "errors"), [("example_recall_bot", 1), ("Synthetic_Bot", 0), (None, 0)])
async def test_a_token_of_another_bot_than_the_named_one_is_told_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture, username: str | None, errors: int
) -> None:
    bot = ToldBot(waiting=updates(1))
    name = BotName(token="RECARE_TELEGRAM_TOKEN", setting="username", username=username, links="personal links")  # noqa: S106 - a variable's name
    await listens(intake_of(world, bot, name=name), lambda: bot.handled == [1])
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(said) == errors
    assert all("RECARE_TELEGRAM_TOKEN is the token of @synthetic_bot" in each for each in said)
    assert all(each.endswith("swap the two tokens, or correct username") for each in said)
