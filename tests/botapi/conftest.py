"""The server for its own tests, a bot that calls it over plain HTTP, and Alice, who has started that bot."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.botapi.api import BotApi
from tests.botapi.fixtures import api
from tests.botapi.hub import BotAccount
from tests.botapi.people import Person
from tests.botapi.plain_http import Caller

__all__ = ["api"]


@pytest.fixture
def account(api: BotApi) -> BotAccount:
    """A bot."""
    return api.bot("clinic_bot")


@pytest.fixture
def alice(api: BotApi, account: BotAccount) -> Person:
    """Somebody who has started it."""
    person = api.person("Alice", phone="+32470000001")
    person.start(account)
    return person


@pytest_asyncio.fixture
async def call(api: BotApi, account: BotAccount) -> AsyncIterator[Caller]:
    """What the bot calls."""
    caller = Caller(api, account)
    yield caller
    await caller.client.aclose()
