"""Erasure keeps keyed hashes and nothing else: no later list brings the person back, and nobody else is kept out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from flows.ids import PatientId
from flows.outreach.ledger import Act, ActedBy, LedgerEvent
from flows.outreach.rights import Standing, rights
from flows.outreach.standing import Rights
from flows.vocabulary import Channel, ContactKind, Purpose
from storage.imports.patients import ImportSettings, import_patients
from storage.imports.report import ImportReport
from storage.imports.rows import ReadSettings, read_patients
from tests.storage.calendar_world import CHECK_UP, TODAY, ZONE, World, worlds
from tests.storage.given import ledger_event
from tests.storage.test_planning import STRICTEST

HEADERS = "number,first name,last name,mobile,e-mail,consent"
MOBILE, MAILBOX = "+447700900123", "anna@example.com"
ANNA = f"1,Anna,Example,{MOBILE},{MAILBOX},yes"
COMES_BACK = f"77,A.,Example,{MOBILE},,yes"


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def bring(world: World, *rows: str) -> ImportReport:
    """Import a list."""
    parsed = read_patients("\n".join([HEADERS, *rows]).encode(), ReadSettings(country="GB", today=TODAY))
    settings = ImportSettings(policy=STRICTEST, zone=ZONE, dentists={}, visit_type_id=CHECK_UP, visit_minutes=30)
    return world.work(lambda uow: import_patients(uow, parsed, settings, now=world.now))


def whose(world: World, number: str) -> PatientId:
    patient = world.work(lambda uow: uow.patients.by_number(number))
    assert patient is not None
    return patient.id


def ledger(world: World, patient_id: PatientId) -> tuple[LedgerEvent, ...]:
    return world.work(lambda uow: uow.ledger.events(patient_id))


def known(world: World, number: str) -> Rights:
    return rights(ledger(world, whose(world, number)), world.now)


def erase(world: World, number: str) -> PatientId:
    patient_id = whose(world, number)
    world.now += timedelta(days=1)
    world.work(lambda uow: uow.patients.erase(patient_id, now=world.now))
    world.now += timedelta(days=1)
    return patient_id


def test_an_erasure_leaves_an_entry_with_the_hash_of_each_contact_detail(world: World) -> None:
    bring(world, ANNA)
    anna = erase(world, "1")
    entries = [event for event in ledger(world, anna) if event.act is Act.ERASED]
    hashes = world.work(
        lambda uow: {
            uow.ledger.address_hash(channel, value).value
            for channel, value in ((Channel.PHONE, MOBILE), (Channel.EMAIL, MAILBOX))
        }
    )
    assert {event.address_hash for event in entries} == hashes
    assert rights(ledger(world, anna), world.now).suppressed
    world.work(lambda uow: uow.patients.erase(anna, now=world.now))
    assert len(ledger(world, anna)) == 1 + len(entries)


def test_an_erasure_of_somebody_without_contact_details_is_an_entry_too(world: World) -> None:
    bring(world, "1,Anna,Example,,,yes")
    anna = erase(world, "1")
    assert [(event.act, event.address_hash) for event in ledger(world, anna)][-1] == (Act.ERASED, None)


def test_the_same_number_does_not_bring_an_erased_person_back(world: World) -> None:
    bring(world, ANNA)
    anna = erase(world, "1")
    report = bring(world, ANNA)
    assert (report.erased, report.created, report.permitted) == (1, 0, 0)
    assert not rights(ledger(world, anna), world.now).candidates(Purpose.RECALL, world.now)


@pytest.mark.parametrize("row", [COMES_BACK, f"77,A.,Example,,{MAILBOX},yes"])
def test_the_same_mobile_or_mailbox_does_not_bring_an_erased_person_back_into_the_programme(
    world: World, row: str
) -> None:
    bring(world, ANNA)
    anna = erase(world, "1")
    report = bring(world, row)
    assert (report.created, report.suppressed, report.permitted) == (1, 1, 0)
    found = known(world, "77")
    assert found.suppressed
    assert found.standing(Purpose.RECALL, world.now) is Standing.SUPPRESSED
    (entry,) = ledger(world, whose(world, "77"))
    assert entry.evidence in {f"ledger:{event.id}" for event in ledger(world, anna) if event.act is Act.ERASED}
    back = whose(world, "77")
    assert not world.work(lambda uow: uow.patients.get(back)).recall_ok


def test_saying_it_again_suppresses_nobody_twice_and_permits_nothing(world: World) -> None:
    bring(world, ANNA)
    erase(world, "1")
    bring(world, COMES_BACK.replace(",yes", ","))
    world.now += timedelta(days=1)
    report = bring(world, COMES_BACK)
    assert (report.suppressed, report.permitted) == (0, 0)
    assert len(ledger(world, whose(world, "77"))) == 1


def test_a_mobile_that_comes_to_a_new_record_later_is_known_too(world: World) -> None:
    bring(world, ANNA)
    erase(world, "1")
    bring(world, "77,A.,Example,,,yes")
    assert not known(world, "77").suppressed
    bring(world, COMES_BACK)
    assert known(world, "77").suppressed
    assert known(world, "77").permitted(Purpose.RECALL, world.now) is None


def test_their_own_yes_brings_them_back(world: World) -> None:
    bring(world, ANNA)
    erase(world, "1")
    bring(world, COMES_BACK)
    world.now += timedelta(days=1)
    back = whose(world, "77")
    own = world.work(lambda uow: ledger_event(uow.ledger.new_id(), back, Act.PERMIT, at=world.now))
    world.work(lambda uow: uow.ledger.append([own]))
    assert not known(world, "77").suppressed
    assert known(world, "77").permitted(Purpose.RECALL, world.now) == own.id


def test_the_family_that_shared_the_mobile_is_left_alone(world: World) -> None:
    family = f"2,Ben,Example,{MOBILE},,yes"
    bring(world, ANNA, family)
    erase(world, "1")
    report = bring(world, family, "3,Carl,Model,+447700900124,,yes")
    assert report.suppressed == 0
    assert [known(world, number).permitted(Purpose.RECALL, world.now) is not None for number in "23"] == [True, True]


def test_an_old_mobile_is_remembered_and_a_wrong_persons_is_not(world: World) -> None:
    bring(world, ANNA)
    anna = whose(world, "1")
    world.work(lambda uow: uow.patients.change_contact(anna, ContactKind.MOBILE, "+447700900999", now=world.now))
    addresses = world.work(lambda uow: uow.addresses.of_patient(anna))
    mailbox = next(address for address in addresses if address.channel is Channel.EMAIL)
    world.work(lambda uow: uow.addresses.close(mailbox.id, why="wrong_person", now=world.now))
    erase(world, "1")
    report = bring(world, COMES_BACK, f"78,Dan,Sample,,{MAILBOX},yes")
    assert (report.suppressed, report.permitted) == (1, 1)
    assert not known(world, "78").suppressed


def test_a_list_names_its_system_and_how_its_yes_is_taken_back(world: World) -> None:
    bring(world, ANNA, "2,Ben,Example,,,no")
    (permit,) = ledger(world, whose(world, "1"))
    assert (permit.acted_by, permit.source_system) == (ActedBy.IMPORT, "practice software")
    assert "stop" in permit.withdraw_by
    assert {event.withdraw_by for event in ledger(world, whose(world, "2"))} == {""}
