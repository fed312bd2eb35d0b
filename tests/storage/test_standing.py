"""Looking how a database stands, on SQLite and PostgreSQL, makes and changes nothing."""

from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import StorageError
from storage.migrations.standing import Schema, schema_at
from tests.storage.sql import run_sql


@pytest.mark.parametrize(
    ("revision", "schema"),
    [(None, Schema.CURRENT), ("0001", Schema.OLDER), ("9999", Schema.NEWER), ("", Schema.NONE)],
)
def test_a_schema_is_older_current_newer_or_none(
    database: Database, database_url: str, revision: str | None, schema: Schema
) -> None:
    if revision:
        run_sql(database, f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 - of this test
    elif revision is not None:
        run_sql(database, "DELETE FROM alembic_version")
    before = run_sql(database, "SELECT version_num FROM alembic_version")
    assert schema_at(database_url) is schema
    assert run_sql(database, "SELECT version_num FROM alembic_version") == before


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert schema_at(f"sqlite:///{tmp_path / 'recare.sqlite'}") is Schema.NONE
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["nothing", "mysql://localhost/recare", "sqlite://"])
def test_what_recare_cannot_keep_its_data_in_is_refused(url: str) -> None:
    with pytest.raises(StorageError):
        schema_at(url)
