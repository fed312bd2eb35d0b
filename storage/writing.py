"""One thread that writes for everybody: what waits together shares a transaction and its one wait for the disk.

Invariants: nobody hears of a result before the disk has it; what one piece of work does wrong, or leaves uncommitted,
is undone alone. Each has a savepoint of its own, which costs some microseconds; a commit with full durability costs the
disk a millisecond, and a thread that is woken for each piece of work costs as much as the work. For the same reason the
event loop is woken once for all results of a commit.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from flows.ids import ClinicId
from storage.engines import connected
from storage.errors import ConstraintError, StorageBusyError
from storage.savepoints import set_savepoint
from storage.unit_of_work import UnitOfWork

MOST_TOGETHER = 32
"""So many share a commit at most: whoever comes first should not wait for everybody who comes later."""
_PLACE = "one_of_many"

T = TypeVar("T")


class MakeWork(Protocol):
    """Makes the unit of work of a clinic on an open connection; keep: what its commit does."""

    def __call__(self, connection: Connection, clinic_id: ClinicId, keep: Callable[[], None]) -> UnitOfWork:
        """Make it."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Work:
    """A piece of work that waits. alone: it may take long, and nobody's commit should wait for it."""

    clinic_id: ClinicId
    does: Callable[[UnitOfWork], Any]
    alone: bool
    done: asyncio.Future[Any]


class Writer:
    """Writes to one SQLite file, which takes one writer at a time anyway."""

    def __init__(self, engine: Engine, make_work: MakeWork) -> None:
        """Take the engine that may write; the thread begins with the first piece of work."""
        self._engine = engine
        self._make_work = make_work
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._held_back: _Work | None = None
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = False

    def submit(self, clinic_id: ClinicId, work: Callable[[UnitOfWork], T], *, alone: bool = False) -> asyncio.Future[T]:
        """Queue a piece of work; the running loop has its result once that is kept. Raises StorageBusyError once ended.

        What its caller gives up before it has begun is not done.
        """
        waiting = _Work(clinic_id=clinic_id, does=work, alone=alone, done=asyncio.get_running_loop().create_future())
        with self._starting:
            if self._ended:
                raise StorageBusyError("the database is being closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="recare-write", daemon=True)
                self._thread.start()
            self._waiting.put(waiting)
        return waiting.done

    def shutdown(self) -> None:
        """End the thread, after what waits."""
        with self._starting:
            self._ended = True
            thread = self._thread
            self._waiting.put(None)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            begun = [work for work in batch if not work.done.cancelled()]
            if begun:
                _tell(begun, self._write_one(begun[0]) if len(begun) == 1 else self._write_together(begun))

    def _next(self) -> Sequence[_Work] | None:
        """Everything that may be written together now, waiting for the first of it; None when nothing will come."""
        first = self._held_back or self._waiting.get()
        self._held_back = None
        if first is None or first.alone:
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
            if another.alone:
                self._held_back = another
                break
            batch.append(another)
        return batch

    def _write_one(self, work: _Work) -> Sequence[object]:
        try:
            with connected(self._engine) as connection:
                return [work.does(self._make_work(connection, work.clinic_id, connection.commit))]
        except BaseException as failure:  # noqa: BLE001 - carried over to whoever waits for the result
            return [_Failed(why=failure)]

    def _write_together(self, batch: Sequence[_Work]) -> Sequence[object]:
        try:
            with connected(self._engine) as connection:
                connection.begin()
                outcomes = [self._write_among_others(work, connection) for work in batch]
                connection.commit()
        except BaseException as lost:  # noqa: BLE001 - carried over: the transaction is lost, and all that was done in it
            # Whose fault it was is not known: each may try again, alone perhaps.
            fate = StorageBusyError("what was written together was not kept; try again")
            return [_Failed(why=fate if isinstance(lost, ConstraintError) else lost) for _ in batch]
        return outcomes

    def _write_among_others(self, work: _Work, connection: Connection) -> object:
        """Do a piece of work in its savepoint; its result, or how it failed."""
        place = set_savepoint(connection, _PLACE)

        def keep() -> None:
            nonlocal place
            place.commit()
            place = set_savepoint(connection, _PLACE)

        try:
            return work.does(self._make_work(connection, work.clinic_id, keep))
        except BaseException as failure:  # noqa: BLE001 - carried over to whoever waits for the result
            return _Failed(why=failure)
        finally:
            place.rollback()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Failed:
    """How a piece of work failed."""

    why: BaseException


def _tell(batch: Sequence[_Work], outcomes: Sequence[object]) -> None:
    """Tell those who wait for works what became of them, each event loop once."""
    told: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], object]]] = {}
    for work, outcome in zip(batch, outcomes, strict=True):
        told.setdefault(work.done.get_loop(), []).append((work.done, outcome))
    for loop, news in told.items():
        # A loop that has ended meanwhile has nobody left to hear of it.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, news)


def _settle(news: Sequence[tuple[asyncio.Future[Any], object]]) -> None:
    for done, outcome in news:
        if done.done():
            continue
        if not isinstance(outcome, _Failed):
            done.set_result(outcome)
        elif isinstance(outcome.why, StopIteration):
            # A future takes any failure but this one, and the others must hear of theirs.
            done.set_exception(RuntimeError("a piece of work raised StopIteration"))
        else:
            done.set_exception(outcome.why)
