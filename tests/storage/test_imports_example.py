"""The example list: synthetic, untidy, and enough of everything that a list and a plan can have."""

import importlib.util
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.outreach.gate import Refusal
from flows.vocabulary import Language
from storage.imports import cells, contacts, dates, rows
from storage.imports.patients import ImportSettings, import_patients
from storage.imports.problems import Severity
from storage.imports.rows import ParsedList, ReadSettings, read_patients
from tests.storage.calendar_world import BERG, CHECK_UP, TODAY, VOS, ZONE, World, worlds
from tests.storage.planning_people import query
from tests.storage.test_planning import STRICTEST

EXAMPLES = Path(__file__).parents[2] / "examples"
DENTISTS = {"vos": VOS, "Dr Vos": VOS, "Dr. Vos": VOS, "A. Vos": VOS, "berg": BERG, "Dr. Berg": BERG}


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def _example() -> ParsedList:
    return read_patients((EXAMPLES / "patients.csv").read_bytes(), ReadSettings(country="NL", today=TODAY))


def test_the_list_is_what_its_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_patients", EXAMPLES / "make_patients.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.make_list(script.AS_OF) == (EXAMPLES / "patients.csv").read_bytes()


def test_it_holds_plainly_synthetic_people_only() -> None:
    parsed = _example()
    assert parsed.rows >= 420
    assert {patient.language for patient in parsed.patients} == {*Language, None}
    for patient in parsed.patients:
        assert patient.mobile is None or contacts.FICTION.fullmatch(patient.mobile)
        assert patient.email is None or patient.email.endswith(("@example.com", "@example.org"))


def test_every_problem_a_cell_can_have_is_in_it() -> None:
    met = " ".join(problem.problem for problem in _example().problems)
    known = {
        re.sub(r"\{.*", "", found)
        for module in (cells, contacts, dates, rows)
        for found in re.findall(r'CellError\(\s*f?"([^"]+)"', inspect.getsource(module))
    }
    assert {problem for problem in known if problem not in met} == set()


def test_it_comes_in_twice_and_plans_with_every_reason_a_list_can_give(world: World) -> None:
    parsed = _example()
    settings = ImportSettings(policy=STRICTEST, zone=ZONE, dentists=DENTISTS, visit_type_id=CHECK_UP, visit_minutes=30)
    first = world.work(lambda uow: import_patients(uow, parsed, settings, now=world.now))
    again = world.work(lambda uow: import_patients(uow, parsed, settings, now=world.now))
    assert first.created == len(parsed.patients) == again.unchanged
    assert (first.refused, again.created, again.updated) == (6, 0, 0)
    assert first.permitted > 200
    assert first.denied > 20
    assert 15 < first.booked < 25
    assert {problem.problem for problem in first.problems} >= {
        "is nobody who treats here",
        "has passed without a visit",
    }
    assert first.count(Severity.WARNING) > 40
    counts = world.work(lambda uow: uow.planning.counts(query()))
    assert set(counts.out) == {
        Refusal.DECEASED,
        Refusal.NEVER_CONTACT,
        Refusal.BOOKED,
        Refusal.NEVER_VISITED,
        Refusal.LAPSED_OUT,
        Refusal.NOT_DUE,
        Refusal.UNKNOWN_AGE,
        Refusal.MINOR,
        Refusal.UNKNOWN_LANGUAGE,
        Refusal.WITHDRAWN,
        Refusal.NO_RIGHT,
        Refusal.UNREACHED,
    }
    # Nobody is reached before they opened their personal link.
    assert counts.due == {}
    assert counts.out[Refusal.UNREACHED] > 100
