"""Owns the addresses of the desk: signing in and out, looking, acting.

Nothing is shown or done for anybody but a member of staff who is signed in; looking at a sign-in link uses nothing up.
"""

from collections.abc import Mapping
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.desk.web.actions import ACTIONS, RefusedError, act
from bot.desk.web.board import allowed, lay_out
from bot.desk.web.door import Door
from bot.desk.web.ports import Pages, Signals
from bot.desk.web.session import HOME, find_staff, keep_language, language_of, let_in, let_out, secret_of
from bot.desk.web.times import by_day, read_id, write_slot
from bot.services.desk_ports import DeskPage
from bot.services.live import DESK
from bot.services.views import StaffMember


class DeskRoutes:
    """The staff's side of the web."""

    def __init__(self, *, desk: DeskPage, pages: Pages, signals: Signals, signed_out: str = f"{HOME}/") -> None:
        """Show what `desk` tells through `pages`, kept fresh by `signals`.

        `signed_out`: the address whoever signs out is led to.
        """
        self._signed_out = signed_out
        self._door = Door(desk=desk, pages=pages)
        self._desk = desk
        self._pages = pages
        self._signals = signals

    def routes(self) -> list[Route]:
        """Make the routes."""
        return [
            Route("/desk/sign-in/{token}", self._show_link, methods=["GET"]),
            Route("/desk/sign-in/{token}", self._sign_in, methods=["POST"]),
            Route("/desk/sign-out", self._sign_out, methods=["POST"]),
            Route("/desk/", self._door.for_staff(self._show), methods=["GET"]),
            Route("/desk/c/{conversation}", self._door.for_staff(self._show), methods=["GET"]),
            Route("/desk/look", self._door.for_staff(self._look), methods=["GET"]),
            Route("/desk/events", self._door.for_staff(self._events), methods=["GET"]),
            Route("/desk/c/{conversation}/{action}", self._door.for_staff(self._act), methods=["POST"]),
        ]

    def enter(self, request: Request, secret: str) -> Response:
        """Let in a browser that holds a session's secret already (the rehearsal signs in by itself)."""
        return let_in(request, secret)

    async def _show_link(self, request: Request) -> Response:
        return self._pages.html(request, "desk/sign_in.html", language=self._pages.language(request))

    async def _sign_in(self, request: Request) -> Response:
        secret = await self._desk.redeem_staff_link(request.path_params["token"])
        if secret is None:
            return self._door.closed(request, 404, "desk.sign_in.gone_title", "desk.sign_in.gone_text")
        return let_in(request, secret)

    async def _sign_out(self, request: Request) -> Response:
        await self._desk.sign_out(secret_of(request))
        return let_out(self._signed_out)

    async def _show(self, request: Request, staff: StaffMember) -> Response:
        answer = await self._page(request, staff, notice=None, status=200)
        keep_language(request, answer)
        return answer

    async def _page(self, request: Request, staff: StaffMember, *, notice: str | None, status: int) -> Response:
        named = request.path_params.get("conversation")
        values = await self._values(request, staff, read_id(named or ""))
        if named is not None and values["view"] is None:
            raise HTTPException(404)
        return self._pages.html(
            request,
            "desk/desk.html",
            language=language_of(request, staff),
            status=status,
            notice=notice,
            update_id=str(uuid4()),
            **values,
        )

    async def _look(self, request: Request, staff: StaffMember) -> Response:
        open_id = read_id(request.query_params.get("open", ""))
        values = await self._values(request, staff, open_id)
        # The script makes an id for each answer itself; one from here would make every look new.
        language = language_of(request, staff)
        return self._pages.fragment(request, "desk/parts.html", language=language, update_id="", **values)

    async def _values(self, request: Request, staff: StaffMember, open_id: int | None) -> Mapping[str, object]:
        wanted = request.query_params.get("q", "")
        # An opened conversation counts as read, so it is opened before the list is asked for.
        view = None if open_id is None else await self._desk.conversation(staff, open_id)
        times = None
        if view is not None and "times" in request.query_params:
            times = by_day(await self._desk.free_times(staff, view.conversation_id), view.zone)
        return {
            "staff": staff,
            "wanted": wanted,
            "board": lay_out(await self._desk.conversations(staff), wanted=wanted),
            "open_id": open_id,
            "view": view,
            "may": None if view is None else allowed(staff, view),
            "times": times,
            "reading": read_id(request.query_params.get("reading", "")),
            "to_release": await self._desk.to_release(staff),
            "write_slot": write_slot,
        }

    async def _events(self, request: Request, staff: StaffMember) -> Response:
        async def still_signed_in() -> bool:
            found = await find_staff(request, self._desk)
            return found is not None and found.staff_id == staff.staff_id

        return self._signals.stream(DESK, still=still_signed_in)

    async def _act(self, request: Request, staff: StaffMember) -> Response:
        conversation_id, name = read_id(request.path_params["conversation"]), request.path_params["action"]
        if name not in ACTIONS or conversation_id is None:
            raise HTTPException(404)
        words = self._pages.words(language_of(request, staff))
        quiet = "x-recare" in request.headers
        try:
            done = await act(self._desk, staff, conversation_id, name, request.state.fields)
        except RefusedError as refused:
            notice = words(refused.key)
            if quiet:
                return JSONResponse({"message": notice}, status_code=refused.status)
            return await self._page(request, staff, notice=notice, status=refused.status)
        if quiet:
            return JSONResponse({"message": words(done)})
        return Response(status_code=303, headers={"location": f"{HOME}/c/{conversation_id}"})
