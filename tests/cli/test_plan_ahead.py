"""`recare plan --days`: the coming days on a copy, message by message, with right and load; nothing is written."""

import json
import sqlite3
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.patient_page import open_page
from flows.ids import ClinicId
from storage.database import Database
from storage.errors import StorageUnavailableError
from tests.cli.shell import EXAMPLES, KEY, one_line, recare

LIST = """\
number,first name,last name,sex,birth date,language,last visit,recall interval,status,consent,dentist
1,Anna,Example,female,1984-05-02,en,{away},12,active,yes,Dr Vos
2,Piet,Voorbeeld,male,1980-02-03,nl,{away},12,active,yes,Dr Vos
3,Anna,Образцова,female,1966-11-08,ru,{away},12,active,no,Dr Vos
"""


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic with three lapsed patients who have opened their pages; two said yes. Looked at, never changed."""
    clinic = tmp_path_factory.mktemp("lived_in")
    (clinic / "clinic.toml").write_text((EXAMPLES / "clinic.toml").read_text(encoding="utf-8"), encoding="utf-8")
    now = datetime.now(UTC)  # noqa: TID251 - the command looks at the machine's clock
    away = (now - timedelta(days=600)).date().isoformat()
    (clinic / "list.csv").write_text(LIST.format(away=away), encoding="utf-8")
    ran = recare("import", "list.csv", folder=clinic)
    assert ran.returncode == 0, ran.stderr
    database = Database.open(
        f"sqlite:///{clinic / 'recare.sqlite'}",
        master_key=b64decode(KEY),
        clock=lambda: now,
    )
    with database.unit_of_work(ClinicId(1)) as uow:
        for patient in uow.patients.by_numbers(["1", "2", "3"]).values():
            open_page(uow, patient.id, now)
        uow.commit()
    database.close_now()
    return clinic


def stored(clinic: Path) -> list[str]:
    with sqlite3.connect(clinic / "recare.sqlite") as connection:
        return list(connection.iterdump())


def test_each_message_is_foreseen_with_its_words_its_time_and_its_right(lived_in: Path) -> None:
    ran = recare("plan", "--days", "14", "--json", folder=lived_in)
    assert ran.returncode == 0, ran.stderr
    ahead = json.loads(ran.stdout)
    first = {message["number"]: message for message in ahead["messages"]}
    assert set(first) == {"1", "2"}
    assert first["1"]["language"] == "en"
    assert "De Linde dental practice" in first["1"]["text"]
    assert "Tandartspraktijk De Linde" in first["2"]["text"]
    assert first["1"]["buttons"]
    assert first["1"]["right"]["basis"] == "express_consent"
    assert first["1"]["right"]["acted_by"] == "import"
    assert datetime.fromisoformat(first["1"]["at"]).weekday() < 5
    assert ahead["left_out"] == {"withdrawn": 1}
    assert len(ahead["days"]) == 14
    assert sum(day["invitations"] for day in ahead["days"]) == 2
    assert any(day["free"] > 10 for day in ahead["days"])
    assert ahead["policy_signed"] is False


def test_the_words_stand_in_the_terminal_with_the_load_of_each_day(lived_in: Path) -> None:
    ran = recare("plan", "--days", "14", folder=lived_in)
    assert ran.returncode == 0, ran.stderr
    assert "Anna Example" in ran.stdout
    assert "right: express consent of" in ran.stdout
    assert "2 invitations, 0 reminders and check-ins" in ran.stdout
    assert "#####" in ran.stdout


def test_days_further_on_are_shown_alone(lived_in: Path) -> None:
    later = datetime.now(UTC).date() + timedelta(days=21)  # noqa: TID251 - the command looks at the machine's clock
    ahead = json.loads(recare("plan", "--at", later.isoformat(), "--days", "5", "--json", folder=lived_in).stdout)
    assert ahead["messages"] == []
    assert ahead["days"][0]["day"] == later.isoformat()


def test_looking_ahead_writes_nothing(lived_in: Path) -> None:
    before = stored(lived_in)
    assert recare("plan", "--days", "14", folder=lived_in).returncode == 0
    assert stored(lived_in) == before
    assert not (lived_in / ".recare").exists()


@pytest.mark.parametrize("at", ["soon", "2020-01-01"])
def test_a_time_that_is_none_or_has_passed_is_one_line(at: str, clinic: Path) -> None:
    one_line(recare("plan", "--at", at, folder=clinic), at)


def test_no_copy_is_made_of_another_database(tmp_path: Path) -> None:
    database = Database.open(
        "postgresql+psycopg://nobody@127.0.0.1:1/none",
        master_key=b64decode(KEY),
        clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
    )
    with pytest.raises(StorageUnavailableError, match="sqlite"):
        database.copy_to(tmp_path / "copy.sqlite")
    database.close_now()
