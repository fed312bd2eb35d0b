"""A house on a SQLite file of its own, as what is written there is seen from outside."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flows.ids import ClinicId
from storage.database import Database
from tests.world import World, make_world


@pytest.fixture(name="world")
async def _world(tmp_path: Path) -> AsyncIterator[World]:
    made = make_world(f"sqlite:///{tmp_path / 'recare.sqlite'}")
    yield made
    await made.house.database.close()


@pytest.fixture(name="database")
def _database(world: World) -> Database:
    return world.house.database


@pytest.fixture(name="clinic_id")
def _clinic_id(world: World) -> ClinicId:
    return world.house.clinic.id
