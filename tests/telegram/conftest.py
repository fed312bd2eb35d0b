"""Fixtures of the tests over Telegram: the messenger and the clock; each test starts its own house."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from bot.clocks import RehearsalClock
from tests.botapi.api import BotApi, bot_api
from tests.telegram.clinic import Clinic
from tests.telegram.starting import house_on_telegram
from tests.world import MONDAY_MORNING, make_world


@pytest.fixture
def clock() -> RehearsalClock:
    """A Monday morning."""
    return RehearsalClock(MONDAY_MORNING)


@pytest.fixture
async def api(clock: RehearsalClock) -> AsyncIterator[BotApi]:
    """A messenger whose time is the clinic's; a call or an update that is not as published fails the test."""
    async with bot_api(now=clock.now) as served:
        yield served
    served.must_be_clean()


@pytest.fixture(scope="session")
def empty_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a clinic and nobody in it, to be copied."""
    file = tmp_path_factory.mktemp("telegram") / "recare.sqlite"
    make_world(f"sqlite:///{file}").house.database.close_now()
    return file


@pytest.fixture
def folder(empty_clinic: Path, tmp_path: Path) -> Path:
    """Where the test's own database lies."""
    copy(empty_clinic, tmp_path)
    return tmp_path


@pytest.fixture
async def clinic(api: BotApi, folder: Path, clock: RehearsalClock) -> AsyncIterator[Clinic]:
    """A running house that fetches its updates."""
    async with house_on_telegram(api, folder, clock) as running:
        yield running
