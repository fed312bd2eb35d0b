"""Owns one connection to a server that speaks HTTP/1.1: a request at a time, and its answer (RFC 9112).

Invariants: an answer is whole, or an error; after anything but a whole request and its whole answer the connection is
closed, so that no answer is ever taken for another request's.
"""

import asyncio
import select
from typing import NamedTuple, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

LARGEST_ANSWER = 32 << 20
"""Bytes, head and all. Telegram gives a bot files of 20 MB at most."""

LARGEST_HEAD = 1 << 18
"""Bytes. A header's line is put together anew with each part of it that comes."""

PIECE = 1 << 16
"""Bytes. What is larger leaves piece by piece: nothing else waits while it is written, and each piece that the server
takes is a sign of it."""

FIRST_FINAL = 200
"""Below it an answer says only that another one follows (RFC 9110, 15.2)."""

LENGTHS = frozenset({b"content-length", b"transfer-encoding"})


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    content: bytes


class NoAnswerError(Exception):
    """No whole answer came to a request that may have arrived."""


class HttpConnection(asyncio.Protocol):
    """One connection, from when it is made until it is lost."""

    _transport: asyncio.Transport
    _silence: asyncio.TimerHandle

    def __init__(self) -> None:
        """Begin unconnected."""
        self._loop = asyncio.get_running_loop()
        self._parser = HttpResponseParser(self)
        self._answer: asyncio.Future[Answer] | None = None
        self._room = asyncio.Event()
        self._room.set()
        self._content: list[bytes] = []
        self._received = 0
        self._heard = 0.0
        self._is_in_body = self._says_length = self._may_go_on = False
        self.lost: asyncio.Future[None] = self._loop.create_future()
        """Done once the connection is lost."""

    @property
    def is_open(self) -> bool:
        """Whether a request can leave by it."""
        return not self._transport.is_closing()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing lies there that the event loop did not tell yet: its end, or what nobody asked for."""
        come = select.poll()
        come.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return not come.poll(0)

    async def ask(self, request: bytes, seconds: float) -> Answer:
        """Send a request, which is on its way before this waits for anything, and read its answer.

        seconds: how long the server may neither say nor take anything. Raises NoAnswerError.
        """
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._answer = answer
        self._received, self._may_go_on = 0, False
        self._heard = self._loop.time()
        self._silence = self._loop.call_at(self._heard + seconds, self._end_silence, seconds)
        is_sent = False
        try:
            if len(request) <= PIECE:
                self._transport.write(request)
            else:
                await self._write_in_pieces(request, answer)
            is_sent = not answer.done()
            return await answer
        finally:
            self._silence.cancel()
            self._answer, self._content = None, []
            if not (is_sent and self._may_go_on):
                self.close()

    def close(self) -> None:
        """Close it, whatever is under way."""
        self._transport.abort()

    async def _write_in_pieces(self, request: bytes, answer: asyncio.Future[Answer]) -> None:
        """Write, as fast as the server takes it, unless it answers (or has to be given up) before the end."""
        answer.add_done_callback(lambda _: self.resume_writing())
        for start in range(0, len(request), PIECE):
            if answer.done():
                return
            self._transport.write(request[start : start + PIECE])
            await self._room.wait()
            self._heard = self._loop.time()

    def _end_silence(self, seconds: float) -> None:
        ends = self._heard + seconds
        if ends > self._loop.time():
            self._silence = self._loop.call_at(ends, self._end_silence, seconds)
        else:
            self._fail("it fell silent")

    def _finish(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(self._parser.get_status_code(), b"".join(self._content)))

    def _fail(self, why: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NoAnswerError(why))
            # Whoever asked may be giving up at this moment: then nobody comes for it, and asyncio need not say so.
            self._answer.exception()

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Tell whoever waits."""
        self._fail("the connection was lost")
        self.resume_writing()
        self.lost.set_result(None)

    def eof_received(self) -> None:
        """End an answer that does not say how long it is, and the connection.

        Beneath TLS anybody in between could end it so, and none is taken (RFC 9112, 9.8).
        """
        if self._is_in_body and not self._says_length and self._transport.get_extra_info("sslcontext") is None:
            self._finish()

    def pause_writing(self) -> None:
        """Wait: the server does not take what was written already."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._room.set()

    def data_received(self, data: bytes) -> None:
        """Read a part of the answer; what nobody asked for ends the connection."""
        if self._answer is None or self._answer.done():
            self.close()
            return
        self._heard = self._loop.time()
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail("it does not speak HTTP")
        if self._received > (LARGEST_ANSWER if self._is_in_body else LARGEST_HEAD):
            self._fail("the answer is too large")

    # What httptools tells.

    def on_message_begin(self) -> None:
        """Begin an answer; a second one is one too many."""
        self._is_in_body = self._says_length = self._may_go_on = False

    def on_header(self, name: bytes, _value: bytes) -> None:
        """Take a header."""
        if name.lower() in LENGTHS:
            self._says_length = True

    def on_headers_complete(self) -> None:
        """Come to the content."""
        self._is_in_body = True

    def on_body(self, body: bytes) -> None:
        """Take a part of the content."""
        self._content.append(body)

    def on_message_complete(self) -> None:
        """End an answer, or what announces one."""
        self._is_in_body = False
        is_asked_for = self._answer is not None and not self._answer.done()
        if is_asked_for and self._parser.get_status_code() >= FIRST_FINAL:
            self._may_go_on = self._parser.should_keep_alive()
            self._finish()
