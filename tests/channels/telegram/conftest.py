"""The patients' bot and its channel, before a server that answers by script."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp.test_utils import TestServer

from bot.channels.telegram import BotWords, Connection, PatientsBot, TelegramChannel
from bot.clocks import RehearsalClock
from bot.services.arriving import Arrival, Arrived
from bot.services.updates import Taken
from bot.wording import Catalogue, PageWords
from flows.vocabulary import Channel, Language
from tests.channels.telegram.scripted import TOKEN, ScriptedApi

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(kw_only=True)
class RecordingEntrance:
    """Remembers what was brought; behind it the house would begin."""

    taken: list[Arrival] = field(default_factory=list)
    answers: bool = False
    failure: Exception | None = None
    room: bool = True
    looked: list[tuple[Channel, str]] = field(default_factory=list)

    async def take(self, arrival: Arrival) -> Arrived:
        """Remember an arrival."""
        if self.failure is not None:
            raise self.failure
        self.taken.append(arrival)
        return Arrived(taken=Taken.DONE, answered=self.answers)

    async def has_room(self, channel: Channel, account: str) -> bool:
        """Tell what a test says, and remember who was asked about."""
        self.looked.append((channel, account))
        return self.room


@pytest.fixture
async def api() -> ScriptedApi:
    return ScriptedApi()


@pytest.fixture
async def server(api: ScriptedApi) -> AsyncIterator[TestServer]:
    server = TestServer(api.application(), host="127.0.0.1")
    await server.start_server()
    yield server
    api.released.set()
    await server.close()


@pytest.fixture
async def connection(server: TestServer) -> AsyncIterator[Connection]:
    connection = Connection(TOKEN, str(server.make_url("")))
    yield connection
    await connection.close()


@pytest.fixture
def channel(connection: Connection) -> TelegramChannel:
    return TelegramChannel(connection)


@pytest.fixture
def entrance() -> RecordingEntrance:
    return RecordingEntrance()


@pytest.fixture
def clock() -> RehearsalClock:
    return RehearsalClock(NOW)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def words(catalogue: Catalogue, clock: RehearsalClock) -> BotWords:
    return BotWords(
        words=PageWords(catalogue=catalogue, zone=ZONE),
        names=dict.fromkeys(Language, "Synthetic practice"),
        language=Language.NL,
        clock=clock,
    )


@pytest.fixture
def patients(
    connection: Connection, entrance: RecordingEntrance, words: BotWords, clock: RehearsalClock
) -> PatientsBot:
    return PatientsBot(connection=connection, entrance=entrance, words=words, clock=clock)
