"""The desk's bot and board over real HTTP, with a server that answers as it is told."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.desk.telegram import DeskBot, ForumBoard, connect
from bot.desk.telegram.client import DeskClient
from tests.desk_telegram.answers import TOKEN, Api, serving_beside
from tests.desk_telegram.forum import Forum, open_forum
from tests.desk_telegram.heard import Desk


@pytest.fixture(scope="session")
def served() -> Iterator[Api]:
    """The Bot API, for all tests; each begins anew."""
    with serving_beside() as serves:
        yield serves


@pytest.fixture
def api(served: Api) -> Api:
    """The Bot API, of which nobody asked anything yet."""
    served.forget()
    return served


@pytest.fixture
async def client(api: Api) -> AsyncIterator[DeskClient]:
    """A connection to it."""
    made = connect(token=TOKEN, api_base=api.base)
    yield made
    await made.close_sessions()


@pytest.fixture
def board(client: DeskClient) -> ForumBoard:
    """The board."""
    return ForumBoard(client)


@pytest.fixture
def desk() -> Desk:
    """The desk that is told of everything."""
    return Desk()


@pytest.fixture
async def bot(client: DeskClient, desk: Desk) -> AsyncIterator[DeskBot]:
    """The bot, started."""
    made = DeskBot(client=client, desk=desk)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def forum() -> AsyncIterator[Forum]:
    """A forum with one topic, about which nothing was heard yet."""
    async with open_forum() as made:
        yield made
