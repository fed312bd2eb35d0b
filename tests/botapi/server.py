"""HTTP: reads calls as bots write them (JSON, forms, uploads), answers as the Bot API does, and lets troubles happen.

Every connection is on 127.0.0.1.
"""

import asyncio
import contextlib
import inspect
import json
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.botapi import changing, errors, messages, own, rooms
from tests.botapi.checking import check_call, note
from tests.botapi.errors import ApiError
from tests.botapi.faults import AFTER_EFFECT, Fault, Trouble
from tests.botapi.handling import HANDLERS
from tests.botapi.hub import BotAccount, Hub
from tests.botapi.model import Json
from tests.botapi.schema import Method, Upload, convert, published

CARRY_OUT = (changing, messages, own, rooms)  # importing them fills HANDLERS
PROXY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
LONGEST_SILENCE = 120.0


class CuttableProtocol(H11Protocol):
    """HTTP whose connections can be cut in the middle."""

    open_lines: dict[Any, asyncio.Transport] = {}  # noqa: RUF012  # one for all connections of this process, by address

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Remember the line."""
        super().connection_made(transport)
        self.open_lines[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the line."""
        self.open_lines.pop(self.client, None)
        super().connection_lost(exc)


async def read_params(request: Request, method: Method | None) -> Json:
    """Read a call's parameters; text of forms becomes what the method's kinds say."""
    raw: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        raw |= json.loads(await request.body() or b"{}")
    elif request.method == "POST":
        async with request.form(max_part_size=4 << 20) as form:
            for name, value in form.multi_items():
                raw[name] = await _upload(value) if isinstance(value, UploadFile) else value
    kinds = method.parameters if method else {}
    read = {
        name: convert(kinds[name], value) if name in kinds and isinstance(value, str) else value
        for name, value in raw.items()
    }
    taken: set[str] = set()
    attached = {name: _with_uploads(value, raw, taken) for name, value in read.items()}
    return {name: value for name, value in attached.items() if name not in taken}


async def _upload(file: UploadFile) -> Upload:
    return Upload(
        name=file.filename or "file",
        media_type=file.content_type or "application/octet-stream",
        content=await file.read(),
    )


def _with_uploads(value: Any, raw: Mapping[str, Any], taken: set[str]) -> Any:  # noqa: ANN401  # any JSON
    match value:
        case str() if value.startswith("attach://") and isinstance(raw.get(value.removeprefix("attach://")), Upload):
            taken.add(value.removeprefix("attach://"))
            return raw[value.removeprefix("attach://")]
        case dict():
            return {name: _with_uploads(each, raw, taken) for name, each in value.items()}
        case list():
            return [_with_uploads(each, raw, taken) for each in value]
        case _:
            return value


class Desk:
    """Answers calls."""

    def __init__(self, hub: Hub) -> None:
        """Answer for a messenger."""
        self.hub = hub

    async def call(self, request: Request) -> Response:
        """Answer one call."""
        bot = self.hub.bot_of(request.path_params["token"])
        name = request.path_params["method"].lower()
        method = published().methods.get(name)
        params = await read_params(request, method)
        if self.hub.latency and name != "getupdates":
            await asyncio.sleep(self.hub.latency)
        try:
            asking, asked = self._known(bot, name, method)
            check_call(self.hub, asked, params)
            fault = self.hub.fault_for(name, params) if self.hub.faults else None
            if fault is not None and fault.meets not in AFTER_EFFECT:
                self._note(bot, method, name, params, str(fault.meets))
                return await self._trouble(request, fault)
            result = await self._carried_out(asking, asked, params)
        except ApiError as error:
            error.__traceback__ = None  # most are raised again and again, and would drag all their ways behind them
            self._note(bot, method, name, params, error.description)
            return _json(error.code, error.answer())
        self._note(bot, method, name, params, str(fault.meets) if fault else "ok")
        if fault is not None:
            return await self._trouble(request, fault)
        return _json(200, {"ok": True, "result": result})

    def _note(self, bot: BotAccount | None, method: Method | None, name: str, params: Json, outcome: str) -> None:
        shown = {key: value for key, value in params.items() if key != "_method"}
        self.hub.note((bot and bot.account.username) or "", method.name if method else name, shown, outcome)

    def _known(self, bot: BotAccount | None, name: str, method: Method | None) -> tuple[BotAccount, Method]:
        if bot is None:
            raise errors.UNAUTHORIZED
        if method is None or name not in HANDLERS:
            self.hub.violations.append(f"{name} is no method that recare has a use for")
            raise errors.NO_SUCH_METHOD
        return bot, method

    async def _carried_out(self, bot: BotAccount, method: Method, params: Json) -> Any:  # noqa: ANN401  # any JSON
        name = params["_method"] = method.name.lower()
        try:
            result = HANDLERS[name](self.hub, bot, params)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            note(self.hub, method, error)
            raise
        if name != "getupdates":
            self.hub.check(method.returns, result, f"answer of {method.name}")
        return result

    async def _trouble(self, request: Request, fault: Fault) -> Response:
        meets = fault.meets
        if isinstance(meets, ApiError):
            return _json(meets.code, meets.answer())
        match meets:
            case Trouble.PROXY_PAGE | Trouble.PROXY_PAGE_AFTER:
                return HTMLResponse(PROXY_PAGE, status_code=502)
            case Trouble.SERVER:
                return _json(500, {"ok": False, "error_code": 500, "description": "Internal Server Error"})
            case Trouble.GARBLED_AFTER:
                return Response('{"ok":true,"resul', media_type="application/json")
            case Trouble.SILENT_BEFORE | Trouble.SILENT_AFTER:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LONGEST_SILENCE):
                        while (await request.receive())["type"] != "http.disconnect":
                            pass
            case _:
                line = CuttableProtocol.open_lines.get(request.scope["client"])
                if line is not None:
                    line.abort()
        return Response(status_code=500)

    async def download(self, request: Request) -> Response:
        """Give a file to the bot that asked for it with getFile."""
        bot = self.hub.bot_of(request.path_params["token"])
        file = self.hub.shelf.paths.get((bot.id, request.path_params["path"])) if bot else None
        fault = self.hub.fault_for("download", {}) if self.hub.faults else None
        if fault is not None:
            return await self._trouble(request, fault)
        if file is None:
            return _json(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        return Response(file.content, media_type="application/octet-stream")


def _json(code: int, body: Json) -> Response:
    return Response(json.dumps(body), status_code=code, media_type="application/json")


def application(hub: Hub) -> Starlette:
    """Make the web application of a messenger."""
    desk = Desk(hub)
    return Starlette(
        routes=[
            Route("/bot{token}/{method}", desk.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", desk.download),
        ]
    )


@contextlib.asynccontextmanager
async def serving(app: Starlette, port: int = 0) -> AsyncIterator[str]:
    """Serve on a port of loopback (0: a free one) until the block ends; gives the address. Raises OSError."""
    with socket.socket(proto=socket.IPPROTO_TCP) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen(1024)
        taken.setblocking(False)  # noqa: FBT003  # the standard library's signature
        config = uvicorn.Config(
            app,
            http=CuttableProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(server._serve(sockets=[taken]))  # noqa: SLF001  # `serve` takes the test's signals
            while not server.started:  # noqa: ASYNC110  # the server has no event to wait for
                await asyncio.sleep(0.002)
            try:
                yield f"http://127.0.0.1:{taken.getsockname()[1]}"
            finally:
                server.should_exit = True
