"""Owns what is said when a request cannot be served: one kind page for people, one line for scripts.

No answer tells what exactly went wrong inside.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.guard import OWN_HEADER
from bot.web.headers import FramePolicy, security_headers
from bot.web.pages import Pages

WORDED = frozenset({400, 403, 404, 405, 413, 500})
SAME_WORDS = {401: 403, 415: 400, 503: 500}


class Problems:
    """Words for errors, in the language the browser prefers."""

    def __init__(self, pages: Pages, *, frames: FramePolicy) -> None:
        """Use the pages; `frames` completes the headers where no middleware does."""
        self._pages = pages
        self._frames = frames

    def answer(self, request: Request, status: int) -> Response:
        """Say kindly that it did not work."""
        same = SAME_WORDS.get(status, status)
        words = same if same in WORDED else 400
        language = self._pages.language(request)
        if OWN_HEADER in request.headers:
            text = self._pages.words(language)(f"page.problem.{words}_text")
            return JSONResponse({"message": text}, status_code=status)
        return self._pages.html(
            request,
            "web/problem.html",
            language=language,
            status=status,
            title_key=f"page.problem.{words}_title",
            text_key=f"page.problem.{words}_text",
        )

    async def known(self, request: Request, error: Exception) -> Response:
        """Answer an error that a route raised on purpose."""
        if not isinstance(error, HTTPException):
            raise error
        answer = self.answer(request, error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    async def unknown(self, request: Request, _error: Exception) -> Response:
        """Answer what nobody expected; the server logs it."""
        answer = self.answer(request, 500)
        for name, value in security_headers(self._frames).items():
            answer.headers.setdefault(name, value)
        return answer
