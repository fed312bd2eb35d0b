"""The server as a program: what it prints is enough to connect a house on the same machine."""

import asyncio
import os
import signal
import sys
import tomllib
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


async def test_the_program_prints_where_it_is_and_tokens_that_are_good() -> None:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.botapi", "--bot", "clinic_bot", "--desk", "clinic_desk_bot",
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    said = ""
    async with asyncio.timeout(30):
        while "RECARE_DESK_TOKEN" not in said:
            said += (await running.stdout.readline()).decode()
    settings, exports = said.split("\n\n")
    part = tomllib.loads(settings)["telegram"]
    tokens = [line.partition("=")[2] for line in exports.splitlines() if line.startswith("export ")]
    async with httpx.AsyncClient() as browser:
        known = [(await browser.get(f"{part['api_base']}/bot{token}/getMe")).json()["result"] for token in tokens]
    assert [each["username"] for each in known] == ["clinic_bot", "clinic_desk_bot"]
    assert [each["can_read_all_group_messages"] for each in known] == [False, True]
    assert part["api_base"].startswith("http://127.0.0.1:")
    assert (part["username"], part["desk_username"]) == ("clinic_bot", "clinic_desk_bot")
    running.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        assert await running.wait() == 0
