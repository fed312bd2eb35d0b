"""Owns how many connections are open at once, how long one may stay silent, and how long the head of a request may be.

Whoever there is no room for is let go before it costs a file: a server without files left can neither accept, nor
answer, nor write its database, and says so thousands of times a second.
"""

import asyncio
import resource

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

BACKLOG = 128
"""Connections taken in one go; as many may be open beyond the limit for a moment."""
KEPT_FILES = 480
"""Files kept for the calls to messengers, 384 at most, the database, standard output and whatever else is open."""
FEWEST = 16
SILENT_SECONDS = 20.0
LARGEST_HEAD = 64 * 1024
"""Bytes of a request beside its body; the reader itself knows no limit."""


def room() -> int:
    """Tell how many connections this process has files for."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(FEWEST, files - BACKLOG - KEPT_FILES) if files != resource.RLIM_INFINITY else files


class Connection(HttpToolsProtocol):
    """One connection; always the server's reader of HTTP that is written in C, for each update comes this way."""

    _silence: asyncio.TimerHandle | None = None
    _head = 0
    _unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the server types it
        """Take the connection, or let it go at once where too many are open."""
        super().connection_made(transport)
        most = room()
        if most != resource.RLIM_INFINITY and len(self.connections) > most:
            transport.abort()
        else:
            self._silence = self.loop.call_later(SILENT_SECONDS, self._end_silence)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._silence is not None:
            self._silence.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; whoever never comes to the end of a head is let go."""
        self._unread += len(data)
        super().data_received(data)
        if max(self._head, self._unread) > LARGEST_HEAD:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._head = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, of the head or behind the body."""
        self._head += len(name) + len(value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, whose reader has a limit of its own."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._unread = 0
        super().on_message_complete()

    def _end_silence(self) -> None:
        request: object = self.cycle  # None before the first one, which the server's types do not say
        if request is None:
            self.transport.close()
