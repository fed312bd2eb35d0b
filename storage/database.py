"""Opens a database and runs units of work on it, brief ones here, others in a thread; nothing else holds a connection.

A unit of work is synchronous, so no transaction can wait for a network; what it does not commit is rolled back.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, bindparam, select

from flows.ids import ClinicId
from storage.engines import Engines, Lasting, connected, copy_into, open_engines
from storage.ids import NODES, IdMaker
from storage.ledger_keys import FIRST_VERSION
from storage.migrations.upgrade import upgrade
from storage.models import Clinic, table_of
from storage.scope import Scope
from storage.sealing import Codec
from storage.unit_of_work import UnitOfWork
from storage.works import Length
from storage.writing import Writer

T = TypeVar("T")
P = ParamSpec("P")

_clinics = table_of(Clinic)
_CLINIC = select(_clinics.c.clinic_id).where(_clinics.c.slug == bindparam("slug"))


class SameThread(Executor):
    """Does each piece of work where it is asked for, at once: for a rehearsal, in which nobody else is served."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it now; what it raises waits in the future, as with threads."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as failure:  # noqa: BLE001 - carried over to whoever asks for the result
            done.set_exception(failure)
        return done


class Database:
    """A database of recare: SQLite in a file, or PostgreSQL."""

    def __init__(self, *, engines: Engines, codec: Codec, ids: IdMaker, executor: Executor | None = None) -> None:
        """Take the parts; executor: does all work, instead of threads of the database's own."""
        self._engines = engines
        self._codec = codec
        self._ids = ids
        self._readers = executor or ThreadPoolExecutor(engines.readers, thread_name_prefix="recare-read")
        self._writers: Executor | None = executor
        self._writer: Writer | None = None
        if executor is None and engines.write_at_once is not None:
            self._writer = Writer(engine=engines.write, at_once=engines.write_at_once, make_work=self._make_work)
        elif executor is None:
            self._writers = ThreadPoolExecutor(engines.writers, thread_name_prefix="recare-write")

    @staticmethod
    def open(
        url: str,
        *,
        master_key: bytes,
        clock: Callable[[], datetime],
        ledger_key_version: int = FIRST_VERSION,
        lasting: Lasting = Lasting.SURELY,
    ) -> "Database":
        """Open a database.

        Args:
            url: `sqlite:///path/to/file` or `postgresql+psycopg://user:password@host/name`.
            master_key: 32 bytes, from which the keys of all clinics follow.
            clock: tells the time (aware UTC) for new ids.
            ledger_key_version: of the ledger's keys; raised by one to change to new ones.
            lasting: how surely a SQLite file keeps what was committed.

        Raises:
            StorageUnavailableError: the file or its folder cannot be used, or the URL is of another kind.
            WrongKeyError: the key has another length.
        """
        codec = Codec(master_key, ledger_key_version=ledger_key_version)
        ids = IdMaker(clock=clock, node=secrets.randbelow(NODES))
        return Database(engines=open_engines(url, lasting=lasting), codec=codec, ids=ids)

    @contextmanager
    def unit_of_work(self, clinic_id: ClinicId) -> Iterator[UnitOfWork]:
        """Begin a transaction that may write, in this thread; it rolls back unless committed."""
        with self._work(self._engines.write, clinic_id) as uow:
            yield uow

    @contextmanager
    def reading(self, clinic_id: ClinicId) -> Iterator[UnitOfWork]:
        """Begin a transaction that sees one moment and cannot write, in this thread; it keeps nobody from writing."""
        with self._work(self._engines.read, clinic_id) as uow:
            yield uow

    async def write(self, clinic_id: ClinicId, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work`, which commits by itself, in a thread and a transaction that may write.

        Where one thread writes for everybody, works that wait together share a commit; `storage.writing` says how. A
        caller who is cancelled no longer hears of the result; the work may still commit.
        """
        if self._writer is not None:
            return await self._writer.submit(clinic_id, work)
        return await self._run(self._writers, self._engines.write, clinic_id, work)

    async def write_briefly(self, clinic_id: ClinicId, work: Callable[[UnitOfWork], T]) -> T:
        """Do what `write` does, for what takes about a millisecond: it may run on the event loop's own thread.

        It commits once, and last: whoever else wants to write is not waited for here a second time.
        """
        if self._writer is not None:
            return await self._writer.submit(clinic_id, work, Length.BRIEF)
        return await self._run(self._writers, self._engines.write, clinic_id, work)

    async def write_alone(self, clinic_id: ClinicId, work: Callable[[UnitOfWork], T]) -> T:
        """Do what `write` does, for what may take long: nobody else's commit waits for it."""
        if self._writer is not None:
            return await self._writer.submit(clinic_id, work, Length.LONG)
        return await self._run(self._writers, self._engines.write, clinic_id, work)

    async def read(self, clinic_id: ClinicId, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` in a thread and a transaction that sees one moment and cannot write."""
        return await self._run(self._readers, self._engines.read, clinic_id, work)

    def clinic_id(self, slug: str) -> ClinicId:
        """Return the id of the clinic with this slug; a new one, to be set up with, if there is none yet."""
        with connected(self._engines.read) as connection:
            found = connection.execute(_CLINIC, {"slug": slug}).scalar()
        return ClinicId(self._ids.next() if found is None else found)

    def migrate(self) -> None:
        """Bring the schema up to this code's.

        Raises:
            SchemaTooNewError: a newer recare wrote this database.
        """
        upgrade(self._engines.write)

    def copy_to(self, file: Path) -> None:
        """Copy everything, as it is at one moment, into a new SQLite file for this user alone; nobody has to wait.

        Raises:
            StorageUnavailableError: it is kept in PostgreSQL, or the file cannot be written.
        """
        copy_into(self._engines.read, file)

    async def close(self) -> None:
        """End the threads, after what they are doing, and close all connections."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """Do what `close` does, for callers without an event loop."""
        if self._writer is not None:
            self._writer.shutdown()
        if self._writers is not None:
            self._writers.shutdown()
        self._readers.shutdown()
        self._engines.dispose()

    async def _run(
        self, threads: Executor | None, engine: Engine, clinic_id: ClinicId, work: Callable[[UnitOfWork], T]
    ) -> T:
        def in_thread() -> T:
            with self._work(engine, clinic_id) as uow:
                return work(uow)

        return await asyncio.get_running_loop().run_in_executor(threads, in_thread)

    @contextmanager
    def _work(self, engine: Engine, clinic_id: ClinicId) -> Iterator[UnitOfWork]:
        with connected(engine) as connection:
            sealer = self._codec.clinic(clinic_id)
            yield UnitOfWork(Scope(connection=connection, clinic_id=clinic_id, sealer=sealer, ids=self._ids))

    def _make_work(self, connection: Connection, clinic_id: ClinicId, keep: Callable[[], None]) -> UnitOfWork:
        sealer = self._codec.clinic(clinic_id)
        return UnitOfWork(Scope(connection=connection, clinic_id=clinic_id, sealer=sealer, ids=self._ids), keep)
