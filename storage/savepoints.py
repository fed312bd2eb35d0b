"""A place in a transaction to which a piece of work can go back.

On SQLite it is set by the driver: SQLAlchemy's own takes five times as long, several times a turn.
"""

import sqlite3
from typing import Protocol

from sqlalchemy import Connection

from storage.errors import StorageBusyError
from storage.failures import of_sqlite


class Savepoint(Protocol):
    """What was done since it was set is kept or undone, once; the transaction goes on."""

    def commit(self) -> None:
        """Keep it."""
        ...

    def rollback(self) -> None:
        """Undo it."""
        ...


def set_savepoint(connection: Connection, name: str) -> Savepoint:
    """Set one; name: a word of ours. Raises StorageError."""
    if connection.dialect.name != "sqlite":
        return connection.begin_nested()
    if not connection.in_transaction():
        connection.begin()
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the only driver for SQLite there is here
    return DriverSavepoint(driver, name)


class DriverSavepoint:
    """One on SQLite. name: of letters and underscores."""

    __slots__ = ("_driver", "_name")

    def __init__(self, driver: sqlite3.Connection, name: str) -> None:
        """Set it. Raises StorageError."""
        self._driver = driver
        self._name = name
        self._say(f"SAVEPOINT {name}")

    def commit(self) -> None:
        """Keep what was done since. Raises StorageError."""
        self._say(f"RELEASE {self._name}")

    def rollback(self) -> None:
        """Undo what was done since. Raises StorageError."""
        self._say(f"ROLLBACK TO {self._name}")
        self._say(f"RELEASE {self._name}")

    def _say(self, statement: str) -> None:
        if not self._driver.in_transaction:
            # SQLite gives up a transaction by itself where the disk is full or fails.
            raise StorageBusyError("the disk refused what was written before; try again")
        try:
            self._driver.execute(statement).close()
        except sqlite3.Error as failure:
            raise of_sqlite(failure) from failure
