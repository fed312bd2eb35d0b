"""Two processes on one PostgreSQL and one group: whoever looks after it, everything stands there once."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.services.topic_ports import TopicMessage
from flows.ids import ConversationId
from tests.topics.board import GroupBoard, Room
from tests.topics.group import Group
from tests.world import make_world

ROBIN, SAM = 71, 72
TALKS = 3
LEASE_IS_OVER = timedelta(minutes=2)


class SlowBoard(GroupBoard):
    """A group whose calls take a moment, so that two processes come between each other's."""

    async def post(self, group: int, topic: int | None, message: TopicMessage) -> int:
        """Post a message, after a while."""
        await asyncio.sleep(0)
        posted = await super().post(group, topic, message)
        await asyncio.sleep(0)
        return posted


@pytest.fixture
def two(postgres_database: str) -> Iterator[tuple[Group, Group]]:
    """Two houses, as two processes would be, with one group."""
    board = SlowBoard(now=lambda: worlds[0].clock.now())  # noqa: PLW0108  # the worlds come after it
    worlds = [make_world(postgres_database, board=board) for _ in range(2)]
    yield Group(world=worlds[0], board=board), Group(world=worlds[1], board=board)
    for world in worlds:
        world.house.database.close_now()


async def both(two: tuple[Group, Group], time: timedelta = timedelta()) -> None:
    """Let time pass for both, and both look at the same moment."""
    for group in two:
        group.world.clock.move_to(group.world.clock.now() + time)
    await asyncio.gather(*(group.world.house.ticks.run("topics") for group in two))


async def asks(group: Group, talk: ConversationId) -> None:
    """A patient asks for a person, in one of the processes."""
    await group.world.writes(talk, "I want to talk to a person please")


def room_of(board: GroupBoard, name: str) -> Room:
    """The one topic of a patient."""
    (found,) = [room for room in board.rooms.values() if name in room.title]
    return found


async def test_each_patient_has_one_topic_with_one_card_and_each_line_once(two: tuple[Group, Group]) -> None:
    one, other = two
    await one.link()
    talks = [one.world.add_patient()[1] for _ in range(TALKS)]
    for group, talk in zip((one, other, one), talks, strict=True):
        await asks(group, talk)
    for count in range(4):
        await both(two)
        await other.world.writes(talks[0], f"line number {count}")
    for _ in range(3):
        await both(two, timedelta(minutes=1))
    board = one.board
    assert len(board.rooms) == TALKS
    for room in board.rooms.values():
        assert len([post for post in board.shown(room) if post.labels]) == 1
    said = board.said(room_of(board, "Example-T-0"))
    assert [said.count(f"line number {count}") for count in range(4)] == [1, 1, 1, 1]


async def test_what_staff_do_is_done_by_whichever_process_hears_it(two: tuple[Group, Group]) -> None:
    one, other = two
    await one.link()
    await one.staff_comes(ROBIN)
    _, talk = one.world.add_patient()
    await asks(one, talk)
    await both(two)
    await other.writes(ROBIN, "This is Robin.", update="9:77")
    await one.writes(ROBIN, "This is Robin.", update="9:77")
    await both(two, timedelta(minutes=1))
    assert (await one.world.lines(talk)).count("staff: This is Robin.") == 1
    assert "This is Robin." not in one.board.said()


async def test_colleagues_who_write_at_once_in_two_processes_both_reach_the_patient(two: tuple[Group, Group]) -> None:
    one, other = two
    await one.link()
    for user in (ROBIN, SAM):
        await one.staff_comes(user)
    _, talk = one.world.add_patient()
    await asks(one, talk)
    await both(two)
    for turn in range(5):
        await asyncio.gather(
            one.writes(ROBIN, f"Robin {turn}", update=f"9:{900 + turn}"),
            other.writes(SAM, f"Sam {turn}", message=7000 + turn, update=f"9:{950 + turn}"),
        )
    await both(two, timedelta(minutes=1))
    said = [line for line in await one.world.lines(talk) if line.startswith("staff: ")]
    assert sorted(said) == sorted(f"staff: {who} {turn}" for who in ("Robin", "Sam") for turn in range(5))
    assert "Not sent" not in one.board.said()


async def test_a_process_that_hangs_in_a_call_is_not_repeated_by_the_other(two: tuple[Group, Group]) -> None:
    one, other = two
    await one.link()
    _, talk = one.world.add_patient()
    await asks(one, talk)
    await both(two)
    await one.world.writes(talk, "the line in question")
    reached, goes_on = asyncio.Event(), asyncio.Event()
    post = one.board.post

    async def hangs(group: int, topic: int | None, message: TopicMessage) -> int:
        posted = await post(group, topic, message)
        reached.set()
        await goes_on.wait()
        return posted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one.board, "post", hangs)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(one.world.house.ticks.run("topics"))
            await reached.wait()
            patch.setattr(one.board, "post", post)
            for group in two:
                group.world.clock.move_to(group.world.clock.now() + LEASE_IS_OVER)
            await other.world.house.ticks.run("topics")
            assert one.board.said().count("the line in question") == 1
            goes_on.set()
    for _ in range(2):
        await both(two, timedelta(minutes=1))
    assert one.board.said().count("the line in question") == 1
