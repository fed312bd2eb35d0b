"""The real house for tests of intake; only the messenger is told what to say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.records import Records
from tests.world import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A house on a database of the test's own."""
    made = make_world(f"sqlite:///{tmp_path / 'recare.sqlite'}")
    yield made
    made.house.database.close_now()


@pytest.fixture
def records(tmp_path: Path, world: World) -> Iterator[Records]:
    """What is stored, read past the house."""
    del world
    with Records(f"sqlite:///{tmp_path / 'recare.sqlite'}") as found:
        yield found
