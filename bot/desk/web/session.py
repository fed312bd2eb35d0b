"""Owns the cookie of a signed-in member of staff.

It travels from our own pages only and only to the desk; scripts never see it.
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.services.desk_ports import DeskPage
from bot.services.views import StaffMember
from flows.vocabulary import Language

NAME = "recare_desk"
LANGUAGE_NAME = "recare_desk_language"
HOME = "/desk"
# The service decides how long a session lives; the cookie only has to outlast it.
KEPT = timedelta(days=30)


def language_of(request: Request, staff: StaffMember) -> Language:
    """Tell the language this browser reads the desk in: the one chosen on it, else the member's own."""
    known = {language.value: language for language in Language}
    asked = known.get(request.query_params.get("lang", ""))
    return asked or known.get(request.cookies.get(LANGUAGE_NAME, "")) or staff.language


def keep_language(request: Request, answer: Response) -> None:
    """Remember a language that was chosen by the address (`?lang=`)."""
    chosen = request.query_params.get("lang", "")
    if chosen in tuple(Language):
        _leave(request, answer, LANGUAGE_NAME, chosen)


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
    keep_language(request, answer)
    _leave(request, answer, NAME, secret)
    return answer


def _leave(request: Request, answer: Response, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(KEPT.total_seconds()),
        path=HOME,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def let_out(to: str) -> Response:
    """Take the secret back and lead to an address of ours."""
    answer = RedirectResponse(to, status_code=303)
    answer.delete_cookie(NAME, path=HOME, httponly=True, samesite="strict")
    return answer
