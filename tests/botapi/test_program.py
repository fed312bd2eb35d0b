"""The server as a program: what it prints is enough to connect a house on the same machine."""

import asyncio
import contextlib
import os
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


@contextlib.asynccontextmanager
async def the_program_runs() -> AsyncIterator[tuple[str, str]]:
    """Let it serve until the block ends, in order; what it printed to `clinic.toml`, and to the shell."""
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
    yield settings, exports
    running.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        assert await running.wait() == 0


async def known_by(settings: str, exports: str) -> list[dict[str, Any]]:
    """Ask the server which bots have the tokens it printed."""
    part = tomllib.loads(settings)["telegram"]
    tokens = [line.partition("=")[2] for line in exports.splitlines() if line.startswith("export ")]
    async with httpx.AsyncClient() as browser:
        return [(await browser.get(f"{part['api_base']}/bot{token}/getMe")).json()["result"] for token in tokens]


async def test_the_program_prints_where_it_is_and_tokens_that_are_good() -> None:
    async with the_program_runs() as (settings, exports):
        known = await known_by(settings, exports)
        part = tomllib.loads(settings)["telegram"]
    assert [each["username"] for each in known] == ["clinic_bot", "clinic_desk_bot"]
    assert [each["can_read_all_group_messages"] for each in known] == [False, True]
    assert part["api_base"].startswith("http://127.0.0.1:")
    assert (part["username"], part["desk_username"]) == ("clinic_bot", "clinic_desk_bot")


async def test_the_program_started_anew_has_other_bots() -> None:
    ids = []
    for _ in range(2):
        async with the_program_runs() as printed:
            ids += [each["id"] for each in await known_by(*printed)]
    assert len(set(ids)) == 4
