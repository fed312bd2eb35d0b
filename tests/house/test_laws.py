"""Whatever patients, staff, the clock and the line do, in whatever order: the laws hold, judged from the stored rows.

The house is the real one on a real database; only the clock is set and the line fails when told to.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.house.patients_by_chance import PatientsByChance
from tests.house.staff_by_chance import StaffByChance

IN_ONE_HOUSE = settings(suppress_health_check=list(HealthCheck))
IN_PASSING = settings(IN_ONE_HOUSE, max_examples=12, stateful_step_count=30)
FOR_LONG = settings(IN_ONE_HOUSE, max_examples=400, stateful_step_count=80)


class Everybody(PatientsByChance, StaffByChance):
    """Patients and staff on the same days."""


@pytest.fixture(autouse=True, scope="module")
def begun() -> Iterator[None]:
    """The clinic that each run begins with."""
    with Everybody.begun():
        yield


@pytest.mark.long
@pytest.mark.timeout(600)  # a found break is made small first, and that takes its time
def test_the_laws_hold_whatever_happens() -> None:
    run_state_machine_as_test(Everybody, settings=IN_PASSING)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_laws_hold_whatever_happens_for_long() -> None:
    run_state_machine_as_test(Everybody, settings=FOR_LONG)
