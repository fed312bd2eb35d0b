"""What is written together: one commit for many, and each on its own where something goes wrong."""

import asyncio

import pytest
from sqlalchemy import event

from flows.ids import ClinicId
from flows.vocabulary import Role
from storage.database import Database
from storage.errors import StorageBusyError
from storage.unit_of_work import UnitOfWork
from tests.storage.writing.given import Hired, breaks_the_commit, hires, names
from tests.world import MONDAY_MORNING, World

MANY = 12


def counting_commits(database: Database) -> list[object]:
    seen: list[object] = []
    event.listen(database._engines.write, "commit", seen.append)  # noqa: SLF001  # to listen to it
    return seen


async def test_what_waits_together_shares_a_commit(database: Database, clinic_id: ClinicId) -> None:
    commits = counting_commits(database)
    hired = await asyncio.gather(*(database.write(clinic_id, hires(f"Example {each}")) for each in range(MANY)))
    assert len({each.staff_id for each in hired}) == MANY
    assert len(await names(database, clinic_id)) == MANY
    assert len(commits) < MANY


async def test_a_failure_among_others_undoes_only_itself(database: Database, clinic_id: ClinicId) -> None:
    def fails(uow: UnitOfWork) -> None:
        uow.staff.add("Never Kept", Role.RECEPTION, now=MONDAY_MORNING)
        message = "changed my mind"
        raise ValueError(message)

    works = [database.write(clinic_id, fails if each % 2 else hires(f"Example {each}")) for each in range(MANY)]
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    assert [isinstance(outcome, ValueError) for outcome in outcomes] == [bool(each % 2) for each in range(MANY)]
    assert await names(database, clinic_id) == {f"Example {each}" for each in range(0, MANY, 2)}


async def test_what_is_not_committed_is_not_kept_and_what_was_committed_before_a_failure_is(
    database: Database, clinic_id: ClinicId
) -> None:
    def forgets(uow: UnitOfWork) -> None:
        uow.staff.add("Not Committed", Role.RECEPTION, now=MONDAY_MORNING)

    def keeps_and_fails(uow: UnitOfWork) -> None:
        hires("Committed Before")(uow)
        uow.staff.add("After", Role.RECEPTION, now=MONDAY_MORNING)
        raise ValueError

    others = [database.write(clinic_id, hires(f"Example {each}")) for each in range(3)]
    await asyncio.gather(
        others[0],
        database.write(clinic_id, forgets),
        others[1],
        database.write(clinic_id, keeps_and_fails),
        others[2],
        return_exceptions=True,
    )
    assert await names(database, clinic_id) == {"Example 0", "Example 1", "Example 2", "Committed Before"}


async def test_nobody_hears_of_a_result_before_it_is_kept(
    database: Database, clinic_id: ClinicId, world: World
) -> None:
    """Whoever has a result finds it from another connection, whatever else is being written."""
    del world

    async def hires_and_looks(each: int) -> bool:
        hired = await database.write(clinic_id, hires(f"Example {each}"))
        found = await database.read(clinic_id, lambda uow: uow.staff.names())
        return hired.staff_id in found

    assert all(await asyncio.gather(*(hires_and_looks(each) for each in range(MANY))))


async def test_what_takes_long_is_written_alone_and_in_its_turn(database: Database, clinic_id: ClinicId) -> None:
    commits = counting_commits(database)
    await asyncio.gather(*(database.write_alone(clinic_id, hires(f"Example {each}")) for each in range(4)))
    assert len(commits) == 4
    await asyncio.gather(
        database.write(clinic_id, hires("Before")),
        database.write_alone(clinic_id, hires("Alone")),
        database.write(clinic_id, hires("After")),
    )
    assert {"Before", "Alone", "After"} <= await names(database, clinic_id)


async def test_a_commit_that_fails_is_told_to_all_who_shared_it_as_something_to_try_again(
    database: Database, clinic_id: ClinicId
) -> None:
    first = [database.write(clinic_id, hires(f"Example {each}")) for each in range(MANY)]
    works = [*first, database.write(clinic_id, breaks_the_commit), database.write(clinic_id, hires("Last"))]
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    # Whoever was written before or after in a transaction of their own is kept; the rest are told.
    told = [outcome for outcome in outcomes if isinstance(outcome, StorageBusyError)]
    kept = [outcome for outcome in outcomes if isinstance(outcome, Hired)]
    assert len(told) + len(kept) == len(works)
    assert len(told) > 1
    assert len(await names(database, clinic_id)) == len(kept)
    await database.write(clinic_id, hires("Later"))
    assert "Later" in await names(database, clinic_id)


async def test_after_the_end_nothing_is_taken(database: Database, clinic_id: ClinicId) -> None:
    await database.write(clinic_id, hires("Before"))
    await database.close()
    with pytest.raises(StorageBusyError):
        await database.write(clinic_id, hires("After"))
