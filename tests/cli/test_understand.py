"""`recare understand`: texts in, one line of JSON each out, whatever the text; one clear line for every mistake."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.understand import LONGEST_LINE, lines
from bot.understanding import RuleUnderstander
from bot.understanding.weights import WeightsError
from tests.cli.shell import EXAMPLES, one_line, recare

KEYS = ["text", "intent", "sure", "confidence", "alternatives", "flags", "dates", "from", "to"]
NOW = ("--now", "2026-11-18T10:00")
OFFERS = ("--expecting", "slots", "--offers", "2026-11-26T16:00,2026-11-24T09:30")

Understand = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def understand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Understand:
    """Run the command, with lines on standard input where they are given, and read its output."""

    def understand(*arguments: str, fed: bytes | None = None) -> list[dict[str, Any]]:
        if fed is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(fed)))
        ran = recare("understand", *arguments, folder=tmp_path, key=None)
        assert (ran.returncode, ran.stderr) == (0, "")
        return [json.loads(line) for line in ran.stdout.split("\n")[:-1]]

    return understand


def test_each_text_is_a_line_with_its_keys_in_order(understand: Understand) -> None:
    first, second = understand(*NOW, "please stop writing to me", "after five on Thursday")
    assert list(first) == KEYS
    assert (first["text"], first["intent"], first["sure"]) == ("please stop writing to me", "stop", True)
    assert (first["dates"], first["from"], first["to"]) == (None, None, None)
    assert (second["dates"], second["from"], second["to"]) == (["2026-11-19", "2026-11-26"], "17:00", None)
    assert isinstance(second["confidence"], float)


def test_without_a_language_it_is_recognised(understand: Understand) -> None:
    texts = ("demain après-midi", "morgenmiddag graag", "завтра после обеда", "zavtra utrom mne udobno")
    found = understand(*NOW, *texts)
    assert [each["dates"] for each in found] == [["2026-11-19"]] * 4
    assert found[3]["from"] == "06:00"


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("the second one", "2026-11-26", "16:00"),
        ("the first", "2026-11-24", "09:30"),
        ("the later one", "2026-11-26", "16:00"),
    ],
)
def test_an_offer_that_is_pointed_at_is_its_date_and_time(
    text: str, day: str, clock: str, understand: Understand
) -> None:
    (found,) = understand("--lang", "en", *NOW, *OFFERS, text)
    assert (found["intent"], found["dates"], found["from"], found["to"]) == ("slot_choice", [day], clock, clock)


def test_what_was_asked_and_the_visit_count(understand: Understand) -> None:
    (alone,) = understand("--lang", "en", "yes")
    (asked,) = understand("--lang", "en", "--expecting", "check_in", "yes")
    assert (alone["intent"], asked["intent"]) == ("yes", "feedback_good")
    (moved,) = understand("--lang", "en", *NOW, "--visit", "2026-11-20T10:00", "same time a day earlier")
    assert (moved["dates"], moved["from"]) == (["2026-11-19"], "10:00")


def test_flags_are_told_by_their_names(understand: Understand) -> None:
    (robot,) = understand("--lang", "en", "am I talking to a robot?")
    assert "robot" in robot["flags"]
    (crisis,) = understand("--lang", "en", "I want to kill myself")
    assert "crisis" in crisis["flags"]


@pytest.mark.parametrize(
    ("now", "zone", "tomorrow"),
    [
        ("2026-11-18T23:30", "Europe/Brussels", "2026-11-19"),
        ("2026-11-18T23:30+00:00", "Europe/Brussels", "2026-11-20"),
        ("2026-11-18T23:30Z", "America/Toronto", "2026-11-19"),
    ],
)
def test_now_is_in_the_clinics_zone_unless_it_says_its_own(
    now: str, zone: str, tomorrow: str, understand: Understand
) -> None:
    (found,) = understand("--lang", "en", "--now", now, "--zone", zone, "tomorrow")
    assert found["dates"] == [tomorrow]


def test_a_clinic_file_here_gives_the_zone(understand: Understand, tmp_path: Path) -> None:
    text = (EXAMPLES / "clinic.toml").read_text(encoding="utf-8")
    assert 'zone = "Europe/Amsterdam"' in text
    (tmp_path / "clinic.toml").write_text(text.replace("Europe/Amsterdam", "Asia/Tokyo"), encoding="utf-8")
    (found,) = understand("--lang", "en", "--now", "2026-11-18T20:00Z", "tomorrow")
    assert found["dates"] == ["2026-11-20"]


def test_each_line_of_the_input_is_answered_by_a_line(understand: Understand) -> None:
    fed = "\ufeffhello\r\n\nпривет\nlast".encode() + b" \xff\xfe\x00"
    assert [each["text"] for each in understand(fed=fed)] == ["hello", "", "привет", "last \ufffd\ufffd\0"]
    assert understand(fed=b"") == []


def test_a_line_of_a_megabyte_is_answered_whole(understand: Understand) -> None:
    long = "stop " * 210_000
    first, second = understand("--lang", "en", fed=f"{long}\nhello\n".encode())
    assert first["text"] == long
    assert (first["intent"], second["text"]) == ("stop", "hello")


def test_a_line_without_end_takes_no_more_memory_than_its_beginning() -> None:
    class Endless(io.RawIOBase):
        left = 20

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - the io module's own type is private
            self.left -= 1
            if self.left <= 0:
                return 0
            buffer[:] = b"a" * len(buffer)
            return len(buffer)

    (line,) = lines(io.BufferedReader(Endless(), LONGEST_LINE))
    assert len(line) == LONGEST_LINE


@pytest.mark.parametrize("text", ["", " ", "👍🏽", "\u202eمرحبا", "\u200b", "a\nb", '"quoted" \\', "e\u0301"])
def test_any_text_comes_back_as_it_was(text: str, understand: Understand) -> None:
    (found,) = understand("--", text)
    assert found["text"] == text


def test_what_decided_is_shown(tmp_path: Path) -> None:
    ran = recare("understand", "--explain", "--lang", "ru", "jnvtybnt pfgbcm", folder=tmp_path, key=None)
    first, *told = ran.stdout.splitlines()
    assert list(json.loads(first)) == KEYS
    assert [line.split()[0] for line in told[:3]] == ["language", "meant", "encoders"]
    assert "отмените запись" in told[1]
    assert any(line.startswith("    ru cancel") for line in told)
    assert any("with circumstances" in line for line in told)


def test_what_a_text_says_beside_its_intent_is_shown(tmp_path: Path) -> None:
    ran = recare("understand", "--explain", "--lang", "en", "my phone number has changed", folder=tmp_path, key=None)
    assert "  speaks of      mobile" in ran.stdout.splitlines()
    ran = recare("understand", "--explain", "--lang", "nl", "liever in het frans graag", folder=tmp_path, key=None)
    assert "  wants language fr" in ran.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("--now", "yesterday", "a"), ("--now", "'yesterday' is no moment", "2026-11-18T10:00")),
        (("--now", "0001-01-01", "a"), ("--now", "too far off", "1970 to 2200")),
        (("--offers", "2026-11-18T10:00,x", "a"), ("--offers", "'x' is no moment")),
        (("--visit", "soon", "a"), ("--visit", "'soon' is no moment")),
        (("--zone", "Brussels", "a"), ("--zone", "'Brussels' is no time zone", "Europe/Amsterdam")),
        (("--lang", "de", "a"), ("--lang", "'de'", "'en'")),
        (("--expecting", "money", "a"), ("--expecting", "'money'", "'slots'")),
        (("--tomorrow",), ("--tomorrow", "recare understand --help")),
    ],
)
def test_a_wrong_option_is_one_line(arguments: tuple[str, ...], parts: tuple[str, ...], tmp_path: Path) -> None:
    ran = recare("understand", *arguments, folder=tmp_path, key=None)
    one_line(ran, *parts)
    assert ran.returncode == 2


def test_a_broken_clinic_file_is_one_line_and_a_zone_gets_round_it(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text("[clinic", encoding="utf-8")
    ran = recare("understand", "hello", folder=tmp_path, key=None)
    one_line(ran, "clinic.toml", "--zone")
    assert ran.returncode == 2
    assert recare("understand", "--zone", "UTC", "hello", folder=tmp_path, key=None).returncode == 0


def test_what_cannot_be_loaded_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> RuleUnderstander:
        raise WeightsError("weights/letters.npz cannot be read; run make weights")

    monkeypatch.setattr("bot.cli.understand.load_understander", break_down)
    ran = recare("understand", "hello", folder=tmp_path, key=None)
    one_line(ran, "letters.npz", "make weights")
    assert ran.returncode == 2


def test_a_line_is_answered_before_the_next_one_is_written(tmp_path: Path) -> None:
    program = "import sys; from bot.cli import main; sys.argv[0] = 'recare'; main()"
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", program, "understand", "--lang", "en"],
        cwd=tmp_path, env={"PYTHONPATH": str(EXAMPLES.parent), "LC_ALL": "C"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as ran:  # fmt: skip
        assert ran.stdin is not None
        assert ran.stdout is not None
        for text in ("stop", "où êtes-vous"):
            ran.stdin.write(f"{text}\n".encode())
            ran.stdin.flush()
            assert json.loads(ran.stdout.readline())["text"] == text
        ran.stdin.close()
        assert ran.wait(timeout=30) == 0
