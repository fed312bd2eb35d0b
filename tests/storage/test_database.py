"""The database: nothing is kept unless committed, readers only read, threads end."""

import asyncio
import threading
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from flows.vocabulary import Channel
from storage.database import Database
from storage.errors import (
    StorageUnavailableError,
)
from storage.types import UtcInstant
from storage.unit_of_work import UnitOfWork
from tests.storage.conftest import KEY, NOW, Clinic, Clock
from tests.storage.given import listed

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
