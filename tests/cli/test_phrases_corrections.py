"""`recare phrases corrections`: what staff said a text meant, for people and for programs; nobody's name in it."""

import json
from pathlib import Path

import pytest

from bot.cli.opening import opened
from flows.meaning import Intent
from flows.vocabulary import Language, Role
from storage.records.corrections import NewCorrection
from tests.cli.shell import KEY, recare


def _correct(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a member of staff correct two lines, as the desk does."""
    monkeypatch.setenv("RECARE_KEY", KEY)
    with opened(folder / "clinic.toml") as house, house.database.unit_of_work(house.clinic.id) as uow:
        staff_id = uow.staff.add("Robin Example", Role.RECEPTION, now=house.clock.now())
        for line_id, sure in ((1, True), (2, False)):
            new = NewCorrection(
                line_id=line_id,
                text="[name] asks what it costs",
                language=Language.EN if sure else None,
                understood=Intent.MONEY,
                sure=sure,
                meant=Intent.PRICE_QUESTION,
            )
            uow.corrections.keep(new, staff_id=staff_id, now=house.clock.now())
        uow.commit()


def test_corrections_are_listed_for_people(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _correct(clinic, monkeypatch)
    ran = recare("phrases", "corrections", folder=clinic)
    assert ran.returncode == 0, ran.stderr
    first, second, count = ran.stdout.splitlines()
    assert "en  money -> price_question  [name] asks what it costs  (Robin Example)" in first
    assert "--  money? -> price_question" in second
    assert count == "2 corrections."


def test_corrections_are_data_for_programs(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _correct(clinic, monkeypatch)
    ran = recare("phrases", "corrections", "--json", folder=clinic)
    told = json.loads(ran.stdout)
    assert [(each["language"], each["sure"]) for each in told] == [("en", True), (None, False)]
    assert set(told[0]) == {"at", "staff", "language", "text", "understood", "sure", "meant"}
    assert (told[0]["text"], told[0]["understood"], told[0]["meant"]) == (
        "[name] asks what it costs",
        "money",
        "price_question",
    )


def test_where_nothing_was_corrected_it_says_so(clinic: Path) -> None:
    assert "Nothing was corrected yet." in recare("phrases", "corrections", folder=clinic).stdout
    assert json.loads(recare("phrases", "corrections", "--json", folder=clinic).stdout) == []


def test_the_group_shows_how_it_is_called(clinic: Path) -> None:
    assert "recare phrases corrections --json" in recare("phrases", "corrections", "--help", folder=clinic).stdout
