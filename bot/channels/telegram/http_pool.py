"""Owns the connections to one server: kept open between requests, bounded in number, the freshest used first.

Invariant: what surely did not leave this machine is told apart (`NotConnectedError`) from what may have arrived
(`NoAnswerError`). Nothing is ever sent twice.
"""

import asyncio
import ssl
from collections import deque
from urllib.parse import urlsplit

import certifi

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
        self._is_secret = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._is_secret else 80)
        self._head = f"HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: recare\r\nAccept: */*\r\n"
        self._trust = trust
        self._places = asyncio.Semaphore(most)
        self._idle: deque[tuple[float, HttpConnection]] = deque()
        self._open: set[HttpConnection] = set()
        self._tidying: asyncio.TimerHandle | None = None

    async def post(self, target: str, content: bytes, kind: str, seconds: float) -> Answer:
        """Post content of a kind (a media type) to a target (a path in ASCII).

        seconds: how long the server may neither say nor take anything. Raises NotConnectedError, NoAnswerError.
        """
        head = f"POST {target} {self._head}Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        return await self._ask(head.encode() + content, seconds)

    async def get(self, target: str, seconds: float) -> Answer:
        """Get what lies at a target. Raises as `post` does."""
        return await self._ask(f"GET {target} {self._head}\r\n".encode(), seconds)

    async def close(self) -> None:
        """Close every connection, whatever is under way."""
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
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._places.acquire()
                try:
                    return self._kept() or await self._connect()
                except BaseException:
                    self._places.release()
                    raise
        except (OSError, UnicodeError) as failure:
            raise NotConnectedError(type(failure).__name__) from failure

    def _kept(self) -> HttpConnection | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, connection = self._idle.pop()
            if connection.is_open and now < since + IDLE_SECONDS:
                return connection
            connection.close()
        return None

    async def _connect(self) -> HttpConnection:
        if self._is_secret and self._trust is None:
            self._trust = ssl.create_default_context(cafile=certifi.where())
        _, connection = await asyncio.get_running_loop().create_connection(
            HttpConnection,
            self._host,
            self._port,
            ssl=self._trust if self._is_secret else None,
            happy_eyeballs_delay=NEXT_ADDRESS_SECONDS,
        )
        if not connection.is_open:
            raise ConnectionResetError
        self._open.add(connection)
        connection.lost.add_done_callback(lambda _: self._open.discard(connection))
        return connection

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
