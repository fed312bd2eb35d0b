"""Migrations lead to exactly the schema of the models, on both databases, however often they are run."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from storage.database import Database
from storage.engines import open_engines
from storage.errors import SchemaTooNewError, SchemaTooOldError
from storage.migrations.upgrade import configuration
from storage.models import METADATA
from tests.postgres import Databases
from tests.storage.conftest import KEY, Clock, migrated
from tests.storage.sql import run_sql

_SQLITE_SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'"
_POSTGRES_COLUMNS = """
SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public'
"""
_POSTGRES_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
"""
_POSTGRES_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def two_empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """URLs of two empty databases of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}"
        return
    databases: Databases = request.getfixturevalue("postgres_databases")
    urls = databases.create(), databases.create()
    yield urls
    for url in urls:
        databases.drop(url)


def _schema(connection: Connection) -> set[tuple[object, ...]]:
    """All of a database's schema but triggers, in its own words, without the migrations' bookkeeping."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(_SQLITE_SCHEMA).all()
        found = [(kind, name, _sorted_parts(str(sql))) for kind, name, sql in rows]
    else:
        queries = (_POSTGRES_COLUMNS, _POSTGRES_CONSTRAINTS, _POSTGRES_INDEXES)
        found = [tuple(row) for query in queries for row in connection.exec_driver_sql(query)]
    return {row for row in found if "alembic_version" not in str(row)}


def _sorted_parts(sql: str) -> str:
    """A statement without regard to spaces and to the order of columns and constraints, which means nothing."""
    begin, _, rest = re.sub(r"\s+", " ", sql).partition("(")
    parts, depth = [""], 0
    for sign in rest:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    last, end = parts.pop().rsplit(")", 1)
    return "\n".join([begin.strip(), *sorted(part.strip() for part in [*parts, last]), end.strip()])


def _models_made(engine: Engine) -> set[tuple[object, ...]]:
    with engine.begin() as connection:
        METADATA.create_all(connection)
        return _schema(connection)


def test_migrations_lead_to_exactly_the_schema_of_the_models(two_empty_urls: tuple[str, str]) -> None:
    by_migration, by_models = (open_engines(url) for url in two_empty_urls)
    migrated(two_empty_urls[0], Clock()).close_now()
    expected = _models_made(by_models.write)
    with by_migration.write.connect() as connection:
        assert _schema(connection) == expected
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
    assert len(METADATA.tables) >= 25
    by_migration.dispose()
    by_models.dispose()


def test_migrating_twice_changes_nothing(two_empty_urls: tuple[str, str]) -> None:
    database = migrated(two_empty_urls[0], Clock())
    before = run_sql(database, "SELECT version_num FROM alembic_version")
    database.migrate()
    assert run_sql(database, "SELECT version_num FROM alembic_version") == before
    database.close_now()


def test_migrations_lead_back_to_nothing_and_up_again(two_empty_urls: tuple[str, str]) -> None:
    database = migrated(two_empty_urls[0], Clock())
    engines = open_engines(two_empty_urls[0])
    with engines.write.begin() as connection:
        there = _schema(connection)
        command.downgrade(configuration(connection), "base")
        assert _schema(connection) == set()
    database.migrate()
    with engines.write.connect() as connection:
        assert _schema(connection) == there
    engines.dispose()
    database.close_now()


def test_processes_that_start_together_migrate_once(two_empty_urls: tuple[str, str]) -> None:
    with ThreadPoolExecutor(3) as threads:
        opened = list(threads.map(lambda _: migrated(two_empty_urls[0], Clock()), range(3)))
    assert len(run_sql(opened[0], "SELECT version_num FROM alembic_version")) == 1
    for database in opened:
        database.close_now()


def test_a_database_newer_than_the_code_is_left_alone(two_empty_urls: tuple[str, str]) -> None:
    database = migrated(two_empty_urls[0], Clock())
    run_sql(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNewError, match="9999"):
        database.migrate()
    assert run_sql(database, "SELECT version_num FROM alembic_version") == [("9999",)]
    database.close_now()


def test_a_database_without_its_tables_says_that_it_needs_a_migration(two_empty_urls: tuple[str, str]) -> None:
    database = Database.open(two_empty_urls[0], master_key=KEY, clock=Clock())
    with pytest.raises(SchemaTooOldError, match="migration"):
        database.clinic_id("de-linde")
    database.close_now()
