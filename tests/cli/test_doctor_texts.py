"""`recare doctor` about texts: one that is missing fails, one that could be better does not."""

from pathlib import Path

import pytest

from bot.cli import doctor
from bot.wording.findings import Finding, Weight
from flows.vocabulary import Language
from tests.cli.checkups import told


def found(weight: Weight) -> Finding:
    """A text with something wrong."""
    return Finding(language=Language.NL, place=("tap.gone", None), what="is not translated", weight=weight)


@pytest.mark.parametrize(("weight", "health"), [(Weight.ERROR, "fail"), (Weight.WARNING, "ok")])
def test_a_text_that_is_missing_fails_with_its_language_and_name(
    clinic: Path, monkeypatch: pytest.MonkeyPatch, weight: Weight, health: str
) -> None:
    monkeypatch.setattr(doctor, "wording_findings", lambda _: [found(weight), found(weight)])
    texts = told(clinic)["texts"]
    assert texts["health"] == health
    if health == "fail":
        assert texts["says"] == "2 texts are missing or wrong, the first: nl, tap.gone"
        assert "bot.wording.check" in texts["remedy"]


def test_the_texts_that_are_shipped_are_fine(clinic: Path) -> None:
    assert told(clinic)["texts"]["health"] == "ok"
