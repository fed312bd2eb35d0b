"""Owns the page on which staff say who somebody is, and the addresses of the files that patients send.

Nothing is shown or done for anybody but a member of staff who is signed in. A file opens in the browser only if it is a
picture of a kind that cannot hold a script; every other one is saved.
"""

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.desk.web.door import Door
from bot.desk.web.ports import Pages
from bot.desk.web.session import HOME, keep_language, language_of
from bot.desk.web.times import read_id
from bot.services.desk_ports import ConflictError, DeskPage
from bot.services.identity_ports import FilePage, IdentityPage
from bot.services.views import StaffMember

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
SAVED = "application/octet-stream"
LONGEST_NUMBER = 64


class IdentityRoutes:
    """Who somebody is, and what they sent."""

    def __init__(self, *, desk: DeskPage, identifying: IdentityPage, files: FilePage, pages: Pages) -> None:
        """Show through `pages` what `identifying` and `files` tell; `desk` knows who is signed in."""
        self._door = Door(desk=desk, pages=pages)
        self._identifying = identifying
        self._files = files
        self._pages = pages

    def routes(self) -> list[Route]:
        """Make the routes."""
        who = f"{HOME}/c/{{conversation}}/who"
        return [
            Route(who, self._door.for_staff(self._show), methods=["GET"]),
            Route(who, self._door.for_staff(self._decide), methods=["POST"]),
            Route(f"{HOME}/c/{{conversation}}/file/{{file}}", self._door.for_staff(self._file), methods=["GET"]),
        ]

    async def _show(self, request: Request, staff: StaffMember) -> Response:
        return await self._page(request, staff, notice=None, status=200)

    async def _page(self, request: Request, staff: StaffMember, *, notice: str | None, status: int) -> Response:
        conversation_id = _conversation(request)
        view = await self._identifying.candidates(staff, conversation_id)
        if view is None:
            # Known by now, by a colleague or by themselves: the talk says so.
            return RedirectResponse(f"{HOME}/c/{conversation_id}", status_code=303)
        language = language_of(request, staff)
        answer = self._pages.html(
            request, "desk/who.html", language=language, status=status, notice=notice, view=view, staff=staff
        )
        keep_language(request, answer)
        return answer

    async def _decide(self, request: Request, staff: StaffMember) -> Response:
        try:
            opened = await self._say(staff, _conversation(request), request.state.fields)
        except ConflictError as conflict:
            words = self._pages.words(language_of(request, staff))
            return await self._page(request, staff, notice=words(str(conflict.args[0])), status=409)
        return RedirectResponse(f"{HOME}/c/{opened}", status_code=303)

    async def _say(self, staff: StaffMember, conversation_id: int, fields: dict[str, str]) -> int:
        patient_id = read_id(fields.get("patient", ""))
        if patient_id is not None:
            return await self._identifying.confirm(staff, conversation_id, patient_id)
        if number := fields.get("number", "").strip():
            return await self._identifying.confirm_number(staff, conversation_id, number[:LONGEST_NUMBER])
        if "nobody" not in fields:
            raise ConflictError("desk.conflict.no_such_patient")
        await self._identifying.reject(staff, conversation_id)
        return conversation_id

    async def _file(self, request: Request, staff: StaffMember) -> Response:
        attachment_id = read_id(request.path_params["file"])
        found = None
        if attachment_id is not None:
            found = await self._files.file(staff, _conversation(request), attachment_id)
        if found is None:
            raise HTTPException(404)
        shown = found.media_type in SHOWN
        name = quote(found.name or f"{found.kind.value}-{found.id}", safe="")
        return Response(
            found.content,
            media_type=found.media_type if shown else SAVED,
            headers={"content-disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}"},
        )


def _conversation(request: Request) -> int:
    conversation_id = read_id(request.path_params["conversation"])
    if conversation_id is None:
        raise HTTPException(404)
    return conversation_id
