"""Postal addresses and invitations on both databases: what lists bring, whom a card is for, what came back."""

from datetime import datetime, timedelta

import pytest

from flows.ids import OutboxId, PatientId
from flows.vocabulary import Channel, Purpose
from storage.records.outgoing import Lease, NewOutbox
from storage.vocabulary import BookedBy, OutboxKind, OutboxStatus
from tests.storage.conftest import NOW, Clinic
from tests.storage.given import listed

HOME = {"street": "Voorbeeldlaan 12", "postcode": "9000", "city": "Voorbeeldstad"}
LEASE = Lease(token="ours", until=NOW + timedelta(hours=1))  # noqa: S106 - a name for a lease


def letter_boxes(clinic: Clinic, patient_id: PatientId) -> list[tuple[str, bool]]:
    """A patient's postal addresses, and whether each is open."""
    found = clinic.do(lambda uow: uow.addresses.of_patient(patient_id))
    return [(each.value, each.closed_at is None) for each in found if each.channel is Channel.LETTER]


def mailed(clinic: Clinic, patient_id: PatientId, sent_at: datetime, step: int = 1) -> OutboxId:
    """Let an e-mail leave."""
    address_id = clinic.do(lambda uow: uow.addresses.add(patient_id, Channel.EMAIL, "anna@example.org", now=sent_at))
    row = NewOutbox(
        patient_id=patient_id,
        channel=Channel.EMAIL,
        kind=OutboxKind.PROACTIVE,
        message_key="invite.why",
        level=0,
        not_before=sent_at,
        body={"text": "Hello", "address_id": address_id},
        purpose=Purpose.RECALL,
        campaign="invite:test",
        step=step,
        lease=LEASE,
    )
    outbox_id = clinic.do(lambda uow: uow.outbox.plan(row, now=sent_at))
    assert outbox_id is not None
    clinic.do(lambda uow: uow.outbox.mark_sent({outbox_id: "<id>"}, LEASE.token, sent_at))
    return outbox_id


def test_a_list_brings_a_postal_address_and_a_later_one_replaces_it(clinic: Clinic) -> None:
    patient_id = clinic.do(lambda uow: uow.patients.upsert_many([listed("7", **HOME)], now=NOW))[0].patient_id
    first = "Voorbeeldlaan 12\n9000 Voorbeeldstad"
    assert letter_boxes(clinic, patient_id) == [(first, True)]
    moved = listed("7", **HOME | {"street": "Proefweg 3"})
    clinic.do(lambda uow: uow.patients.upsert_many([moved], now=NOW))
    assert letter_boxes(clinic, patient_id) == [(first, False), ("Proefweg 3\n9000 Voorbeeldstad", True)]


@pytest.mark.parametrize("missing", ["street", "city"])
def test_half_an_address_is_none(clinic: Clinic, missing: str) -> None:
    assert letter_boxes(clinic, clinic.add_patient(**HOME | {missing: None})) == []


def test_who_shares_a_letter_box_keeps_a_household_of_their_own(clinic: Clinic) -> None:
    first, second = clinic.add_patient(**HOME), clinic.add_patient(**HOME)
    people = clinic.do(lambda uow: uow.patients.get_many([first, second]))
    assert {patient.household_id for patient in people.values()} == {None}
    assert len(letter_boxes(clinic, second)) == 1


def test_cards_are_for_those_who_come_that_day_in_the_order_they_come(clinic: Clinic) -> None:
    late, early, other_day, cancelled = (clinic.add_patient() for _ in range(4))
    day = NOW.replace(hour=0)
    clinic.add_appointment(late, NOW + timedelta(hours=5), BookedBy.STAFF)
    clinic.add_appointment(early, NOW + timedelta(hours=1), BookedBy.STAFF)
    clinic.add_appointment(other_day, NOW + timedelta(days=1), BookedBy.STAFF)
    gone = clinic.add_appointment(cancelled, NOW + timedelta(hours=3), BookedBy.STAFF)
    clinic.do(lambda uow: uow.calendar.cancel(gone, NOW))
    assert clinic.do(lambda uow: uow.invites.visitors(since=day, until=day + timedelta(days=1))) == [early, late]


def test_a_mark_finds_its_mail_in_its_own_clinic_only(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    outbox_id = mailed(clinic, patient_id, NOW)
    mark = clinic.do(lambda uow: uow.invites.mark_of(outbox_id))
    found = clinic.do(lambda uow: uow.invites.marked(mark))
    assert found is not None
    assert (found.id, found.patient_id, found.status, found.sent_at) == (outbox_id, patient_id, OutboxStatus.SENT, NOW)
    assert found.address_id == clinic.do(lambda uow: uow.invites.address_of(patient_id, Channel.EMAIL))
    assert clinic.neighbour().do(lambda uow: uow.invites.marked(mark)) is None
    unknown = clinic.do(lambda uow: uow.invites.mark_of(OutboxId(outbox_id + 1)))
    assert clinic.do(lambda uow: uow.invites.marked(unknown)) is None


def test_the_mail_of_an_erased_person_tells_no_address(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    outbox_id = mailed(clinic, patient_id, NOW)
    mark = clinic.do(lambda uow: uow.invites.mark_of(outbox_id))
    clinic.do(lambda uow: uow.patients.erase(patient_id, now=NOW))
    found = clinic.do(lambda uow: uow.invites.marked(mark))
    assert found is not None
    assert found.address_id is None


def test_what_came_back_was_no_contact_and_the_one_before_counts_again(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    mailed(clinic, patient_id, NOW - timedelta(days=60), step=1)
    last = mailed(clinic, patient_id, NOW, step=2)
    mark = clinic.do(lambda uow: uow.invites.mark_of(last))
    found = clinic.do(lambda uow: uow.invites.marked(mark))
    assert found is not None
    assert clinic.do(lambda uow: uow.invites.came_back(found, reason="bounced"))
    assert not clinic.do(lambda uow: uow.invites.came_back(found, reason="bounced"))
    patient = clinic.do(lambda uow: uow.patients.get(patient_id))
    assert patient.last_contacted_at == NOW - timedelta(days=60)


def test_only_a_chat_that_was_proven_counts_as_one(clinic: Clinic) -> None:
    talking, listed_only = clinic.add_talk().patient_id, clinic.add_patient(email="b@example.org", **HOME)
    assert clinic.do(lambda uow: uow.invites.in_a_chat([talking, listed_only])) == frozenset({talking})
