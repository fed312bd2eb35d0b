"""The real house for tests of its services: words read once, a database of each test's own, a line that can fail."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.understanding import RuleUnderstander
from flows.vocabulary import Channel
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World, make_world


@pytest.fixture(scope="session", autouse=True)
def words_read_once() -> Iterator[None]:
    """Read the word lists once for all houses: they never change, and reading them takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RuleUnderstander, "load", cache(RuleUnderstander.load))
        yield


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Where the test's own database lies."""
    return f"sqlite:///{tmp_path / 'recare.sqlite'}"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A house in its rehearsal, on a Monday morning."""
    made = make_world(database_url)
    yield made
    made.house.database.close_now()


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    """What is stored, read past the house."""
    with Records(database_url) as found:
        yield found


@pytest.fixture
def line(world: World) -> Line:
    """A messenger between the house and its patients that does as it is told."""
    made = Line()
    world.house.delivery.channels[Channel.WEBCHAT] = made
    return made
