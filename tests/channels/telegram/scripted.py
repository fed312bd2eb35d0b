"""A Bot API server that answers by script: plain answers unless something else was put on, real HTTP on loopback."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "4711:" + "A" * 35
BOT_ID = 4711
BOT_NAME = "recare_test_bot"
SENDS = frozenset({"sendMessage", "sendDocument", "sendPhoto", "sendVoice", "sendVenue"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Called:
    """A call as it arrived: values as JSON data, files as bytes by the name they were uploaded under."""

    method: str
    fields: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the next call gets instead of the plain answer."""

    body: str | bytes = ""
    status: int = 200
    kind: str = "application/json"


HANG = Answer(status=0)
"""The call has its effect, and its answer never comes."""

DROP = Answer(status=1)
"""The call arrives, and the connection is closed."""


def failed(status: int, description: str, **parameters: int) -> Answer:
    """An error as the Bot API words it."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return Answer(body=json.dumps(body | ({"parameters": parameters} if parameters else {})), status=status)


@dataclass(kw_only=True)
class ScriptedApi:
    """What was called, and what comes next."""

    calls: list[Called] = field(default_factory=list)
    script: deque[tuple[str, Answer]] = field(default_factory=deque)
    results: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    last_message: int = 100

    def then(self, method: str, *answers: Answer) -> None:
        """Let the next calls of a method get these answers."""
        self.script.extend((method, answer) for answer in answers)

    def of(self, *methods: str) -> list[Called]:
        """The calls of some methods, in order."""
        return [call for call in self.calls if call.method in methods]

    def application(self) -> web.Application:
        """The server."""
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_post(f"/bot{TOKEN}/{{method}}", self._called)
        application.router.add_get(f"/file/bot{TOKEN}/{{path:.+}}", self._load)
        return application

    async def _called(self, request: web.Request) -> web.StreamResponse:
        call = await _read(request)
        self.calls.append(call)
        planned = next((each for each in self.script if each[0] == call.method), None)
        if planned is None:
            return web.json_response({"ok": True, "result": self._result(call)})
        self.script.remove(planned)
        answer = planned[1]
        if answer is HANG:
            await self.released.wait()
        if answer in {HANG, DROP}:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
        return web.Response(body=body, status=answer.status, content_type=answer.kind, charset="utf-8")

    def _result(self, call: Called) -> Any:  # noqa: ANN401 - JSON
        if call.method in self.results:
            return self.results[call.method]
        if call.method == "getMe":
            return {"id": BOT_ID, "is_bot": True, "first_name": "Recare", "username": BOT_NAME}
        if call.method in SENDS:
            self.last_message += 1
            chat = {"id": int(call.fields["chat_id"]), "type": "private", "first_name": "Synthetic"}
            return {"message_id": self.last_message, "date": 1_790_000_000, "chat": chat}
        return True

    async def _load(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["path"])
        return web.Response(status=404) if content is None else web.Response(body=content)


async def _read(request: web.Request) -> Called:
    method = request.match_info["method"]
    if request.content_type == "application/json":
        return Called(method=method, fields=await request.json())
    form = await request.post()
    fields = {name: _value(value) for name, value in form.items() if isinstance(value, str)}
    files = {value.filename: value.file.read() for value in form.values() if isinstance(value, web.FileField)}
    return Called(method=method, fields=fields, files=files)


def _value(text: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(text) if text.startswith(("{", "[")) else text
