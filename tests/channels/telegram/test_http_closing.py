"""The end of all connections to a server, whatever is under way."""

import asyncio

import pytest

from bot.channels.telegram.http_pool import HttpPool, NoAnswerError, NotConnectedError
from tests.channels.telegram.raw_server import Visit, ask, asking


async def test_closing_ends_all_and_what_was_under_way_has_no_answer() -> None:
    ended: list[Visit] = []

    async def behave(visit: Visit) -> None:
        while (content := await visit.read()) != b"hang":
            await visit.answer(content)
        await visit.reader.read()
        ended.append(visit)

    async def hang(pool: HttpPool) -> None:
        with pytest.raises(NoAnswerError):
            await ask(pool, b"hang", seconds=60)

    async with asking(behave) as (pool, _):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(hang(pool))
            await ask(pool)
            await asyncio.sleep(0.05)
            await pool.close()
        await asyncio.sleep(0.05)
        assert len(ended) == 1
        assert (await ask(pool, b"again")).content == b"again"


async def test_closing_makes_no_answer_of_what_had_no_end() -> None:
    async def half(visit: Visit) -> None:
        await visit.read()
        await visit.say(b"HTTP/1.1 200 OK\r\n\r\nhalf of")
        await asyncio.sleep(60)

    async def get_none(pool: HttpPool) -> None:
        with pytest.raises(NoAnswerError):
            await ask(pool)

    async with asking(half) as (pool, _), asyncio.TaskGroup() as tasks:
        tasks.create_task(get_none(pool))
        await asyncio.sleep(0.05)
        await pool.close()


async def test_nothing_leaves_once_it_is_closed() -> None:
    came: list[bytes] = []

    async def behave(visit: Visit) -> None:
        came.append(await visit.read())
        await asyncio.sleep(60)

    async def fails(pool: HttpPool, content: bytes, error: type[Exception]) -> None:
        with pytest.raises(error):
            await ask(pool, content)

    async with asking(behave, most=1) as (pool, server):
        async with asyncio.timeout(2), asyncio.TaskGroup() as tasks:
            tasks.create_task(fails(pool, b"first", NoAnswerError))
            tasks.create_task(fails(pool, b"waits for a place", NotConnectedError))
            await asyncio.sleep(0.05)
            await pool.close()
        async with asyncio.timeout(2), asyncio.TaskGroup() as tasks:
            tasks.create_task(fails(pool, b"connects", NotConnectedError))
            await asyncio.sleep(0)
            await pool.close()
        await asyncio.sleep(0.05)
        assert came == [b"first"]
        assert all(visit.reader.at_eof() for visit in server.visits)
