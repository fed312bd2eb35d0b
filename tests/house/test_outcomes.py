"""What became of messages is written without keeping everybody else waiting."""

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence

import pytest

from bot.services.leaving import new_lease
from bot.services.outcomes import MOST_BRIEFLY, LeftMark, Mark, Outcomes
from flows.ids import OutboxId
from flows.vocabulary import Channel
from storage.records.outgoing import Lease, LeftOutbox, NewOutbox
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind
from tests.house.records import Records
from tests.world import World

MANY = 5


def leased(world: World, count: int) -> tuple[Lease, Sequence[OutboxId]]:
    """So many messages that are leased to this process."""
    now = world.clock.now()
    lease = new_lease(now)
    _, talk = world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        message = NewOutbox(
            patient_id=uow.conversations.lock(talk).patient_id,
            channel=Channel.WEBCHAT,
            kind=OutboxKind.REPLY,
            message_key="booking.none",
            level=0,
            not_before=now,
            conversation_id=talk,
            body={"text": "Synthetic"},
            lease=lease,
        )
        ids = uow.outbox.put([message] * count, now=now)
        uow.commit()
    return lease, ids


def left(world: World, lease: Lease, ids: Sequence[OutboxId]) -> list[Mark]:
    now = world.clock.now()
    return [LeftMark(message=LeftOutbox(id=x, lease_token=lease.token, external_id=str(x), at=now)) for x in ids]


@pytest.fixture(name="threads")
def _threads(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The thread of each commit."""
    seen: list[threading.Thread] = []
    commit = UnitOfWork.commit

    def watched(uow: UnitOfWork) -> None:
        seen.append(threading.current_thread())
        commit(uow)

    monkeypatch.setattr(UnitOfWork, "commit", watched)
    return seen


@pytest.mark.parametrize(("count", "pieces"), [(MANY, 1), (MOST_BRIEFLY, 1), (MOST_BRIEFLY + 1, 2)])
async def test_what_left_is_marked_at_once_a_few_messages_at_a_time(
    world: World, records: Records, threads: list[threading.Thread], *, count: int, pieces: int
) -> None:
    lease, ids = leased(world, count)
    threads.clear()
    await Outcomes(database=world.house.database, clinic=world.house.clinic).write(left(world, lease, ids))
    assert [row["status"] for row in records.of("outbox")] == ["sent"] * count
    assert threads == [threading.current_thread()] * pieces


async def test_what_has_a_statement_of_its_own_is_marked_while_others_go_on(
    world: World, records: Records, threads: list[threading.Thread]
) -> None:
    lease, (first, *others) = leased(world, MANY)
    now = world.clock.now()

    def put_off(uow: UnitOfWork) -> None:
        uow.outbox.put_off([first], lease.token, not_before=now, reason="not_begun")

    threads.clear()
    marks = [put_off, *left(world, lease, others)]
    await Outcomes(database=world.house.database, clinic=world.house.clinic).write(marks)
    assert sorted(row["status"] for row in records.of("outbox")) == ["queued", *["sent"] * (MANY - 1)]
    of_what_left, of_the_other = threads
    assert of_what_left is threading.current_thread()
    assert of_the_other is not of_what_left


async def test_who_is_cut_short_has_written_all_that_is_known(world: World, records: Records) -> None:
    lease, (first, *others) = leased(world, MOST_BRIEFLY + MANY)

    def put_off(uow: UnitOfWork) -> None:
        uow.outbox.put_off([first], lease.token, not_before=world.clock.now(), reason="not_begun")

    marks = [*left(world, lease, others), put_off]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await Outcomes(database=world.house.database, clinic=world.house.clinic).write(marks)
    assert Counter(row["status"] for row in records.of("outbox")) == {"sent": len(others), "queued": 1}
