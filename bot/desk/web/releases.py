"""Owns the pages of batches that a person releases: all that wait, one opened, and what was ticked of it.

Only what the page showed is decided about; which of it may leave then, the gate says.
"""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.desk.web.door import Door
from bot.desk.web.ports import Pages
from bot.desk.web.session import HOME, keep_language, language_of
from bot.desk.web.times import read_id
from bot.services.desk_ports import DeskPage, ReleasePage
from bot.services.release_views import Released
from bot.services.views import StaffMember

RELEASES = f"{HOME}/release"


class ReleaseRoutes:
    """The batches, for who may release them."""

    def __init__(self, *, desk: DeskPage, releases: ReleasePage, pages: Pages) -> None:
        """Show through `pages` what `releases` tells; `desk` knows who is signed in."""
        self._door = Door(desk=desk, pages=pages)
        self._releases = releases
        self._pages = pages

    def routes(self) -> list[Route]:
        """Make the routes."""
        return [
            Route(RELEASES, self._door.for_staff(self._list), methods=["GET"]),
            Route(f"{RELEASES}/{{batch}}", self._door.for_staff(self._show), methods=["GET"]),
            Route(f"{RELEASES}/{{batch}}", self._door.for_staff(self._release), methods=["POST"]),
        ]

    async def _list(self, request: Request, staff: StaffMember) -> Response:
        rows = await self._releases.batches(staff)
        values = {"rows": rows, "done": _read_done(request.query_params)}
        return self._page(request, staff, "desk/batches.html", values)

    async def _show(self, request: Request, staff: StaffMember) -> Response:
        view = await self._releases.batch(staff, request.path_params["batch"])
        if view is None:
            raise HTTPException(404)
        return self._page(request, staff, "desk/batch.html", {"view": view})

    async def _release(self, request: Request, staff: StaffMember) -> Response:
        fields = request.state.fields
        shown, ticked = (_read_ids(fields.get(name, "")) for name in ("shown", "ticked"))
        if shown is None or ticked is None:
            raise HTTPException(400)
        done = await self._releases.release(staff, request.path_params["batch"], shown=shown, ticked=ticked)
        return RedirectResponse(f"{RELEASES}?{_write_done(done)}", status_code=303)

    def _page(self, request: Request, staff: StaffMember, template: str, values: Mapping[str, object]) -> Response:
        shown = {**values, "staff": staff}
        answer = self._pages.html(request, template, language=language_of(request, staff), status=200, **shown)
        keep_language(request, answer)
        return answer


def _read_ids(raw: str) -> frozenset[int] | None:
    """Read the values of boxes; None if one is no id."""
    found = [read_id(part) for part in raw.split()]
    ids = frozenset(each for each in found if each is not None)
    return ids if None not in found else None


def _write_done(done: Released) -> str:
    return f"released={done.released}&left_out={done.left_out}&too_late={done.too_late}"


def _read_done(asked: Mapping[str, str]) -> Released | None:
    """Read what the address says was done; None if it says nothing of the kind."""
    counts = [read_id(asked.get(name, "")) for name in ("released", "left_out", "too_late")]
    released, left_out, too_late = counts
    if released is None or left_out is None or too_late is None:
        return None
    return Released(released=released, left_out=left_out, too_late=too_late)
