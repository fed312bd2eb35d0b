"""The fixture of tests that talk with the Bot API server; a conftest takes it over by importing it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.botapi.api import BotApi, bot_api


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Bot API server of this test alone; a violation of the published API fails the test."""
    async with bot_api() as served:
        yield served
    served.must_be_clean()
