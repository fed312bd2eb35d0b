"""A server on loopback that takes any call of the Bot API and answers as it is told; what was asked is written down."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from queue import Queue
from typing import Any, TypeAlias

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.clocks import SystemClock
from bot.web.serving import listen
from tests.desk_telegram.heard import FORUM

BOT_ID = 999
TOKEN = f"{BOT_ID}:synthetic-token-of-the-desk"
ME = {"id": BOT_ID, "is_bot": True, "first_name": "Desk", "username": "deskbot"}
Sent: TypeAlias = dict[str, str | bytes]


@dataclass(kw_only=True)
class Api:
    """What was asked, and what is answered. hangs: methods whose answer never comes. revoked: tokens nobody knows.

    ahead: by how many seconds its clock is ahead of ours.
    """

    base: str = ""
    calls: list[tuple[str, Sent]] = field(default_factory=list)
    answers: dict[str, Response] = field(default_factory=dict)
    hangs: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    ahead: int = 0

    def forget(self) -> None:
        """Begin anew."""
        for held in (self.calls, self.answers, self.hangs, self.files, self.revoked):
            held.clear()
        self.ahead = 0

    def methods(self) -> list[str]:
        """The methods that were called, the first first."""
        return [method for method, _ in self.calls]

    def last(self, method: str) -> Sent:
        """What came with the last call of a method."""
        return next(sent for called, sent in reversed(self.calls) if called == method)

    def grant(self, method: str, result: object) -> None:
        """Answer a method with a result."""
        self.answers[method] = JSONResponse({"ok": True, "result": result})

    def refuse(self, method: str, code: int, description: str, **parameters: int) -> None:
        """Answer a method with a refusal, as the Bot API words it."""
        told = {"ok": False, "error_code": code, "description": description}
        self.answers[method] = JSONResponse(told | ({"parameters": parameters} if parameters else {}), code)

    def show_page(self, method: str, code: int) -> None:
        """Answer a method with a page, as a proxy on the way does."""
        self.answers[method] = HTMLResponse("<html><h1>Bad Gateway</h1></html>", code)

    async def answer(self, request: Request) -> Response:
        """Answer a call."""
        method = request.path_params["method"]
        if request.path_params["token"] in self.revoked:
            return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        async with request.form() as form:
            sent: Sent = {
                name: await value.read() if isinstance(value, UploadFile) else value for name, value in form.items()
            }
        self.calls.append((method, sent))
        if method in self.hangs:
            await asyncio.Event().wait()
        return self.answers.get(method) or JSONResponse({"ok": True, "result": _usual(method, sent)})

    async def front(self, request: Request) -> Response:
        """Show what stands at the address itself: nothing, but the time."""
        del request
        there = SystemClock().now() + timedelta(seconds=self.ahead)
        return Response(status_code=302, headers={"Date": format_datetime(there, usegmt=True)})

    async def file(self, request: Request) -> Response:
        """Hand a file out."""
        content = self.files.get(request.path_params["path"])
        return HTMLResponse("<html>", 404) if content is None else Response(content)


def posted(sent: Sent) -> dict[str, Any]:
    """Word a message of ours as it comes back."""
    topic = sent.get("message_thread_id")
    where = {} if topic is None else {"is_topic_message": True, "message_thread_id": int(topic)}
    return {"message_id": 77, "date": 1_700_000_000, "chat": FORUM, "from": ME, "text": "x", **where}


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Api]:
    """Serve on a free port of loopback."""
    api = Api()
    routes = [
        Route("/", api.front),
        Route("/bot{token}/{method}", api.answer, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", api.file),
    ]
    with contextlib.closing(listen("127.0.0.1", 0)) as socket:
        api.base = f"http://127.0.0.1:{socket.getsockname()[1]}"
        config = uvicorn.Config(
            Starlette(routes=routes), log_config=None, date_header=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        async with asyncio.TaskGroup() as nursery:
            nursery.create_task(server.serve(sockets=[socket]))
            yield api
            server.should_exit = True


@contextlib.contextmanager
def serving_beside() -> Iterator[Api]:
    """Serve from a thread, for a test that has no event loop of its own."""
    ready, over = Queue[Api](), threading.Event()

    async def serve() -> None:
        async with serving() as api:
            ready.put(api)
            await asyncio.to_thread(over.wait)

    with ThreadPoolExecutor(1) as thread:
        served = thread.submit(asyncio.run, serve())
        try:
            yield ready.get(timeout=20)
        finally:
            over.set()
            served.result(timeout=20)


def _usual(method: str, sent: Sent) -> object:
    match method:
        case "getMe":
            return ME
        case "sendMessage" | "sendPhoto" | "sendDocument" | "sendVoice":
            return posted(sent)
        case "createForumTopic":
            return {"message_thread_id": 5, "name": sent["name"], "icon_color": 7322096}
        case "getForumTopicIconStickers":
            return [_icon("❓", "111"), _icon("‼️", "222"), _icon("🏁", "333")]
        case "getUpdates":
            return []
        case _:
            return True


def _icon(emoji: str, custom_emoji_id: str) -> dict[str, object]:
    size = {"file_id": "f", "file_unique_id": "u", "width": 100, "height": 100}
    kind = {"type": "custom_emoji", "is_animated": False, "is_video": False}
    return {**size, **kind, "emoji": emoji, "custom_emoji_id": custom_emoji_id}
