"""`recare invites` as the front desk meets it: what is made, for whom not, and one clear line for every mistake."""

import base64
import csv
import io
import json
import os
import re
import sqlite3
import stat
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from subprocess import CompletedProcess

import pytest

from bot.clocks import SystemClock
from bot.services.enrolment import ONLY_CLINIC
from bot.settings import SettingsError, read_smtp_password
from bot.settings.reading import parse_clinic
from flows.ids import OutboxId
from storage.database import Database
from tests.cli.shell import EXAMPLES, KEY, one_line, recare

MAIL = """
[mail]
host = "127.0.0.1"
port = 9
security = "none"
from = "practice@example.com"
reply_to = "desk@example.com"
"""
HEADERS = "number,first name,last name,sex,birth date,e-mail,street,postcode,city,language,last visit,consent"
PATIENTS = (
    "1,Anna,Example,f,1980-05-01,anna@example.com,Voorbeeldlaan 1,1234 AB,Voorbeeldstad,en,{seen},yes",
    "2,Anne,Exemple,f,1980-05-01,anne@example.com,Voorbeeldlaan 2,1234 AB,Voorbeeldstad,fr,{seen},yes",
    "3,Jan,Voorbeeld,m,1980-05-01,,,,,nl,{seen},yes",
    "4,Piet,Proef,m,1980-05-01,piet@example.com,Voorbeeldlaan 4,1234 AB,Voorbeeldstad,nl,{seen},no",
)


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic with a public address, a mail server, four lapsed patients and a signed policy, to be copied."""
    folder = tmp_path_factory.mktemp("practice")
    text = (EXAMPLES / "clinic.toml").read_text(encoding="utf-8")
    settings = text.replace("http://127.0.0.1:8080", "https://recall.example.com") + MAIL
    (folder / "clinic.toml").write_text(settings, encoding="utf-8")
    seen = (SystemClock().now() - timedelta(days=450)).date().isoformat()
    rows = [HEADERS, *(row.format(seen=seen) for row in PATIENTS)]
    (folder / "patients.csv").write_text("\n".join(rows), encoding="utf-8")
    assert recare("import", "patients.csv", folder=folder).returncode == 0
    assert recare("policy", "sign", "--by", "Dr A. Example", folder=folder).returncode == 0
    return folder


@pytest.fixture
def practice(enrolled: Path, tmp_path: Path) -> Path:
    """A copy of the clinic for one test."""
    return Path(copytree(enrolled, tmp_path / "practice"))


def told(folder: Path, *arguments: str) -> dict[str, object]:
    """Run a command for its JSON."""
    ran = recare("invites", *arguments, "--json", folder=folder)
    assert ran.returncode == 0, ran.stderr
    data: dict[str, object] = json.loads(ran.stdout)
    return data


def test_a_dry_run_says_how_many_and_why_not_and_makes_nothing(practice: Path) -> None:
    ran = recare("invites", "letters", "--dry-run", folder=practice)
    assert "Would be invited: 2" in ran.stdout
    assert "no postal address known" in ran.stdout
    assert "does not want these messages" in ran.stdout
    assert not (practice / "letters.pdf").exists()


def test_letters_are_written_once_for_their_owner_alone(practice: Path) -> None:
    made = told(practice, "letters")
    assert (made["invited"], made["left_out"]) == (2, {"unreached": 1, "withdrawn": 1})
    file = practice / "letters.pdf"
    assert file.read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    one_line(recare("invites", "letters", folder=practice), "letters.pdf", "exists already", "--out")
    again = told(practice, "letters", "--out", "more.pdf")
    assert (again["invited"], again["file"], again["batch"]) == (0, None, None)
    assert not (practice / "more.pdf").exists()


def test_a_list_for_a_mail_merge_names_links_that_differ(practice: Path) -> None:
    assert told(practice, "csv")["invited"] == 2
    rows = list(csv.DictReader(io.StringIO((practice / "merge.csv").read_text(encoding="utf-8-sig"))))
    assert sorted(row["number"] for row in rows) == ["1", "2"]
    assert len({row["link"] for row in rows}) == 2
    assert all(row["link"].startswith("https://recall.example.com/p/") for row in rows)


def test_cards_are_made_for_whoever_is_named(practice: Path) -> None:
    assert told(practice, "cards", "3", "4")["cards"] == 2
    assert (practice / "cards.pdf").read_bytes().startswith(b"%PDF-")
    assert told(practice, "cards", "--day", "2001-01-01", "--out", "none.pdf")["cards"] == 0
    nobody = recare("invites", "cards", "--day", "2001-01-01", "--out", "none.pdf", folder=practice).stdout
    assert nobody == "Cards: 0. Nobody has a visit booked on Mon 01 Jan 2001 whom no messenger reaches yet.\n"
    one_line(recare("invites", "cards", folder=practice), "--day")
    one_line(recare("invites", "cards", "4711", "--out", "more.pdf", folder=practice), "4711")
    assert not (practice / "more.pdf").exists()


@pytest.mark.parametrize("arguments", [("--json",), ("--json", "cards", "3")])
def test_json_asked_of_nothing_yet_is_told_where_it_goes(arguments: tuple[str, ...], practice: Path) -> None:
    one_line(recare("invites", *arguments, folder=practice), "recare invites cards NUMBER... --json")
    assert not (practice / "cards.pdf").exists()


def test_a_second_batch_of_cards_for_a_program_needs_a_file_of_its_own(practice: Path) -> None:
    assert told(practice, "cards", "3")["file"] == "cards.pdf"
    one_line(recare("invites", "cards", "3", "--json", folder=practice), "cards.pdf", "exists already", "--out")
    assert told(practice, "cards", "3", "--out", "more.pdf")["file"] == "more.pdf"


def test_mails_are_planned_and_shown_in_the_plan(practice: Path) -> None:
    planned = told(practice, "email", "--limit", "1")
    assert (planned["invited"], planned["left_out"]) == (1, {"unreached": 1, "withdrawn": 1, "no_room": 1})
    assert planned["leaving_from"]
    shown = recare("plan", folder=practice)
    assert "invitation by e-mail" in shown.stdout, shown.stderr


def test_nothing_is_planned_without_a_mail_server_or_a_signature(practice: Path) -> None:
    file = practice / "clinic.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(MAIL, ""), encoding="utf-8")
    one_line(recare("invites", "email", folder=practice), "[mail]", "clinic.toml")
    own = (practice / "recare.sqlite").rename(practice / "signed.sqlite")
    file.write_text(text, encoding="utf-8")
    for dry in ([], ["--dry-run"]):
        one_line(recare("invites", "email", *dry, folder=practice), "not signed", "recare policy sign")
    assert own.exists()


@pytest.mark.parametrize("kind", ["letters", "csv"])
def test_a_dry_run_under_an_unsigned_policy_invites_nobody_as_the_real_run(practice: Path, kind: str) -> None:
    with closing(sqlite3.connect(practice / "recare.sqlite")) as database, database:
        database.execute("DELETE FROM policy_signature")
    rehearsed, made = told(practice, kind, "--dry-run"), told(practice, kind)
    assert (rehearsed["invited"], rehearsed["numbers"]) == (made["invited"], made["numbers"]) == (0, [])
    assert rehearsed["left_out"] == made["left_out"]
    assert "policy_unsigned" in str(made["left_out"])


def test_a_link_that_only_this_machine_could_open_is_never_printed(practice: Path) -> None:
    file = practice / "clinic.toml"
    text = file.read_text(encoding="utf-8").replace("https://recall.example.com", "http://127.0.0.1:8080")
    file.write_text(text, encoding="utf-8")
    for command in (["letters"], ["csv"], ["email"], ["cards", "1"]):
        one_line(recare("invites", *command, folder=practice), "public_url", "clinic.toml")
    assert not list(practice.glob("*.pdf"))


def test_a_folder_that_is_none_is_one_line_and_nothing_is_recorded(practice: Path) -> None:
    one_line(recare("invites", "letters", "--out", "no/letters.pdf", folder=practice), "no/letters.pdf", "may write")
    assert told(practice, "letters")["invited"] == 2


def test_reports_that_are_none_of_ours_change_nothing(practice: Path) -> None:
    (practice / "hello.eml").write_text("Subject: hello\n\nI am away.\n", encoding="ascii")
    assert told(practice, "bounces", "hello.eml")["mails"] == 1
    one_line(recare("invites", "bounces", "nowhere", folder=practice), "nowhere")


def report_of_ours(practice: Path) -> str:
    """A delivery report with a mark that the clinic's key made."""
    url = f"sqlite:///{practice / 'recare.sqlite'}"
    database = Database.open(url, master_key=base64.urlsafe_b64decode(KEY), clock=SystemClock().now)
    with database.unit_of_work(ONLY_CLINIC) as uow:
        mark = uow.invites.mark_of(OutboxId(1))
    database.close_now()
    told = f"Original-Envelope-Id: {mark}\n\nAction: failed\nStatus: 5.1.1\n"
    return f"Content-Type: message/delivery-status\n\n{told}"


def opened_for_writing(pipe: Path, reader: Future[CompletedProcess[str]]) -> int:
    """Open a pipe as soon as somebody reads it."""
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            with suppress(TimeoutError):
                pytest.fail(f"nobody read it: {reader.result(timeout=0.05)}")


def test_while_a_mail_is_read_that_takes_long_everybody_else_may_write(practice: Path) -> None:
    (practice / "mails").mkdir()
    (practice / "mails" / "first.eml").write_text(report_of_ours(practice), encoding="ascii")
    slow = practice / "mails" / "slow.eml"
    os.mkfifo(slow)
    with ThreadPoolExecutor() as pool:
        running = pool.submit(recare, "invites", "bounces", "mails", folder=practice)
        pipe = opened_for_writing(slow, running)
        try:
            with closing(sqlite3.connect(practice / "recare.sqlite", timeout=0)) as database:
                database.execute("BEGIN IMMEDIATE")
                database.rollback()
        finally:
            os.close(pipe)
        assert running.result().returncode == 0


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ('security = "none"', 'security = "ssl"', "mail.security"),
        ('host = "127.0.0.1"', 'host = "smtp.example.com"', "this machine"),
        ('from = "practice@example.com"', 'from = "practice"', "mail.from"),
        ('reply_to = "desk@example.com"', "", "mail.reply_to"),
        ("port = 9\n", "port = 9\nuser = 'desk'\nname = 'x'\n", "mail.name"),
        ('from = "practice@example.com"', 'from = "a@example.com\\r\\nBcc: b@example.com"', "mail.from"),
        ('[clinic]\nname = "', '[clinic]\nname = "Practice\\r\\nBcc: b@example.com ', "clinic.name"),
    ],
)
def test_a_wrong_mail_server_names_the_place(right: str, wrong: str, what: str) -> None:
    text = (EXAMPLES / "clinic.toml").read_text(encoding="utf-8") + MAIL
    assert right in text
    with pytest.raises(SettingsError, match=re.escape(what)) as told_so:
        parse_clinic(text.replace(right, wrong), source="clinic.toml")
    assert len(str(told_so.value).splitlines()) == 1


def test_a_user_of_the_mail_server_needs_a_password() -> None:
    text = (EXAMPLES / "clinic.toml").read_text(encoding="utf-8") + MAIL
    nobody = parse_clinic(text, source="clinic.toml")
    desk = parse_clinic(text.replace("port = 9\n", "port = 9\nuser = 'desk'\n"), source="clinic.toml")
    assert read_smtp_password({}, nobody) is None
    assert read_smtp_password({"RECARE_SMTP_PASSWORD": "secret"}, desk) == "secret"
    with pytest.raises(SettingsError, match="RECARE_SMTP_PASSWORD"):
        read_smtp_password({}, desk)
