"""After we could not be reached, the question that was open is asked again: once, and only of those in a talk."""

import pytest

from bot.services.waking import Waking
from flows.ids import ConversationId
from flows.vocabulary import Channel
from tests.house.acts import HOUR, MINUTE
from tests.house.records import Records
from tests.house.telephone import Phone, comes_by_link, keys
from tests.world import World


def woken(world: World) -> Waking:
    """The same house, started anew: what was only in memory is gone."""
    house = world.house
    return Waking(database=house.database, clinic=house.clinic, clock=world.clock, turns=house.turns)


@pytest.fixture
async def asked(world: World, phone: Phone) -> ConversationId:
    """The talk of a patient who was just offered two times, at a moment when all is well."""
    talk = await comes_by_link(phone, world.add_patient()[0])
    await phone.writes("look for a time please")
    assert await world.house.waking.beat(Channel.TELEGRAM) == 0
    return talk


async def test_an_open_question_is_asked_again_after_a_gap(
    world: World, records: Records, asked: ConversationId
) -> None:
    said = len(keys(records, asked))
    world.clock.move_to(world.clock.now() + 3 * MINUTE)
    assert await woken(world).beat(Channel.TELEGRAM) == 1
    assert len(keys(records, asked)) > said


async def test_a_gap_is_heard_of_once(world: World, records: Records, asked: ConversationId) -> None:
    world.clock.move_to(world.clock.now() + 3 * MINUTE)
    waking = woken(world)
    await waking.beat(Channel.TELEGRAM)
    said = len(keys(records, asked))
    assert await waking.beat(Channel.TELEGRAM) == 0
    assert await woken(world).beat(Channel.TELEGRAM) == 0
    assert len(keys(records, asked)) == said


async def test_a_short_pause_is_no_gap(world: World, records: Records, asked: ConversationId) -> None:
    said = len(keys(records, asked))
    world.clock.move_to(world.clock.now() + 2 * MINUTE)
    assert await woken(world).beat(Channel.TELEGRAM) == 0
    assert len(keys(records, asked)) == said


async def test_whoever_left_the_talk_long_before_hears_nothing(
    world: World, records: Records, asked: ConversationId
) -> None:
    world.clock.move_to(world.clock.now() + 2 * HOUR)
    await world.house.waking.beat(Channel.TELEGRAM)
    said = len(keys(records, asked))
    world.clock.move_to(world.clock.now() + 10 * MINUTE)
    assert await woken(world).beat(Channel.TELEGRAM) == 0
    assert len(keys(records, asked)) == said


async def test_the_first_start_is_no_gap(world: World, phone: Phone) -> None:
    await comes_by_link(phone, world.add_patient()[0])
    assert await world.house.waking.beat(Channel.TELEGRAM) == 0


async def test_staff_who_hold_a_chat_are_not_talked_over(world: World, records: Records, asked: ConversationId) -> None:
    await world.house.desk.take(world.add_staff(), asked)
    said = len(keys(records, asked))
    world.clock.move_to(world.clock.now() + 3 * MINUTE)
    assert await woken(world).beat(Channel.TELEGRAM) == 0
    assert len(keys(records, asked)) == said
