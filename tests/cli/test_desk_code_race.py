"""The line that `recare desk link` prints, written into two groups at the same moment: one of them is the desk."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.services.topic_ports import GroupState
from tests.topics.board import GROUP, GroupBoard
from tests.topics.group import Group
from tests.topics.test_links import linked
from tests.world import make_world

OTHER_GROUP = -1002


@dataclass(kw_only=True)
class SlowBoard(GroupBoard):
    """While a group is looked at, something else happens, once."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def look(self, group: int) -> GroupState:
        """Look, and tell only after what happens meanwhile."""
        state = await GroupBoard.look(self, group)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            await happens()
        return state


@pytest.fixture
def board() -> SlowBoard:
    """Where both groups are."""
    return SlowBoard()


@pytest.fixture
def group(tmp_path: Path, board: SlowBoard) -> Iterator[Group]:
    """A house that has no desk in a group yet."""
    world = make_world(f"sqlite:///{tmp_path / 'recare.sqlite'}", board=board)
    board.now = world.clock.now
    yield Group(world=world, board=board)
    world.house.database.close_now()


async def test_of_two_groups_with_the_same_code_the_one_that_used_it_stays_the_desk(
    group: Group, board: SlowBoard
) -> None:
    code, answers = group.new_code(), []

    async def the_other_is_faster() -> None:
        board.moves(OTHER_GROUP)
        answers.append(await group.link(code))

    board.meanwhile = the_other_is_faster
    answers.append(await group.link(code))
    first, second = answers
    assert "now the desk" in first
    assert "unknown, used" in second
    assert linked(group) == OTHER_GROUP != GROUP
