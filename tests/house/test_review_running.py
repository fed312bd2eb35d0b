"""Starting, stopping and the command line: in order, in one line, whatever is wrong."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clocks import RehearsalClock
from bot.errors import RecareError
from bot.jobs.ticks import Job, Ticks
from bot.logs import JsonLines
from bot.services.staff import add_staff, link_for
from bot.settings.policies import UnusablePolicyError, read_policy
from bot.settings.reading import SettingsError, parse_clinic
from flows.vocabulary import Role
from storage.errors import StorageBusyError
from tests.house.acts import DAY
from tests.world import CLINIC_FILE, MONDAY_MORNING, make_world

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from bot.cli import main; sys.argv[0] = 'recare'; main()"


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("RECARE_")}
    return own | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.mark.parametrize(
    "sent", [signal.SIGTERM, *(pytest.param(each, marks=pytest.mark.long) for each in (signal.SIGINT, signal.SIGHUP))]
)
def test_whoever_ends_the_rehearsal_it_ends_in_order_and_leaves_nothing(sent: signal.Signals, tmp_path: Path) -> None:
    running = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", PROGRAM, "demo", "--no-browser", "--port", str(_free_port())],
        cwd=tmp_path,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stdout is not None
        assert "The rehearsal is on" in running.stdout.readline()
        running.send_signal(sent)
        _, said = running.communicate(timeout=30)
    assert (running.returncode, said) == (0, "")
    assert not (tmp_path / ".recare").exists()


def test_recare_alone_says_what_there_is(tmp_path: Path) -> None:
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, env=_environment(), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Usage: recare ")


def test_a_policy_file_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "strictest.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UnusablePolicyError, match=r"strictest\.toml: cannot be read"):
        read_policy("strictest", tmp_path)


@pytest.mark.parametrize("opening", ["09:00-24:30", "24:00-24:15"])
def test_a_day_has_no_more_than_its_hours(opening: str) -> None:
    text = CLINIC_FILE.read_text(encoding="utf-8")
    assert '"10:00-14:00"' in text
    with pytest.raises(SettingsError, match="write it like 09:00-12:30"):
        parse_clinic(text.replace("10:00-14:00", opening), source="clinic.toml")


def test_a_rehearsals_clock_never_goes_back_whoever_looks_at_it() -> None:
    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            clock = RehearsalClock(MONDAY_MORNING)
            looking = [threading.Thread(target=lambda clock=clock: [clock.now() for _ in range(300)]) for _ in range(4)]
            for thread in looking:
                thread.start()
            moments = [MONDAY_MORNING + step * DAY for step in range(1, 300)]
            for moment in moments:
                clock.move_to(moment)
                assert clock.now() > moment
            for thread in looking:
                thread.join()
            assert moments[-1] < clock.now() < moments[-1] + timedelta(minutes=1)
    finally:
        sys.setswitchinterval(often)


class Forgetful:
    """A log of jobs that cannot be written."""

    async def ran(self, job: str, *, count: int) -> None:
        """Fail."""
        del job, count
        raise StorageBusyError("another process is writing to the database; try again")

    async def failed(self, job: str, *, kind: str) -> None:
        """Fail."""
        await self.ran(job, count=len(kind))


async def test_a_run_that_nobody_could_write_down_still_ran() -> None:
    async def works() -> int:
        return 3

    async def breaks() -> int:
        raise ZeroDivisionError

    ticks = Ticks(
        (Job(name="works", every_seconds=60, work=works), Job(name="breaks", every_seconds=60, work=breaks)),
        Forgetful(),
    )
    assert await ticks.run_all() == 3


def test_a_log_holds_where_it_failed_and_no_word_of_what_was_said() -> None:
    def understands(text: str) -> None:
        raise ValueError(text)

    with pytest.raises(ValueError, match="Anna") as raised:
        understands("my tooth hurts, says Anna Example")
    about = (raised.type, raised.value, raised.tb)
    record = logging.LogRecord("bot.test", logging.ERROR, __file__, 1, "it failed", None, about)
    record.kind = "wording"
    line = JsonLines().format(record)
    assert "Anna" not in line
    read = json.loads(line)
    assert [read[name] for name in ("level", "what", "error", "kind")] == [
        "error",
        "it failed",
        "ValueError",
        "wording",
    ]
    assert read["where"][-1].endswith(" understands")


def test_a_member_of_staff_gets_another_link_when_the_session_is_over(tmp_path: Path) -> None:
    world = make_world(f"sqlite:///{tmp_path / 'recare.sqlite'}")
    house = world.house
    with house.database.unit_of_work(house.clinic.id) as uow:
        add_staff(uow, house.clinic.settings, "Robin Example", Role.DENTIST, world.clock.now())
        again = link_for(uow, house.clinic.settings, "Robin Example", world.clock.now())
        assert [member.name for member in uow.staff.all()] == ["Robin Example"]
        assert "/desk/sign-in/" in again.url
        with pytest.raises(RecareError, match="nobody at the desk"):
            link_for(uow, house.clinic.settings, "Nobody Else", world.clock.now())
    house.database.close_now()
