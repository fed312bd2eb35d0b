"""What is brief is written on the event loop's own thread, unless the loop would have to wait for somebody."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from flows.ids import ClinicId
from flows.vocabulary import Role
from storage.database import Database
from storage.errors import ConstraintError, StorageBusyError
from storage.unit_of_work import UnitOfWork
from storage.writing import MOST_HERE
from tests.storage.writing.given import Held, breaks_the_commit, hires, names
from tests.world import MONDAY_MORNING

MANY = MOST_HERE + 5
SLOW_SECONDS = 0.25
"""Far beyond what a busy machine's disk takes."""


async def test_brief_work_is_done_on_the_event_loops_thread_and_other_work_is_not(
    database: Database, clinic_id: ClinicId
) -> None:
    here = threading.current_thread()
    assert (await database.write_briefly(clinic_id, hires("Brief"))).thread is here
    assert (await database.write(clinic_id, hires("Usual"))).thread is not here
    assert await names(database, clinic_id) == {"Brief", "Usual"}


async def test_brief_works_that_come_together_share_a_commit_and_fail_alone(
    database: Database, clinic_id: ClinicId
) -> None:
    commits: list[object] = []
    engine = database._engines.write_at_once  # noqa: SLF001  # to listen to it
    assert engine is not None
    event.listen(engine, "commit", commits.append)

    def fails(uow: UnitOfWork) -> None:
        uow.staff.add("Never Kept", Role.RECEPTION, now=MONDAY_MORNING)
        raise ValueError

    works: list[Callable[[UnitOfWork], object]] = [
        fails if each == 1 else hires(f"Example {each}") for each in range(MANY)
    ]
    outcomes = await asyncio.gather(
        *(database.write_briefly(clinic_id, work) for work in works), return_exceptions=True
    )
    assert [isinstance(outcome, ValueError) for outcome in outcomes] == [each == 1 for each in range(MANY)]
    assert await names(database, clinic_id) == {f"Example {each}" for each in range(MANY) if each != 1}
    assert len(commits) == 2


async def test_what_is_brief_and_not_committed_is_not_kept(database: Database, clinic_id: ClinicId) -> None:
    def forgets(uow: UnitOfWork) -> None:
        uow.staff.add("Not Committed", Role.RECEPTION, now=MONDAY_MORNING)

    await database.write_briefly(clinic_id, forgets)
    await asyncio.gather(
        database.write_briefly(clinic_id, forgets), database.write_briefly(clinic_id, hires("Committed"))
    )
    assert await names(database, clinic_id) == {"Committed"}


async def test_while_another_process_writes_the_event_loop_goes_on_and_brief_work_waits(
    database: Database, clinic_id: ClinicId, tmp_path: Path
) -> None:
    async with asyncio.TaskGroup() as tasks:
        with closing(sqlite3.connect(tmp_path / "recare.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = tasks.create_task(database.write_briefly(clinic_id, hires("Waited")))
            began = time.monotonic()
            for _ in range(20):
                await asyncio.sleep(0.005)
            assert time.monotonic() - began < 5
            assert not waiting.done()
            other.execute("COMMIT")
    assert waiting.result().thread is not threading.current_thread()
    assert await names(database, clinic_id) == {"Waited"}


async def test_while_the_thread_writes_brief_work_waits_for_it(database: Database, clinic_id: ClinicId) -> None:
    first = Held("First")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.write_alone(clinic_id, first))
        await asyncio.to_thread(first.begun.wait)
        brief = tasks.create_task(database.write_briefly(clinic_id, hires("Second")))
        await asyncio.sleep(0.05)
        assert not brief.done()
        first.go_on.set()
    assert brief.result().thread is threading.current_thread()
    assert await names(database, clinic_id) == {"First", "Second"}


async def test_after_a_slow_disk_the_event_loop_does_not_wait_for_it_again_until_it_is_quick(
    database: Database, clinic_id: ClinicId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.writing.SLOW_SECONDS", SLOW_SECONDS)
    seconds = [SLOW_SECONDS * 1.2, SLOW_SECONDS * 1.2, 0, 0]

    def turns(_connection: object) -> None:
        assert not threading.Event().wait(seconds.pop(0))

    engines = database._engines  # noqa: SLF001  # to be their disk
    for engine in (engines.write, engines.write_at_once):
        event.listen(engine, "commit", turns)
    here = threading.current_thread()
    hired = [await database.write_briefly(clinic_id, hires(f"Example {each}")) for each in range(len(seconds))]
    assert [each.thread is here for each in hired] == [True, False, False, True]


async def test_who_writes_much_in_the_thread_does_not_keep_brief_work_from_the_event_loop(
    database: Database, clinic_id: ClinicId
) -> None:
    """Between two pieces of work of the thread it is the event loop's turn, if that was held up."""
    first = Held("First")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.write_alone(clinic_id, first))
        others = [tasks.create_task(database.write_alone(clinic_id, hires(f"Example {n}"))) for n in range(MANY)]
        await asyncio.to_thread(first.begun.wait)
        brief = tasks.create_task(database.write_briefly(clinic_id, hires("Brief")))
        await asyncio.sleep(0.05)
        first.go_on.set()
        assert (await brief).thread is threading.current_thread()
        assert sum(other.done() for other in others) <= 2


async def test_a_disk_that_is_slow_and_fails_is_slow_as_well(
    database: Database, clinic_id: ClinicId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.writing.SLOW_SECONDS", SLOW_SECONDS)
    threads: list[threading.Thread] = []

    def fails(_connection: object) -> None:
        threads.append(threading.current_thread())
        assert not threading.Event().wait(SLOW_SECONDS * 1.2)
        raise OSError

    engines = database._engines  # noqa: SLF001  # to be their disk
    for engine in (engines.write, engines.write_at_once):
        event.listen(engine, "commit", fails)
    for each in range(2):
        with pytest.raises(OSError):  # noqa: PT011  # ours, and nothing else
            await database.write_briefly(clinic_id, hires(f"Example {each}"))
    assert [thread is threading.current_thread() for thread in threads] == [True, False]


async def test_two_event_loops_wait_for_each_other_and_not_for_ever(database: Database, clinic_id: ClinicId) -> None:
    first = Held("First")
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(asyncio.to_thread(asyncio.run, database.write_briefly(clinic_id, first)))
        await asyncio.to_thread(first.begun.wait)
        tasks.create_task(database.write_briefly(clinic_id, hires("Second")))
        await asyncio.sleep(0.05)
        first.go_on.set()
    assert await names(database, clinic_id) == {"First", "Second"}


async def test_after_a_commit_that_failed_the_next_brief_work_is_kept(database: Database, clinic_id: ClinicId) -> None:
    with pytest.raises(ConstraintError):
        await database.write_briefly(clinic_id, breaks_the_commit)
    await database.write_briefly(clinic_id, hires("After One"))
    together = [hires("Lost"), breaks_the_commit, hires("Lost Too")]
    outcomes = await asyncio.gather(
        *(database.write_briefly(clinic_id, work) for work in together), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [StorageBusyError] * 3
    await database.write_briefly(clinic_id, hires("After Three"))
    assert await names(database, clinic_id) == {"After One", "After Three"}


async def test_what_its_caller_gives_up_is_not_done(database: Database, clinic_id: ClinicId) -> None:
    async with asyncio.TaskGroup() as tasks:
        given_up = tasks.create_task(database.write_briefly(clinic_id, hires("Given Up")))
        tasks.create_task(database.write_briefly(clinic_id, hires("Kept")))
        await asyncio.sleep(0)
        given_up.cancel()
    assert given_up.cancelled()
    assert await names(database, clinic_id) == {"Kept"}


async def test_what_was_brought_just_before_the_end_is_told_so_and_nobody_waits_for_ever(
    database: Database, clinic_id: ClinicId
) -> None:
    async def tries() -> None:
        with pytest.raises(StorageBusyError):
            await database.write_briefly(clinic_id, hires("Late"))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(tries())
        await asyncio.sleep(0)
        database.close_now()
    with pytest.raises(StorageBusyError):
        await database.write_briefly(clinic_id, hires("Later"))
