"""A server that says what a test wants, byte by byte: what is between us and Telegram may be anything."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from bot.channels.telegram.http_pool import Answer, HttpPool


@dataclass
class Visit:
    """One connection, from the server's side."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def read(self) -> bytes:
        """Read a request; returns its content. Raises IncompleteReadError: the connection ended."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        _, _, rest = head.partition(b"content-length: ")
        return await self.reader.readexactly(int(rest.partition(b"\r\n")[0] or 0))

    async def say(self, *parts: bytes) -> None:
        """Say something, each part by itself."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0)

    async def answer(self, content: bytes) -> None:
        """Answer as servers do."""
        await self.say(whole(content))


JSON = "application/json"
Behaviour = Callable[[Visit], Awaitable[None]]


@dataclass
class RawServer:
    """Where it is, and who came."""

    port: int = 0
    visits: list[Visit] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


def whole(content: bytes) -> bytes:
    """An answer that says how long it is."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)


async def echo(visit: Visit) -> None:
    """Answer each request with what it brought."""
    while True:
        await visit.answer(await visit.read())


@asynccontextmanager
async def serving(behave: Behaviour, ssl: SSLContext | None = None) -> AsyncIterator[RawServer]:
    """Serve; each connection ends when `behave` does."""
    raw = RawServer()
    under_way: set[asyncio.Task[Any]] = set()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        raw.visits.append(visit := Visit(reader, writer))
        try:
            await behave(visit)
        except (asyncio.CancelledError, asyncio.IncompleteReadError, OSError):
            pass
        finally:
            under_way.discard(task)
            writer.close()

    async with await asyncio.start_server(come, "127.0.0.1", ssl=ssl) as server:
        raw.port = server.sockets[0].getsockname()[1]
        try:
            yield raw
        finally:
            for task in (ending := list(under_way)):
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)


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
