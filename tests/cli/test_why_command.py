"""`recare why` and `recare release`: what a manager is told, what is let go, and one clear line for every mistake."""

import json
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from bot.clocks import SystemClock
from tests.cli.shell import EXAMPLES, one_line, recare

MAIL = """
[mail]
host = "127.0.0.1"
port = 9
security = "none"
from = "practice@example.com"
reply_to = "desk@example.com"
"""
HEADERS = "number,first name,last name,sex,birth date,e-mail,country,language,last visit,consent"
PATIENTS = (
    "1,Anna,Example,f,1980-05-01,anna@example.com,BE,en,{seen},yes",
    "2,Anne,Exemple,f,1980-05-01,anne@example.com,BE,fr,{seen},yes",
    "3,Piet,Proef,m,1980-05-01,piet@example.com,NL,nl,{seen},no",
)
"""In Belgium a person releases what invites."""


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic in which two invitations by e-mail wait for a person, to be copied."""
    folder = tmp_path_factory.mktemp("practice")
    text = (EXAMPLES / "clinic.toml").read_text(encoding="utf-8")
    (folder / "clinic.toml").write_text(
        text.replace("http://127.0.0.1:8080", "https://recall.example.com") + MAIL, encoding="utf-8"
    )
    seen = (SystemClock().now() - timedelta(days=450)).date().isoformat()
    (folder / "patients.csv").write_text(
        "\n".join([HEADERS, *(row.format(seen=seen) for row in PATIENTS)]), encoding="utf-8"
    )
    for command in (
        ("import", "patients.csv"),
        ("policy", "sign", "--by", "Dr A. Example"),
        ("staff", "add", "Robin Example", "--role", "manager"),
        ("staff", "add", "Sam Sample", "--role", "reception"),
        ("invites", "email"),
    ):
        ran = recare(*command, folder=folder)
        assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture
def practice(planned: Path, tmp_path: Path) -> Path:
    """A copy of the clinic for one test."""
    return Path(copytree(planned, tmp_path / "practice"))


def data(folder: Path, *arguments: str) -> Any:  # noqa: ANN401 - JSON data
    """Run a command for its JSON."""
    ran = recare(*arguments, "--json", folder=folder)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def only_batch(folder: Path) -> str:
    """The name of the one batch that waits."""
    (batch,) = data(folder, "release", "list")
    return str(batch["batch"])


def test_why_tells_a_patient_and_by_its_id_a_message(practice: Path) -> None:
    ran = recare("why", "1", folder=practice)
    assert ran.returncode == 0, ran.stderr
    for part in (
        "Patient 1, Anna Example",
        "Invitation 1 by e-mail, message ",
        "express consent to write about coming back for a check-up, given by an imported list",
        "(signed by Dr A. Example)",
        "waits for its time",
        "waits to be released by a person",
    ):
        assert part in ran.stdout, ran.stdout
    (message,) = data(practice, "why", "1")["messages"]
    told = data(practice, "why", message["message"])
    assert told == message
    assert message["message"] in recare("why", message["message"], folder=practice).stdout


def test_why_tells_every_objection_of_somebody_who_is_not_written_to(practice: Path) -> None:
    ran = recare("why", "3", folder=practice)
    assert "does not want these messages: only their own yes changes it." in ran.stdout
    assert "Messages: none yet." in ran.stdout
    told = data(practice, "why", "3")
    assert {outlook["channel"] for outlook in told["now"]} >= {"webchat", "email", "letter", "phone"}
    assert all("withdrawn" in {each["reason"] for each in outlook["against"]} for outlook in told["now"])


def test_why_of_nobody_is_one_line(practice: Path) -> None:
    one_line(recare("why", "4711", folder=practice), "4711", "recare plan --all")
    one_line(recare("why", "9" * 30, folder=practice), "no patient")


def test_a_batch_is_listed_shown_and_released_but_for_whom_is_left_out(practice: Path) -> None:
    batch = only_batch(practice)
    assert batch in recare("release", "list", folder=practice).stdout
    shown = recare("release", "show", batch, folder=practice).stdout
    assert "Anna Example" in shown
    assert "Anne Exemple" in shown
    assert "https://" not in shown, "no link is made for a look"
    done = data(practice, "release", "approve", batch, "--by", "Robin Example", "--without", "2")
    assert (done["released"], done["left_out"]) == (1, 1)
    assert recare("release", "list", folder=practice).stdout == "Nothing waits for a person.\n"
    assert "released by Robin Example" in recare("why", "1", folder=practice).stdout
    left_out = recare("why", "2", folder=practice).stdout
    assert "left out by Robin Example" in left_out
    assert "was taken back before it left (somebody left it out of its batch)" in left_out
    one_line(recare("release", "approve", batch, "--by", "Robin Example", folder=practice), batch, "release list")


def test_mistakes_of_a_release_are_one_line_and_release_nothing(practice: Path) -> None:
    batch = only_batch(practice)
    one_line(recare("release", "approve", batch, "--by", "Sam Sample", folder=practice), "reception", "manager")
    one_line(recare("release", "approve", batch, "--by", "Nobody", folder=practice), "Nobody", "staff list")
    one_line(recare("release", "approve", batch, folder=practice), "--by")
    one_line(
        recare("release", "approve", batch, "--by", "Robin Example", "--without", "3", folder=practice),
        "3",
        "release show",
    )
    one_line(recare("release", "show", "recall-1999-01-01", folder=practice), "release list")
    assert only_batch(practice) == batch
