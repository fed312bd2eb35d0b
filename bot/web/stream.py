"""Owns server-sent events: tells an open page that something changed, never what.

A page that misses a signal finds the same by looking; streams end when the server closes, so that a restart is quick,
and when whoever listens may not any more.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

from starlette.responses import Response, StreamingResponse

from bot.services.live import Live

BEAT = timedelta(seconds=15)
CHANGED = b"event: changed\ndata:\n\n"
HEARTBEAT = b": beat\n\n"
Still = Callable[[], Awaitable[bool]]
"""Whether who listens may go on."""
# The browser tries again after this many milliseconds when the stream breaks.
OPENING = b"retry: 2000\n\n"


async def _anybody() -> bool:
    return True


class Signals:
    """The streams of all open pages."""

    def __init__(self, live: Live, *, beat: timedelta = BEAT) -> None:
        """Listen to `live`; `beat` is the time between two signs of life, which keep proxies from closing."""
        self._live = live
        self._beat = beat.total_seconds()
        self._closing = asyncio.Event()

    def close(self) -> None:
        """End all streams; call it when the server begins to shut down."""
        self._closing.set()

    def stream(self, *topics: str, still: Still = _anybody) -> Response:
        """Answer with a stream that says "changed" at every signal of the topics.

        `still` is asked before each event and each sign of life; a no ends the stream.
        """
        return StreamingResponse(
            self._changes(topics, still), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
        )

    async def _changes(self, topics: tuple[str, ...], still: Still) -> AsyncIterator[bytes]:
        async with AsyncExitStack() as stack:
            events = [await stack.enter_async_context(self._live.watch(topic)) for topic in topics]
            yield OPENING
            while not self._closing.is_set():
                piece = CHANGED if await self._wait(events) else HEARTBEAT
                if not await still():
                    return
                yield piece

    async def _wait(self, events: list[asyncio.Event]) -> bool:
        """Wait for a signal or the next beat; tell whether it was a signal."""
        async with asyncio.TaskGroup() as nursery:
            waits = [nursery.create_task(event.wait()) for event in (*events, self._closing)]
            await asyncio.wait(waits, timeout=self._beat, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
        signalled = [event for event in events if event.is_set()]
        for event in signalled:
            event.clear()
        return bool(signalled)
