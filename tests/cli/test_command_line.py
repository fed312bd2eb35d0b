"""The command line as a person meets it: help with an example everywhere, one clear line for every mistake."""

import json
import socket
from pathlib import Path

import pytest

from bot.cli.opening import opened
from flows.vocabulary import Channel
from tests.cli.shell import EXAMPLES, KEY, one_line, recare, recare_process

COMMANDS = (
    "init",
    "key",
    "doctor",
    "import",
    "plan",
    "why",
    "release",
    "policy",
    "sending",
    "ledger",
    "link",
    "invites",
    "staff",
    "desk",
    "run",
    "understand",
    "phrases",
    "simulate",
    "demo",
)
SUBCOMMANDS = (
    "release list",
    "release show",
    "release approve",
    "policy show",
    "policy check",
    "policy diff",
    "policy sign",
    "sending stop",
    "sending resume",
    "ledger verify",
    "ledger checkpoint",
    "invites cards",
    "invites letters",
    "invites csv",
    "invites email",
    "invites bounces",
    "staff add",
    "staff link",
    "staff list",
    "staff sign-out",
    "staff deactivate",
    "staff telegram",
    "desk link",
    "desk show",
    "desk unlink",
    "phrases check",
)


def test_help_names_every_command(tmp_path: Path) -> None:
    ran = recare_process("--help", folder=tmp_path)
    assert ran.returncode == 0
    for command in COMMANDS:
        assert f"  {command} " in ran.stdout


@pytest.mark.parametrize("command", [*COMMANDS, *SUBCOMMANDS])
def test_each_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    ran = recare(*command.split(), "--help", folder=tmp_path)
    assert ran.returncode == 0
    assert f"recare {command}" in " ".join(ran.stdout.split("Example:")[1].split())


@pytest.mark.parametrize("group", ["", "policy", "staff"])
def test_a_group_called_alone_says_what_there_is(group: str, tmp_path: Path) -> None:
    ran = recare(*group.split(), folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == recare(*group.split(), "--help", folder=tmp_path).stdout


def test_an_unknown_command_is_one_line(tmp_path: Path) -> None:
    one_line(recare("recall", folder=tmp_path), "recall")


def test_an_unknown_option_is_one_line(tmp_path: Path) -> None:
    for called in (recare, recare_process):
        one_line(called("plan", "--tomorrow", folder=tmp_path), "--tomorrow", "recare plan --help")


def test_a_missing_clinic_file_says_how_to_get_one(tmp_path: Path) -> None:
    one_line(recare("plan", folder=tmp_path), "clinic.toml", "recare init")


def test_a_missing_key_says_how_to_get_one(clinic: Path) -> None:
    one_line(recare("plan", folder=clinic, key=None), "RECARE_KEY", "recare key")


def test_a_missing_key_of_data_that_are_there_is_never_told_to_be_made_anew(clinic: Path) -> None:
    assert recare("plan", folder=clinic).returncode == 0
    for command in ("plan", "run"):
        ran = recare(command, folder=clinic, key=None)
        one_line(ran, "RECARE_KEY is not set", "the key these data were sealed with", "a new one does not open them")
        assert "recare key" not in ran.stderr


@pytest.mark.parametrize("key", ["short", "MDEy", "not base64 at all!"])
def test_a_broken_key_is_one_line(key: str, clinic: Path) -> None:
    one_line(recare("plan", folder=clinic, key=key), "RECARE_KEY")


@pytest.mark.parametrize(
    ("right", "wrong", "line", "what"),
    [
        ('phone = "+31 20 000 0000"', 'phoone = "+31 20 000 0000"', "line ", "clinic.phoone is not known"),
        ('wednesday = ["09:00-12:30"]', 'wednesday = ["9-13"]', "line ", "09:00-12:30"),
        ("minutes = 45", "minutes = 47", "line ", "minutes"),
        ('policy = "strictest"', 'policy = "gentlest"', "", "there is no policy gentlest"),
        ("[recall]", "[recall", "", "TOML"),
    ],
)
def test_a_broken_clinic_file_names_the_place_and_the_remedy(
    right: str, wrong: str, line: str, what: str, clinic: Path
) -> None:
    file = clinic / "clinic.toml"
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    one_line(recare("plan", folder=clinic), line, what)


def test_a_busy_port_is_one_line(clinic: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        one_line(recare("run", "--port", port, folder=clinic), port, "--port")
        one_line(recare("demo", "--no-browser", "--port", port, folder=clinic), port, "--port")
    assert not (clinic / ".recare").exists()


def test_a_database_in_a_folder_that_is_none_is_one_line(clinic: Path) -> None:
    file = clinic / "clinic.toml"
    text = file.read_text(encoding="utf-8").replace("sqlite:///recare.sqlite", "sqlite:///nowhere/recare.sqlite")
    file.write_text(text, encoding="utf-8")
    one_line(recare("plan", folder=clinic), "nowhere")


def test_another_key_does_not_open_the_clinic(clinic: Path) -> None:
    assert recare("plan", folder=clinic).returncode == 0
    other = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
    one_line(recare("plan", folder=clinic, key=other), "RECARE_KEY")


def test_init_writes_a_file_that_works_and_never_overwrites_it(tmp_path: Path) -> None:
    assert recare("init", folder=tmp_path).returncode == 0
    assert recare("policy", "sign", "--by", "Dr A. Example", folder=tmp_path).returncode == 0
    one_line(recare("init", folder=tmp_path), "exists already")


def test_a_signature_needs_a_full_name(clinic: Path) -> None:
    one_line(recare("policy", "sign", "--by", "Robin", folder=clinic), "full name")


def test_two_keys_differ(tmp_path: Path) -> None:
    first, second = (recare("key", folder=tmp_path, key=None).stdout for _ in range(2))
    assert first != second
    assert len(first.strip()) == len(KEY)


def test_a_link_for_nobody_is_one_line(clinic: Path) -> None:
    one_line(recare("link", "4711", folder=clinic), "4711")


def test_a_lost_phone_is_let_in_no_more_and_a_new_link_works(clinic: Path) -> None:
    assert recare("import", str(EXAMPLES / "patients.csv"), folder=clinic).returncode == 0
    assert recare("link", "1003", folder=clinic).returncode == 0
    ended = recare("link", "1003", "--end", folder=clinic)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("1003  open pages and unused links have ended")
    assert "/p/" in recare("link", "1003", folder=clinic).stdout
    one_line(recare("link", "1003", "--end", "--csv", folder=clinic), "--end", "--csv")


def _connects(clinic: Path, number: str, account: str) -> None:
    """Let a Telegram account be known as a patient's."""
    with opened(clinic / "clinic.toml") as house, house.database.unit_of_work(house.clinic.id) as uow:
        patient = uow.patients.by_number(number)
        assert patient is not None
        uow.addresses.add(patient.id, Channel.TELEGRAM, account, verified_how="link", now=house.clock.now())
        uow.commit()


def test_the_end_of_links_cuts_off_the_telegram_account_and_says_so(
    clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECARE_KEY", KEY)
    assert recare("import", str(EXAMPLES / "patients.csv"), folder=clinic).returncode == 0
    assert "Telegram" not in recare("link", "1003", "--end", folder=clinic).stdout
    _connects(clinic, "1003", "4711")
    ended = recare("link", "1003", "--end", folder=clinic).stdout.splitlines()
    assert ended[1].startswith("1003  Telegram accounts cut off: 1;")
    assert len(recare("link", "1003", "--end", folder=clinic).stdout.splitlines()) == 1


def test_the_end_of_links_is_told_to_programs(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECARE_KEY", KEY)
    assert recare("import", str(EXAMPLES / "patients.csv"), folder=clinic).returncode == 0
    _connects(clinic, "1003", "4711")
    ended = json.loads(recare("link", "1003", "1004", "--end", "--json", folder=clinic).stdout)
    assert ended == [
        {"number": "1003", "ended": True, "telegram_accounts": 1, "speaking_for_others": 0},
        {"number": "1004", "ended": True, "telegram_accounts": 0, "speaking_for_others": 0},
    ]


def test_one_wrong_number_makes_no_link_at_all(clinic: Path) -> None:
    assert recare("import", str(EXAMPLES / "patients.csv"), folder=clinic).returncode == 0
    one_line(recare("link", "1003", "4711", folder=clinic), "4711")


def test_an_import_tells_refused_rows_from_cells_to_put_right(clinic: Path) -> None:
    rows = "number;last name;birth date\n1;Example;31.12.84\n;Sample;1980-01-01\n"
    (clinic / "list.csv").write_text(rows, encoding="utf-8")
    ran = recare("import", "list.csv", folder=clinic)
    assert (ran.returncode, ran.stderr) == (0, "")
    refused, right = ran.stdout.split("\n\n")[:2]
    assert refused.splitlines() == [
        "Rows that were refused, so that their patients did not come in: 1",
        "  row 3: number is blank; give the patient's number in the practice's software",
    ]
    assert right.splitlines() == [
        "Cells to put right; their patients came in, without what could not be read: 1",
        "  row 2: birth date has a year of two digits; write it as 2024-12-31, with the century",
    ]


def test_a_plan_explains_its_marks_once_there_is_somebody_in_it(clinic: Path) -> None:
    assert "Bands" not in recare("plan", folder=clinic).stdout
    assert recare("import", str(EXAMPLES / "patients.csv"), folder=clinic).returncode == 0
    said = recare("plan", folder=clinic).stdout
    assert "Bands, by months since the last visit" in said
    assert "*: the dentist would like to see something again" in said
