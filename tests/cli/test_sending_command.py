"""`recare sending`: one stop at a time, whose reason is not lost."""

from pathlib import Path

from tests.cli.shell import one_line, recare


def test_a_stop_keeps_its_reason_until_somebody_resumes(clinic: Path) -> None:
    assert recare("sending", "stop", "--why", "the list was the wrong one", folder=clinic).returncode == 0
    one_line(recare("sending", "stop", "--why", "again", folder=clinic), "the list was the wrong one", "resume")
    resumed = recare("sending", "resume", folder=clinic)
    assert (resumed.returncode, resumed.stdout.rstrip()[-26:]) == (0, "the list was the wrong one")
    assert recare("sending", "resume", folder=clinic).stdout.strip() == "Nothing was stopped."


def test_a_place_that_cannot_be_written_is_not_called_missing(clinic: Path) -> None:
    file = clinic / "clinic.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"sqlite:///recare.sqlite"', '"sqlite:////proc/recare.sqlite"'), encoding="utf-8")
    one_line(recare("plan", folder=clinic), "/proc/recare.sqlite cannot be written")
