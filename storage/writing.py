"""Writes for everybody to one SQLite file: what waits together shares a transaction and its one wait for the disk.

Invariants: nobody hears of a result before the disk has it; what one piece of work does wrong, or leaves uncommitted,
is undone alone; the event loop waits for nobody else who writes, nor for a disk that was slow just now. Each piece has
a savepoint of its own, which costs some microseconds; a commit with full durability costs the disk a part of a
millisecond.

Brief work is done on the event loop's own thread. A second thread runs while the first does not, for there is one
interpreter: handing work over, and the interpreter back and forth at each statement, costs as much as half of the work.
Everything else is done in a thread.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Connection, Engine

from flows.ids import ClinicId
from storage.engines import connected
from storage.errors import ConstraintError, StorageBusyError
from storage.kept import KeptConnection
from storage.savepoints import set_savepoint
from storage.unit_of_work import UnitOfWork
from storage.works import Failed, Length, MakeWork, Work, settle, tell

MOST_TOGETHER = 32
"""So many share a commit at most: whoever comes first should not wait for everybody who comes later."""

MOST_HERE = 16
"""So many on the event loop's thread, where everything else waits meanwhile."""

SLOW_SECONDS = 0.02
"""For a disk that needed longer for a commit the event loop does not wait the next time."""

PATIENCE_SECONDS = 0.5
"""So long the thread leaves the pen to an event loop that found it taken, before it goes on."""

_PLACE = "one_of_many"

T = TypeVar("T")


class Writer:
    """Writes to one SQLite file, which takes one writer at a time anyway."""

    def __init__(self, *, engine: Engine, at_once: Engine, make_work: MakeWork) -> None:
        """Take the engine that may write; the thread begins with the first piece of work.

        at_once: another, which raises StorageBusyError where the first would wait for whoever is writing.
        """
        self._engine = engine
        self._at_once = KeptConnection(at_once)
        self._make_work = make_work
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._held_back: Work | None = None
        self._brief: dict[asyncio.AbstractEventLoop, list[Work]] = {}
        self._held_up: set[asyncio.AbstractEventLoop] = set()
        self._pen = threading.Lock()
        self._was_here = threading.Event()
        self._is_slow = False
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = False

    def submit(
        self, clinic_id: ClinicId, work: Callable[[UnitOfWork], T], length: Length = Length.USUAL
    ) -> asyncio.Future[T]:
        """Queue a piece of work; the running loop has its result once that is kept.

        What its caller gives up before it has begun is not done. Once the writer has ended, this or its result raises
        StorageBusyError.
        """
        loop = asyncio.get_running_loop()
        waiting = Work(clinic_id=clinic_id, does=work, length=length, done=loop.create_future())
        if length is not Length.BRIEF or self._is_slow:
            self._leave_to_thread([waiting])
        elif (brief := self._brief.get(loop)) is not None:
            brief.append(waiting)
        else:
            self._brief[loop] = [waiting]
            # In the next round: what was begun before, as the answer to a tap, leaves first.
            loop.call_soon(self._write_here, loop)
        return waiting.done

    def shutdown(self) -> None:
        """End the thread, after what waits for it; what is brief and was not begun is refused."""
        with self._guard:
            self._ended = True
            thread = self._thread
            self._waiting.put(None)
        if thread is not None:
            thread.join()
        with self._pen:
            # From now on nothing is written on an event loop's thread either.
            self._at_once.close()
        self._wake_the_held_up()

    def _leave_to_thread(self, works: Sequence[Work]) -> None:
        with self._guard:
            if self._ended:
                raise StorageBusyError("the database is being closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="recare-write", daemon=True)
                self._thread.start()
            for work in works:
                self._waiting.put(work)

    def _write_here(self, loop: asyncio.AbstractEventLoop) -> None:
        """Write what is brief, on its event loop's thread; once the other thread has done, if that is writing."""
        if not self._take_pen(loop):
            return
        try:
            brief = [work for work in self._brief.pop(loop, ()) if not work.done.cancelled()]
            batch, rest = brief[:MOST_HERE], brief[MOST_HERE:]
            outcomes = self._try_here(batch) if batch else ()
        finally:
            self._pen.release()
            self._was_here.set()
            self._wake_the_held_up()
        if rest:
            self._brief[loop] = rest
            loop.call_soon(self._write_here, loop)
        if outcomes is not None:
            settle(batch, outcomes)
            return
        try:
            self._leave_to_thread(batch)
        except StorageBusyError as ended:
            settle(batch, [Failed(why=ended) for _ in batch])

    def _take_pen(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Take the pen if it lies there; else whoever has it wakes the loop when it is put down."""
        if self._pen.acquire(blocking=False):
            return True
        with self._guard:
            self._held_up.add(loop)
        # It may have been put down just before.
        if not self._pen.acquire(blocking=False):
            return False
        with self._guard:
            self._held_up.discard(loop)
        return True

    def _try_here(self, batch: Sequence[Work]) -> Sequence[object] | None:
        """Write works; their results, or None if another process is writing, or this one is about to end."""
        if self._ended:
            return None
        try:
            with self._at_once.lent() as connection:
                try:
                    connection.begin()
                except StorageBusyError:
                    return None
                return self._write(batch, connection)
        except BaseException as failure:  # noqa: BLE001 - carried over to those who wait for the results
            return [Failed(why=failure) for _ in batch]

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            if begun := [work for work in batch if not work.done.cancelled()]:
                with self._pen:
                    outcomes = self._write_in_thread(begun)
                tell(begun, outcomes)
                self._was_here.clear()
                if self._wake_the_held_up():
                    self._was_here.wait(PATIENCE_SECONDS)

    def _wake_the_held_up(self) -> bool:
        """Let the event loops write that found the pen taken; tells whether there are any."""
        with self._guard:
            held_up, self._held_up = self._held_up, set()
        for loop in held_up:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._write_here, loop)
        return bool(held_up)

    def _write_in_thread(self, batch: Sequence[Work]) -> Sequence[object]:
        try:
            with connected(self._engine) as connection:
                connection.begin()
                return self._write(batch, connection)
        except BaseException as failure:  # noqa: BLE001 - carried over to those who wait for the results
            return [Failed(why=failure) for _ in batch]

    def _next(self) -> Sequence[Work] | None:
        """Everything that may be written together now, waiting for the first of it; None when nothing will come."""
        first = self._held_back or self._waiting.get()
        self._held_back = None
        if first is None or first.length is Length.LONG:
            return None if first is None else [first]
        batch = [first]
        while len(batch) < MOST_TOGETHER:
            try:
                another = self._waiting.get_nowait()
            except queue.Empty:
                break
            if another is None:
                self._waiting.put(None)
                break
            if another.length is Length.LONG:
                self._held_back = another
                break
            batch.append(another)
        return batch

    def _write(self, batch: Sequence[Work], connection: Connection) -> Sequence[object]:
        """Write works in the transaction that has begun, which ends; the results."""
        if len(batch) == 1:
            return [self._do(batch[0], connection, lambda: self._commit(connection))]
        try:
            outcomes = [self._write_among_others(work, connection) for work in batch]
            self._commit(connection)
        except BaseException as lost:  # noqa: BLE001 - carried over: the transaction is lost, and all that was done in it
            # Whose fault it was is not known: each may try again, alone perhaps.
            fate = StorageBusyError("what was written together was not kept; try again")
            return [Failed(why=fate if isinstance(lost, ConstraintError) else lost) for _ in batch]
        return outcomes

    def _commit(self, connection: Connection) -> None:
        began = time.monotonic()
        try:
            connection.commit()
        finally:
            self._is_slow = time.monotonic() - began > SLOW_SECONDS

    def _write_among_others(self, work: Work, connection: Connection) -> object:
        """Do a piece of work in its savepoint; its result, or how it failed."""
        place = set_savepoint(connection, _PLACE)

        def keep() -> None:
            nonlocal place
            place.commit()
            place = set_savepoint(connection, _PLACE)

        try:
            return self._do(work, connection, keep)
        finally:
            place.rollback()

    def _do(self, work: Work, connection: Connection, keep: Callable[[], None]) -> object:
        """Do a piece of work; its result, or how it failed. keep: what its commit does."""
        try:
            return work.does(self._make_work(connection, work.clinic_id, keep))
        except BaseException as failure:  # noqa: BLE001 - carried over to whoever waits for the result
            return Failed(why=failure)
