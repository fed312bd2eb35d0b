"""Owns the connections to one server: kept open between requests, bounded in number, the freshest used first.

Invariant: what surely did not leave this machine is told apart (`NotConnectedError`) from what may have arrived
(`NoAnswerError`). Nothing is ever sent twice.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from socket import SOCK_STREAM, getaddrinfo
from urllib.parse import urlsplit

import certifi
from aiohappyeyeballs import AddrInfoType, start_connection

from bot.channels.telegram.http_connection import Answer, HttpConnection, NoAnswerError

__all__ = ["Answer", "HttpPool", "NoAnswerError", "NotConnectedError"]

CONNECT_SECONDS = 5.0
"""For a place among the connections and a new one, together."""

IDLE_SECONDS = 15.0
"""So long a connection is kept that nobody uses: shorter than servers keep it, which may end it as a request leaves."""

NEXT_ADDRESS_SECONDS = 0.25
"""After so long the next address of a name is tried beside the one before (RFC 8305, 5)."""

GOODBYE_SECONDS = 1.0


class NotConnectedError(Exception):
    """There was no connection in time: nothing was written."""


class HttpPool:
    """Asks one server."""

    def __init__(self, base: str, *, most: int, trust: ssl.SSLContext | None = None) -> None:
        """Ask the server at `base`, as `https://api.telegram.org`; nothing leaves yet.

        most: connections at once. trust: whose word for the server's name is taken; None: that of the authorities
        browsers trust.
        """
        parts = urlsplit(base)
        is_secret = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if is_secret else 80)
        self._head = f"HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: recare\r\nAccept: */*\r\n"
        self._trust = (trust or ssl.create_default_context(cafile=certifi.where())) if is_secret else None
        self._look_up: asyncio.Future[Sequence[AddrInfoType]] | None = None
        self._places = asyncio.Semaphore(most)
        self._idle: deque[tuple[float, HttpConnection]] = deque()
        self._open: set[HttpConnection] = set()
        self._tidying: asyncio.TimerHandle | None = None
        self._times_closed = 0

    async def post(self, target: str, content: bytes, media_type: str, seconds: float) -> Answer:
        """Post content to a target (a path in ASCII).

        seconds: how long the server may neither say nor take anything. Raises NotConnectedError, NoAnswerError.
        """
        head = f"POST {target} {self._head}Content-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
        return await self._ask(head.encode() + content, seconds)

    async def get(self, target: str, seconds: float) -> Answer:
        """Get what lies at a target. Raises as `post` does."""
        return await self._ask(f"GET {target} {self._head}\r\n".encode(), seconds)

    async def close(self) -> None:
        """Close every connection, whatever is under way; who waits for one gets none. Who asks later gets a new one."""
        self._times_closed += 1
        if self._tidying is not None:
            self._tidying.cancel()
            self._tidying = None
        self._idle.clear()
        ending = [connection.lost for connection in self._open]
        for connection in self._open:
            connection.close()
        if ending:
            await asyncio.wait(ending, timeout=GOODBYE_SECONDS)

    async def _ask(self, request: bytes, seconds: float) -> Answer:
        connection = await self._connection()
        try:
            return await connection.ask(request, seconds)
        finally:
            self._give_back(connection)

    async def _connection(self) -> HttpConnection:
        """Take a connection and a place for it: at once if there is one."""
        if not self._places.locked() and (kept := self._kept()) is not None:
            await self._places.acquire()
            return kept
        closed_before = self._times_closed
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._places.acquire()
                try:
                    connection = self._kept() or await self._connect(closed_before)
                except BaseException:
                    self._places.release()
                    raise
        except (OSError, UnicodeError) as failure:
            raise NotConnectedError(type(failure).__name__) from failure
        return connection

    def _kept(self) -> HttpConnection | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, connection = self._idle.pop()
            if connection.is_open and now < since + IDLE_SECONDS and connection.is_quiet:
                return connection
            connection.close()
        return None

    async def _connect(self, closed_before: int) -> HttpConnection:
        """Make a connection to whichever of the server's addresses answers first.

        closed_before: how often the pool was closed when it was asked for; closed since, it is not wanted any more.
        """
        loop = asyncio.get_running_loop()
        if self._times_closed == closed_before:
            reached = await start_connection(await self._addresses(), happy_eyeballs_delay=NEXT_ADDRESS_SECONDS)
            named = None if self._trust is None else self._host
            _, connection = await loop.create_connection(
                HttpConnection, sock=reached, ssl=self._trust, server_hostname=named
            )
            if self._times_closed == closed_before and connection.is_open:
                self._open.add(connection)
                connection.lost.add_done_callback(lambda _: self._open.discard(connection))
                return connection
            connection.close()
        raise ConnectionAbortedError

    async def _addresses(self) -> Sequence[AddrInfoType]:
        """Look the server's name up: once for all who ask at the same time, for a look-up keeps a thread."""
        if self._look_up is None:
            ask: Callable[[], Sequence[AddrInfoType]] = partial(getaddrinfo, self._host, self._port, type=SOCK_STREAM)
            self._look_up = asyncio.get_running_loop().run_in_executor(None, ask)
            self._look_up.add_done_callback(self._forget_look_up)
        return await asyncio.shield(self._look_up)

    def _forget_look_up(self, _done: object) -> None:
        self._look_up = None

    def _give_back(self, connection: HttpConnection) -> None:
        self._places.release()
        if connection.is_open:
            loop = asyncio.get_running_loop()
            self._idle.append((loop.time(), connection))
            if self._tidying is None:
                self._tidying = loop.call_later(IDLE_SECONDS, self._tidy)

    def _tidy(self) -> None:
        """Close what was not used for long; the one that was used last comes last."""
        self._tidying = None
        loop = asyncio.get_running_loop()
        oldest = loop.time() - IDLE_SECONDS
        while self._idle and (self._idle[0][0] <= oldest or not self._idle[0][1].is_open):
            self._idle.popleft()[1].close()
        if self._idle:
            self._tidying = loop.call_at(self._idle[0][0] + IDLE_SECONDS, self._tidy)
