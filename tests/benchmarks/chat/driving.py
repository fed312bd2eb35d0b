"""Drives one bot through one load: starts it and the patients beside it, measures, and ends both whatever happens."""

import asyncio
import json
import os
import shutil
import socket
import statistics
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.chat.clinic import prepare
from tests.benchmarks.chat.patients import Measured, Plan
from tests.benchmarks.chat.scene import PRESSES

ROOT = Path(__file__).parents[3]
TOKEN = f"123456789:{'A' * 35}"
SECRET = "only-for-tests"  # noqa: S105 - opens nothing
START_SECONDS = 60.0
LONGEST_SECONDS = 400.0
"""The patients themselves give up before."""

END_SECONDS = 10.0
LONGEST_LINE = 1 << 24
WARM_UP_IN_LINE, TURNS_IN_LINE = 40, 200
REDIS = "redis-server"


class Peer(Enum):
    """Who leads the chat: a name, and the module that does, if it is not recare itself."""

    RECARE = "recare", ""
    BARE = "bare aiogram, no state", "bare_aiogram"
    DIALOG = "aiogram-dialog, state in memory", "dialog_aiogram"
    DIALOG_REDIS = "aiogram-dialog, state in Redis", "dialog_aiogram"
    CONVERSATION = "python-telegram-bot, ConversationHandler", "conversation_ptb"

    def __init__(self, title: str, module: str) -> None:
        """Take the name."""
        self.title = title
        self.module = module

    @property
    def is_here(self) -> bool:
        """Whether what it needs is installed; neither aiogram-dialog nor Redis is anything recare needs itself."""
        if self not in {Peer.DIALOG, Peer.DIALOG_REDIS}:
            return True
        return find_spec("aiogram_dialog") is not None and (self is Peer.DIALOG or shutil.which(REDIS) is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """Who presses how often. latency: of each call of the Bot API, in seconds. warm_up: turns that do not count."""

    patients: int
    latency: float
    warm_up: int
    turns: int

    def of(self, peer: Peer) -> "Load":
        """The load for a bot: fewer turns where one update waits for another, and each for the messenger.

        Whatever their number, it takes as many a second.
        """
        if peer is not Peer.CONVERSATION or not self.latency:
            return self
        return replace(self, warm_up=WARM_UP_IN_LINE, turns=TURNS_IN_LINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """How one bot did once. p50, p99: of a turn, in milliseconds. cpu, own_cpu: seconds for a thousand turns.

    own_cpu: of the patients and their server, which share the machine. peak: of the bot's memory, in MB. calls: of the
    Bot API for a turn, by method. lost: presses that nobody answered.
    """

    turns_a_second: float
    p50: float
    p99: float
    cpu: float
    own_cpu: float
    peak: float
    calls: Mapping[str, float]
    lost: int

    @property
    def calls_a_turn(self) -> float:
        """How many calls of the Bot API a turn took."""
        return sum(self.calls.values())


class Bot(NamedTuple):
    """How a bot is started, how it is reached, and what is written to it first."""

    command: Sequence[str]
    environment: Mapping[str, str]
    url: str
    secret: str
    starts: Sequence[str]


async def drive(peer: Peer, load: Load, folder: Path) -> Round:
    """Let a bot lead the chat under a load; folder: an empty one."""
    api_port, port = _free_port(), _free_port()
    redis_port = _free_port() if peer is Peer.DIALOG_REDIS else None
    bot = _bot(peer, load, folder, f"http://127.0.0.1:{api_port}", port, redis_port)
    plan = Plan(
        token=TOKEN,
        port=api_port,
        url=bot.url,
        secret=bot.secret,
        starts=list(bot.starts),
        presses=list(PRESSES if peer is not Peer.RECARE else (PRESSES[0], "*", *PRESSES[2:])),
        warm_up=load.warm_up,
        turns=load.turns,
        latency=load.latency,
    )
    with (folder / "log").open("w+") as log:
        patients_command = [sys.executable, "-m", "tests.benchmarks.chat.patients"]
        async with (
            _redis(redis_port, folder),
            _running(patients_command, {}, stdin=PIPE, stderr=log.fileno()) as patients,
            _running(bot.command, bot.environment, stdin=DEVNULL, stderr=log.fileno()) as process,
        ):
            await _say(patients, json.dumps(asdict(plan)))
            await _hear(patients, START_SECONDS)
            await _hear(process, START_SECONDS)
            await _until_it_listens(peer, port)
            await _say(patients, str(process.pid))
            measured = Measured(**json.loads(await _hear(patients, LONGEST_SECONDS)))
            peak = _peak(process)
    return _round(measured, peak)


def _bot(peer: Peer, load: Load, folder: Path, api_base: str, port: int, redis_port: int | None) -> Bot:
    if peer is Peer.RECARE:
        clinic = prepare(folder, patients=load.patients, token=TOKEN, api_base=api_base, port=port)
        command = [str(Path(sys.executable).with_name("recare")), "run", "--clinic", str(clinic.file)]
        return Bot(command, clinic.environment, clinic.url, clinic.secret, clinic.starts)
    command = [sys.executable, "-m", f"tests.benchmarks.chat.{peer.module}", api_base, TOKEN, str(port), SECRET]
    command += [] if redis_port is None else [f"redis://127.0.0.1:{redis_port}/0"]
    return Bot(command, {}, f"http://127.0.0.1:{port}/hook", SECRET, ["/start"] * load.patients)


@asynccontextmanager
async def _running(
    command: Sequence[str], environment: Mapping[str, str], *, stdin: int, stderr: int | None
) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=os.environ | environment,
        stdin=stdin,
        stdout=PIPE,
        stderr=stderr,
        limit=LONGEST_LINE,
    )
    try:
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        elif process.returncode is None:
            process.terminate()
        if process.returncode is None:
            try:
                await asyncio.wait_for(process.wait(), END_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def _redis(port: int | None, folder: Path) -> AsyncIterator[None]:
    """Run a Redis of its own, as its maker sets it up: it writes to the disk now and then, and nobody waits for it."""
    if port is None:
        yield
        return
    command = [REDIS, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    async with _running(command, {}, stdin=DEVNULL, stderr=None) as process:
        while "Ready to accept connections" not in await _hear(process, START_SECONDS):
            pass
        yield


async def _say(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())
    await process.stdin.drain()


async def _hear(process: Process, seconds: float) -> str:
    """Read a line; wait for it so long at most."""
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), seconds)
    assert line, "it ended before it said anything; its log lies in the test's folder"
    return line.decode().strip()


async def _until_it_listens(peer: Peer, port: int) -> None:
    """Wait until recare has introduced its bot to the messenger; the peers say "ready" when they are."""
    if peer is not Peer.RECARE:
        return
    async with asyncio.timeout(START_SECONDS):
        while b'"patients":"listening"' not in await _health(port):  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.1)


async def _health(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer


def _round(measured: Measured, peak: float) -> Round:
    turns = len(measured.latencies)
    return Round(
        turns_a_second=turns / measured.seconds,
        p50=statistics.median(measured.latencies) * 1000,
        p99=statistics.quantiles(measured.latencies, n=100)[98] * 1000,
        cpu=measured.bot_cpu / turns * 1000,
        own_cpu=measured.own_cpu / turns * 1000,
        peak=peak,
        calls={method: count / turns for method, count in sorted(measured.calls.items())},
        lost=measured.lost,
    )


def _peak(process: Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
