"""Patients on both databases: lists bring them, chats change them, erasing ends them."""

from datetime import date, timedelta

import pytest

from flows.vocabulary import Channel, ContactKind, Language, PatientStatus, StayingAway
from storage.errors import KeyErasedError, NotFoundError
from storage.records.people import Fate
from tests.storage.conftest import NOW, Clinic
from tests.storage.given import listed


def _import(clinic: Clinic, *rows: object) -> list[Fate]:
    done = clinic.do(lambda uow: uow.patients.upsert_many(rows, now=clinic.clock.now))  # type: ignore[arg-type]  # rows are NewPatient
    return [entry.fate for entry in done]


def test_a_list_creates_patients_whose_profile_opens(clinic: Clinic) -> None:
    row = listed("7", birth_date=date(1980, 5, 17), concern="a crown", mobile="+32470000001", email="anna@example.org")
    assert _import(clinic, row) == [Fate.CREATED]
    patient = clinic.do(lambda uow: uow.patients.by_number("7"))
    assert patient is not None
    assert patient.profile == row.profile
    assert (patient.language, patient.status, patient.last_visit_on) == (row.language, row.status, row.last_visit_on)
    addresses = clinic.do(lambda uow: uow.addresses.of_patient(patient.id))
    assert {(address.channel, address.value) for address in addresses} == {
        (Channel.PHONE, "+32470000001"),
        (Channel.EMAIL, "anna@example.org"),
    }


def test_the_same_list_twice_changes_nothing_even_what_changed_here_since(clinic: Clinic) -> None:
    row = listed("7", mobile="+32470000001")
    _import(clinic, row)
    patient = clinic.do(lambda uow: uow.patients.by_number("7"))
    assert patient is not None
    clinic.do(lambda uow: uow.patients.set_language(patient.id, Language.FR))
    assert _import(clinic, row) == [Fate.UNCHANGED]
    assert clinic.do(lambda uow: uow.patients.get(patient.id)).language is Language.FR


def test_a_changed_line_updates_and_replaces_the_address(clinic: Clinic) -> None:
    _import(clinic, listed("7", mobile="+32470000001"))
    assert _import(clinic, listed("7", mobile="+32470000002"), listed("8")) == [Fate.UPDATED, Fate.CREATED]
    patient = clinic.do(lambda uow: uow.patients.by_number("7"))
    assert patient is not None
    assert patient.profile.mobile == "+32470000002"
    addresses = clinic.do(lambda uow: uow.addresses.of_patient(patient.id))
    assert [(address.value, address.closed_why) for address in addresses] == [
        ("+32470000001", "replaced"),
        ("+32470000002", None),
    ]


def test_a_list_never_undoes_what_a_patient_confirmed_nor_a_wish_to_be_left_alone(clinic: Clinic) -> None:
    patient_id = clinic.add_patient(mobile="+32470000001")
    number = clinic.do(lambda uow: uow.patients.get(patient_id)).profile.number
    clinic.do(lambda uow: uow.patients.change_contact(patient_id, ContactKind.MOBILE, "+32470000009", now=NOW))
    clinic.do(lambda uow: uow.patients.set_status(patient_id, PatientStatus.DO_NOT_CONTACT))
    assert _import(clinic, listed(number, mobile="+32470000001", recall_months=12)) == [Fate.UPDATED]
    patient = clinic.do(lambda uow: uow.patients.get(patient_id))
    assert (patient.profile.mobile, patient.status, patient.recall_months) == (
        "+32470000009",
        PatientStatus.DO_NOT_CONTACT,
        12,
    )
    assert patient.contact_checked_at == NOW


def test_a_list_never_moves_the_last_visit_back(clinic: Clinic) -> None:
    _import(clinic, listed("7", last_visit_on=date(2025, 6, 1)))
    _import(clinic, listed("7", last_visit_on=date(2024, 6, 1)))
    patient = clinic.do(lambda uow: uow.patients.by_number("7"))
    assert patient is not None
    assert patient.last_visit_on == date(2025, 6, 1)


def test_people_with_one_mobile_share_a_household_and_their_addresses_stay_their_own(clinic: Clinic) -> None:
    _import(clinic, listed("1", mobile="+32470000001"), listed("2", mobile="+32470000001"), listed("3"))
    _import(clinic, listed("4", mobile="+32470000001"))
    people = clinic.do(lambda uow: uow.patients.by_numbers(["1", "2", "3", "4"]))
    home = people["1"].household_id
    assert home is not None
    assert [people[number].household_id for number in "1234"] == [home, home, None, home]
    found = clinic.do(lambda uow: uow.addresses.find(Channel.PHONE, "+32470000001"))
    assert [address.patient_id for address in found] == [people[number].id for number in "124"]


def test_pages_walk_all_patients_in_order(clinic: Clinic) -> None:
    added = [clinic.add_patient() for _ in range(5)]
    first = clinic.do(lambda uow: uow.patients.page(limit=3))
    rest = clinic.do(lambda uow: uow.patients.page(limit=3, after_id=first[-1].id))
    assert [patient.id for patient in first + rest] == added


def test_plain_facts_are_set_one_by_one(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    later = NOW + timedelta(days=1)
    clinic.do(lambda uow: uow.patients.set_staying_away(patient_id, StayingAway.FEAR, now=NOW))
    clinic.do(lambda uow: uow.patients.contacted([patient_id], now=NOW))
    clinic.do(lambda uow: uow.patients.rest([patient_id], now=later))
    clinic.do(lambda uow: uow.patients.contact_checked(patient_id, now=later))
    patient = clinic.do(lambda uow: uow.patients.get(patient_id))
    assert patient.staying_away is StayingAway.FEAR
    assert (patient.last_contacted_at, patient.rested_at, patient.contact_checked_at) == (NOW, later, later)


def test_an_erased_person_cannot_be_read_is_not_found_and_no_list_brings_them_back(clinic: Clinic) -> None:
    patient_id = clinic.add_patient(mobile="+32470000001")
    number = clinic.do(lambda uow: uow.patients.get(patient_id)).profile.number
    talk = clinic.add_talk(patient_id)
    clinic.do(lambda uow: uow.patients.erase(patient_id, now=NOW))
    with pytest.raises(KeyErasedError):
        clinic.do(lambda uow: uow.patients.get(patient_id))
    with pytest.raises(KeyErasedError):
        clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert clinic.do(lambda uow: uow.patients.get_many([patient_id])) == {}
    assert clinic.do(lambda uow: uow.patients.by_number(number)) is None
    assert clinic.do(lambda uow: uow.addresses.find(Channel.PHONE, "+32470000001")) == []
    assert _import(clinic, listed(number, mobile="+32470000001")) == [Fate.ERASED]
    assert clinic.do(lambda uow: uow.patients.by_number(number)) is None


def test_who_is_not_there_is_said_so(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    nobody = type(patient_id)(patient_id + 1)
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.patients.get(nobody))
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.patients.set_status(nobody, PatientStatus.MOVED))
