"""Serves one web application on one socket until it is told to stop; a busy port ends in one clear line."""

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import RecareError
from bot.web.connections import BACKLOG, Connection

GOODBYE_SECONDS = 5
ENDING = (signal.SIGINT, signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is started. Raises RecareError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is said so that asyncio knows it for TCP, and sends a short answer at once instead of in 40 ms.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except OSError as failure:
        taken.close()
        message = f"cannot listen on {host}:{port}: {failure.strerror}; end what uses it, or choose another with --port"
        raise RecareError(message) from failure
    taken.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return taken


class _Server(uvicorn.Server):
    """A server that says when it answers, and when it begins to shut down, so that open streams end at once.

    A signal ends it and nothing else: raised again, as the library does, it would cut short whoever still has to close.
    """

    def __init__(self, config: uvicorn.Config, *, ready: Callable[[], None], ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen to the signals that end a server, where signals can be listened to."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        # A closed terminal ends the server too, but not one started with nohup, which is to outlive it.
        outlives = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        heard = ENDING if outlives else (*ENDING, signal.SIGHUP)
        before = {each: signal.signal(each, self.handle_exit) for each in heard}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then do what every server does."""
        self._ending()
        await super().shutdown(sockets)


async def serve_on(
    taken: socket.socket, application: ASGIApp, ready: Callable[[], None], *, ending: Callable[[], None]
) -> None:
    """Serve until interrupted; `ready` is called once requests are answered, `ending` when the end begins."""
    config = uvicorn.Config(
        application,
        http=Connection,
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GOODBYE_SECONDS,
        lifespan="off",
    )
    await _Server(config, ready=ready, ending=ending).serve(sockets=[taken])


@contextlib.contextmanager
def closing(taken: socket.socket) -> Iterator[socket.socket]:
    """Give the port back at the end."""
    try:
        yield taken
    finally:
        taken.close()
