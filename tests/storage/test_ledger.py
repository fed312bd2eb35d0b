"""The ledger on both databases: chained, append-only, and the patient's rights columns follow it."""

from datetime import timedelta

import pytest

from flows.ids import PatientId
from flows.outreach.ledger import Act, ActedBy
from flows.vocabulary import Purpose
from storage.database import Database
from storage.errors import ConstraintError, NotFoundError
from storage.records.people import Patient
from tests.storage.conftest import NOW, Clinic
from tests.storage.given import ledger_event
from tests.storage.sql import run_sql


def _patient(clinic: Clinic, patient_id: PatientId) -> Patient:
    return clinic.do(lambda uow: uow.patients.get(patient_id))


def test_events_come_back_as_they_were_and_the_chain_is_whole(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    first = clinic.append(patient_id, Act.PERMIT, evidence="notice:abc", valid_until=NOW + timedelta(days=700))
    clinic.clock.forward(minutes=5)
    second = clinic.append(patient_id, Act.WITHDRAW, purpose=None)
    history = clinic.do(lambda uow: uow.ledger.history(patient_id))
    assert history.events == (first, second)
    assert history.is_whole
    assert clinic.do(lambda uow: uow.ledger.events(patient_id)) == (first, second)


def test_several_people_at_once_each_get_their_own_chain(clinic: Clinic) -> None:
    people = [clinic.add_patient() for _ in range(3)]
    nobody = clinic.add_patient()

    def permit_all(uow: object) -> None:
        ledger = uow.ledger  # type: ignore[attr-defined]  # a unit of work
        events = [
            ledger_event(ledger.new_id(), patient_id, Act.PERMIT, at=NOW, purpose=purpose)
            for purpose in (Purpose.RECALL, Purpose.POSTVISIT)
            for patient_id in people
        ]
        ledger.append(events)

    clinic.do(permit_all)
    histories = clinic.do(lambda uow: uow.ledger.histories([*people, nobody]))
    assert [len(histories[patient_id].events) for patient_id in [*people, nobody]] == [2, 2, 2, 0]
    assert all(history.is_whole for history in histories.values())
    assert clinic.do(lambda uow: uow.ledger.events_of([nobody])) == {nobody: ()}


def test_rights_columns_follow_a_yes_a_stop_a_pause_and_a_freeze(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    assert not _patient(clinic, patient_id).recall_ok
    clinic.append(patient_id, Act.PERMIT)
    clinic.append(patient_id, Act.PERMIT, purpose=Purpose.OFFER)
    patient = _patient(clinic, patient_id)
    assert (patient.recall_ok, patient.postvisit_ok, patient.offer_ok, patient.frozen) == (True, False, True, False)
    until = clinic.clock.forward(minutes=1) + timedelta(days=30)
    clinic.append(patient_id, Act.PAUSE, purpose=None, valid_until=until)
    clinic.append(patient_id, Act.FREEZE, purpose=None, acted_by=ActedBy.SYSTEM)
    patient = _patient(clinic, patient_id)
    assert (patient.paused_until, patient.frozen) == (until, True)
    clinic.clock.forward(minutes=1)
    clinic.append(patient_id, Act.CLEAR, purpose=None, acted_by=ActedBy.STAFF)
    clinic.append(patient_id, Act.WITHDRAW, purpose=None)
    patient = _patient(clinic, patient_id)
    assert (patient.recall_ok, patient.offer_ok, patient.frozen) == (False, False, False)


def test_a_pause_without_end_is_kept(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    clinic.append(patient_id, Act.PAUSE, purpose=None)
    paused_until = _patient(clinic, patient_id).paused_until
    assert paused_until is not None
    assert paused_until.year == 9999


def test_a_right_that_begins_later_is_not_missed(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    clinic.append(patient_id, Act.PERMIT, valid_from=NOW + timedelta(days=3))
    assert _patient(clinic, patient_id).recall_ok


@pytest.mark.parametrize("change", ["UPDATE ledger_event SET evidence = 'other'", "DELETE FROM ledger_event"])
def test_the_database_refuses_to_change_or_remove_events(clinic: Clinic, change: str) -> None:
    patient_id = clinic.add_patient()
    event = clinic.append(patient_id, Act.PERMIT)
    with pytest.raises(ConstraintError, match="ledger events are only added"):
        run_sql(clinic.database, change)
    assert clinic.do(lambda uow: uow.ledger.events(patient_id)) == (event,)


def test_an_event_about_nobody_is_refused(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    with pytest.raises(NotFoundError):
        clinic.append(PatientId(patient_id + 1), Act.PERMIT)


def test_a_broken_chain_is_noticed_and_a_stop_is_kept_nevertheless(clinic: Clinic, database: Database) -> None:
    patient_id = clinic.add_patient()
    clinic.append(patient_id, Act.PERMIT)
    _lift_the_guard(database)
    run_sql(database, "UPDATE ledger_event SET evidence = 'forged'")
    clinic.clock.forward(minutes=1)
    clinic.append(patient_id, Act.WITHDRAW, purpose=None)
    history = clinic.do(lambda uow: uow.ledger.history(patient_id))
    assert not history.is_whole
    assert [event.act for event in history.events] == [Act.PERMIT, Act.WITHDRAW]
    assert not _patient(clinic, patient_id).recall_ok


def _lift_the_guard(database: Database) -> None:
    postgres = "DROP TRIGGER ledger_event_only_added ON ledger_event"
    run_sql(database, "DROP TRIGGER ledger_event_never_UPDATE", postgres=postgres)
