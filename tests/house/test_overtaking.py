"""A chat's messages arrive in the order they were decided, however long one of them had to wait to leave."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from bot.services.ports import Busy, NotSentError, Pace
from flows.ids import ConversationId
from flows.vocabulary import Channel
from tests.house.acts import MINUTE, comes, passes, said
from tests.house.line import Line
from tests.house.records import Records
from tests.storage.sql import counted_statements
from tests.world import World, make_world

NOT_LEFT = NotSentError("out_of_reach", wait=timedelta(minutes=30))
ALL_BUSY = NotSentError("busy", wait=timedelta(seconds=3), busy=Busy.CHANNEL)
SHORTLY_BUSY = NotSentError("busy", wait=timedelta(seconds=3), busy=Busy.CHAT)


def in_order(line: Line, records: Records, talk: ConversationId) -> bool:
    """Whether all answers of a chat arrived, once each, in the order they were decided."""
    answers = [str(row["id"]) for row in records.of("outbox", conversation_id=talk, kind="reply")]
    return [each.key for each in line.arrived if each.key in answers] == sorted(answers, key=int)


@contextmanager
def another_process(database_url: str, line: Line, start: datetime) -> Iterator[World]:
    """Another house on the same database, behind the same messenger, from `start` on (UTC)."""
    another = make_world(database_url, start=start)
    another.house.delivery.channels[Channel.WEBCHAT] = line
    try:
        yield another
    finally:
        another.house.database.close_now()


async def test_who_writes_on_gets_what_did_not_leave_first(world: World, records: Records, line: Line) -> None:
    _, talk = world.add_patient()
    line.troubles.append(NOT_LEFT)
    await world.writes(talk, "look for a time please")
    assert line.arrived == []
    await world.writes(talk, "are you a robot?")
    assert in_order(line, records, talk)
    assert {status for _, status in said(records, talk)} == {"sent"}


async def test_what_does_not_leave_again_keeps_back_what_comes_after_it(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    line.troubles.extend([NOT_LEFT, NOT_LEFT])
    await world.writes(talk, "look for a time please")
    await world.writes(talk, "are you a robot?")
    assert line.arrived == []
    await passes(world, 40 * MINUTE, 10 * MINUTE)
    assert in_order(line, records, talk)
    assert {status for _, status in said(records, talk)} == {"sent"}


async def test_while_all_have_to_wait_what_waits_for_longer_is_not_overtaken(
    world: World, records: Records, line: Line
) -> None:
    (_, talk), (_, other) = world.add_patient(), world.add_patient()
    line.troubles.extend([NOT_LEFT, ALL_BUSY])
    for each in (talk, other, talk):
        await world.writes(each, "are you a robot?")
    world.clock.move_to(world.clock.now() + MINUTE)
    await world.house.delivery.send_due()
    assert {status for _, status in said(records, talk)} == {"queued"}
    assert {status for _, status in said(records, other)} == {"sent"}
    await passes(world, 40 * MINUTE, 10 * MINUTE)
    assert in_order(line, records, talk)


async def test_who_writes_while_others_are_written_to_takes_along_what_was_claimed(
    world: World, records: Records, line: Line
) -> None:
    talks = [world.add_patient()[1] for _ in range(2)]
    line.troubles.extend([NOT_LEFT, NOT_LEFT])
    for talk in talks:
        await world.writes(talk, "look for a time please")

    async def one_of_them_writes() -> None:
        line.troubles.append(NOT_LEFT)
        await world.writes(talks[1], "are you a robot?")

    line.meanwhile = one_of_them_writes
    await comes(world, world.clock.now() + 40 * MINUTE)
    assert said(records, talks[0]) == [("times.two", "sent")]
    assert {status for _, status in said(records, talks[1])} == {"queued"}
    await world.writes(talks[1], "look for a time please")
    assert in_order(line, records, talks[1])


async def test_who_writes_while_their_own_message_fails_is_told_it_first(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    line.capabilities = replace(line.capabilities, pace=Pace(per_second=1000, chat_seconds=0))
    line.troubles.append(NOT_LEFT)
    await world.writes(talk, "look for a time please")
    world.clock.move_to(world.clock.now() + 40 * MINUTE)
    async with world.house.delivery.going_on(), asyncio.TaskGroup() as together:

        async def they_write_and_it_fails() -> None:
            together.create_task(world.writes(talk, "are you a robot?"))
            await asyncio.sleep(0.05)
            raise NOT_LEFT

        line.meanwhile = they_write_and_it_fails
        await world.house.delivery.send_due()
    assert in_order(line, records, talk)


async def test_what_was_handed_over_when_a_tick_was_cut_short_is_not_taken_along(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    line.troubles.append(NOT_LEFT)
    await world.writes(talk, "look for a time please")
    world.clock.move_to(world.clock.now() + 40 * MINUTE)
    under_way = asyncio.Event()

    async def takes_for_ever() -> None:
        under_way.set()
        await asyncio.Event().wait()

    line.meanwhile = takes_for_ever
    async with asyncio.TaskGroup() as together:
        tick = together.create_task(world.house.delivery.send_due())
        await under_way.wait()
        tick.cancel()
    await world.writes(talk, "where are you?")
    await comes(world, world.clock.now() + 2 * MINUTE)
    first, *others = [row["status"] for row in records.of("outbox", conversation_id=talk, kind="reply")]
    assert (first, set(others)) == ("unknown", {"sent"})
    assert len(line.arrived) == len(others)


async def test_who_writes_twice_at_once_gets_both_answers_in_order(world: World, records: Records, line: Line) -> None:
    _, talk = world.add_patient()
    line.troubles.append(NOT_LEFT)
    async with world.house.delivery.going_on():
        await world.writes(talk, "look for a time please")
        await world.writes(talk, "are you a robot?")
    await passes(world, 40 * MINUTE, 10 * MINUTE)
    assert in_order(line, records, talk)


async def test_what_waits_stays_in_once_staff_write_and_keeps_them_back_for_nothing(
    world: World, records: Records, line: Line
) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    line.troubles.append(NOT_LEFT)
    await world.writes(talk, "look for a time please")
    await world.house.desk.answer(staff, talk, "1", "Good morning")
    assert [each.text for each in line.arrived] == ["Good morning"]
    assert said(records, talk) == [("times.two", "refused"), ("staff", "sent")]


async def test_an_answer_put_off_long_ago_is_overtaken_by_no_later_one(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    line.troubles.append(SHORTLY_BUSY)
    await world.writes(talk, "look for a time please")
    world.clock.move_to(world.clock.now() + 5 * MINUTE)
    await world.writes(talk, "are you a robot?")
    assert in_order(line, records, talk)
    assert {status for _, status in said(records, talk)} == {"sent"}


async def test_a_house_that_was_started_again_knows_what_waits(
    world: World, records: Records, line: Line, database_url: str
) -> None:
    _, talk = world.add_patient()
    line.troubles.append(SHORTLY_BUSY)
    await world.writes(talk, "look for a time please")
    with another_process(database_url, line, world.clock.now() + MINUTE) as again:
        async with again.house.delivery.going_on():
            await again.writes(talk, "are you a robot?")
    assert in_order(line, records, talk)


async def test_what_another_process_puts_off_is_known_at_the_next_tick(
    world: World, records: Records, line: Line, database_url: str
) -> None:
    _, talk = world.add_patient()
    with another_process(database_url, line, world.clock.now()) as other:
        line.troubles.append(NOT_LEFT)
        await other.writes(talk, "look for a time please")
        await world.house.delivery.send_due()
        await world.writes(talk, "are you a robot?")
    assert in_order(line, records, talk)


async def test_what_another_process_has_sent_meanwhile_holds_up_nothing(
    world: World, records: Records, line: Line, database_url: str
) -> None:
    _, talk = world.add_patient()
    with another_process(database_url, line, world.clock.now() + MINUTE) as other:
        line.troubles.append(SHORTLY_BUSY)
        await world.writes(talk, "look for a time please")
        await other.house.delivery.send_due()
    world.clock.move_to(world.clock.now() + MINUTE)
    await world.writes(talk, "are you a robot?")
    assert in_order(line, records, talk)


async def test_a_chat_in_which_nothing_waits_is_asked_nothing_more(world: World, line: Line) -> None:
    (_, talk), (_, other) = world.add_patient(), world.add_patient()
    await world.writes(talk, "are you a robot?")
    with counted_statements() as before:
        await world.writes(talk, "are you a robot?")
    line.troubles.append(NOT_LEFT)
    await world.writes(other, "look for a time please")
    with counted_statements() as while_another_waits:
        await world.writes(talk, "are you a robot?")
    await world.writes(other, "are you a robot?")
    with counted_statements() as when_it_has_left:
        await world.writes(other, "are you a robot?")
    line.troubles.append(NOT_LEFT)
    await world.writes(other, "are you a robot?")
    world.clock.move_to(world.clock.now() + 40 * MINUTE)
    assert await world.house.delivery.send_due() == 2
    with counted_statements() as when_a_tick_has_sent_it:
        await world.writes(other, "are you a robot?")
    assert before == while_another_waits == when_it_has_left == when_a_tick_has_sent_it
