"""What a server answers: whole, or an error, however it comes."""

import asyncio
import struct
from itertools import count
from socket import SO_LINGER, SOL_SOCKET
from socket import socket as Socket  # noqa: N812 - a type

import pytest

from bot.channels.telegram import http_connection
from bot.channels.telegram.http_pool import Answer, NoAnswerError
from tests.channels.telegram.raw_server import Visit, ask, asking, echo, saying, whole


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


async def test_a_line_of_a_head_without_end_is_given_up() -> None:
    async def large(visit: Visit) -> None:
        await visit.read()
        await visit.say(b"HTTP/1.1 200 OK\r\nX: ", *(b"x" * (1 << 16) for _ in range(64)))
        await visit.say(b"\r\nContent-Length: 0\r\n\r\n")

    async with asking(large) as (pool, _):
        with pytest.raises(NoAnswerError, match="too large"):
            await ask(pool)


async def test_many_answers_on_one_connection_are_not_one_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connection, "LARGEST_ANSWER", 5000)
    async with asking(echo) as (pool, server):
        for _ in range(4):
            await ask(pool, b"x" * 2000)
        assert len(server.visits) == 1
