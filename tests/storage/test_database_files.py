"""Where the data lie: files are private, settings lose nothing, failures speak plainly."""

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

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
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import KEY, NOW, SETUP, Clinic, Clock
from tests.storage.sql import run_sql

WEB = Channel.WEBCHAT


def _open(url: str) -> Database:
    return Database.open(url, master_key=KEY, clock=Clock())


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


def test_waiting_for_ones_own_connection_is_busy_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engines.SECONDS_TO_WAIT", 0.05)
    database = _open(f"sqlite:///{tmp_path / 'recare.db'}")
    database.migrate()
    clinic_id = database.clinic_id("de-linde")
    with (
        database.unit_of_work(clinic_id),
        pytest.raises(StorageBusyError, match="in use"),
        database.unit_of_work(clinic_id),
    ):
        pytest.fail("two writers at once")
    database.close_now()


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
