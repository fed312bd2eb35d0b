"""What became of messages, written down: of many messages in a few transactions.

Invariants: a mark is written once; one that the database refuses takes no other with it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.services.clinic import Clinic
from storage.database import Database
from storage.errors import StorageBusyError, StorageError, StorageFullError, StorageUnavailableError
from storage.records.outgoing import LeftOutbox
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

TOGETHER_SECONDS = 0.05
"""So long the first of a batch waits for others; a crash meanwhile leaves as many messages unknown."""

MOST_TRIES = 3

MOST_BRIEFLY = 64
"""Of messages that left, so many are marked together, in about two milliseconds; any other mark may take longer."""

OUT_OF_REACH = (StorageBusyError, StorageFullError, StorageUnavailableError)
"""The database's own troubles, which concern no message in particular."""

Mark = Callable[[UnitOfWork], object]
_Write = Callable[[Sequence[Mark]], Awaitable[object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftMark:
    """Marks a message that left; many of them go together."""

    message: LeftOutbox

    def __call__(self, uow: UnitOfWork) -> None:
        """Mark it by itself."""
        uow.outbox.mark_left([self.message])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Batch:
    """Marks that are written together, and whether they were."""

    marks: list[Mark] = field(default_factory=list)
    written: asyncio.Event = field(default_factory=asyncio.Event)


class Outcomes:
    """Writes down what became of the messages of one clinic."""

    def __init__(self, *, database: Database, clinic: Clinic) -> None:
        """Take where to write."""
        self._database = database
        self._clinic = clinic
        self._gathering: _Batch | None = None

    async def write(self, marks: Sequence[Mark]) -> None:
        """Write marks down now.

        What cannot be written is logged: the messages are found when their lease is over, as after a crash. Cut short,
        it ends when all is written: what is known must not become unknown.
        """
        cut_short: asyncio.CancelledError | None = None
        for few, write in self._in_pieces(marks):
            try:
                await self._write(few, write)
            except asyncio.CancelledError as cancelled:
                cut_short = cancelled
                # It may be written by now: once more changes nothing.
                await self._write(few, write)
        if cut_short is not None:
            raise cut_short

    async def write_together(self, marks: Sequence[Mark]) -> None:
        """Write marks down within a moment, together with those that others bring until then."""
        if not marks:
            return
        if (batch := self._gathering) is not None:
            batch.marks.extend(marks)
            await batch.written.wait()
            return
        batch = self._gathering = _Batch(marks=list(marks))
        try:
            await asyncio.sleep(TOGETHER_SECONDS)
        finally:
            # Also when this is cut short: what others have brought must be written as well.
            self._gathering = None
            try:
                await self.write(batch.marks)
            finally:
                batch.written.set()

    def _in_pieces(self, marks: Sequence[Mark]) -> Iterator[tuple[Sequence[Mark], _Write]]:
        """What is written in one transaction each, and how."""
        left = [mark for mark in marks if isinstance(mark, LeftMark)]
        for first in range(0, len(left), MOST_BRIEFLY):
            yield left[first : first + MOST_BRIEFLY], self._mark_left
        if others := [mark for mark in marks if not isinstance(mark, LeftMark)]:
            yield others, self._mark

    async def _write(self, marks: Sequence[Mark], write: _Write) -> None:
        try:
            await _persistently(write, marks)
        except StorageError as failure:
            if len(marks) == 1 or isinstance(failure, OUT_OF_REACH):
                log.error("outcomes were not written down", extra={"kind": type(failure).__name__, "count": len(marks)})  # noqa: TRY400 - told
                return
            for mark in marks:
                await self._write([mark], write)

    async def _mark_left(self, marks: Sequence[Mark]) -> None:
        def work(uow: UnitOfWork) -> None:
            uow.outbox.mark_left([mark.message for mark in marks if isinstance(mark, LeftMark)])
            uow.commit()

        await self._database.write_briefly(self._clinic.id, work)

    async def _mark(self, marks: Sequence[Mark]) -> None:
        def work(uow: UnitOfWork) -> None:
            for mark in marks:
                mark(uow)
            uow.commit()

        await self._database.write(self._clinic.id, work)


async def _persistently(write: _Write, marks: Sequence[Mark]) -> None:
    for _ in range(MOST_TRIES - 1):
        try:
            await write(marks)
        except StorageBusyError:
            continue
        return
    await write(marks)
