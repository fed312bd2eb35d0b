"""Starts what goes on by itself after its caller was answered, and knows of all of it.

Invariant: what fails in here ends nothing else; when the nursery closes nothing it started is left.
"""

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

log = logging.getLogger(__name__)

GOODBYE_SECONDS = 5.0
"""So long what is under way may still take when the nursery closes."""


class Nursery:
    """Open between the start and the end of a house."""

    def __init__(self) -> None:
        """Begin closed."""
        self._tasks: asyncio.TaskGroup | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be started."""
        return self._tasks is not None

    async def __aenter__(self) -> Self:
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks, self._tasks = self._tasks, None
        if tasks is None:
            return
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                # A group waits for its tasks, and ends them when it is cut short itself.
                await tasks.__aexit__(None, None, None)
        except TimeoutError:
            return

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something; it must be open."""
        if self._tasks is None:
            raise RuntimeError("the nursery is closed")
        self._tasks.create_task(self._watch(work))

    async def start_ahead(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something and let it come to where it first waits before its caller goes on; it must be open."""
        self.start(work)
        await asyncio.sleep(0)

    async def _watch(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as failure:
            # The boundary of delivery: its caller was answered long ago.
            log.exception("what went on by itself failed", extra={"kind": type(failure).__name__})
