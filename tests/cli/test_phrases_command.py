"""`recare phrases check` as whoever adds a language meets it."""

from pathlib import Path

import pytest

from bot.understanding.checking import Checked
from flows.vocabulary import Language
from tests.cli.shell import recare


def test_the_shipped_phrases_are_counted_and_whole(tmp_path: Path) -> None:
    ran = recare("phrases", "check", folder=tmp_path, key=None)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    lines = ran.stdout.splitlines()
    assert [line.split(":")[0] for line in lines[: len(Language)]] == [language.value for language in Language]
    assert "to learn from" in lines[0]
    assert lines[-1].startswith("phrases: 0 errors, ")


def test_what_is_wrong_is_told_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Checked(files={}, faults=("one.toml: a: is wrong; mend it", "two.toml: b"), notes=("three.toml: c",))
    monkeypatch.setattr("bot.cli.phrases_check.check_phrases", lambda: found)
    ran = recare("phrases", "check", folder=tmp_path, key=None)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.splitlines() == [
        "note: three.toml: c",
        "error: one.toml: a: is wrong; mend it",
        "error: two.toml: b",
        "phrases: 2 errors, 1 note",
    ]
