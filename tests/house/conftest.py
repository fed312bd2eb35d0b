"""The real house for tests of its services: a database of each test's own, a line that can fail."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from flows.vocabulary import Channel
from tests.house.line import Line
from tests.house.records import Records
from tests.house.telephone import Phone
from tests.world import World, make_world


@pytest.fixture(scope="session")
def empty_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a clinic and nobody in it, to be copied."""
    file = tmp_path_factory.mktemp("house") / "empty.sqlite"
    make_world(f"sqlite:///{file}").house.database.close_now()
    return file


@pytest.fixture
def database_url(empty_clinic: Path, tmp_path: Path) -> str:
    """Where the test's own database lies."""
    file = tmp_path / "recare.sqlite"
    copy(empty_clinic, file)
    return f"sqlite:///{file}"


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


@pytest.fixture
def messenger(world: World) -> Line:
    """A line that stands in for Telegram."""
    made = Line(name=Channel.TELEGRAM)
    world.house.delivery.channels[Channel.TELEGRAM] = made
    return made


@pytest.fixture
def phone(world: World, messenger: Line) -> Phone:
    """Somebody's telephone, which nobody knows yet."""
    return Phone(world=world, line=messenger, account="5001")
