"""A connection that stays open from one transaction to the next.

Borrowing one and giving it back takes as long as two statements. For one thread at a time.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection, Engine

from storage.engines import connected


class KeptConnection:
    """A connection of an engine to SQLite; opened when it is first needed, and again after something went wrong."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine."""
        self._engine = engine
        self._kept = ExitStack()
        self._connection: Connection | None = None

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """Lend it; what was not committed is rolled back. Raises StorageError."""
        connection = self._connection
        if connection is None:
            connection = self._connection = self._kept.enter_context(connected(self._engine))
        try:
            yield connection
        except BaseException:
            self.close()
            raise
        if connection.in_transaction():
            connection.rollback()
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection) and driver.in_transaction:
            # After a commit that failed it is still open there, though SQLAlchemy has done with it.
            self.close()

    def close(self) -> None:
        """Give it back, with nothing open."""
        self._connection = None
        self._kept.close()
