"""Runs the few statements of a turn below SQLAlchemy: each is compiled once, then handed to SQLite's driver as it is.

Invariants: a hot statement is a Core statement of the tables like any other, gives the same rows of the same types,
fails with the same errors and is heard by the same listeners. Only what SQLAlchemy does anew at every execution is left
out: it took several times as long as SQLite. On PostgreSQL, which is across a network, it goes the usual way.
"""

import sqlite3
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias, cast

from sqlalchemy import (
    BindParameter,
    Boolean,
    Connection,
    Delete,
    Dialect,
    Insert,
    Integer,
    Result,
    RowMapping,
    Select,
    String,
    Update,
)
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.visitors import cloned_traverse, iterate
from sqlalchemy.types import TypeEngine

from storage.failures import of_sqlite

Statement: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update | Delete
Parameters: TypeAlias = Mapping[str, Any]
Named: TypeAlias = Mapping[str, Any] | RowMapping
"""A row by the names of its columns."""
Rows: TypeAlias = Result[*tuple[Any, ...]]
_Change: TypeAlias = Callable[[Any], Any] | None
_Changes: TypeAlias = Sequence[tuple[int, Callable[[Any], Any]]]


class Hot:
    """A statement that is made once, when its module is loaded, and run in most turns."""

    __slots__ = ("_has_lists", "_plans", "statement")

    def __init__(self, statement: Statement) -> None:
        """Take the statement; it is compiled when it is first run."""
        self.statement = statement
        self._plans: dict[Hashable, _Plan] = {}
        self._has_lists = any(getattr(part, "expanding", False) for part in iterate(statement))

    def run(self, connection: Connection, parameters: Parameters | Sequence[Parameters]) -> Rows:
        """Run it in the connection's transaction, which begins with it if none is open; of many, one after the other.

        Raises:
            StorageError: as any other statement.
        """
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, parameters)
        if isinstance(parameters, Mapping):
            plan = self._plan(connection, parameters)
            return plan.result(plan.rows(connection, parameters))
        plan = self._plan(connection, parameters[0])
        if plan.returns:
            return plan.result([row for each in parameters for row in plan.rows(connection, each)])
        plan.run_many(connection, parameters)
        return plan.result(())

    def rows(self, connection: Connection, parameters: Parameters) -> Sequence[Named]:
        """Run it and give its rows, each by its columns' names. Raises StorageError."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, parameters).mappings().all()
        plan = self._plan(connection, parameters)
        columns = plan.columns
        return [dict(zip(columns, row, strict=True)) for row in plan.rows(connection, parameters)]

    def tuples(self, connection: Connection, parameters: Parameters) -> Sequence[tuple[Any, ...]]:
        """Run it and give its rows, each by its columns' places: of many short rows. Raises StorageError."""
        if connection.dialect.name != "sqlite":
            return [tuple(row) for row in connection.execute(self.statement, parameters)]
        return [tuple(row) for row in self._plan(connection, parameters).rows(connection, parameters)]

    def first(self, connection: Connection, parameters: Parameters) -> Named | None:
        """Run it and give the first row by its columns' names, None if there is none. Raises StorageError."""
        rows = self.rows(connection, parameters)
        return rows[0] if rows else None

    def value(self, connection: Connection, parameters: Parameters) -> Any:  # noqa: ANN401 - of whatever column it is
        """Run it and give the first column of the first row, None if there is none. Raises StorageError."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, parameters).scalar()
        rows = self._plan(connection, parameters).rows(connection, parameters)
        return rows[0][0] if rows else None

    def change(self, connection: Connection, parameters: Parameters) -> int:
        """Run what inserts, updates or deletes and returns nothing; tells how many rows. Raises StorageError."""
        if connection.dialect.name != "sqlite":
            counted = {"preserve_rowcount": True}  # else it is lost for what is inserted
            changed = connection.execute(self.statement, parameters, execution_options=counted).rowcount
        else:
            changed = self._plan(connection, parameters).change(connection, parameters)
        if changed < 0:
            raise TypeError("the driver cannot tell how many rows this statement changes")
        return changed

    def _plan(self, connection: Connection, parameters: Parameters) -> "_Plan":
        """Return the plan for parameters of this shape; begins the transaction if none is open."""
        if not connection.in_transaction():
            connection.begin()
        shape: Hashable = len(parameters)
        if self._has_lists:
            shape = (shape, *[len(value) for value in parameters.values() if type(value) is list])
        if (plan := self._plans.get(shape)) is None:
            plan = self._plans[shape] = _Plan(self.statement, connection.dialect, parameters)
        return plan


class _Plan:
    """A statement compiled for parameters of one shape: so many of them, and lists of such lengths."""

    __slots__ = ("_changes", "_fixed", "_lists", "_meta", "_names", "_reads", "_sql", "columns")

    def __init__(self, statement: Statement, dialect: Dialect, parameters: Parameters) -> None:
        statement = cloned_traverse(statement, {}, {"bindparam": partial(_write_out, parameters)})
        compiled = statement.compile(dialect=dialect, column_keys=list(parameters))
        changes = {name: _bind(bound.type, dialect) for bound, name in compiled.bind_names.items()}
        required = {name for bound, name in compiled.bind_names.items() if bound.required}
        if wrong := (parameters.keys() - changes.keys()) | (required - parameters.keys()):
            raise TypeError(f"the statement has no parameters {sorted(wrong)}, or is not given them")
        expanded = compiled.construct_expanded_state(parameters)
        lists = expanded.parameter_expansion
        origins = {part: name for name, parts in lists.items() for part in parts}
        self._sql = expanded.statement
        self._lists = {name: tuple(parts) for name, parts in lists.items() if name in parameters}
        self._names = tuple(expanded.positiontup or ())
        change_of = {name: changes[origins.get(name, name)] for name in self._names}
        fixed = [name for name in self._names if origins.get(name, name) not in parameters]
        values = [expanded.parameters[name] for name in fixed]
        values = _changed(values, _at_places([change_of[name] for name in fixed]))
        self._fixed = dict(zip(fixed, values, strict=True))
        self._changes = _at_places([None if name in self._fixed else change_of[name] for name in self._names])
        columns = statement.exported_columns
        self.columns = tuple(str(name) for name, _ in columns.items())
        self._meta = SimpleResultMetaData(self.columns)
        self._reads = _at_places([_result(column.type, dialect) for column in columns])

    @property
    def returns(self) -> bool:
        """Whether it gives rows."""
        return bool(self.columns)

    def rows(self, connection: Connection, parameters: Parameters) -> Sequence[Sequence[Any]]:
        """Run it and fetch everything."""
        found, _ = self._run(connection, parameters)
        return [_changed(list(row), self._reads) for row in found] if self._reads else found

    def change(self, connection: Connection, parameters: Parameters) -> int:
        """Run it and tell how many rows it changed; for what gives no rows."""
        _, changed = self._run(connection, parameters)
        return changed

    def run_many(self, connection: Connection, many: Sequence[Parameters]) -> None:
        """Run it once for each of many; for what gives no rows."""
        cursor = _driver(connection).cursor()
        values = [self._values(each) for each in many]
        try:
            _tell(connection, cursor, self._sql, values)
            cursor.executemany(self._sql, values)
        except sqlite3.Error as failure:
            raise of_sqlite(failure) from failure
        finally:
            cursor.close()

    def result(self, rows: Sequence[Sequence[Any]]) -> Rows:
        """Give rows the form in which SQLAlchemy gives them."""
        return IteratorResult(self._meta, map(tuple, rows))

    def _run(self, connection: Connection, parameters: Parameters) -> tuple[list[tuple[Any, ...]], int]:
        cursor = _driver(connection).cursor()
        values = self._values(parameters)
        try:
            _tell(connection, cursor, self._sql, values)
            return cursor.execute(self._sql, values).fetchall(), cursor.rowcount
        except sqlite3.Error as failure:
            raise of_sqlite(failure) from failure
        finally:
            cursor.close()

    def _values(self, parameters: Parameters) -> tuple[Any, ...]:
        given = parameters
        if self._lists:
            given = {**self._fixed, **parameters, **dict(self._split(parameters))}
        elif self._fixed:
            given = {**self._fixed, **parameters}
        return tuple(_changed([given[name] for name in self._names], self._changes))

    def _split(self, parameters: Parameters) -> Iterator[tuple[str, Any]]:
        for name, parts in self._lists.items():
            yield from zip(parts, parameters[name], strict=True)


def _at_places(changes: Sequence[_Change]) -> _Changes:
    return tuple((place, change) for place, change in enumerate(changes) if change is not None)


def _changed(values: list[Any], changes: _Changes) -> list[Any]:
    """Change the values at those places; NULL is None in Python, whatever the type."""
    for place, change in changes:
        if (value := values[place]) is not None:
            values[place] = change(value)
    return values


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def _tell(connection: Connection, cursor: sqlite3.Cursor, sql: str, values: Sequence[Any]) -> None:
    """Tell whoever listens to the engine's statements, as SQLAlchemy does."""
    many = isinstance(values, list)
    for listener in connection.engine.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, values, None, many)


def _write_out(parameters: Parameters, bound: BindParameter[Any]) -> None:
    """Let what the statement itself says, and its caller does not, stand in its text, not beside it.

    SQLite plans a statement anew each time it is run when it compares a column of a partial index's condition with a
    parameter (sqlite.org/c3ref/prepare.html: "bound to different values"); that took eight times as long as reading.
    """
    if not bound.required and bound.key not in parameters and isinstance(bound.type, String | Integer | Boolean):
        bound.literal_execute = True


def _bind(kind: TypeEngine[Any], dialect: Dialect) -> _Change:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _result(kind: TypeEngine[Any], dialect: Dialect) -> _Change:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
