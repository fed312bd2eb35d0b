"""The database: nothing is kept unless committed, threads end, files are private, failures speak plainly."""

import asyncio
import errno
import os
import stat
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from flows.vocabulary import Channel, Language
from storage.database import Database
from storage.errors import (
    ConstraintError,
    StorageBusyError,
    StorageError,
    StorageFullError,
    StorageUnavailableError,
    WrongKeyError,
)
from storage.types import UtcInstant
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import KEY, NOW, SETUP, Clinic, Clock, listed
from tests.storage.sql import run_sql

WEB = Channel.WEBCHAT


def _open(url: str) -> Database:
    return Database.open(url, master_key=KEY, clock=Clock())


def test_what_is_not_committed_leaves_nothing(clinic: Clinic) -> None:
    with clinic.database.unit_of_work(clinic.clinic_id) as uow:
        uow.patients.upsert_many([listed("1")], now=NOW)

    def fail_midway(uow: UnitOfWork) -> None:
        uow.patients.upsert_many([listed("2")], now=NOW)
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        clinic.do(fail_midway)
    assert clinic.do(lambda uow: uow.patients.page(limit=10)) == []


def test_what_follows_a_commit_needs_another(clinic: Clinic) -> None:
    with clinic.database.unit_of_work(clinic.clinic_id) as uow:
        uow.patients.upsert_many([listed("1")], now=NOW)
        uow.commit()
        uow.patients.upsert_many([listed("2")], now=NOW)
    kept = clinic.do(lambda uow: uow.patients.by_numbers(["1", "2"]))
    assert set(kept) == {"1"}


def test_a_savepoint_undoes_its_block_alone(clinic: Clinic) -> None:
    clinic.neighbour()

    def fail_inside(uow: UnitOfWork) -> None:
        with uow.savepoint():
            uow.updates.claim(WEB, "inside", NOW)
            uow.clinics.set_up(replace(SETUP, slug="elsewhere"))

    with clinic.database.unit_of_work(clinic.clinic_id) as uow:
        assert uow.updates.claim(WEB, "before", NOW)
        with pytest.raises(ConstraintError):
            fail_inside(uow)
        with uow.savepoint():
            assert uow.updates.claim(WEB, "after", NOW)
        uow.commit()
    again = clinic.do(lambda uow: [uow.updates.claim(WEB, name, NOW) for name in ("before", "inside", "after")])
    assert again == [False, True, False]


async def test_work_runs_in_threads_and_keeps_what_it_commits(clinic: Clinic) -> None:
    def work(uow: UnitOfWork) -> str:
        uow.updates.claim(WEB, "u1", NOW)
        uow.commit()
        return threading.current_thread().name

    def look(uow: UnitOfWork) -> tuple[str, int]:
        return threading.current_thread().name, len(uow.updates.quarantined(10))

    writer = await clinic.database.write(clinic.clinic_id, work)
    reader, found = await clinic.database.read(clinic.clinic_id, look)
    assert (writer.startswith("recare-write"), reader.startswith("recare-read"), found) == (True, True, 0)
    assert not clinic.do(lambda uow: uow.updates.claim(WEB, "u1", NOW))


async def test_work_that_raises_keeps_nothing_and_the_caller_hears_of_it(clinic: Clinic) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.updates.claim(WEB, "u1", NOW)
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        await clinic.database.write(clinic.clinic_id, work)
    assert await clinic.database.write(clinic.clinic_id, lambda uow: uow.updates.claim(WEB, "u1", NOW))


async def test_a_reader_cannot_write(clinic: Clinic) -> None:
    with pytest.raises(StorageUnavailableError, match="read"):
        await clinic.database.read(clinic.clinic_id, lambda uow: uow.updates.claim(WEB, "u1", NOW))


async def test_a_reader_sees_one_moment_whoever_writes_meanwhile(clinic: Clinic) -> None:
    def look_twice(uow: UnitOfWork) -> tuple[int, int]:
        before = len(uow.patients.page(limit=10))
        clinic.add_patient()
        return before, len(uow.patients.page(limit=10))

    assert await clinic.database.read(clinic.clinic_id, look_twice) == (0, 0)
    assert len(clinic.do(lambda uow: uow.patients.page(limit=10))) == 1


async def test_many_writes_at_once_all_arrive(clinic: Clinic) -> None:
    def claim(name: str) -> bool:
        with clinic.database.unit_of_work(clinic.clinic_id) as uow:
            claimed = uow.updates.claim(WEB, name, NOW)
            uow.commit()
            return claimed

    def claim_here(uow: UnitOfWork, name: str) -> bool:
        claimed = uow.updates.claim(WEB, name, NOW)
        uow.commit()
        return claimed

    async with asyncio.TaskGroup() as group:
        here = [
            group.create_task(clinic.database.write(clinic.clinic_id, lambda uow, n=n: claim_here(uow, f"a{n}")))  # type: ignore[misc]  # bound at once
            for n in range(25)
        ]
        there = [group.create_task(asyncio.to_thread(claim, f"b{n}")) for n in range(25)]
    assert all(task.result() for task in here + there)


async def test_closing_ends_the_threads(database_url: str) -> None:
    database = _open(database_url)
    clinic_id = database.clinic_id("de-linde")
    for _ in range(3):
        await database.read(clinic_id, lambda uow: uow.staff.all())
        await database.write(clinic_id, lambda uow: uow.staff.all())
    await database.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("recare-")]


def test_instants_need_a_zone_and_come_back_in_utc(database: Database) -> None:
    moments = Table("moments", MetaData(), Column("at", UtcInstant()))
    eastern = datetime(2026, 3, 2, 4, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with database._engines.write.begin() as connection:  # noqa: SLF001  # no repository has a table of its own
        moments.create(connection)
        connection.execute(insert(moments), [{"at": eastern}, {"at": None}])
        read = connection.execute(select(moments.c.at).where(moments.c.at.is_not(None))).scalar_one()
        assert (read, read.tzinfo) == (eastern, NOW.tzinfo)
        with pytest.raises(StatementError, match="needs a zone"):
            connection.execute(insert(moments), {"at": eastern.replace(tzinfo=None)})


def test_a_file_and_its_side_files_belong_to_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "recare.db"
    path.touch(mode=0o644)
    database = _open(f"sqlite:///{path}")
    database.migrate()
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    assert {file.name for file in tmp_path.iterdir()} >= {"recare.db", "recare.db-wal"}
    database.close_now()


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    database = _open(f"sqlite:///{tmp_path / 'recare.db'}")
    settings = {
        name: run_sql(database, f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "secure_delete": 1,
    }
    database.close_now()


def test_a_path_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for path, remedy in (
        (tmp_path / "absent" / "recare.db", "create it"),
        (file / "recare.db", "does not exist"),
        (tmp_path, "name a file in it"),
    ):
        with pytest.raises(StorageUnavailableError, match=remedy):
            _open(f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("refusal", "kind", "remedy"),
    [
        (errno.EACCES, StorageUnavailableError, "permission denied"),
        (errno.EROFS, StorageUnavailableError, "name another place"),
        (errno.ENOSPC, StorageFullError, "free some"),
    ],
)
def test_a_folder_that_takes_no_file_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: int, kind: type[StorageError], remedy: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(refusal, os.strerror(refusal))

    monkeypatch.setattr("os.open", refuse)  # root, as whom tests may run, is refused nowhere
    with pytest.raises(kind, match=remedy):
        _open(f"sqlite:///{tmp_path / 'recare.db'}")


def test_a_full_disk_is_said_so_and_keeps_nothing(tmp_path: Path) -> None:
    database = _open(f"sqlite:///{tmp_path / 'recare.db'}")
    database.migrate()
    clinic = Clinic(database=database, clinic_id=database.clinic_id("de-linde"), clock=Clock())
    clinic.do(lambda uow: uow.clinics.set_up(SETUP))
    pages = run_sql(database, "PRAGMA page_count")[0][0]
    run_sql(database, f"PRAGMA max_page_count = {pages}")

    def fill(uow: UnitOfWork) -> None:
        uow.updates.claim(WEB, "u1", NOW)
        uow.updates.quarantine(WEB, "u1", raw="x" * 100_000, error="too long", now=NOW)

    with pytest.raises(StorageFullError, match="free some space"):
        clinic.do(fill)
    assert clinic.do(lambda uow: uow.updates.claim(WEB, "u1", NOW))
    database.close_now()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "recare.db"
    path.write_bytes(b"some other file, long enough to have a header of its own" * 100)
    database = _open(f"sqlite:///{path}")
    with pytest.raises(StorageUnavailableError, match="not a recare database"):
        database.migrate()
    database.close_now()


def test_a_lock_held_elsewhere_is_busy_and_worth_another_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engines.SECONDS_TO_WAIT", 0.05)
    url = f"sqlite:///{tmp_path / 'recare.db'}"
    holder, other = _open(url), _open(url)
    holder.migrate()
    clinic_id = holder.clinic_id("de-linde")
    with holder.unit_of_work(clinic_id) as uow:
        uow.clinics.set_up(SETUP)
        with pytest.raises(StorageBusyError) as busy, other.unit_of_work(clinic_id) as second:
            second.clinics.set_up(SETUP)
    assert busy.value.retryable
    with other.unit_of_work(clinic_id) as second:
        second.clinics.set_up(replace(SETUP, language=Language.FR))
        second.commit()
    holder.close_now()
    other.close_now()


@pytest.mark.parametrize("url", ["mysql://somewhere/recare", "sqlite://", "sqlite:///:memory:", "not a url"])
def test_other_kinds_of_database_are_refused_with_the_right_form(url: str) -> None:
    with pytest.raises(StorageUnavailableError, match="sqlite:///FILE"):
        _open(url)


def test_a_server_that_does_not_answer_is_said_so() -> None:
    database = _open("postgresql+psycopg://recare:secret@127.0.0.1:1/recare")
    with pytest.raises(StorageError) as refused:
        database.migrate()
    assert "secret" not in str(refused.value)
    database.close_now()


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongKeyError):
        Database.open(f"sqlite:///{tmp_path / 'recare.db'}", master_key=b"short", clock=Clock())


def test_a_refused_row_is_told_by_its_rule_without_its_values(clinic: Clinic, database: Database) -> None:
    statement = f"INSERT INTO staff (clinic_id, id, name, role, active) VALUES ({clinic.clinic_id}, 1, 'Secret Name', 'x', true)"  # noqa: S608, E501  # fixed text
    with pytest.raises(ConstraintError) as refused:
        run_sql(database, statement)
    told = f"{refused.value!r} {refused.value.__cause__!r} {refused.value.__cause__}"
    assert "created_at" in told
    assert "Secret Name" not in told
