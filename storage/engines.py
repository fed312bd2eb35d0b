"""Makes the SQLAlchemy engines: one that may write and one that only reads, with all that each database needs told.

SQLite: a writing connection that waits for its turn and one that does not (transactions begin immediate), and a few
reading ones. PostgreSQL: one pool for all.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.errors import StorageBusyError, StorageError, StorageFullError, StorageUnavailableError
from storage.failures import of_sqlite, speak_our_errors

POSTGRES_CONNECTIONS = 8
SQLITE_READERS = 4
SECONDS_TO_WAIT = 10
_PRIVATE = 0o600
_SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # an erased key must not survive in a free page
    "PRAGMA temp_store = MEMORY",
)
_POSTGRES_SETTINGS = (
    "SET timezone = 'UTC'",
    f"SET lock_timeout = '{SECONDS_TO_WAIT}s'",
    "SET idle_in_transaction_session_timeout = '60s'",
    "SET jit = off",  # compiling the counts of a clinic took four times as long as counting
)


class Lasting(StrEnum):
    """How surely a SQLite file keeps what was committed; the value is what SQLite is told.

    SURELY: also when the power fails. THROWN_AWAY: only while the machine runs, for what nobody wants afterwards.
    """

    SURELY = "FULL"
    THROWN_AWAY = "OFF"


@dataclass(frozen=True, kw_only=True, slots=True)
class Engines:
    """The engines of one database and how many threads may use each at once.

    write_at_once: where only one may write at a time, writes without waiting for it: raises StorageBusyError instead.
    """

    write: Engine
    read: Engine
    writers: int
    readers: int
    write_at_once: Engine | None = None

    def dispose(self) -> None:
        """Close all connections."""
        for engine in (self.read, self.write_at_once, self.write):
            if engine is not None:
                engine.dispose()


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """Lend a connection, whose transaction is rolled back unless committed. Raises StorageBusyError."""
    try:
        connection = engine.connect()
    except PoolTimeoutError:
        raise StorageBusyError("all connections to the database are in use; try again") from None
    with connection:
        yield connection


def open_engines(url: str, *, lasting: Lasting = Lasting.SURELY) -> Engines:
    """Make the engines for a URL. Raises StorageUnavailableError if it cannot be used, StorageFullError.

    lasting: for SQLite; PostgreSQL keeps what its server is told to keep.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageUnavailableError(
            "the database URL cannot be read; write sqlite:///FILE or postgresql+psycopg://…"
        ) from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return _sqlite(parsed, Path(parsed.database), lasting)
        case "postgresql":
            return _postgres(parsed)
        case _:
            raise StorageUnavailableError("recare keeps its data in sqlite:///FILE or postgresql+psycopg://…")


def copy_into(engine: Engine, file: Path) -> None:
    """Copy a SQLite database, as it is at one moment, into a new file for this user alone.

    Raises StorageUnavailableError for another kind of database, or if the file cannot be written.
    """
    if engine.dialect.name != "sqlite":
        raise StorageUnavailableError("a copy is made of a database in a file (sqlite:///FILE) only")
    _make_private(file)
    with closing(sqlite3.connect(file)) as copy, connected(engine) as connection:
        original = connection.connection.driver_connection
        assert isinstance(original, sqlite3.Connection)  # noqa: S101 - what the dialect is made of
        original.backup(copy)


def _sqlite(url: URL, path: Path, lasting: Lasting) -> Engines:
    _make_private(path)
    settings = (*_SQLITE_SETTINGS, f"PRAGMA synchronous = {lasting.value}")
    write = _sqlite_engine(url, connections=1, begin="BEGIN IMMEDIATE", settings=settings)
    at_once = _sqlite_engine(
        url, connections=1, begin="BEGIN IMMEDIATE", settings=("PRAGMA busy_timeout = 0", *settings)
    )
    read = _sqlite_engine(
        url, connections=SQLITE_READERS, begin="BEGIN", settings=(*settings, "PRAGMA query_only = ON")
    )
    return Engines(write=write, read=read, writers=1, readers=SQLITE_READERS, write_at_once=at_once)


def _make_private(path: Path) -> None:
    """Create the file if need be, readable by its owner alone; SQLite gives its side files the same permissions."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE))
        if path.stat().st_mode & 0o077:
            path.chmod(_PRIVATE)
    except OSError as refused:
        raise _why_not(path, refused) from None


def _why_not(path: Path, refused: OSError) -> StorageError:
    match refused.errno:
        case errno.ENOENT | errno.ENOTDIR if not path.parent.is_dir():
            return StorageUnavailableError(f"the folder {path.parent} does not exist; create it or name another")
        case errno.EISDIR:
            return StorageUnavailableError(f"{path} is a folder; name a file in it")
        case errno.ENOSPC | errno.EDQUOT:
            return StorageFullError(f"no space is left for {path}; free some and start again")
        case _:
            why = refused.strerror or "refused"
            return StorageUnavailableError(
                f"{path} cannot be written ({why.lower()}); give this user the right to, or name another place"
            )


def _sqlite_engine(url: URL, *, connections: int, begin: str, settings: tuple[str, ...]) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=3 * SECONDS_TO_WAIT,
        hide_parameters=True,
        # The driver's own transaction control is off: transactions begin where the event below says so.
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": SECONDS_TO_WAIT},
    )
    speak_our_errors(engine)

    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - a driver's connection
        for setting in settings:
            connection.execute(setting).close()

    def begin_transaction(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - what the dialect is made of
        try:
            driver.execute(begin).close()
        except sqlite3.Error as failure:
            raise of_sqlite(failure) from failure

    def leave_nothing_open(connection: sqlite3.Connection, *_: object) -> None:
        # After a commit that failed SQLite's transaction is still open, though SQLAlchemy has done with it.
        if connection.in_transaction:
            connection.rollback()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin_transaction)
    event.listen(engine, "reset", leave_nothing_open)
    return engine


def _postgres(url: URL) -> Engines:
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=POSTGRES_CONNECTIONS,
            max_overflow=0,
            pool_timeout=3 * SECONDS_TO_WAIT,
            hide_parameters=True,
            connect_args={"connect_timeout": SECONDS_TO_WAIT},
        )
    except ImportError:
        raise StorageUnavailableError("PostgreSQL needs its driver: install recare[postgres]") from None
    speak_our_errors(engine)

    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - a driver's connection
        connection.autocommit = True
        for setting in _POSTGRES_SETTINGS:
            connection.execute(setting)
        connection.autocommit = False

    event.listen(engine, "connect", prepare)
    read = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(write=engine, read=read, writers=POSTGRES_CONNECTIONS, readers=POSTGRES_CONNECTIONS)
