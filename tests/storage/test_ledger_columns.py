"""Whatever is added to a ledger, the patient's columns are what its rows fold to, after every event of every life."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from flows.ids import PatientId
from flows.outreach.ledger import LedgerEvent
from flows.outreach.rights import rights
from flows.vocabulary import Purpose
from storage.database import Database
from tests.flows.outreach.histories import HISTORIES
from tests.storage.conftest import KEY, SETUP, Clinic, Clock

COLUMNS = {Purpose.RECALL: "recall_ok", Purpose.POSTVISIT: "postvisit_ok", Purpose.OFFER: "offer_ok"}


@pytest.fixture(name="clinic", scope="module")
def _clinic(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    file = tmp_path_factory.mktemp("columns") / "recare.db"
    shutil.copy(sqlite_template, file)
    clock = Clock()
    database = Database.open(f"sqlite:///{file}", master_key=KEY, clock=clock)
    clinic = Clinic(database=database, clinic_id=database.clinic_id(SETUP.slug), clock=clock)
    clinic.do(lambda uow: uow.clinics.set_up(SETUP))
    yield clinic
    database.close_now()


@settings(max_examples=60)
@given(HISTORIES)
def test_the_columns_follow_every_event_of_every_life(clinic: Clinic, history: list[LedgerEvent]) -> None:
    patient_id = clinic.add_patient()
    for told in history:
        event = replace(told, id=clinic.do(lambda uow: uow.ledger.new_id()), patient_id=patient_id, address_id=None)
        clinic.do(lambda uow, event=event: uow.ledger.append([event]))  # type: ignore[misc]  # bound as it is now
        _columns_are_what_the_rows_say(clinic, patient_id)


def _columns_are_what_the_rows_say(clinic: Clinic, patient_id: PatientId) -> None:
    patient = clinic.do(lambda uow: uow.patients.get(patient_id))
    events = clinic.do(lambda uow: uow.ledger.events(patient_id))
    happened = max(event.at for event in events)
    found = rights(events, happened)
    assert patient.frozen is found.frozen
    assert patient.paused_until == found.paused_until
    # A yes that begins later counts already: what is selected by the columns is judged again when it is due.
    moments = sorted({happened, *(event.valid_from for event in events if event.valid_from > happened)})
    for purpose, column in COLUMNS.items():
        ever = any(found.permitted(purpose, moment) is not None for moment in moments)
        assert getattr(patient, column) is ever, column
