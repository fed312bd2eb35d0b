"""`recare simulate`: a report with its funnel and its laws, from synthetic patients who leave nothing behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.rehearsal.simulation import auditor
from tests.cli.shell import one_line, recare


def test_the_report_draws_the_funnel_and_names_every_law(tmp_path: Path) -> None:
    ran = recare("simulate", "--patients", "8", "--days", "3", "--plain", folder=tmp_path, key=None)
    assert ran.returncode == 0, ran.stderr
    assert "  patients         8  ####" in ran.stdout
    assert "hours are kept" in ran.stdout
    assert "broken: 0" in ran.stdout
    assert list(tmp_path.iterdir()) == []


def test_programs_may_read_it(tmp_path: Path) -> None:
    ran = recare("simulate", "--patients", "4", "--days", "2", "--seed", "9", "--json", folder=tmp_path, key=None)
    report = json.loads(ran.stdout)
    assert (report["schema"], report["patients"], report["days"], report["seed"]) == (1, 4, 2, 9)
    assert report["funnel"]["people"] == 4
    assert all(law["broken"] == [] for law in report["laws"])


def test_a_broken_law_is_named_and_ends_with_a_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def strict(_evidence: object) -> Iterator[str]:
        yield "outbox 7 breaks what no house can keep"

    monkeypatch.setattr(auditor, "LAWS", {"nothing is ever sent": strict})
    monkeypatch.setattr("sys.argv", ["recare", "simulate", "--patients", "4", "--days", "1", "--plain"])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert "outbox 7 breaks what no house can keep" in capsys.readouterr().out


def test_no_patients_are_one_line(tmp_path: Path) -> None:
    one_line(recare("simulate", "--patients", "0", folder=tmp_path), "--patients")
