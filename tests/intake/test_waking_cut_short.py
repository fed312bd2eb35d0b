"""Whoever was to be asked again after a gap is asked, once, though the house ends in the middle of asking."""

import pytest

from bot.services.turn import Turns
from bot.services.updates import Taken, Update
from bot.services.waking import PRESSES_KEPT, Waking
from flows.ids import ConversationId
from flows.vocabulary import Channel
from storage.errors import StorageBusyError
from tests.house.acts import MINUTE
from tests.house.line import Line
from tests.house.records import Records
from tests.house.telephone import Phone, comes_by_link, keys
from tests.world import World


class PowerCutError(Exception):
    """The house ends here."""


def woken(world: World) -> Waking:
    """The same house, started anew: what was only in memory is gone."""
    house = world.house
    return Waking(database=house.database, clinic=house.clinic, clock=world.clock, turns=house.turns)


@pytest.fixture
async def talks(world: World) -> list[ConversationId]:
    """Two patients who were just offered times, at a moment when all is well; then a gap."""
    line = Line(name=Channel.TELEGRAM)
    world.house.delivery.channels[Channel.TELEGRAM] = line
    found = []
    for account in ("501", "502"):
        phone = Phone(world=world, line=line, account=account)
        found.append(await comes_by_link(phone, world.add_patient()[0]))
        await phone.writes("look for a time please")
    assert await woken(world).beat(Channel.TELEGRAM) == 0
    world.clock.move_to(world.clock.now() + PRESSES_KEPT + MINUTE)
    return found


async def cut_short(world: World, after: int) -> None:
    """Let the house wake, and end once it has asked so many again."""
    asked = 0

    async def take(turns: Turns, update: Update) -> Taken:
        nonlocal asked
        if asked == after:
            raise PowerCutError
        asked += 1
        return (await turns.turn(update)).taken

    with pytest.MonkeyPatch.context() as power:
        power.setattr(Turns, "take", take)
        with pytest.raises(PowerCutError):
            await woken(world).beat(Channel.TELEGRAM)


def said(records: Records, talks: list[ConversationId]) -> list[int]:
    """How much was said in each talk."""
    return [len(keys(records, talk)) for talk in talks]


@pytest.mark.parametrize("after", [0, 1])
async def test_who_was_not_asked_before_the_end_is_asked_at_the_next_start_and_nobody_twice(
    world: World, records: Records, talks: list[ConversationId], after: int
) -> None:
    before = said(records, talks)
    await cut_short(world, after)
    world.clock.move_to(world.clock.now() + MINUTE)
    assert await woken(world).beat(Channel.TELEGRAM) == len(talks) - after
    once = said(records, talks)
    assert all(now > then for now, then in zip(once, before, strict=True))
    waking = woken(world)
    for _ in range(3):
        world.clock.move_to(world.clock.now() + MINUTE)
        assert await waking.beat(Channel.TELEGRAM) == 0
    assert said(records, talks) == once


async def test_a_beat_that_could_not_be_written_down_is_beaten_again_and_asks_nobody_twice(
    world: World, records: Records, talks: list[ConversationId], monkeypatch: pytest.MonkeyPatch
) -> None:
    waking = woken(world)

    def busy(*_: object, **__: object) -> None:
        raise StorageBusyError("try again")

    with monkeypatch.context() as disk:
        disk.setattr("storage.repositories.pulses.PulseRepository.beat", busy)
        with pytest.raises(StorageBusyError):
            await waking.beat(Channel.TELEGRAM)
    once = said(records, talks)
    assert await waking.beat(Channel.TELEGRAM) == 0
    world.clock.move_to(world.clock.now() + MINUTE)
    assert await woken(world).beat(Channel.TELEGRAM) == 0
    assert said(records, talks) == once
