"""A simulation is the real house among synthetic people: it repeats itself, something happens in it, the laws hold."""

from pathlib import Path

import pytest

from bot.rehearsal.simulation.auditor import LAWS
from bot.rehearsal.simulation.report import Report
from bot.rehearsal.simulation.run import simulate


def lived(parent: Path, name: str, *, seed: int, patients: int = 24, days: int = 26) -> Report:
    folder = parent / name
    folder.mkdir()
    return simulate(folder, patients=patients, days=days, seed=seed)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_same_seed_gives_the_same_report_and_another_seed_another(tmp_path: Path) -> None:
    first, again = lived(tmp_path, "first", seed=3), lived(tmp_path, "again", seed=3)
    assert first == again
    assert lived(tmp_path, "other", seed=4, days=9) != lived(tmp_path, "first nine days", seed=3, days=9)


@pytest.mark.timeout(300)
def test_people_are_invited_book_and_come_and_every_law_holds(tmp_path: Path) -> None:
    report = lived(tmp_path, "weeks", seed=3, patients=40, days=45)
    funnel = report.funnel
    assert funnel.people == 40
    assert funnel.reached > funnel.contacted > funnel.answered >= funnel.booked >= funnel.kept > 0
    assert set(report.sent) == {"recall", "appointment", "postvisit"}
    assert [law.law for law in report.laws] == list(LAWS)
    assert [law.broken for law in report.laws if law.broken] == []
    have_cases = {"the right held", "hours are kept", "caps are kept", "nobody held out is contacted"}
    assert all(law.cases for law in report.laws if law.law in have_cases)
    assert report.by_hand["calls"] > 0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_year_of_300_patients_breaks_no_law(tmp_path: Path) -> None:
    report = lived(tmp_path, "year", seed=7, patients=300, days=365)
    assert [law.broken for law in report.laws if law.broken] == []
    assert report.turned_away["stops"] > 0
    assert report.turned_away["emergency"] > 0
    assert all(law.cases for law in report.laws), [law.law for law in report.laws if not law.cases]
