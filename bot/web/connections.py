"""Owns how many connections are open at once, and how long one may stay silent before its first request.

Whoever there is no room for is let go before it costs a file: a server without files left can neither accept, nor
answer, nor write its database, and says so thousands of times a second.
"""

import asyncio
import resource

from uvicorn.protocols.http.h11_impl import H11Protocol

BACKLOG = 128
"""Connections taken in one go; as many may be open beyond the limit for a moment."""
KEPT_FILES = 192
"""Files kept for the database, standard output, the calls to messengers and whatever else is open."""
FEWEST = 16
SILENT_SECONDS = 20.0


def room() -> int:
    """Tell how many connections this process has files for."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(FEWEST, files - BACKLOG - KEPT_FILES) if files != resource.RLIM_INFINITY else files


class Connection(H11Protocol):
    """One connection; always the server's own reader of HTTP, which also bounds how long a head may be."""

    _silence: asyncio.TimerHandle | None = None

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

    def _end_silence(self) -> None:
        request: object = self.cycle  # None before the first one, which the server's types do not say
        if request is None:
            self.transport.close()
