"""Looks whether there is a database, and how its schema stands, without changing anything."""

from enum import StrEnum
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.engines import connected, open_engines
from storage.migrations.upgrade import configuration, knows


class Schema(StrEnum):
    """How a database stands to this code. NONE: there is no database yet, or nothing in it."""

    NONE = "none"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def schema_at(url: str) -> Schema:
    """Tell how the database at a URL stands. Raises StorageError if it cannot be reached or read."""
    if not _may_be_there(url):
        return Schema.NONE
    engines = open_engines(url)
    try:
        with connected(engines.read) as connection:
            scripts = ScriptDirectory.from_config(configuration(connection))
            current = MigrationContext.configure(connection).get_current_revision()
            if current is None:
                return Schema.NONE
            if current == scripts.get_current_head():
                return Schema.CURRENT
            return Schema.OLDER if knows(scripts, current) else Schema.NEWER
    finally:
        engines.dispose()


def _may_be_there(url: str) -> bool:
    """Whether there is a file; opening one that is missing would make it."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return True
    return parsed.get_backend_name() != "sqlite" or not parsed.database or Path(parsed.database).exists()
