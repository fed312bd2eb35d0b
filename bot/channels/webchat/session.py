"""Owns the cookie of a patient's open page.

A cookie belongs to one conversation and is sent to that conversation's addresses only; scripts never see it.
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.services.desk_ports import ChatSession, PatientPage

NAME = "recare_chat"
# The service decides how long a session lives; the cookie only has to outlast it.
KEPT = timedelta(days=400)


def open_page(request: Request, secret: str, session: ChatSession) -> Response:
    """Lead a browser to its conversation and leave the session's secret with it."""
    home = f"/c/{session.conversation_id}"
    answer = RedirectResponse(f"{home}/", status_code=303)
    answer.set_cookie(
        NAME,
        secret,
        max_age=int(KEPT.total_seconds()),
        path=home,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


async def find_session(request: Request, patient: PatientPage) -> ChatSession | None:
    """Find the session of this browser for the conversation that the address names."""
    secret = request.cookies.get(NAME)
    if not secret:
        return None
    session = await patient.session(secret)
    if session is None or str(session.conversation_id) != request.path_params["conversation"]:
        return None
    return session
