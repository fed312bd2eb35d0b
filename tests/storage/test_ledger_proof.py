"""Checkpoints and the proof of a whole ledger, on both databases: every kind of tampering is found, and where.

Longer than other files: every way to tamper with one ledger, side by side, so that none is missing.
"""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from flows.ids import PatientId
from flows.outreach.chain import NEWEST_FORM, START, chain
from flows.outreach.ledger import Act, LedgerEvent
from flows.vocabulary import Channel, Purpose
from storage.database import Database
from storage.errors import ConstraintError
from storage.models import LedgerEntry, table_of
from storage.repositories.checkpoints import Checkpoint
from storage.repositories.ledger_proof import Breach, BrokenChain, Proof
from tests.storage.conftest import KEY, NOW, Clinic
from tests.storage.sql import run_sql

GUARDED = ("ledger_event", "ledger_checkpoint", "ledger_head")


def prove(clinic: Clinic) -> Proof:
    return clinic.do(lambda uow: uow.ledger_proof.run())


def seal(clinic: Clinic) -> Checkpoint:
    return clinic.do(lambda uow: uow.checkpoints.make(now=clinic.clock.now))


def lift_the_guard(clinic: Clinic) -> None:
    """Do what somebody who owns the database can do."""
    for table in GUARDED:
        for act in ("UPDATE", "DELETE"):
            postgres = f"DROP TRIGGER IF EXISTS {table}_only_added ON {table}"
            run_sql(clinic.database, f"DROP TRIGGER IF EXISTS {table}_never_{act}", postgres=postgres)


def three_events(clinic: Clinic) -> tuple[PatientId, list[LedgerEvent]]:
    """A person who permitted, refused offers, and permitted offers again."""
    patient_id = clinic.add_patient()
    events = []
    for act, purpose in (
        (Act.PERMIT, Purpose.RECALL),
        (Act.WITHDRAW, Purpose.OFFER),
        (Act.PERMIT, Purpose.OFFER),
    ):
        clinic.clock.forward(minutes=1)
        events.append(clinic.append(patient_id, act, purpose=purpose, evidence="notice:1"))
    return patient_id, events


def forge(clinic: Clinic, entry: int, **changes: object) -> None:
    """Change columns of one entry of the first person who has one of this number, by the bare database."""
    event = table_of(LedgerEntry)
    first = select(func.min(event.c.patient_id)).scalar_subquery()
    with clinic.database._engines.write.begin() as connection:  # noqa: SLF001  # no repository offers this, on purpose
        connection.execute(update(event).where(event.c.seq == entry, event.c.patient_id == first).values(**changes))


def remake(clinic: Clinic, events: list[LedgerEvent]) -> None:
    """Write the first person's chain anew, as somebody does who knows how plain hashes are made."""
    previous = START
    for seq, one in enumerate(events, start=1):
        following = chain(previous, one, NEWEST_FORM)
        forge(clinic, seq, act=one.act, previous_hash=previous, hash=following)
        previous = following


def test_a_ledger_that_nobody_touched_is_whole(clinic: Clinic) -> None:
    assert prove(clinic) == Proof(people=0, events=0, chains=(), checkpoint=None)
    for _ in range(3):
        three_events(clinic)
    assert prove(clinic) == Proof(people=3, events=9, chains=(), checkpoint=None)
    seal(clinic)
    three_events(clinic)
    seal(clinic)
    seen: list[int] = []
    proof = clinic.do(lambda uow: uow.ledger_proof.run(seen.append))
    assert proof == Proof(people=4, events=12, chains=(), checkpoint=None)
    assert seen[-1] == clinic.do(lambda uow: uow.ledger_proof.count()) == 12


def test_each_checkpoint_seals_what_grew_since_the_one_before(clinic: Clinic) -> None:
    first, _ = three_events(clinic)
    three_events(clinic)
    one = seal(clinic)
    clinic.append(first, Act.PAUSE, purpose=None)
    two, three = seal(clinic), seal(clinic)
    assert [(made.seq, made.heads) for made in (one, two, three)] == [(1, 2), (2, 1), (3, 0)]
    assert (two.previous_mac, three.previous_mac) == (one.mac, two.mac)
    assert clinic.do(lambda uow: uow.checkpoints.latest()) == three
    assert prove(clinic).is_whole


def test_checkpoints_of_neighbours_do_not_meet(clinic: Clinic) -> None:
    neighbour = clinic.neighbour()
    three_events(clinic)
    seal(clinic)
    three_events(neighbour)
    assert seal(neighbour).seq == 1
    assert prove(neighbour) == Proof(people=1, events=3, chains=(), checkpoint=None)


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_changed_entry_is_found_where_it_is(clinic: Clinic, seq: int) -> None:
    patient_id, _ = three_events(clinic)
    three_events(clinic)
    lift_the_guard(clinic)
    forge(clinic, seq, evidence="forged")
    assert prove(clinic).chains == (BrokenChain(patient_id=patient_id, seq=seq, breach=Breach.CHANGED),)


def test_a_removed_entry_is_found(clinic: Clinic) -> None:
    patient_id, _ = three_events(clinic)
    lift_the_guard(clinic)
    run_sql(clinic.database, "DELETE FROM ledger_event WHERE seq = 2")
    assert prove(clinic).chains == (BrokenChain(patient_id=patient_id, seq=3, breach=Breach.CHANGED),)


def test_two_entries_that_changed_places_are_found(clinic: Clinic) -> None:
    patient_id, _ = three_events(clinic)
    lift_the_guard(clinic)
    for was, becomes in ((1, 9), (2, 1), (9, 2)):
        forge(clinic, was, seq=becomes)
    assert prove(clinic).chains == (BrokenChain(patient_id=patient_id, seq=1, breach=Breach.CHANGED),)


def test_a_removed_last_entry_is_found_by_the_checkpoint(clinic: Clinic) -> None:
    patient_id, _ = three_events(clinic)
    seal(clinic)
    lift_the_guard(clinic)
    run_sql(clinic.database, "DELETE FROM ledger_event WHERE seq = 3")
    assert prove(clinic).chains == (BrokenChain(patient_id=patient_id, seq=3, breach=Breach.GONE),)
    assert not clinic.do(lambda uow: uow.ledger.history(patient_id)).is_whole


def test_a_removed_chain_is_found_by_the_checkpoint(clinic: Clinic) -> None:
    patient_id, _ = three_events(clinic)
    seal(clinic)
    lift_the_guard(clinic)
    run_sql(clinic.database, "DELETE FROM ledger_event")
    assert prove(clinic).chains == (BrokenChain(patient_id=patient_id, seq=3, breach=Breach.GONE),)
    assert not clinic.do(lambda uow: uow.ledger.history(patient_id)).is_whole


def test_a_chain_made_anew_with_plain_hashes_is_found_by_the_checkpoint_and_by_the_gates_reading(
    clinic: Clinic,
) -> None:
    patient_id, (first, second, third) = three_events(clinic)
    three_events(clinic)
    seal(clinic)
    lift_the_guard(clinic)
    remake(clinic, [first, replace(second, act=Act.PERMIT), third])
    assert prove(clinic).chains == (BrokenChain(patient_id=patient_id, seq=3, breach=Breach.REMADE),)
    assert not clinic.do(lambda uow: uow.ledger.history(patient_id)).is_whole
    clinic.append(patient_id, Act.WITHDRAW, purpose=None)
    seal(clinic)
    assert prove(clinic).chains == (BrokenChain(patient_id=patient_id, seq=3, breach=Breach.REMADE),)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger_head SET seq = 2 WHERE checkpoint = 2",
        "UPDATE ledger_head SET checkpoint = 3 WHERE checkpoint = 2",
        "DELETE FROM ledger_head WHERE checkpoint = 2",
        "UPDATE ledger_checkpoint SET mac = previous_mac WHERE seq = 2",
        "UPDATE ledger_checkpoint SET heads = 2 WHERE seq = 2",
        "UPDATE ledger_checkpoint SET key_version = 2 WHERE seq = 2",
        "DELETE FROM ledger_checkpoint WHERE seq = 2",
    ],
)
def test_a_checkpoint_that_was_tampered_with_is_found(clinic: Clinic, tampering: str) -> None:
    for _ in range(3):
        three_events(clinic)
        seal(clinic)
    lift_the_guard(clinic)
    run_sql(clinic.database, tampering)
    assert prove(clinic).checkpoint == 2


def test_a_later_moment_or_a_cut_off_end_with_heads_left_is_found(clinic: Clinic) -> None:
    three_events(clinic)
    seal(clinic)
    lift_the_guard(clinic)
    run_sql(clinic.database, "UPDATE ledger_checkpoint SET at = '2026-03-01 00:00:00.000000'")
    assert prove(clinic).checkpoint == 1
    run_sql(clinic.database, "DELETE FROM ledger_checkpoint")
    assert prove(clinic).checkpoint == 1


def test_who_does_not_have_the_key_cannot_seal(clinic: Clinic) -> None:
    """A forger with the whole database and all of our code, but another key."""
    three_events(clinic)
    url = clinic.database._engines.write.url.render_as_string(hide_password=False)  # noqa: SLF001  # of this very test
    forger = Database.open(url, master_key=KEY[::-1], clock=clinic.clock)
    with forger.unit_of_work(clinic.clinic_id) as uow:
        uow.checkpoints.make(now=NOW)
        assert uow.ledger_proof.run().is_whole
        uow.commit()
    forger.close_now()
    assert prove(clinic).checkpoint == 1


def test_a_chain_that_was_broken_when_others_were_sealed_is_whole_once_it_is_restored(clinic: Clinic) -> None:
    patient_id, (*_, last) = three_events(clinic)
    three_events(clinic)
    (stored,) = run_sql(clinic.database, "SELECT hash FROM ledger_event WHERE seq = 3 ORDER BY patient_id LIMIT 1")
    lift_the_guard(clinic)
    forge(clinic, 3, act=Act.DENY, hash=bytes(32))
    broken = prove(clinic).broken
    assert broken == (patient_id,)
    assert clinic.do(lambda uow: uow.checkpoints.make(now=NOW, broken=broken)).heads == 1
    forge(clinic, 3, act=last.act, hash=bytes(stored[0]))
    assert prove(clinic).is_whole
    assert seal(clinic).heads == 1


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("change", ["UPDATE {} SET seq = 7", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_what_was_sealed(clinic: Clinic, table: str, change: str) -> None:
    three_events(clinic)
    seal(clinic)
    with pytest.raises(ConstraintError, match="only added"):
        run_sql(clinic.database, change.format(table))


def test_a_new_key_leaves_what_the_old_one_hashed_and_sealed_verifiable(clinic: Clinic) -> None:
    patient_id, _ = three_events(clinic)
    old = clinic.do(lambda uow: uow.ledger.address_hash(Channel.EMAIL, "anna@example.org"))
    clinic.append(patient_id, Act.BOUNCED, address_hash=old.value, key_version=old.key_version)
    assert seal(clinic).key_version == 1
    url = clinic.database._engines.write.url.render_as_string(hide_password=False)  # noqa: SLF001  # of this very test
    rotated = Database.open(url, master_key=KEY, clock=clinic.clock, ledger_key_version=2)
    now = Clinic(database=rotated, clinic_id=clinic.clinic_id, clock=clinic.clock)
    new = now.do(lambda uow: uow.ledger.address_hash(Channel.EMAIL, "anna@example.org"))
    assert (old.key_version, new.key_version) == (1, 2)
    assert old.value != new.value
    now.append(patient_id, Act.BOUNCED, address_hash=new.value, key_version=new.key_version)
    assert seal(now).key_version == 2
    assert prove(now).is_whole
    assert prove(clinic).is_whole
    rotated.close_now()


def test_erasing_a_person_leaves_the_ledger_whole(clinic: Clinic) -> None:
    patient_id, _ = three_events(clinic)
    seal(clinic)
    clinic.do(lambda uow: uow.patients.erase(patient_id, now=clinic.clock.forward(days=1)))
    assert prove(clinic) == Proof(people=1, events=4, chains=(), checkpoint=None)
    seal(clinic)
    assert prove(clinic).is_whole


def test_a_stop_is_kept_even_where_an_entry_is_missing(clinic: Clinic) -> None:
    patient_id, _ = three_events(clinic)
    lift_the_guard(clinic)
    run_sql(clinic.database, "DELETE FROM ledger_event WHERE seq = 2")
    clinic.clock.forward(minutes=1)
    clinic.append(patient_id, Act.WITHDRAW, purpose=None)
    assert not clinic.do(lambda uow: uow.patients.get(patient_id)).recall_ok


def test_events_of_the_first_form_verify_beside_new_ones(clinic: Clinic) -> None:
    """As a database that was migrated holds them."""
    patient_id = clinic.add_patient()
    event = clinic.append(patient_id, Act.PERMIT)
    old = chain(START, event, 1)
    lift_the_guard(clinic)
    forge(clinic, 1, form=1, hash=old)
    clinic.append(patient_id, Act.PAUSE)
    assert prove(clinic).is_whole
    forge(clinic, 1, notice="nl/recall@1#0")
    assert prove(clinic).chains == (BrokenChain(patient_id=patient_id, seq=1, breach=Breach.CHANGED),)


def test_what_was_read_is_what_was_written(clinic: Clinic) -> None:
    """Every field of the second form, through the database and back into its hash."""
    patient_id = clinic.add_patient()
    event = clinic.append(
        patient_id,
        Act.PERMIT,
        address_hash=bytes(range(32)),
        key_version=3,
        notice="ru/recall@2#0123456789ab",
        withdraw_by="стоп",
        source_system="recare",
    )
    assert clinic.do(lambda uow: uow.ledger.events(patient_id)) == (event,)
    assert prove(clinic).is_whole
