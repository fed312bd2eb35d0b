"""Owns the addresses of the patient's page: the personal link, the conversation, what the patient sends.

Only the browser that opened the personal link sees its conversation; looking at a link uses nothing up.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import PurePath
from typing import TypedDict
from urllib.parse import quote
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.webchat.bubbles import Bubble, bubbles, writing_now
from bot.channels.webchat.pace import Pace
from bot.channels.webchat.ports import Pages, Signals
from bot.channels.webchat.session import find_session, open_page
from bot.services.desk_ports import ChatSession, PatientPage
from bot.services.live import chat_topic
from bot.services.views import ChatView

UPDATE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
CHAT = "/c/{conversation}"
LONGEST_ID = 19
LARGEST_ID = 2**63
MEDIA_TYPES = {".ics": "text/calendar", ".txt": "text/plain"}
"""What a file is, by the end of its name; anything else is bytes to keep."""

Handler = Callable[[Request, ChatSession], Awaitable[Response]]


class Shown(TypedDict):
    """What the templates show of a conversation."""

    chat: ChatView
    bubbles: tuple[Bubble, ...]
    writing_now: str | None


class ChatRoutes:
    """The patients' side of the web."""

    def __init__(self, *, patient: PatientPage, pages: Pages, signals: Signals, pace: Pace) -> None:
        """Show what `patient` tells through `pages`, kept fresh by `signals`; take what is sent at a human `pace`."""
        self._patient = patient
        self._pages = pages
        self._signals = signals
        self._pace = pace

    def routes(self) -> list[Route]:
        """Make the routes."""
        return [
            Route("/p/{token}", self._show_link, methods=["GET"]),
            Route("/p/{token}", self._redeem_link, methods=["POST"]),
            Route(f"{CHAT}/", self._with_session(self._show), methods=["GET"]),
            Route(f"{CHAT}/lines", self._with_session(self._lines), methods=["GET"]),
            Route(f"{CHAT}/events", self._with_session(self._events), methods=["GET"]),
            Route(f"{CHAT}/messages", self._with_session(self._take), methods=["POST"]),
            Route(f"{CHAT}/files/{{line}}", self._with_session(self._file), methods=["GET"]),
        ]

    async def enter(self, request: Request, token: str) -> Response:
        """Redeem a personal link and lead to its conversation, or say kindly that the link is over."""
        opened = await self._patient.redeem_link(token)
        if opened is None:
            return self._gone(request)
        secret, session = opened
        return open_page(request, secret, session)

    async def _show_link(self, request: Request) -> Response:
        language = await self._patient.peek_link(request.path_params["token"])
        if language is None:
            return self._gone(request)
        return self._pages.html(request, "chat/link.html", language=language)

    async def _redeem_link(self, request: Request) -> Response:
        return await self.enter(request, request.path_params["token"])

    def _gone(self, request: Request) -> Response:
        return self._closed(request, 404, "page.link.gone_title", "page.link.gone_text")

    def _closed(self, request: Request, status: int, title_key: str, text_key: str) -> Response:
        language = self._pages.language(request)
        return self._pages.html(
            request, "web/problem.html", language=language, status=status, title_key=title_key, text_key=text_key
        )

    def _with_session(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            session = await find_session(request, self._patient)
            if session is not None:
                return await handler(request, session)
            return self._closed(request, 401, "page.session.title", "page.session.text")

        return handle

    async def _show(self, request: Request, session: ChatSession) -> Response:
        values = await self._conversation(session)
        return self._pages.html(request, "chat/chat.html", language=session.language, update_id=str(uuid4()), **values)

    async def _lines(self, request: Request, session: ChatSession) -> Response:
        values = await self._conversation(session)
        # The script makes an id for each press itself; one from here would make every answer look new.
        return self._pages.fragment(request, "chat/parts.html", language=session.language, update_id="", **values)

    async def _conversation(self, session: ChatSession) -> Shown:
        chat = await self._patient.chat(session)
        return {"chat": chat, "bubbles": tuple(bubbles(chat)), "writing_now": writing_now(chat)}

    async def _events(self, _request: Request, session: ChatSession) -> Response:
        return self._signals.stream(chat_topic(session.conversation_id))

    async def _take(self, request: Request, session: ChatSession) -> Response:
        fields: Mapping[str, str] = request.state.fields
        update_id, text, payload = (fields.get(name, "") for name in ("update_id", "text", "payload"))
        if not UPDATE_ID.fullmatch(update_id) or ("payload" in fields and text):
            raise HTTPException(400)
        if seconds := self._pace.wait(session.conversation_id):
            # Nothing was taken: the page keeps what was sent and sends it again under the same id.
            raise HTTPException(503, headers={"retry-after": str(seconds)})
        if "payload" in fields:
            try:
                await self._patient.press(session, update_id, payload)
            except ValueError as unknown:
                raise HTTPException(400) from unknown
        elif text.strip():
            await self._patient.write(session, update_id, text)
        elif "text" not in fields:
            raise HTTPException(400)
        if "x-recare" in request.headers:
            return Response(status_code=204)
        return RedirectResponse(f"/c/{session.conversation_id}/#newest", status_code=303)

    async def _file(self, request: Request, session: ChatSession) -> Response:
        line = request.path_params["line"]
        known = line.isdecimal() and len(line) <= LONGEST_ID and int(line) < LARGEST_ID
        found = await self._patient.file(session, int(line)) if known else None
        if found is None:
            raise HTTPException(404)
        name, content = found
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        media_type = MEDIA_TYPES.get(PurePath(name).suffix, "application/octet-stream")
        return Response(
            content, headers={"content-type": f"{media_type}; charset=utf-8", "content-disposition": disposition}
        )
