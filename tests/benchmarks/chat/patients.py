"""Patients in a closed loop, and the Bot API server they write through, in one process beside the bot that is measured.

Usage: python -m tests.benchmarks.chat.patients, with a `Plan` as one line of JSON on standard input. Says "listening";
a second line, the id of the bot's process, lets everybody write. Says a `Measured` as JSON; ends with its input.

Each patient presses the next button as soon as the answer to the last one is there. A turn lasts from the moment its
update is handed to the bot's webhook until the bot's answer has been taken. Whoever gets none presses again after a
while, and is counted.

Longer than other files: patients and server are one loop, whose parts say little by themselves.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, TCPConnector, web

STARTED_AT = 1_700_000_000
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LONGEST_SECONDS = 300.0
KEEP_ALIVE_SECONDS = 3.0
AGAIN_AFTER_SECONDS = 60.0
"""Longer than the slowest peer takes with 256 patients; who never answers shows all the same."""

BOT: Mapping[str, Any] = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
DOCUMENT: Mapping[str, Any] = {"file_id": "file", "file_unique_id": "file", "file_name": "visit.ics"}
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be measured.

    token: the bot's. port: where the server listens. url, secret: of the bot's webhook. starts: what each patient
    writes first. presses: how the buttons begin that are pressed one after the other, for ever. warm_up, turns: how
    many, of all patients together. latency: of each call of the Bot API, in seconds.
    """

    token: str
    port: int
    url: str
    secret: str
    starts: list[str]
    presses: list[str]
    warm_up: int
    turns: int
    latency: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What came of it. seconds: of the measured turns together. latencies: of each, in seconds.

    calls: how many of each method. lost: how often nobody answered a press in time. bot_cpu, own_cpu: seconds of the
    processor that the bot took meanwhile, and the patients with their server.
    """

    seconds: float
    latencies: list[float]
    calls: dict[str, int]
    lost: int
    bot_cpu: float
    own_cpu: float


@dataclass(kw_only=True)
class Patient:
    """One chat. place: how many turns are done, -1 before the bot's first words. message: its last one."""

    chat: int
    place: int = -1
    began: float = 0.0
    message: Mapping[str, Any] = field(default_factory=dict)
    again: asyncio.TimerHandle | None = None


class World:
    """The server and its patients."""

    def __init__(self, plan: Plan, done: Callable[[], None]) -> None:
        """Take the plan; done: called when everything is measured."""
        self._plan = plan
        self._done = done
        self._patients = {each: Patient(chat=each) for each in range(1, len(plan.starts) + 1)}
        self._bot = 0
        self._cpu_at_first = (0.0, 0.0)
        self._cpu = (0.0, 0.0)
        self._message_id = 0
        self._update_id = 0
        self._turns = 0
        self._calls: Counter[str] = Counter()
        self._lost = 0
        self._began = 0.0
        self.seconds = 0.0
        self.failure: BaseException | None = None
        self.latencies: list[float] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None

    @property
    def measured(self) -> Measured:
        """What was measured."""
        bot_cpu, own_cpu = (after - before for before, after in zip(self._cpu_at_first, self._cpu, strict=True))
        return Measured(
            seconds=self.seconds,
            latencies=self.latencies,
            calls=dict(self._calls),
            lost=self._lost,
            bot_cpu=bot_cpu,
            own_cpu=own_cpu,
        )

    def routes(self) -> list[web.RouteDef]:
        """The Bot API."""
        return [web.post(f"/bot{self._plan.token}/{{method}}", self._call)]

    async def start(self, bot: int) -> None:
        """Let everybody write their first words. bot: the id of its process."""
        self._bot = bot
        # Shorter than any server keeps a connection: who waits long must not press into one that is just closed.
        self._session = ClientSession(connector=TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS))
        for patient, words in zip(self._patients.values(), self._plan.starts, strict=True):
            self._write(patient, words)

    async def close(self) -> None:
        """Let what is under way arrive, and close the session."""
        for patient in self._patients.values():
            if patient.again is not None:
                patient.again.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        fields = await self._fields(request)
        if self._plan.latency:
            await asyncio.sleep(self._plan.latency)
        if self._began and not self.seconds:
            self._calls[method] += 1
        result: object = True
        if method == "getMe":
            result = BOT
        elif method == "getWebhookInfo":
            result = {"url": self._plan.url, "has_custom_certificate": False, "pending_update_count": 0}
        elif method in {"sendMessage", "sendDocument"}:
            result = self._sent(fields)
        elif method.startswith("editMessage"):
            result = self._message(int(fields["chat_id"]), int(fields["message_id"]), fields)
        return web.json_response({"ok": True, "result": result})

    async def _fields(self, request: web.Request) -> Mapping[str, Any]:
        if request.content_type == "application/json":
            found: Mapping[str, Any] = await request.json()
            return found
        posted = await request.post()
        return {name: value for name, value in posted.items() if isinstance(value, str)}

    def _sent(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        self._message_id += 1
        chat = int(fields["chat_id"])
        message = self._message(chat, self._message_id, fields)
        patient = self._patients[chat]
        patient.message = message
        label = self._plan.presses[(patient.place + 1) % len(self._plan.presses)]
        if (button := _button(message, label)) is not None:
            if patient.again is not None:
                patient.again.cancel()
            self._answered(patient)
            if len(self.latencies) < self._plan.turns:
                self._press(patient, button)
        return message

    def _message(self, chat: int, message_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
        markup = fields.get("reply_markup")
        message = {
            "message_id": message_id,
            "date": STARTED_AT,
            "chat": {"id": chat, "type": "private", "first_name": "Synthetic"},
            "from": BOT,
        }
        if "text" in fields:
            message["text"] = fields["text"]
        else:
            message |= {"caption": fields.get("caption", ""), "document": DOCUMENT}
        if markup:
            message["reply_markup"] = json.loads(markup) if isinstance(markup, str) else markup
        return message

    def _answered(self, patient: Patient) -> None:
        now = time.perf_counter()
        patient.place += 1
        if patient.place == 0:
            return
        self._turns += 1
        if self._turns == self._plan.warm_up:
            self._began, self._cpu_at_first = now, self._cpu_now()
        elif self._turns > self._plan.warm_up and len(self.latencies) < self._plan.turns:
            self.latencies.append(now - patient.began)
            if len(self.latencies) == self._plan.turns:
                self.seconds, self._cpu = now - self._began, self._cpu_now()
                self._done()

    def _cpu_now(self) -> tuple[float, float]:
        return _cpu_of(self._bot), _cpu_of(os.getpid())

    def _write(self, patient: Patient, words: str) -> None:
        entities = [{"type": "bot_command", "offset": 0, "length": len(words.partition(" ")[0])}]
        message = {
            "message_id": 1,
            "date": STARTED_AT,
            "chat": {"id": patient.chat, "type": "private", "first_name": "Synthetic"},
            "from": _person(patient),
            "text": words,
            "entities": entities,
        }
        self._hand_over(patient, {"message": message})

    def _press(self, patient: Patient, data: str) -> None:
        query = {
            "id": str(self._update_id + 1),
            "from": _person(patient),
            "message": dict(patient.message),
            "chat_instance": "1",
            "data": data,
        }
        self._hand_over(patient, {"callback_query": query})
        patient.again = asyncio.get_running_loop().call_later(AGAIN_AFTER_SECONDS, self._press_again, patient, data)

    def _press_again(self, patient: Patient, data: str) -> None:
        began = patient.began
        self._lost += 1
        self._press(patient, data)
        patient.began = began

    def _hand_over(self, patient: Patient, content: Mapping[str, Any]) -> None:
        self._update_id += 1
        patient.began = time.perf_counter()
        task = asyncio.create_task(self._post({"update_id": self._update_id, **content}))
        self._tasks.add(task)
        task.add_done_callback(self._handed_over)

    def _handed_over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self.failure is None and not task.cancelled() and (failure := task.exception()) is not None:
            self.failure = failure
            self._done()

    async def _post(self, update: Mapping[str, Any]) -> None:
        assert self._session is not None
        async with self._session.post(
            self._plan.url, json=update, headers={SECRET_HEADER: self._plan.secret}
        ) as response:
            await response.read()
            if response.status != 200:
                raise RuntimeError(f"the webhook answered {response.status}")


def _cpu_of(process: int) -> float:
    """Seconds of the processor a process took so far, its own work and the system's for it (see proc(5), stat)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def _person(patient: Patient) -> Mapping[str, Any]:
    return {"id": patient.chat, "is_bot": False, "first_name": "Synthetic", "language_code": "en"}


def _button(message: Mapping[str, Any], label: str) -> str | None:
    """The data of the button that begins so; the first one for "*"."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    buttons = [button for row in rows for button in row]
    found = next((button for button in buttons if label == "*" or button["text"].startswith(label)), None)
    return None if found is None else str(found["callback_data"])


async def main() -> None:
    """Serve, wait for the bot, let the patients chat, and tell what was measured."""
    plan = Plan(**json.loads(sys.stdin.readline()))
    finished = asyncio.Event()
    world = World(plan, finished.set)
    application = web.Application()
    application.add_routes(world.routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", plan.port).start()
    print("listening", flush=True)
    await world.start(int(await asyncio.to_thread(sys.stdin.readline)))
    try:
        await asyncio.wait_for(finished.wait(), LONGEST_SECONDS)
        await world.close()
        if world.failure is not None:
            raise world.failure
        print(json.dumps(asdict(world.measured)), flush=True)
        # The bot has an edit or two under way, and ends before its messenger does.
        await asyncio.to_thread(sys.stdin.read)
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
