"""Owns the addresses of the worklist and of the dentist's list: showing them, and saying what came of a call or visit.

Nothing is shown or done for anybody but a member of staff who is signed in; the dentist's list is not for reception.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.desk.web.board import MAY_CLEAR
from bot.desk.web.ports import Pages
from bot.desk.web.session import HOME, find_staff, keep_language, language_of
from bot.desk.web.times import read_id, read_instant
from bot.services.desk_ports import ConflictError, DeskPage, NotAllowedError
from bot.services.views import StaffMember
from bot.services.work_ports import (
    CALL_OUTCOMES,
    LATER_MONTHS,
    AttendancePage,
    CallOutcome,
    Came,
    Decision,
    WorklistPage,
)

WORKLIST, DENTIST = f"{HOME}/worklist", f"{HOME}/dentist"

Fields = Mapping[str, str]
Action = Callable[[WorklistPage, StaffMember, int, Fields], Awaitable[None]]


class WorklistRoutes:
    """The worklist in the browser."""

    def __init__(self, *, desk: DeskPage, worklist: WorklistPage, attendance: AttendancePage, pages: Pages) -> None:
        """Show what `worklist` and `attendance` tell to whoever `desk` knows."""
        self._desk = desk
        self._attendance = attendance
        self._worklist = worklist
        self._pages = pages

    def routes(self) -> list[Route]:
        """Make the routes."""
        return [
            Route(WORKLIST, self._show_worklist, methods=["GET"]),
            Route(DENTIST, self._show_dentist, methods=["GET"]),
            Route(f"{WORKLIST}/visits", self._mark, methods=["POST"]),
            Route(f"{WORKLIST}/{{item}}/{{action}}", self._act, methods=["POST"]),
        ]

    async def _show_worklist(self, request: Request) -> Response:
        return await self._show(request, WORKLIST)

    async def _show_dentist(self, request: Request) -> Response:
        return await self._show(request, DENTIST)

    async def _show(self, request: Request, where: str) -> Response:
        staff = await find_staff(request, self._desk)
        if staff is None:
            return RedirectResponse(f"{HOME}/", status_code=303)
        return await self._page(request, staff, where, notice=None, status=200)

    async def _page(
        self, request: Request, staff: StaffMember, where: str, *, notice: str | None, status: int
    ) -> Response:
        try:
            listed = self._worklist.to_do if where == WORKLIST else self._worklist.for_the_dentist
            items = await listed(staff)
            unmarked = () if where == DENTIST else await self._attendance.unmarked(staff)
        except NotAllowedError as refused:
            raise HTTPException(403) from refused
        answer = self._pages.html(
            request,
            "desk/worklist.html",
            language=language_of(request, staff),
            status=status,
            notice=notice,
            staff=staff,
            items=items,
            unmarked=unmarked,
            answers=tuple(Came),
            dentists=where == DENTIST,
            decides=staff.role in MAY_CLEAR,
            outcomes=CALL_OUTCOMES,
            months=LATER_MONTHS,
            decisions=tuple(Decision),
        )
        keep_language(request, answer)
        return answer

    async def _mark(self, request: Request) -> Response:
        staff = await find_staff(request, self._desk)
        if staff is None:
            return RedirectResponse(f"{HOME}/", status_code=303)
        fields: Fields = request.state.fields
        patient_id, starts_at = read_id(fields.get("patient", "")), read_instant(fields.get("starts_at", ""))
        if patient_id is None or starts_at is None or fields.get("came") not in tuple(Came):
            raise HTTPException(400)
        try:
            await self._attendance.mark(staff, patient_id, starts_at, Came(fields["came"]))
        except ConflictError as conflict:
            return await self._refused(request, staff, WORKLIST, conflict)
        return RedirectResponse(WORKLIST, status_code=303)

    async def _refused(self, request: Request, staff: StaffMember, where: str, conflict: ConflictError) -> Response:
        key = str(conflict.args[0]) if conflict.args else "desk.conflict.changed"
        words = self._pages.words(language_of(request, staff))
        return await self._page(request, staff, where, notice=words(key), status=409)

    async def _act(self, request: Request) -> Response:
        staff = await find_staff(request, self._desk)
        item_id, name = read_id(request.path_params["item"]), request.path_params["action"]
        if staff is None:
            return RedirectResponse(f"{HOME}/", status_code=303)
        if item_id is None or name not in ACTIONS:
            raise HTTPException(404)
        where = DENTIST if name == "decide" else WORKLIST
        try:
            await ACTIONS[name](self._worklist, staff, item_id, request.state.fields)
        except ConflictError as conflict:
            return await self._refused(request, staff, where, conflict)
        except NotAllowedError as refused:
            raise HTTPException(403) from refused
        return RedirectResponse(where, status_code=303)


async def _begin(worklist: WorklistPage, staff: StaffMember, item_id: int, _fields: Fields) -> None:
    await worklist.begin_call(staff, item_id)


async def _called(worklist: WorklistPage, staff: StaffMember, item_id: int, fields: Fields) -> None:
    outcome, months = fields.get("outcome", ""), read_id(fields.get("months", ""))
    known = outcome in tuple(CallOutcome)
    if not known or (outcome == CallOutcome.REACHED_LATER and months not in LATER_MONTHS):
        raise HTTPException(400)
    await worklist.called(staff, item_id, CallOutcome(outcome), months)


async def _posted(worklist: WorklistPage, staff: StaffMember, item_id: int, _fields: Fields) -> None:
    await worklist.posted(staff, item_id)


async def _decide(worklist: WorklistPage, staff: StaffMember, item_id: int, fields: Fields) -> None:
    decision = fields.get("decision", "")
    if decision not in tuple(Decision):
        raise HTTPException(400)
    await worklist.decide(staff, item_id, Decision(decision))


ACTIONS: Mapping[str, Action] = {"begin": _begin, "called": _called, "posted": _posted, "decide": _decide}
