"""Turns what the database libraries raise into our errors, where they raise it.

What a driver quotes from rows is cut away, so that no log can hold it.
"""

import sqlite3
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from storage.errors import (
    ConstraintError,
    SchemaTooOldError,
    StorageBusyError,
    StorageError,
    StorageFullError,
    StorageUnavailableError,
)

_SQLITE_CONSTRAINT = sqlite3.SQLITE_CONSTRAINT
_SQLITE: dict[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_BUSY: (StorageBusyError, "another process is writing to the database; try again"),
    sqlite3.SQLITE_LOCKED: (StorageBusyError, "the database is locked; try again"),
    sqlite3.SQLITE_FULL: (StorageFullError, "the disk is full; free some space and start again"),
    sqlite3.SQLITE_CANTOPEN: (StorageUnavailableError, "the database file cannot be opened; check its folder"),
    sqlite3.SQLITE_READONLY: (StorageUnavailableError, "the database may only be read here; check its permissions"),
    sqlite3.SQLITE_IOERR: (StorageUnavailableError, "the disk failed while the database was used; check the disk"),
    sqlite3.SQLITE_CORRUPT: (StorageUnavailableError, "the database file is damaged; restore a backup"),
    sqlite3.SQLITE_NOTADB: (StorageUnavailableError, "the file is not a recare database; name another"),
}
_POSTGRES: dict[str, tuple[type[StorageError], str]] = {
    "08": (StorageBusyError, "the connection to the database was lost; try again"),
    "28": (StorageUnavailableError, "the database refused the sign-in; check its URL"),
    "3D": (StorageUnavailableError, "the database named in the URL does not exist; create it"),
    "40": (StorageBusyError, "two transactions met and this one lost; try again"),
    "53": (StorageBusyError, "the database is out of connections or memory for the moment; try again"),
    "55": (StorageBusyError, "a row stayed locked by another process; try again"),
    "57": (StorageBusyError, "the database stopped the statement or is restarting; try again"),
    "25": (StorageUnavailableError, "the transaction may only read"),
}
_DISK_FULL = "53100"
_TABLE_UNKNOWN = {"42P01", "42703"}


def speak_our_errors(engine: Engine) -> None:
    """Have every failure on this engine raised as a StorageError."""
    event.listen(engine, "handle_error", _translate)


def _translate(context: ExceptionContext) -> StorageError | None:
    original = context.original_exception
    if isinstance(original, sqlite3.Error):
        return of_sqlite(original)
    if hasattr(original, "sqlstate"):
        return _of_postgres(original)
    return None


def of_sqlite(original: sqlite3.Error) -> StorageError:
    """Turn what SQLite's driver raised into the error of ours that is to be raised instead."""
    code = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    text = str(original)
    if code == _SQLITE_CONSTRAINT:
        return ConstraintError(f"the database refused a row: {text}", rule=text.rpartition(": ")[2])
    if "no such table" in text or "no such column" in text:
        return SchemaTooOldError(f"the database needs a migration: {text}")
    kind, message = _SQLITE.get(code, (StorageError, f"the database failed: {text}"))
    return kind(message)


def _of_postgres(original: Any) -> StorageError:  # noqa: ANN401 - psycopg is optional, its types may be absent
    state = original.sqlstate or "08000"
    primary = original.diag.message_primary or "no answer from the server"
    original.args = (primary,)  # the driver's own text quotes whole rows
    if state == _DISK_FULL:
        return StorageFullError("the database's disk is full; free some space and start again")
    if state in _TABLE_UNKNOWN:
        return SchemaTooOldError(f"the database needs a migration: {primary}")
    if state.startswith("23"):
        rule = original.diag.constraint_name or ""
        return ConstraintError(f"the database refused a row: {rule or primary}", rule=rule)
    if state.startswith("P0"):
        return ConstraintError(f"the database refused: {primary}", rule=primary)
    kind, message = _POSTGRES.get(state[:2], (StorageError, f"the database failed: {primary}"))
    return kind(message)
