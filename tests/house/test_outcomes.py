"""What became of messages is written without keeping everybody else waiting."""

import threading
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
def _threads(monkeypatch: pytest.MonkeyPatch) -> set[threading.Thread]:
    """The threads in which a transaction was committed."""
    seen: set[threading.Thread] = set()
    commit = UnitOfWork.commit

    def watched(uow: UnitOfWork) -> None:
        seen.add(threading.current_thread())
        commit(uow)

    monkeypatch.setattr(UnitOfWork, "commit", watched)
    return seen


@pytest.mark.parametrize(("count", "is_here"), [(MANY, True), (MOST_BRIEFLY, True), (MOST_BRIEFLY + 1, False)])
async def test_a_few_messages_that_left_are_marked_at_once_and_many_while_others_go_on(
    world: World, records: Records, threads: set[threading.Thread], *, count: int, is_here: bool
) -> None:
    lease, ids = leased(world, count)
    threads.clear()
    await Outcomes(database=world.house.database, clinic=world.house.clinic).write(left(world, lease, ids))
    assert {row["status"] for row in records.of("outbox")} == {"sent"}
    assert (threads == {threading.current_thread()}) is is_here


async def test_what_has_a_statement_of_its_own_is_marked_while_others_go_on(
    world: World, records: Records, threads: set[threading.Thread]
) -> None:
    lease, (first, *others) = leased(world, MANY)
    now = world.clock.now()

    def put_off(uow: UnitOfWork) -> None:
        uow.outbox.put_off([first], lease.token, not_before=now, reason="not_begun")

    threads.clear()
    marks = [*left(world, lease, others), put_off]
    await Outcomes(database=world.house.database, clinic=world.house.clinic).write(marks)
    assert sorted(row["status"] for row in records.of("outbox")) == ["queued", *["sent"] * (MANY - 1)]
    assert threading.current_thread() not in threads
