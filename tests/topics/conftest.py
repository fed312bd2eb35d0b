"""The real house with a forum group in memory."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest

from flows.ids import ConversationId
from flows.vocabulary import Channel, Role
from tests.house.conftest import empty_clinic
from tests.house.line import CAPABILITIES
from tests.house.records import Records
from tests.topics.board import GroupBoard
from tests.topics.group import ROBIN, SAM, Group
from tests.topics.messenger import Messenger
from tests.world import make_world

__all__ = ["empty_clinic"]


@pytest.fixture
def database_url(empty_clinic: Path, tmp_path: Path) -> str:
    """Where the test's own database lies."""
    file = tmp_path / "recare.sqlite"
    copy(empty_clinic, file)
    return f"sqlite:///{file}"


@pytest.fixture
async def unlinked(database_url: str) -> AsyncIterator[Group]:
    """A house and a group that nobody has connected."""
    board = GroupBoard()
    world = make_world(database_url, board=board)
    board.now = world.clock.now
    yield Group(world=world, board=board)
    world.house.database.close_now()


@pytest.fixture
async def group(unlinked: Group) -> Group:
    """A connected group."""
    await unlinked.link()
    return unlinked


@pytest.fixture
def records(database_url: str) -> Records:
    """What is stored, read past the house."""
    return Records(database_url)


@pytest.fixture
async def talk(group: Group) -> ConversationId:
    """A patient who asked for a person, and two members of staff."""
    await group.staff_comes(ROBIN)
    await group.staff_comes(SAM, Role.RECEPTION)
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    return talk


@pytest.fixture
def line(group: Group) -> Messenger:
    """A messenger of the patient's that can edit."""
    made = Messenger(capabilities=replace(CAPABILITIES, can_edit=True))
    group.world.house.delivery.channels[Channel.WEBCHAT] = made
    return made
