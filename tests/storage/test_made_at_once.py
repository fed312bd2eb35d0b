"""What tests elsewhere are given at once is what they would have made themselves: a schema, an empty database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect

from storage.database import Database
from storage.migrations.upgrade import upgrade
from tests.once import do_once
from tests.postgres_lending import Lender
from tests.storage.conftest import KEY, SETUP, Clock, migrated
from tests.storage.sql import run_sql


def _all_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as opened:
        return list(opened.iterdump())


def test_a_new_file_gets_what_the_migrations_make(tmp_path: Path) -> None:
    migrated(f"sqlite:///{tmp_path / 'migrated.sqlite'}", Clock()).close_now()
    found: list[int] = []

    def notes_what_is_there(engine: Engine) -> None:
        found.append(len(inspect(engine).get_table_names()))
        upgrade(engine)

    with pytest.MonkeyPatch.context() as patch:
        do_once(patch)
        patch.setattr("tests.once.upgrade", notes_what_is_there)
        migrated(f"sqlite:///{tmp_path / 'made.sqlite'}", Clock()).close_now()
    assert found[-1] > 0, "the migrations ran on an empty file after all"
    assert _all_of(tmp_path / "made.sqlite") == _all_of(tmp_path / "migrated.sqlite")


def _open(url: str) -> Database:
    return Database.open(url, master_key=KEY, clock=Clock())


def _write(database: Database) -> None:
    with database.unit_of_work(database.clinic_id(SETUP.slug)) as uow:
        uow.clinics.set_up(SETUP)
        uow.commit()


def test_a_database_that_was_lent_before_is_empty(postgres_lender: Lender) -> None:
    with postgres_lender.lent() as first:
        database = _open(first)
        _write(database)
        database.close_now()
    with postgres_lender.lent() as again:
        database = _open(again)
        assert (again, run_sql(database, "SELECT count(*) FROM clinic")) == (first, [(0,)])
        database.close_now()


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE another (id bigint)",
        "ALTER TABLE patient DROP COLUMN lot",
        "ALTER TABLE ledger_event DISABLE TRIGGER ALL",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_a_database_whose_schema_was_touched_is_not_lent_again(postgres_lender: Lender, change: str) -> None:
    with postgres_lender.lent() as first:
        database = _open(first)
        run_sql(database, change)
        database.close_now()
    with postgres_lender.lent() as another:
        assert another != first


def test_a_database_in_which_somebody_still_is_is_lent_to_nobody_else(postgres_lender: Lender) -> None:
    with postgres_lender.lent() as first:
        forgotten = _open(first)
        _write(forgotten)
    with postgres_lender.lent() as other:
        database = _open(other)
        assert other != first
        assert run_sql(database, "SELECT count(*) FROM clinic") == [(0,)]
        database.close_now()
    forgotten.close_now()
