"""Who gets a connection, and when: what surely did not leave is told apart."""

import asyncio
from collections.abc import Iterator
from socket import getaddrinfo
from threading import Event
from typing import Any

import pytest

from bot.channels.telegram import http_pool
from bot.channels.telegram.http_connection import HttpConnection
from bot.channels.telegram.http_pool import HttpPool, NoAnswerError, NotConnectedError
from tests.channels.telegram.raw_server import Visit, ask, asking, echo, serving


async def test_nobody_there_is_told_as_not_connected() -> None:
    async with serving(echo) as server:
        pass
    for base in (server.base, "http://nobody.invalid", "http://a..b", "http://" + "a" * 64 + ".invalid"):
        with pytest.raises(NotConnectedError):
            await ask(HttpPool(base, most=1))


async def test_a_connection_that_is_not_made_in_time_is_told_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_pool, "CONNECT_SECONDS", 0.2)

    async def never_greets(visit: Visit) -> None:
        await visit.reader.read()

    async with serving(never_greets) as server:
        with pytest.raises(NotConnectedError, match="Timeout"):
            await ask(HttpPool(server.base.replace("http:", "https:"), most=1))


async def test_a_connection_that_is_lost_before_anything_leaves_by_it_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    made = HttpConnection.connection_made

    def made_and_lost(connection: HttpConnection, transport: asyncio.BaseTransport) -> None:
        made(connection, transport)
        connection.close()

    monkeypatch.setattr(HttpConnection, "connection_made", made_and_lost)

    async with asking(echo) as (pool, _):
        for _ in range(5):
            with pytest.raises(NotConnectedError):
                await ask(pool)


async def test_no_more_connections_than_allowed_are_open_and_those_who_wait_get_theirs_in_turn() -> None:
    hold = asyncio.Event()
    came: list[bytes] = []

    async def behave(visit: Visit) -> None:
        while True:
            came.append(content := await visit.read())
            await hold.wait()
            await visit.answer(content)

    async with asking(behave, most=2) as (pool, server):
        async with asyncio.TaskGroup() as tasks:
            asked = [tasks.create_task(ask(pool, b"%d" % number)) for number in range(6)]
            await asyncio.sleep(0.1)
            assert (len(server.visits), sorted(came)) == (2, [b"0", b"1"])
            hold.set()
        assert [(await each).content for each in asked] == [b"0", b"1", b"2", b"3", b"4", b"5"]
        assert len(server.visits) == 2
        assert came[2:] == [b"2", b"3", b"4", b"5"]


async def test_who_gets_no_place_in_time_has_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_pool, "CONNECT_SECONDS", 0.1)
    came: list[bytes] = []
    hold = asyncio.Event()

    async def behave(visit: Visit) -> None:
        while True:
            came.append(await visit.read())
            await hold.wait()
            await visit.answer(b"yes")

    async with asking(behave, most=1) as (pool, _):
        async with asyncio.TaskGroup() as tasks:
            first = tasks.create_task(ask(pool, b"first"))
            await asyncio.sleep(0.05)
            with pytest.raises(NotConnectedError):
                await ask(pool, b"second")
            hold.set()
        assert (await first).content == b"yes"
        assert (await ask(pool, b"third")).content == b"yes"
        assert came == [b"first", b"third"]


async def test_a_place_is_given_back_whatever_becomes_of_a_request() -> None:
    async def behave(visit: Visit) -> None:
        content = await visit.read()
        if content == b"hang":
            await asyncio.sleep(60)
        await visit.answer(content)

    async with asking(behave, most=1) as (pool, _):
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await ask(pool, b"hang")
            with pytest.raises(NoAnswerError):
                await ask(pool, b"hang", seconds=0.05)
        assert (await ask(pool, b"yes")).content == b"yes"


async def test_who_waits_for_a_place_may_give_up() -> None:
    hold = asyncio.Event()

    async def behave(visit: Visit) -> None:
        while True:
            content = await visit.read()
            await hold.wait()
            await visit.answer(content)

    async with asking(behave, most=1) as (pool, _):
        async with asyncio.TaskGroup() as tasks:
            first, second, third = (tasks.create_task(ask(pool, content)) for content in (b"1", b"2", b"3"))
            await asyncio.sleep(0.05)
            second.cancel()
            hold.set()
        assert ((await first).content, (await third).content) == (b"1", b"3")


async def test_the_place_of_one_who_could_not_connect_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(echo) as server:
        pool = HttpPool(server.base, most=1)
        monkeypatch.setattr(http_pool, "CONNECT_SECONDS", 0)
        for _ in range(3):
            with pytest.raises(NotConnectedError):
                await ask(pool)
        monkeypatch.undo()
        assert (await ask(pool)).status == 200
        await pool.close()


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], Event]]:
    """The names that are looked up, and what each look-up waits for."""
    names: list[str] = []
    found = Event()

    def look_up(host: str, port: int, **named: Any) -> list[Any]:  # noqa: ANN401 - handed on
        names.append(host)
        found.wait()
        return getaddrinfo(host, port, **named)

    monkeypatch.setattr(http_pool, "getaddrinfo", look_up)
    yield names, found
    found.set()


async def test_many_who_connect_at_once_look_the_name_up_once(looked_up: tuple[list[str], Event]) -> None:
    names, found = looked_up
    async with asking(echo, most=64) as (pool, server):
        async with asyncio.TaskGroup() as tasks:
            for _ in range(64):
                tasks.create_task(ask(pool))
            await asyncio.sleep(0.05)
            found.set()
        assert (len(server.visits), names) == (64, ["127.0.0.1"])
        await pool.close()
        await ask(pool)
        assert names == ["127.0.0.1"] * 2


async def test_who_gives_up_while_a_name_is_looked_up_takes_it_from_nobody(
    looked_up: tuple[list[str], Event],
) -> None:
    _, found = looked_up
    async with asking(echo) as (pool, _), asyncio.TaskGroup() as tasks:
        first, second = (tasks.create_task(ask(pool, content)) for content in (b"1", b"2"))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.sleep(0)
        found.set()
        assert (await second).content == b"2"
