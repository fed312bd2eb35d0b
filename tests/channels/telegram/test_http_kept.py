"""A connection that is kept: no answer is ever taken for another request's."""

import asyncio
from collections.abc import Awaitable, Callable
from socket import SHUT_WR, create_server

import pytest

from bot.channels.telegram import http_pool
from bot.channels.telegram.http_pool import HttpPool, NoAnswerError
from tests.channels.telegram.raw_server import Visit, ask, asking, echo, saying, whole


async def test_one_connection_serves_one_request_after_the_other() -> None:
    async with asking(echo) as (pool, server):
        assert [(await ask(pool, b"%d" % number)).content for number in range(5)] == [b"0", b"1", b"2", b"3", b"4"]
        assert len(server.visits) == 1


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nyes",
        b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nyes",
        whole(b"yes") + whole(b"an answer to nothing"),
        whole(b"yes") + b"something else",
    ],
)
async def test_a_connection_that_is_done_with_or_out_of_step_is_not_used_again(said: bytes) -> None:
    async def behave(visit: Visit) -> None:
        await visit.read()
        await visit.say(said)
        await visit.read()
        await visit.answer(b"not for you")

    async with asking(behave) as (pool, server):
        assert (await ask(pool)).content == b"yes"
        assert (await ask(pool)).content == b"yes"
        assert len(server.visits) == 2


async def test_what_nobody_asked_for_ends_a_connection() -> None:
    async def behave(visit: Visit) -> None:
        await visit.answer(await visit.read())
        await asyncio.sleep(0.02)
        await visit.answer(b"an answer to nothing")
        await visit.answer(await visit.read())

    async with asking(behave) as (pool, server):
        assert (await ask(pool, b"first")).content == b"first"
        await asyncio.sleep(0.05)
        assert (await ask(pool, b"second")).content == b"second"
        assert len(server.visits) == 2


async def test_a_connection_the_server_closed_meanwhile_is_not_used_again() -> None:
    async with asking(saying(whole(b"yes"))) as (pool, server):
        await ask(pool)
        await asyncio.sleep(0.05)
        assert (await ask(pool)).content == b"yes"
        assert len(server.visits) == 2


async def test_the_answer_to_a_request_that_was_cut_short_reaches_nobody_else() -> None:
    async def late(visit: Visit) -> None:
        while True:
            content = await visit.read()
            await asyncio.sleep(0.1 if content == b"slow" else 0)
            await visit.answer(content)

    async with asking(late, most=1) as (pool, _):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await ask(pool, b"slow")
        assert [(await ask(pool, content)).content for content in (b"a", b"b", b"c")] == [b"a", b"b", b"c"]


async def test_what_came_late_to_a_request_that_was_given_up_reaches_nobody_else() -> None:
    async def late(visit: Visit) -> None:
        while True:
            content = await visit.read()
            await asyncio.sleep(0.3 if content == b"slow" else 0)
            await visit.answer(content)

    async with asking(late, most=1) as (pool, _):
        assert (await ask(pool, b"a")).content == b"a"
        with pytest.raises(NoAnswerError):
            await ask(pool, b"slow", seconds=0.1)
        assert [(await ask(pool, content)).content for content in (b"b", b"c")] == [b"b", b"c"]


@pytest.mark.parametrize("said", [whole(b"nobody asked for this"), b""])
async def test_what_lies_there_before_a_request_leaves_is_not_its_answer(said: bytes) -> None:
    loop = asyncio.get_running_loop()
    with create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        pool = HttpPool(f"http://127.0.0.1:{listening.getsockname()[1]}", most=1)
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            first = tasks.create_task(ask(pool))
            theirs, _ = await loop.sock_accept(listening)
            with theirs:
                await loop.sock_recv(theirs, 1000)
                theirs.send(whole(b"first"))
                assert (await first).content == b"first"
                # It is here before anything else is asked, and the event loop did not tell it yet.
                if said:
                    theirs.send(said)
                else:
                    theirs.shutdown(SHUT_WR)
                second = tasks.create_task(ask(pool))
                again, _ = await loop.sock_accept(listening)
                with again:
                    await loop.sock_recv(again, 1000)
                    again.send(whole(b"second"))
                    assert (await second).content == b"second"
        await pool.close()


@pytest.fixture
async def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Awaitable[None]]:
    """Let so many seconds pass on the event loop's clock."""
    loop, passed = asyncio.get_running_loop(), [0.0]
    shown = loop.time
    monkeypatch.setattr(loop, "time", lambda: shown() + passed[0])

    async def later(seconds: float) -> None:
        passed[0] += seconds
        await asyncio.sleep(0.02)

    return later


async def test_connections_nobody_needs_are_closed_after_a_while(later: Callable[[float], Awaitable[None]]) -> None:
    ended: list[Visit] = []

    async def behave(visit: Visit) -> None:
        try:
            await echo(visit)
        finally:
            ended.append(visit)

    async with asking(behave) as (pool, server):
        await asyncio.gather(*(ask(pool) for _ in range(3)))
        for _ in range(2):
            await later(0.4 * http_pool.IDLE_SECONDS)
            await ask(pool)
        assert (len(server.visits), len(ended)) == (3, 0)
        await later(0.4 * http_pool.IDLE_SECONDS)
        assert (len(server.visits), len(ended)) == (3, 2)
        await later(0.8 * http_pool.IDLE_SECONDS)
        assert (len(server.visits), len(ended)) == (3, 3)
        await ask(pool)
        assert len(server.visits) == 4


async def test_an_old_connection_is_not_used_even_before_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with asking(echo) as (pool, server):
        await ask(pool)
        monkeypatch.setattr(http_pool, "IDLE_SECONDS", 0)
        await ask(pool)
        assert len(server.visits) == 2
