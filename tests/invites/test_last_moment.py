"""What happens between the last word of the gate and the mail server: who says no by then gets no e-mail."""

from collections.abc import Callable

import pytest

from bot.services.leaving import Leaving
from bot.services.links import make_stop_link
from bot.services.proactive import Departures
from flows.ids import LedgerEventId
from flows.outreach.ledger import Act
from storage.records.outgoing import DueOutbox, Lease
from storage.unit_of_work import UnitOfWork
from tests.house.records import Records
from tests.invites.batches import mail
from tests.invites.post import Server, add_listed
from tests.storage.given import ledger_event
from tests.world import World


@pytest.fixture
def once_worded(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[UnitOfWork], object]], None]:
    """Let something be committed once, right after an e-mail got its words."""

    def will(happening: Callable[[UnitOfWork], object]) -> None:
        prepare = Departures.prepare
        waiting = [happening]

        async def prepared(departures: Departures, due: DueOutbox, lease: Lease) -> Leaving | None:
            ready = await prepare(departures, due, lease)
            if ready is not None and waiting:
                with world.house.database.unit_of_work(world.house.clinic.id) as uow:
                    waiting.pop()(uow)
                    uow.commit()
            return ready

        monkeypatch.setattr(Departures, "prepare", prepared)

    return will


def outcomes(records: Records) -> list[tuple[str, str | None]]:
    """What became of each e-mail."""
    return [(row["status"], row["status_reason"]) for row in records.of("outbox", kind="proactive")]


async def test_who_unsubscribes_once_an_e_mail_has_its_words_does_not_get_it(
    world: World, server: Server, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient_id = add_listed(world, "1")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = make_stop_link(uow, patient_id, world.house.clinic.settings, world.clock.now())
        uow.commit()
    prepare = Departures.prepare

    async def they_are_faster(departures: Departures, due: DueOutbox, lease: Lease) -> Leaving | None:
        ready = await prepare(departures, due, lease)
        assert ready is not None
        await world.house.unsubscribing.end(link.rpartition("/")[2])
        return ready

    monkeypatch.setattr(Departures, "prepare", they_are_faster)
    mail(world)
    assert await world.house.delivery.send_due() == 0
    assert server.mails == []
    assert outcomes(records) == [("withdrawn", "stopped")]


async def test_a_no_that_takes_nothing_back_is_heard_at_the_last_moment_too(
    world: World, server: Server, records: Records, once_worded: Callable[[Callable[[UnitOfWork], object]], None]
) -> None:
    patient_id, now = add_listed(world, "1"), world.clock.now()
    once_worded(
        lambda uow: uow.ledger.append([ledger_event(LedgerEventId(uow.new_id()), patient_id, Act.OBJECT, at=now)])
    )
    mail(world)
    assert await world.house.delivery.send_due() == 0
    assert outcomes(records) == [("planned", "not_begun")]
    assert await world.house.delivery.send_due() == 0
    assert server.mails == []
    assert outcomes(records) == [("refused", "objected")]


async def test_whoever_says_something_else_meanwhile_gets_it_at_the_next_look(
    world: World, server: Server, records: Records, once_worded: Callable[[Callable[[UnitOfWork], object]], None]
) -> None:
    patient_id, now = add_listed(world, "1"), world.clock.now()
    once_worded(
        lambda uow: uow.ledger.append([ledger_event(LedgerEventId(uow.new_id()), patient_id, Act.PERMIT, at=now)])
    )
    mail(world)
    assert await world.house.delivery.send_due() == 0
    assert await world.house.delivery.send_due() == 1
    assert len(server.mails) == 1
    assert outcomes(records) == [("sent", None)]
