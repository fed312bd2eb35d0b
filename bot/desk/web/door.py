"""Owns who comes in: nothing of the desk is shown or done for anybody but a member of staff who is signed in."""

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.desk.web.ports import Pages
from bot.desk.web.session import find_staff
from bot.services.desk_ports import DeskPage, NotAllowedError
from bot.services.views import StaffMember

Handler = Callable[[Request, StaffMember], Awaitable[Response]]


class Door:
    """The door of all pages of the desk."""

    def __init__(self, *, desk: DeskPage, pages: Pages) -> None:
        """Take who knows the staff, and what says that the door is closed."""
        self._desk = desk
        self._pages = pages

    def for_staff(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """Let a handler serve staff alone; what their role does not allow is answered by 403."""

        async def handle(request: Request) -> Response:
            staff = await find_staff(request, self._desk)
            if staff is None:
                return self.closed(request, 401, "desk.sign_in.needed_title", "desk.sign_in.needed_text")
            try:
                return await handler(request, staff)
            except NotAllowedError as refused:
                raise HTTPException(403) from refused

        return handle

    def closed(self, request: Request, status: int, title_key: str, text_key: str) -> Response:
        """Say why nobody comes in."""
        language = self._pages.language(request)
        return self._pages.html(
            request, "desk/closed.html", language=language, status=status, title_key=title_key, text_key=text_key
        )
