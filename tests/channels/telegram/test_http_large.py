"""A request too large for one piece, and servers that take it slowly, in part or not at all."""

import asyncio
from socket import SO_RCVBUF, SO_SNDBUF, SOL_SOCKET

import pytest

from bot.channels.telegram.http_connection import HttpConnection
from bot.channels.telegram.http_pool import NoAnswerError
from tests.channels.telegram.raw_server import Visit, ask, asking


async def test_a_large_request_leaves_in_pieces_and_nobody_else_waits_for_it() -> None:
    large = bytes(range(256)) * (12 * 4096)

    async def slowly(visit: Visit) -> None:
        while True:
            content = await visit.read()
            if len(content) == 1:
                # While this one is answered, the large one has not arrived.
                assert not arrived
            else:
                arrived.append(content)
            await visit.answer(b"%d" % len(content))

    arrived: list[bytes] = []
    async with asking(slowly) as (pool, _):
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(ask(pool, large))
            await asyncio.sleep(0)
            assert (await ask(pool, b"x")).content == b"1"
        assert (await asked).content == b"%d" % len(large)
        assert arrived == [large]
        assert (await ask(pool, b"12")).content == b"2"


async def test_an_answer_that_comes_before_the_end_of_the_request_is_taken() -> None:
    async def refuses(visit: Visit) -> None:
        await visit.reader.readuntil(b"\r\n\r\n")
        await visit.say(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
        await asyncio.sleep(60)

    async with asking(refuses) as (pool, server):
        for _ in range(2):
            assert await ask(pool, b"x" * (64 << 20)) == (413, b"no")
        assert len(server.visits) == 2


async def test_a_server_that_takes_nothing_is_silent() -> None:
    async def takes_nothing(visit: Visit) -> None:
        await visit.reader.readuntil(b"\r\n\r\n")
        visit.reader._transport.pause_reading()  # type: ignore[attr-defined]  # noqa: SLF001
        await asyncio.sleep(60)

    async with asking(takes_nothing) as (pool, _):
        with pytest.raises(NoAnswerError, match="silent"):
            await ask(pool, b"x" * (64 << 20), seconds=0.3)


async def test_a_large_request_may_be_given_up_while_the_server_takes_nothing() -> None:
    wrong: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: wrong.append(told))

    async def takes_nothing(visit: Visit) -> None:
        await visit.reader.readuntil(b"\r\n\r\n")
        visit.reader._transport.pause_reading()  # type: ignore[attr-defined]  # noqa: SLF001
        await asyncio.sleep(60)

    async with asking(takes_nothing) as (pool, _):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await ask(pool, b"x" * (64 << 20))
        async with asyncio.timeout(0.5):
            await pool.close()
    assert wrong == []


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our machine keeps little of what a server does not take yet, as it does before a slow line."""
    made = HttpConnection.connection_made

    def connection_made(connection: HttpConnection, transport: asyncio.BaseTransport) -> None:
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, 1 << 14)
        made(connection, transport)

    monkeypatch.setattr(HttpConnection, "connection_made", connection_made)


@pytest.mark.usefixtures("narrow")
async def test_a_server_that_takes_little_at_a_time_is_not_silent() -> None:
    async def slowly(visit: Visit) -> None:
        visit.writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 1 << 14)
        await visit.reader.readuntil(b"\r\n\r\n")
        for _ in range(192):
            await visit.reader.readexactly(1 << 14)
            await asyncio.sleep(0.01)
        await visit.answer(b"taken")

    async with asking(slowly) as (pool, _):
        assert (await ask(pool, b"x" * (192 << 14), seconds=1)).content == b"taken"


@pytest.mark.usefixtures("narrow")
async def test_a_connection_is_not_used_again_before_its_request_has_left_whole() -> None:
    async def answers_at_once(visit: Visit) -> None:
        visit.writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 1 << 12)
        await visit.reader.readuntil(b"\r\n\r\n")
        visit.reader._transport.pause_reading()  # type: ignore[attr-defined]  # noqa: SLF001
        await visit.answer(b"at once")
        await asyncio.sleep(60)

    async with asking(answers_at_once) as (pool, server):
        for _ in range(2):
            assert (await ask(pool, b"x" * 900_000)).content == b"at once"
        assert len(server.visits) == 2


async def test_a_server_may_refuse_a_large_request_say_so_and_be_gone() -> None:
    async def refuses(visit: Visit) -> None:
        await visit.reader.readuntil(b"\r\n\r\n")
        visit.reader._transport.pause_reading()  # type: ignore[attr-defined]  # noqa: SLF001
        await visit.say(b"HTTP/1.0 413 Content Too Large\r\n\r\nno")
        visit.writer.write_eof()
        await asyncio.sleep(60)

    async with asking(refuses) as (pool, _):
        assert await ask(pool, b"x" * (64 << 20)) == (413, b"no")
