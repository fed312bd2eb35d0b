"""`recare ledger`: says whether what patients allowed is still what they said, and where it is not."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import SettingsError, read_ledger_key_version
from tests.cli.shell import one_line, recare

LIST = "number,last name,consent\n1001,Example,yes\n1002,Sample,no\n"
GUARDED = ("ledger_event", "ledger_checkpoint", "ledger_head")


@pytest.fixture
def filled(clinic: Path) -> Path:
    """A clinic with two patients in its ledger."""
    (clinic / "patients.csv").write_text(LIST, encoding="utf-8")
    assert recare("import", "patients.csv", folder=clinic).returncode == 0
    return clinic


def tamper(folder: Path, statement: str) -> None:
    """Do what somebody who owns the database file can do."""
    with closing(sqlite3.connect(folder / "recare.sqlite")) as connection, connection:
        for table in GUARDED:
            for act in ("UPDATE", "DELETE"):
                connection.execute(f"DROP TRIGGER IF EXISTS {table}_never_{act}")
        connection.execute(statement)


def test_an_empty_and_a_whole_ledger_are_whole(clinic: Path, filled: Path) -> None:
    ran = recare("ledger", "verify", folder=filled)
    assert (ran.returncode, ran.stdout) == (0, "4 entries of 2 people: whole.\n")
    ran = recare("ledger", "verify", "--json", folder=clinic)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == {
        "whole": True,
        "people": 2,
        "events": 4,
        "broken_checkpoint": None,
        "broken_chains": [],
    }


def test_a_broken_chain_is_told_by_the_patients_number_and_the_entry(filled: Path) -> None:
    tamper(filled, "UPDATE ledger_event SET act = 'permit' WHERE act = 'deny' AND purpose = 'recall'")
    ran = recare("ledger", "verify", folder=filled)
    assert ran.returncode == 1
    assert "broken  patient 1002: entry 1 does not follow from the entry before" in ran.stdout
    assert "restore a backup" in ran.stdout
    sealed = recare("ledger", "checkpoint", folder=filled)
    assert sealed.returncode == 0
    assert sealed.stdout.startswith("Checkpoint 1 sealed off 1 chain that")
    assert "Left out: 1 broken chain;" in sealed.stdout


@pytest.mark.parametrize("column", ["act", "purpose", "acted_by", "at"])
def test_an_entry_that_cannot_be_read_is_told_at_its_place(filled: Path, column: str) -> None:
    tamper(filled, f"UPDATE ledger_event SET {column} = 'nonsense' WHERE act = 'deny' AND purpose = 'recall'")  # noqa: S608  # our own columns
    ran = recare("ledger", "verify", folder=filled)
    assert ran.returncode == 1
    assert "broken  patient 1002: entry 1 cannot be read" in ran.stdout
    assert ran.stdout.endswith(
        "4 entries of 2 people: 1 chain broken; restore a backup from before, and verify that.\n"
    )
    told = json.loads(recare("ledger", "verify", "--json", folder=filled).stdout)
    assert [(each["patient"], each["entry"], each["breach"]) for each in told["broken_chains"]] == [
        ("1002", 1, "unreadable")
    ]
    assert _stopped(filled) == "ledger: an entry or a checkpoint cannot be read"


def test_an_erased_persons_chain_is_told_by_its_id(filled: Path) -> None:
    tamper(filled, "UPDATE ledger_event SET act = 'permit' WHERE act = 'deny' AND purpose = 'recall'")
    tamper(filled, "DELETE FROM person_key")
    told = json.loads(recare("ledger", "verify", "--json", folder=filled).stdout)
    (broken,) = told["broken_chains"]
    assert (broken["patient"], broken["entry"], broken["breach"]) == (None, 1, "changed")
    assert f"patient (id {broken['patient_id']})" in recare("ledger", "verify", folder=filled).stdout


def test_a_checkpoint_seals_what_is_new_and_says_so(filled: Path) -> None:
    first = json.loads(recare("ledger", "checkpoint", "--json", folder=filled).stdout)
    assert (first["checkpoint"], first["chains"]) == (1, 2)
    ran = recare("ledger", "checkpoint", folder=filled)
    assert ran.returncode == 0
    assert ran.stdout.startswith("Checkpoint 2 sealed off 0 chains that")


def test_a_broken_checkpoint_stops_all_sending_until_it_verifies_again(filled: Path) -> None:
    assert recare("ledger", "checkpoint", folder=filled).returncode == 0
    tamper(filled, "UPDATE ledger_checkpoint SET heads = 7")
    ran = recare("ledger", "verify", folder=filled)
    assert ran.returncode == 1
    assert "checkpoint 1 does not verify" in ran.stdout
    assert _stopped(filled) == "ledger: checkpoint 1 does not verify"
    refused = recare("ledger", "checkpoint", folder=filled)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "recare: checkpoint 1 does not verify; restore a backup" in refused.stderr
    tamper(filled, "UPDATE ledger_checkpoint SET heads = 2")
    assert recare("ledger", "verify", folder=filled).returncode == 0
    assert _stopped(filled) is None


def test_a_seal_that_was_kept_elsewhere_shows_a_ledger_that_was_cut_off(filled: Path) -> None:
    seal = json.loads(recare("ledger", "checkpoint", "--json", folder=filled).stdout)["seal"]
    assert recare("ledger", "verify", "--seal", seal, folder=filled).returncode == 0
    for table in ("ledger_head", "ledger_checkpoint", "ledger_event"):
        tamper(filled, f"DELETE FROM {table}")  # noqa: S608  # our own tables
    assert recare("ledger", "verify", folder=filled).returncode == 0
    one_line(recare("ledger", "verify", "--seal", seal, folder=filled), "cut off")
    one_line(recare("ledger", "verify", "--seal", "no seal", folder=filled), "--seal")


def test_the_ledgers_key_is_the_first_unless_a_later_one_is_named() -> None:
    assert read_ledger_key_version({}) == 1
    assert read_ledger_key_version({"RECARE_LEDGER_KEY": "12"}) == 12
    for wrong in ("", "0", "-1", "two", "1000", "²"):
        with pytest.raises(SettingsError, match="RECARE_LEDGER_KEY counts"):
            read_ledger_key_version({"RECARE_LEDGER_KEY": wrong})


def _stopped(folder: Path) -> str | None:
    with closing(sqlite3.connect(folder / "recare.sqlite")) as connection:
        (reason,) = connection.execute("SELECT sending_stopped FROM clinic").fetchone()
    return None if reason is None else str(reason)
