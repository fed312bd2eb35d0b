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


@contextmanager
def explained_statements(database: Database) -> Iterator[list[str]]:
    """Collect how SQLite goes about each statement that the block runs, one line a step, read when the block ends."""
    seen: list[tuple[str, Any]] = []

    def note(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: Any,  # noqa: ANN401  # as the driver takes them
        _context: object,
        many: object,
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen.append((statement, parameters[0] if many else parameters))

    steps: list[str] = []
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with database._engines.read.connect() as connection:  # noqa: SLF001  # as above
        for statement, parameters in seen:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [str(row[3]) for row in plan]
