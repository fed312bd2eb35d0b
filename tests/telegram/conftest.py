"""Fixtures of the tests over Telegram: the messenger and the clock; each test starts its own house."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clocks import RehearsalClock
from tests.botapi.api import BotApi, bot_api
from tests.telegram.clinic import Clinic
from tests.telegram.starting import house_on_telegram
from tests.world import MONDAY_MORNING


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


@pytest.fixture
async def clinic(api: BotApi, tmp_path: Path, clock: RehearsalClock) -> AsyncIterator[Clinic]:
    """A running house that fetches its updates."""
    async with house_on_telegram(api, tmp_path, clock) as running:
        yield running
