"""Lends databases to tests, one after the other: to empty one takes a hundredth of the time that making another takes.

Invariant: whoever is lent one finds the schema as the migrations made it, and no rows. One whose schema was touched,
that cannot be emptied, or in which somebody still is, is dropped.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from tests.postgres import Databases

_CATALOGS = (
    "pg_attrdef",
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_index",
    "pg_namespace",
    "pg_proc",
    "pg_trigger",
    "pg_type",
)
# Whoever changes a schema writes newer rows into these, or removes some.
_SCHEMA = " UNION ALL ".join(
    [
        *(f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in _CATALOGS),  # noqa: S608  # ours
        "SELECT version_num, 1, 0 FROM alembic_version",
    ]
)
_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
"""
_OTHERS_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(kw_only=True)
class Lender:
    """Databases like `template`, a URL of a migrated one without rows."""

    databases: Databases
    template: str
    _spare: list[str] = field(default_factory=list)
    _as_made: list[Any] | None = None

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend the URL of a database to one test."""
        url = self._spare.pop() if self._spare else self.databases.create(self.template)
        try:
            yield url
        finally:
            if self._is_as_new(url):
                self._spare.append(url)
            else:
                self.databases.drop(url)

    def drop_all(self) -> None:
        """Drop every database that is not lent, and the template."""
        for url in (*self._spare, self.template):
            self.databases.drop(url)

    def _is_as_new(self, url: str) -> bool:
        """Put everybody out and empty it. Neither the keys nor the triggers that keep the ledger stand in the way."""
        if self._as_made is None:
            with _connected(self.template) as template:
                self._as_made = template.execute(_SCHEMA).fetchall()
        try:
            with _connected(url) as lent:
                forgot_to_leave = lent.execute(_OTHERS_OUT).fetchall()
                if forgot_to_leave or lent.execute(_SCHEMA).fetchall() != self._as_made:
                    return False
                tables = [sql.Identifier(name) for (name,) in lent.execute(_TABLES)]
                with lent.transaction():
                    lent.execute("SET LOCAL lock_timeout = '5s'")
                    lent.execute("SET LOCAL session_replication_role = replica")
                    lent.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(table) for table in tables))
        except psycopg.Error:  # it may be broken on purpose, and a user of little power may not switch triggers off
            return False
        return True


def _connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
