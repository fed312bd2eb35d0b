"""The command line as a person meets it: help with an example everywhere, one clear line for every mistake."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
COMMANDS = ("init", "key", "import", "plan", "policy", "link", "staff", "run", "demo")
SUBCOMMANDS = ("policy show", "policy check", "policy sign", "staff add", "staff link")


def recare(
    *arguments: str, folder: Path, key: str | None = KEY, seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder as a shell would."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECARE_")}
    if key is not None:
        environment["RECARE_KEY"] = key
    program = "import sys; from bot.cli import main; sys.argv[0] = 'recare'; main()"
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(EXAMPLES.parent)},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A folder with the example's clinic.toml."""
    (tmp_path / "clinic.toml").write_text((EXAMPLES / "clinic.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def one_line(ran: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Hold a failed run to one clear line on standard error."""
    assert ran.returncode in {1, 2}, ran
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert ran.stderr.startswith("recare: ")
    for part in parts:
        assert part in ran.stderr


def test_help_names_every_command(tmp_path: Path) -> None:
    ran = recare("--help", folder=tmp_path)
    assert ran.returncode == 0
    for command in COMMANDS:
        assert f"  {command} " in ran.stdout


@pytest.mark.parametrize("command", [*COMMANDS, *SUBCOMMANDS])
def test_each_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    ran = recare(*command.split(), "--help", folder=tmp_path)
    assert ran.returncode == 0
    assert f"recare {command}" in " ".join(ran.stdout.split("Example:")[1].split())


def test_an_unknown_command_is_one_line(tmp_path: Path) -> None:
    one_line(recare("recall", folder=tmp_path), "recall")


def test_an_unknown_option_is_one_line(tmp_path: Path) -> None:
    one_line(recare("plan", "--tomorrow", folder=tmp_path), "--tomorrow", "recare plan --help")


def test_a_missing_clinic_file_says_how_to_get_one(tmp_path: Path) -> None:
    one_line(recare("plan", folder=tmp_path), "clinic.toml", "recare init")


def test_a_missing_key_says_how_to_get_one(clinic: Path) -> None:
    one_line(recare("plan", folder=clinic, key=None), "RECARE_KEY", "recare key")


@pytest.mark.parametrize("key", ["short", "MDEy", "not base64 at all!"])
def test_a_broken_key_is_one_line(key: str, clinic: Path) -> None:
    one_line(recare("plan", folder=clinic, key=key), "RECARE_KEY")


@pytest.mark.parametrize(
    ("right", "wrong", "line", "what"),
    [
        ('phone = "+31 20 000 0000"', 'phoone = "+31 20 000 0000"', "line 4", "clinic.phone"),
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
