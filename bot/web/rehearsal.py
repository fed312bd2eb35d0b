"""Owns the stage of `recare demo`: patients' phones, the desk and the clock on one page.

Only this machine is answered; each phone and the desk are the real pages, in frames, with sessions of their own.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from ipaddress import ip_address

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.services.desk_ports import RehearsalPage
from bot.services.live import DESK, chat_topic
from bot.web.pages import Pages
from bot.web.stream import Signals
from flows.vocabulary import Language

DESK_DOOR = "/rehearsal/desk"
"""Signs in to the desk by itself; who signs out there comes in here again."""

STEPS = ("hour", "day", "next")
# The rehearsal's clock passes a little at every look; a move is longer.
SHORTEST_MOVE = timedelta(minutes=1)
MOST_PHONES = 20
LONGEST_ID = 19

Handler = Callable[[Request], Awaitable[Response]]


class Rehearsal:
    """The page at `/` of a rehearsal, and its controls."""

    def __init__(
        self,
        *,
        stage: RehearsalPage,
        pages: Pages,
        signals: Signals,
        open_phone: Callable[[Request, str], Awaitable[Response]],
        open_desk: Callable[[Request, str], Response],
        language: Language,
    ) -> None:
        """Show what `stage` tells.

        `open_phone` redeems a personal link for a browser, `open_desk` lets one in with a session's secret; `language`
        is the stage's own unless the address says `?lang=`.
        """
        self._stage = stage
        self._pages = pages
        self._signals = signals
        self._open_phone = open_phone
        self._open_desk = open_desk
        self._language = language

    def routes(self) -> list[Route]:
        """Make the routes."""
        return [
            Route("/", _from_here(self._show), methods=["GET"]),
            Route("/rehearsal/phone/{token}", _from_here(self._phone), methods=["GET"]),
            Route(DESK_DOOR, _from_here(self._desk), methods=["GET"]),
            Route("/rehearsal/events", _from_here(self._events), methods=["GET"]),
            Route("/rehearsal/clock", _from_here(self._clock), methods=["GET"]),
            Route("/rehearsal/move", _from_here(self._move), methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        language = self._chosen(request)
        # Whoever looks reads their own language first.
        phones = [
            {"view": phone, "source": phone.page.replace("/p/", "/rehearsal/phone/", 1)}
            for phone in sorted(await self._stage.phones(), key=lambda phone: phone.language is not language)
        ]
        return self._pages.html(request, "web/stage.html", language=language, phones=phones, now=self._stage.now())

    async def _clock(self, request: Request) -> Response:
        return self._pages.fragment(request, "web/clock.html", language=self._chosen(request), now=self._stage.now())

    async def _phone(self, request: Request) -> Response:
        return await self._open_phone(request, request.path_params["token"])

    async def _desk(self, request: Request) -> Response:
        return self._open_desk(request, await self._stage.desk_session())

    async def _events(self, request: Request) -> Response:
        """Tell the stage, in one stream, what its phones and its desk would ask for in one each.

        Browsers open six connections to a server at most, and a stage of streams would leave none to talk.
        """
        chats = request.query_params.getlist("chat")[:MOST_PHONES]
        known = (int(chat) for chat in chats if chat.isdecimal() and len(chat) <= LONGEST_ID)
        return self._signals.stream(DESK, *(chat_topic(chat) for chat in known))

    async def _move(self, request: Request) -> Response:
        by = request.state.fields.get("by", "")
        if by not in STEPS:
            raise HTTPException(400)
        before = self._stage.now()
        now = await self._stage.move(by)
        if "x-recare" not in request.headers:
            return RedirectResponse(f"/?lang={self._chosen(request)}", status_code=303)
        words = self._pages.words(self._chosen(request))
        moved = now - before >= SHORTEST_MOVE
        message = words("demo.moved", time=words.show(now, "short")) if moved else words("demo.nothing_due")
        return JSONResponse({"message": message})

    def _chosen(self, request: Request) -> Language:
        asked = request.query_params.get("lang", "")
        return Language(asked) if asked in tuple(Language) else self._language


def _from_here(handler: Handler) -> Handler:
    """Answer this machine only."""

    async def handle(request: Request) -> Response:
        client = request.client
        try:
            here = client is not None and ip_address(client.host).is_loopback
        except ValueError:
            here = False
        if not here:
            raise HTTPException(403)
        return await handler(request)

    return handle
