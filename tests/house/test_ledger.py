"""The ledger while the house runs: sealed once a day, and what is broken in it sends nothing any more."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from bot.logs import write_logs
from bot.services.ledger import LedgerKeeping
from flows.outreach.rights import rights
from flows.outreach.standing import Rights
from flows.vocabulary import Purpose, Role
from storage.repositories.checkpoints import Checkpoint
from tests.house.acts import DAY, EVENING, comes, invites, proactive
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World

HOUR = DAY / 24
GUARDS = [
    f"{table}_never_{act}"
    for table in ("ledger_event", "ledger_checkpoint", "ledger_head")
    for act in ("UPDATE", "DELETE")
]


def tamper(database_url: str, statement: str) -> None:
    """Do what somebody who owns the database file can do."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        for guard in GUARDS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {guard}"))
        connection.execute(text(statement))
    engine.dispose()


def latest(world: World) -> Checkpoint | None:
    with world.house.database.reading(world.house.clinic.id) as uow:
        return uow.checkpoints.latest()


def stopped(world: World) -> str | None:
    with world.house.database.reading(world.house.clinic.id) as uow:
        return uow.clinics.why_stopped()


def known(world: World, patient_id: int) -> Rights:
    with world.house.database.reading(world.house.clinic.id) as uow:
        patient = next(row for row in uow.patients.page(limit=9) if row.id == patient_id)
        return rights(uow.ledger.events(patient.id), world.clock.now())


@pytest.fixture
def keeping(world: World) -> LedgerKeeping:
    """The daily look, to be taken by hand."""
    return LedgerKeeping(database=world.house.database, clinic=world.house.clinic, clock=world.clock)


async def test_the_ledger_is_sealed_once_a_day(world: World, keeping: LedgerKeeping) -> None:
    assert await keeping.seal_due() == 0
    assert latest(world) is None
    world.add_patient()
    world.add_patient()
    assert await keeping.seal_due() == 2
    world.add_patient()
    world.clock.move_to(world.clock.now() + 23 * HOUR)
    assert await keeping.seal_due() == 0
    world.clock.move_to(world.clock.now() + HOUR)
    assert await keeping.seal_due() == 1
    made = latest(world)
    assert made is not None
    assert made.seq == 2


@contextmanager
def logging_as_run_does() -> Iterator[None]:
    """Write to standard error what `recare run` does."""
    root, own = logging.getLogger(), logging.getLogger("bot")
    handlers, levels = root.handlers[:], (root.level, own.level)
    root.handlers.clear()
    try:
        write_logs(own=logging.INFO)
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(levels[0])
        own.setLevel(levels[1])


async def test_the_seal_stands_in_the_log_where_who_owns_the_database_does_not_reach_it(
    world: World, keeping: LedgerKeeping, capsys: pytest.CaptureFixture[str]
) -> None:
    world.add_patient()
    with logging_as_run_does():
        await keeping.seal_due()
    made = latest(world)
    assert made is not None
    assert f'"seal": "{made.mac.hex()}"' in capsys.readouterr().err


async def test_the_house_seals_by_itself(world: World) -> None:
    world.add_patient()
    await world.house.ticks.run_all()
    made = latest(world)
    assert made is not None
    assert made.heads == 1


async def test_a_broken_chain_stops_the_message_to_its_person_and_to_nobody_else(
    world: World, records: Records, line: Line, database_url: str
) -> None:
    (forged, one), (_, other) = world.add_patient(), world.add_patient()
    await world.house.ticks.run_all()
    assert len(line.arrived) == 0
    tamper(database_url, f"UPDATE ledger_event SET evidence = 'forged' WHERE patient_id = {forged}")  # noqa: S608  # our own number
    await comes(world, EVENING)
    assert proactive(records, one) == [("recall", "refused", "ledger_broken")]
    assert proactive(records, other) == [("recall", "sent", None)]


async def test_a_chain_cut_off_at_its_end_stops_the_message_too(
    world: World, records: Records, line: Line, database_url: str
) -> None:
    forged, one = world.add_patient()
    await world.house.ticks.run_all()
    tamper(database_url, f"DELETE FROM ledger_event WHERE patient_id = {forged} AND seq = 2")  # noqa: S608  # our own number
    await comes(world, EVENING)
    assert proactive(records, one) == [("recall", "refused", "ledger_broken")]
    assert len(line.arrived) == 0


async def test_a_broken_checkpoint_stops_the_clinic_and_a_restored_one_lets_it_go_on(
    world: World, records: Records, line: Line, keeping: LedgerKeeping, database_url: str
) -> None:
    _, talk = world.add_patient()
    await world.house.ticks.run_all()
    assert proactive(records, talk) == [("recall", "planned", None)]
    tamper(database_url, "UPDATE ledger_checkpoint SET heads = heads + 1")
    world.clock.move_to(world.clock.now() + DAY)
    assert await keeping.seal_due() == 0
    assert stopped(world) == "ledger: checkpoint 1 does not verify"
    made = latest(world)
    assert made is not None
    assert made.seq == 1
    await comes(world, EVENING + DAY)
    assert len(line.arrived) == 0
    tamper(database_url, "UPDATE ledger_checkpoint SET heads = heads - 1")
    assert await keeping.seal_due() == 0
    assert stopped(world) is None
    await comes(world, EVENING + 2 * DAY)
    assert len(line.arrived) == 1


async def test_a_row_that_cannot_be_read_does_not_switch_the_proof_off_but_stops_the_clinic(
    world: World, keeping: LedgerKeeping, database_url: str
) -> None:
    world.add_patient()
    await world.house.ticks.run_all()
    tamper(database_url, "UPDATE ledger_event SET act = 'unheard of'")
    world.clock.move_to(world.clock.now() + DAY)
    assert await keeping.seal_due() == 0
    assert stopped(world) == "ledger: an entry or a checkpoint cannot be read"
    tamper(database_url, "UPDATE ledger_event SET act = 'permit'")
    assert await keeping.seal_due() == 0
    assert stopped(world) is None


async def test_what_somebody_else_stopped_the_ledger_does_not_let_go_on(world: World, keeping: LedgerKeeping) -> None:
    world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.clinics.stop_sending("the practice is closed")
        uow.commit()
    assert await keeping.seal_due() == 1
    assert stopped(world) == "the practice is closed"


async def test_word_of_a_death_is_in_the_ledger_until_staff_say_otherwise(world: World) -> None:
    patient_id, talk = world.add_patient()
    await world.writes(talk, "he has died")
    assert known(world, patient_id).deceased
    assert not any(known(world, patient_id).candidates(purpose, world.clock.now()) for purpose in Purpose)
    staff = world.add_staff(Role.MANAGER)
    world.clock.move_to(world.clock.now() + HOUR)
    await world.house.desk.take(staff, talk)
    await world.house.desk.clear_freeze(staff, talk)
    found = known(world, patient_id)
    assert not found.deceased
    assert not found.frozen


async def test_a_wrong_person_closes_the_address_even_after_staff_have_looked(world: World) -> None:
    patient_id, talk = world.add_patient()
    await world.writes(talk, "wrong number, I don't know her")
    staff = world.add_staff(Role.MANAGER)
    world.clock.move_to(world.clock.now() + HOUR)
    await world.house.desk.take(staff, talk)
    await world.house.desk.clear_freeze(staff, talk)
    found = known(world, patient_id)
    assert not found.frozen
    assert len(found.closed) == 1


async def test_what_a_patient_says_names_the_address_it_was_said_from_and_nothing_readable(
    world: World, records: Records
) -> None:
    patient_id, talk = world.add_patient()
    await invites(world)
    await world.writes(talk, "stop")
    with world.house.database.reading(world.house.clinic.id) as uow:
        address = uow.addresses.of_conversation(talk)
        hashed = uow.ledger.address_hash(address.channel, address.value)
        stop = uow.ledger.events(address.patient_id)[-1]
    assert (stop.address_hash, stop.key_version) == (hashed.value, hashed.key_version)
    assert stop.source_system == "recare"
    assert address.value not in repr(stop)
    assert records.of("ledger_event", patient_id=patient_id)[-1]["collected"] == "stop"
