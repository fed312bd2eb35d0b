"""`recare run` as a shell starts it: killed in the middle and started again, ended in order, by two bots' tokens."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.botapi.api import BotApi, bot_api
from tests.cli.shell import EXAMPLES, KEY, recare

pytestmark = pytest.mark.long

PROGRAM = "import sys; from bot.cli import main; sys.argv[0] = 'recare'; main()"
TIMES = "Which suits you better?"
STARTING_SECONDS = 30.0


@pytest.fixture
async def live() -> AsyncIterator[BotApi]:
    """A messenger whose time is the machine's."""
    async with bot_api() as served:
        yield served
    served.must_be_clean()


def clinic_in(folder: Path, api_base: str) -> str:
    """Set up a clinic with a few patients, as its manager would; what a patient's chat is started with."""
    settings = (EXAMPLES / "clinic.toml").read_text(encoding="utf-8")
    telegram = f'\n[telegram]\napi_base = "{api_base}"\nusername = "clinic_bot"\n'
    (folder / "clinic.toml").write_text(settings + telegram, encoding="utf-8")
    lines = (EXAMPLES / "patients.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    english = next(line for line in lines if ";English;" in line)
    (folder / "patients.csv").write_text(lines[0] + english, encoding="utf-8")
    imported = recare("import", "patients.csv", folder=folder)
    assert imported.returncode == 0, imported.stderr
    linked = recare("link", english.partition(";")[0], "--json", folder=folder)
    assert linked.returncode == 0, linked.stderr
    url: str = json.loads(linked.stdout)[0]["telegram"]
    return url.partition("?start=")[2]


@contextlib.asynccontextmanager
async def recare_runs(
    folder: Path, tokens: Mapping[str, str], log: BinaryIO | int = asyncio.subprocess.DEVNULL
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Let `recare run` serve until the block ends. log: where its log goes."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("RECARE_")}
    more = {"PYTHONPATH": str(EXAMPLES.parent), "PYTHONUNBUFFERED": "1", "RECARE_KEY": KEY}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, "run", "--port", str(free_port()),
        cwd=folder, env={**own, **more, **tokens}, stdout=asyncio.subprocess.PIPE, stderr=log,
    )  # fmt: skip
    try:
        assert running.stdout is not None
        async with asyncio.timeout(STARTING_SECONDS):
            assert b"recare runs for" in await running.stdout.readline()
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def test_a_killed_house_goes_on_where_it_was(live: BotApi, tmp_path: Path) -> None:
    patients, desk = live.bot("clinic_bot"), live.bot("clinic_desk_bot", sees_all=True)
    tokens = {"RECARE_TELEGRAM_TOKEN": patients.token, "RECARE_DESK_TOKEN": desk.token}
    started_with = await asyncio.to_thread(clinic_in, tmp_path, live.base)
    anna = live.person("Anna", language="en")
    async with recare_runs(tmp_path, tokens) as running:
        anna.start(patients, started_with)
        await anna.until_sees("automatic assistant", seconds=STARTING_SECONDS)
        running.send_signal(signal.SIGKILL)
        await running.wait()
    anna.write("look for a time please")
    async with recare_runs(tmp_path, tokens) as running:
        await anna.until_sees(TIMES, seconds=STARTING_SECONDS)
        running.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STARTING_SECONDS):
            assert await running.wait() == 0
    assert sum(TIMES in seen.text for seen in anna.sees()) == 1


async def test_a_second_one_on_the_same_data_and_a_policy_nobody_signed_are_told(live: BotApi, tmp_path: Path) -> None:
    tokens = {"RECARE_TELEGRAM_TOKEN": f"{live.bot('clinic_bot').token}\n"}
    await asyncio.to_thread(clinic_in, tmp_path, live.base)
    async with recare_runs(tmp_path, tokens) as first:
        assert first.stdout is not None
        assert b"The policy is not signed: nothing is sent by itself" in await first.stdout.readline()
        with (tmp_path / "log").open("wb") as log:
            async with recare_runs(tmp_path, tokens, log=log):
                pass
    assert "another recare runs on these data already" in (tmp_path / "log").read_text(encoding="utf-8")
