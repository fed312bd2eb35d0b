"""`recare doctor`: one line for each thing, with the remedy, and nothing is changed by looking."""

import sqlite3
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from bot.cli import doctor
from bot.services.doctor_findings import Health
from tests.cli.checkups import set_up, told
from tests.cli.shell import recare

OTHER_KEY = "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg="


def test_a_new_folder_is_in_order_and_stays_as_it_was(clinic: Path) -> None:
    before = sorted(clinic.iterdir())
    found = told(clinic)
    assert found["database"]["health"] == "warn"
    assert "there is none yet" in found["database"]["says"]
    assert found["clinic"]["health"] == found["mail"]["health"] == found["telegram"]["health"] == "ok"
    assert sorted(clinic.iterdir()) == before


def test_every_line_says_how_it_stands_and_what_to_do(clinic: Path) -> None:
    assert recare("plan", folder=clinic).returncode == 0
    ran = recare("doctor", folder=clinic)
    lines = ran.stdout.splitlines()
    assert all(line.split()[0] in {"ok", "warn", "fail"} for line in lines)
    policy = next(line for line in lines if line.split()[1] == "policy")
    assert policy.startswith("warn")
    assert policy.endswith('-> `recare policy sign --by "First Last"`, by whoever answers for it')


def test_a_signed_policy_and_the_right_key_are_fine(clinic: Path) -> None:
    assert recare("policy", "sign", "--by", "Dr Vera Example", folder=clinic).returncode == 0
    found = told(clinic)
    assert [found[check]["health"] for check in ("database", "key", "policy")] == ["ok", "ok", "ok"]


def test_sending_that_was_stopped_is_not_forgotten(clinic: Path) -> None:
    recare("sending", "stop", "--why", "the list was the wrong one", folder=clinic)
    found = told(clinic)["sending"]
    assert (found["health"], found["says"]) == ("warn", "stopped by hand: the list was the wrong one")
    assert "recare sending resume" in found["remedy"]


def test_another_key_fails_and_says_so(clinic: Path) -> None:
    assert recare("plan", folder=clinic).returncode == 0
    found = told(clinic, OTHER_KEY)
    assert (found["database"]["health"], found["key"]["health"]) == ("ok", "fail")
    assert "RECARE_KEY" in found["key"]["remedy"]


def test_a_missing_key_and_a_broken_policy_are_told_in_one_go(clinic: Path) -> None:
    (clinic / "policies").mkdir()
    (clinic / "policies" / "strictest.toml").write_text("schema = 2\n", encoding="utf-8")
    found = told(clinic, "")
    assert (found["key"]["health"], found["policy"]["health"]) == ("fail", "fail")
    assert "recare key" in found["key"]["says"]
    assert "strictest.toml, line 1" in found["policy"]["says"]


def test_a_missing_key_of_data_that_are_there_is_never_told_to_be_made_anew(clinic: Path) -> None:
    assert recare("plan", folder=clinic).returncode == 0
    found = told(clinic, "")["key"]
    assert (found["health"], "a new one does not open them" in found["says"]) == ("fail", True)


def test_a_broken_clinic_file_is_all_there_is_to_say(clinic: Path) -> None:
    (clinic / "clinic.toml").write_text("[clinic]\nnam = 1\n", encoding="utf-8")
    found = told(clinic)
    assert list(found) == ["clinic"]
    assert found["clinic"]["health"] == "fail"


@pytest.mark.parametrize(
    ("revision", "health", "says"),
    [("0001", "warn", "an older recare's"), ("9999", "fail", "a newer recare's"), (None, "warn", "there is none yet")],
)
def test_an_older_or_newer_schema_is_told_and_left_alone(
    clinic: Path, revision: str | None, health: str, says: str
) -> None:
    assert recare("plan", folder=clinic).returncode == 0
    with sqlite3.connect(clinic / "recare.sqlite") as connection:
        connection.execute("DELETE FROM alembic_version")
        if revision is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    connection.close()
    found = told(clinic)["database"]
    assert (found["health"], says in found["says"]) == (health, True)
    with sqlite3.connect(clinic / "recare.sqlite") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == (
            [] if revision is None else [(revision,)]
        )
    connection.close()


def test_a_file_that_is_no_database_fails(clinic: Path) -> None:
    (clinic / "recare.sqlite").write_bytes(b"no database at all, but long enough to look at" * 100)
    assert told(clinic)["database"]["health"] == "fail"


def test_a_mail_server_that_lets_us_in_is_fine_and_one_that_is_away_is_not(clinic: Path, unused_tcp_port: int) -> None:
    server = Controller(Sink(), hostname="127.0.0.1", port=unused_tcp_port)
    set_up(
        clinic,
        f'[mail]\nhost = "127.0.0.1"\nport = {unused_tcp_port}\nsecurity = "none"\n'
        'from = "practice@example.com"\nreply_to = "desk@example.com"\n',
    )
    server.start()
    try:
        assert told(clinic)["mail"]["health"] == "ok"
    finally:
        server.stop()
    found = told(clinic)["mail"]
    assert (found["health"], f"127.0.0.1:{unused_tcp_port}" in found["says"]) == ("fail", True)


def test_a_mail_server_whose_password_is_missing_is_told(clinic: Path) -> None:
    set_up(
        clinic,
        '[mail]\nhost = "smtp.example.com"\nuser = "practice"\n'
        'from = "practice@example.com"\nreply_to = "desk@example.com"\n',
    )
    found = told(clinic)["mail"]
    assert (found["health"], "RECARE_SMTP_PASSWORD" in found["says"]) == ("fail", True)


@pytest.mark.parametrize(
    ("lacking", "says"),
    [((), "both encoders are installed"), (("e5",), "without e5"), (("use", "e5"), "word lists alone")],
)
def test_what_texts_are_understood_with_is_told(
    lacking: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "missing", lambda: lacking)
    found = doctor.understanding()
    assert says in found.says
    assert found.health is (Health.WARN if lacking else Health.OK)
    assert bool(found.remedy) is bool(lacking)
