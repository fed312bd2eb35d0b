"""Serves an application on a free loopback port, in the test's own loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn
from starlette.types import ASGIApp

from bot.web.stream import Signals


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, signals: Signals) -> AsyncIterator[str]:
    """Serve until the block ends; gives the site's address."""
    with socket.socket(proto=socket.IPPROTO_TCP) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        taken.setblocking(False)  # noqa: FBT003  # the standard library's signature
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(server.serve(sockets=[taken]))
            while not server.started:  # noqa: ASYNC110  # the server has no event to wait for
                await asyncio.sleep(0.005)
            try:
                yield f"http://127.0.0.1:{taken.getsockname()[1]}"
            finally:
                signals.close()
                server.should_exit = True
