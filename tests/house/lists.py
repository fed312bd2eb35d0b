"""What a later list of the practice says of somebody who is known."""

from dataclasses import replace
from datetime import date

from flows.ids import PatientId
from storage.records.people import NewPatient
from tests.world import World


def is_born_on(world: World, patient_id: PatientId, born: date | None) -> None:
    """Let the clinic's list say when the patient was born, or no longer say it."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        patient = uow.patients.get(patient_id)
        row = NewPatient(
            profile=replace(patient.profile, birth_date=born),
            provider_id=patient.provider_id,
            language=patient.language,
            status=patient.status,
            last_visit_on=patient.last_visit_on,
            recall_months=patient.recall_months,
            next_visit_at=None,
        )
        uow.patients.upsert_many([row], now=world.clock.now())
        uow.commit()
