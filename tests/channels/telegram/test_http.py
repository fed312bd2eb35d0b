"""Our connections to a server: whole answers or errors, and what surely did not leave told apart.

Longer than other files: what a stranger may say, a way a connection may end, and its test each.
"""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from socket import SHUT_WR, SO_LINGER, SO_RCVBUF, SO_SNDBUF, SOL_SOCKET, create_server, getaddrinfo
from socket import socket as Socket  # noqa: N812 - a type
from threading import Event
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.channels.telegram import http_connection, http_pool
from bot.channels.telegram.http_connection import HttpConnection
from bot.channels.telegram.http_pool import Answer, HttpPool, NoAnswerError, NotConnectedError
from tests.channels.telegram.raw_server import Behaviour, RawServer, Visit, echo, serving, whole

JSON = "application/json"


async def ask(pool: HttpPool, content: bytes = b"{}", seconds: float = 5) -> Answer:
    return await pool.post("/bot1:A/getMe", content, JSON, seconds)


@asynccontextmanager
async def asking(behave: Behaviour, most: int = 4) -> AsyncIterator[tuple[HttpPool, RawServer]]:
    async with serving(behave) as server:
        pool = HttpPool(server.base, most=most)
        yield pool, server
        await pool.close()


def saying(*parts: bytes) -> Behaviour:
    """A server that says this to the first request of each connection, and then no more."""

    async def behave(visit: Visit) -> None:
        await visit.read()
        await visit.say(*parts)

    return behave


async def test_a_request_is_what_the_standard_asks_for() -> None:
    heads: list[bytes] = []

    async def behave(visit: Visit) -> None:
        heads.append(await visit.reader.readuntil(b"\r\n\r\n"))
        heads.append(await visit.reader.readexactly(2))
        await visit.answer(b"")
        heads.append(await visit.reader.readuntil(b"\r\n\r\n"))
        await visit.answer(b"a file")

    async with asking(behave) as (pool, server):
        await ask(pool)
        got = await pool.get("/file/bot1:A/photos/file%201.jpg", 5)

    host = b"Host: 127.0.0.1:%d\r\nUser-Agent: recare\r\nAccept: */*\r\n" % server.port
    kind = b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n"
    assert heads == [
        b"POST /bot1:A/getMe HTTP/1.1\r\n" + host + kind,
        b"{}",
        b"GET /file/bot1:A/photos/file%201.jpg HTTP/1.1\r\n" + host + b"\r\n",
    ]
    assert got == (200, b"a file")


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4;x=y\r\n two\r\n0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (whole(b"yes"), (200, b"yes")),
        (whole(b""), (200, b"")),
        (CHUNKED, (200, b"one two")),
        (b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\nno", (429, b"no")),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\nuntil it ends", (502, b"until it ends")),
        (b"HTTP/1.0 200 OK\r\n\r\nas long ago", (200, b"as long ago")),
        (b"HTTP/1.1 200 OK\r\n\r\n", (200, b"")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + whole(b"yes"), (200, b"yes")),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", (302, b"")),
    ],
)
@pytest.mark.parametrize("length", [1, 7, 1000])
async def test_an_answer_is_read_however_it_comes(said: bytes, answer: Answer, length: int) -> None:
    parts = [said[start : start + length] for start in range(0, len(said), length)]

    async with asking(saying(*parts)) as (pool, _):
        assert await ask(pool) == answer


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nyes!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
async def test_what_is_no_whole_answer_is_none(said: bytes) -> None:
    async with asking(saying(said)) as (pool, _):
        with pytest.raises(NoAnswerError):
            await ask(pool)


async def test_a_connection_that_breaks_off_gives_no_answer_however_much_was_said() -> None:
    async def reset(visit: Visit) -> None:
        await visit.read()
        await visit.say(b"HTTP/1.1 200 OK\r\n\r\nuntil it")
        await asyncio.sleep(0.05)
        socket: Socket = visit.writer.get_extra_info("socket")
        # With no time to linger what is closed is reset.
        socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))

    async with asking(reset) as (pool, _):
        with pytest.raises(NoAnswerError):
            await ask(pool)


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


async def test_silence_is_no_answer_and_every_word_begins_it_anew() -> None:
    said = whole(b"slowly")

    async def slowly(visit: Visit) -> None:
        await visit.read()
        for byte in said:
            await visit.say(bytes([byte]))
            await asyncio.sleep(0.01)
        await visit.read()
        await visit.say(said[:20])
        await asyncio.sleep(60)

    async with asking(slowly) as (pool, _):
        assert (await ask(pool, seconds=0.2)).content == b"slowly"
        with pytest.raises(NoAnswerError, match="silent"):
            await ask(pool, seconds=0.2)


async def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connection, "LARGEST_ANSWER", 1 << 20)

    async def without_end(visit: Visit) -> None:
        await visit.read()
        await visit.say(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await visit.say(b"x" * 65536)

    async with asking(without_end) as (pool, _):
        with pytest.raises(NoAnswerError, match="too large"):
            await ask(pool)


async def test_a_head_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connection, "LARGEST_ANSWER", 1 << 20)

    async def without_end(visit: Visit) -> None:
        await visit.read()
        await visit.say(b"HTTP/1.1 200 OK\r\n")
        for number in count():
            await visit.say(b"X-%d: %b\r\n" % (number, b"x" * 4096))

    async with asking(without_end) as (pool, _):
        with pytest.raises(NoAnswerError):
            await ask(pool)


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


async def test_many_answers_on_one_connection_are_not_one_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connection, "LARGEST_ANSWER", 5000)
    async with asking(echo) as (pool, server):
        for _ in range(4):
            await ask(pool, b"x" * 2000)
        assert len(server.visits) == 1


async def test_a_line_of_a_head_without_end_is_given_up() -> None:
    async def large(visit: Visit) -> None:
        await visit.read()
        await visit.say(b"HTTP/1.1 200 OK\r\nX: ", *(b"x" * (1 << 16) for _ in range(64)))
        await visit.say(b"\r\nContent-Length: 0\r\n\r\n")

    async with asking(large) as (pool, _):
        with pytest.raises(NoAnswerError, match="too large"):
            await ask(pool)


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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody vouches for, with its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    plain = NoEncryption()
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, plain) + made.public_bytes(Encoding.PEM))
    return file


async def test_beneath_tls_nobody_else_can_end_an_answer(certificate: Path) -> None:
    speaks = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    speaks.load_cert_chain(certificate)

    async def cut(visit: Visit) -> None:
        await visit.read()
        await visit.say(b"HTTP/1.1 200 OK\r\n\r\nhalf of")
        # Ends the connection below TLS, which says no goodbye.
        visit.writer.transport.abort()

    async with serving(cut, ssl=speaks) as server:
        trust = ssl.create_default_context(cafile=certificate)
        pool = HttpPool(f"https://localhost:{server.port}", most=1, trust=trust)
        with pytest.raises(NoAnswerError):
            await ask(pool)
        await pool.close()


@pytest.mark.parametrize(("host", "is_trusted"), [("localhost", True), ("localhost", False), ("127.0.0.1", True)])
async def test_a_server_is_believed_only_by_its_certificate(certificate: Path, host: str, *, is_trusted: bool) -> None:
    speaks = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    speaks.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=certificate) if is_trusted else None

    async with serving(echo, ssl=speaks) as server:
        pool = HttpPool(f"https://{host}:{server.port}", most=2, trust=trust)
        if is_trusted and host == "localhost":
            assert [(await ask(pool, content)).content for content in (b"a", b"x" * 3_000_000, b"c")][::2] == [
                b"a",
                b"c",
            ]
            assert len(server.visits) == 1
        else:
            with pytest.raises(NotConnectedError, match="Cert"):
                await ask(pool)
        await pool.close()
