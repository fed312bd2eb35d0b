"""Fixtures of the tests over Telegram: the messenger and the clock; each test starts its own house."""

from collections.abc import AsyncIterator

import pytest

from bot.clocks import RehearsalClock
from tests.botapi.api import BotApi, bot_api
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
