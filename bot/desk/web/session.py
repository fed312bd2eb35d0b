"""Owns the cookie of a signed-in member of staff.

It travels from our own pages only and only to the desk; scripts never see it.
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.services.desk_ports import DeskPage
from bot.services.views import StaffMember

NAME = "recare_desk"
HOME = "/desk"
# The service decides how long a session lives; the cookie only has to outlast it.
KEPT = timedelta(days=30)


def secret_of(request: Request) -> str:
    """Read the session's secret; empty when there is none."""
    return request.cookies.get(NAME, "")


async def find_staff(request: Request, desk: DeskPage) -> StaffMember | None:
    """Find who is signed in with this browser."""
    secret = secret_of(request)
    return await desk.staff(secret) if secret else None


def let_in(request: Request, secret: str) -> Response:
    """Lead to the desk and leave the session's secret with the browser."""
    answer = RedirectResponse(f"{HOME}/", status_code=303)
    answer.set_cookie(
        NAME,
        secret,
        max_age=int(KEPT.total_seconds()),
        path=HOME,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


def let_out() -> Response:
    """Lead out of the desk and take the secret back."""
    answer = RedirectResponse(f"{HOME}/", status_code=303)
    answer.delete_cookie(NAME, path=HOME, httponly=True, samesite="strict")
    return answer
