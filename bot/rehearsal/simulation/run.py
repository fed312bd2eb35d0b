"""Runs a simulation from its first day to its report."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.rehearsal.simulation.auditor import audit
from bot.rehearsal.simulation.evidence import read_evidence
from bot.rehearsal.simulation.report import Lived, Report, make_report
from bot.rehearsal.simulation.temperaments import Temperament
from bot.rehearsal.simulation.world import World
from bot.services.pacing import due_query


def simulate(
    folder: Path, *, patients: int, days: int, seed: int, day_is_over: Callable[[], None] = lambda: None
) -> Report:
    """Let so many synthetic patients live through so many days in an empty folder, and hold every law against it.

    The same seed gives the same report. Raises StorageError.
    """
    world = World(folder, patients=patients, seed=seed)
    try:
        asyncio.run(world.live(days, day_is_over))
        with world.house.database.reading(world.house.clinic.id) as uow:
            evidence = read_evidence(uow)
            left_out = uow.planning.counts(due_query(world.house.clinic, world.house.clock.now())).out
    finally:
        world.close()
    temperaments: dict[int, Temperament] = {
        patient.patient_id: patient.mind.person.temperament for patient in world.patients
    }
    lived = Lived(patients=patients, days=days, seed=seed, temperaments=temperaments, left_out=left_out)
    return make_report(lived, evidence, audit(evidence))
