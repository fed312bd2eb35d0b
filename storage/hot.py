"""Runs the few statements of a turn below SQLAlchemy: each is compiled once, then handed to SQLite's driver as it is.

Invariants: a hot statement is a Core statement of the tables like any other, gives the same rows of the same types,
fails with the same errors and is heard by the same listeners. Only what SQLAlchemy does anew at every execution is left
out: it took several times as long as SQLite. On PostgreSQL, which is across a network, it goes the usual way.
"""

import sqlite3
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import Connection, Delete, Dialect, Insert, Result, RowMapping, Select, Update
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

from storage.failures import of_sqlite

Statement: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update | Delete
Parameters: TypeAlias = Mapping[str, Any]
Named: TypeAlias = Mapping[str, Any] | RowMapping
"""A row by the names of its columns."""
Rows: TypeAlias = Result[*tuple[Any, ...]]
_Change: TypeAlias = Callable[[Any], Any] | None


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
        if not connection.in_transaction():
            connection.begin()
        if isinstance(parameters, Mapping):
            plan = self._plan(connection.dialect, parameters)
            return plan.result(plan.rows(connection, parameters))
        plan = self._plan(connection.dialect, parameters[0])
        if plan.returns:
            return plan.result([row for each in parameters for row in plan.rows(connection, each)])
        plan.run_many(connection, parameters)
        return plan.result(())

    def first(self, connection: Connection, parameters: Parameters) -> Named | None:
        """Run it and give the first row by its columns' names, None if there is none. Raises StorageError."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, parameters).mappings().first()
        if not connection.in_transaction():
            connection.begin()
        plan = self._plan(connection.dialect, parameters)
        rows = plan.rows(connection, parameters)
        return dict(zip(plan.columns, rows[0], strict=True)) if rows else None

    def _plan(self, dialect: Dialect, parameters: Parameters) -> "_Plan":
        shape: Hashable = len(parameters)
        if self._has_lists:
            shape = (shape, *[len(value) for value in parameters.values() if type(value) is list])
        if (plan := self._plans.get(shape)) is None:
            plan = self._plans[shape] = _Plan(self.statement, dialect, parameters)
        return plan


class _Plan:
    """A statement compiled for parameters of one shape: so many of them, and lists of such lengths."""

    __slots__ = ("_lists", "_meta", "_places", "_reads", "_sql", "columns")

    def __init__(self, statement: Statement, dialect: Dialect, parameters: Parameters) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(parameters))
        changes = {name: _bind(bound.type, dialect) for bound, name in compiled.bind_names.items()}
        required = {name for bound, name in compiled.bind_names.items() if bound.required}
        if wrong := (parameters.keys() - changes.keys()) | (required - parameters.keys()):
            raise TypeError(f"the statement has no parameters {sorted(wrong)}, or is not given them")
        expanded = compiled.construct_expanded_state(parameters)
        lists = expanded.parameter_expansion
        places = {part: (name, place) for name, parts in lists.items() for place, part in enumerate(parts)}
        self._sql = expanded.statement
        self._lists = {name: tuple(parts) for name, parts in lists.items() if name in parameters}
        self._places: list[tuple[str | None, Any]] = []
        for name in expanded.positiontup or ():
            origin, place = places.get(name, (name, None))
            change = changes[origin]
            if origin in parameters:
                self._places.append((name, change))
                continue
            fixed = compiled.params[origin] if place is None else compiled.params[origin][place]
            self._places.append((None, fixed if change is None else change(fixed)))
        columns = statement.exported_columns
        self.columns = tuple(str(name) for name, _ in columns.items())
        self._meta = SimpleResultMetaData(self.columns)
        read = [_result(column.type, dialect) for column in columns]
        self._reads = read if any(read) else None

    @property
    def returns(self) -> bool:
        """Whether it gives rows."""
        return bool(self.columns)

    def rows(self, connection: Connection, parameters: Parameters) -> Sequence[tuple[Any, ...]]:
        """Run it and fetch everything."""
        cursor = _driver(connection).cursor()
        values = self._values(parameters)
        try:
            _tell(connection, cursor, self._sql, values)
            found: list[tuple[Any, ...]] = cursor.execute(self._sql, values).fetchall()
        except sqlite3.Error as failure:
            raise of_sqlite(failure) from failure
        finally:
            cursor.close()
        if (reads := self._reads) is None:
            return found
        return [
            tuple([value if read is None else read(value) for value, read in zip(row, reads, strict=True)])
            for row in found
        ]

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

    def result(self, rows: Sequence[tuple[Any, ...]]) -> Rows:
        """Give rows the form in which SQLAlchemy gives them."""
        return IteratorResult(self._meta, iter(rows))

    def _values(self, parameters: Parameters) -> tuple[Any, ...]:
        given = {**parameters, **dict(self._split(parameters))} if self._lists else parameters
        return tuple(
            [
                change if name is None else given[name] if change is None else change(given[name])
                for name, change in self._places
            ]
        )

    def _split(self, parameters: Parameters) -> Iterator[tuple[str, Any]]:
        for name, parts in self._lists.items():
            yield from zip(parts, parameters[name], strict=True)


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def _tell(connection: Connection, cursor: sqlite3.Cursor, sql: str, values: Sequence[Any]) -> None:
    """Tell whoever listens to the engine's statements, as SQLAlchemy does."""
    many = isinstance(values, list)
    for listener in connection.engine.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, values, None, many)


def _bind(kind: TypeEngine[Any], dialect: Dialect) -> _Change:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _result(kind: TypeEngine[Any], dialect: Dialect) -> _Change:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
