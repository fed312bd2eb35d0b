"""Bare statements, for what no repository does: forging, breaking, counting."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from storage.database import Database


def run_sql(database: Database, statement: str, *, postgres: str | None = None) -> list[Any]:
    """Run a statement in a transaction of its own; `postgres`: what to run there instead."""
    with database._engines.write.begin() as connection:  # noqa: SLF001  # no repository offers this, on purpose
        chosen = postgres if postgres is not None and connection.dialect.name == "postgresql" else statement
        result = connection.exec_driver_sql(chosen)
        return list(result.all()) if result.returns_rows else []


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect the statements that the block runs, of any database; the words that begin and end transactions apart."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
