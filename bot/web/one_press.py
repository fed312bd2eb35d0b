"""Owns the page behind a link with one button: looking does nothing, one press does.

The link itself is the secret; who opens one that leads nowhere is told nothing of whom it was made for.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.pages import Pages
from flows.vocabulary import Language

Asked = Callable[[str], Awaitable[Language | None]]
"""What a token is handed to; tells the reader's language, or None if the link leads nowhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OnePress:
    """A page and its button. name: of its template and of its words; look and press: what each of the two does."""

    path: str
    name: str
    look: Asked
    press: Asked
    pages: Pages

    def routes(self) -> list[Route]:
        """Make the routes."""
        path = self.path + "{token}"
        return [Route(path, self._show, methods=["GET"]), Route(path, self._pressed, methods=["POST"])]

    async def _show(self, request: Request) -> Response:
        language = await self.look(request.path_params["token"])
        if language is None:
            return self._gone(request)
        return self.pages.html(request, f"web/{self.name}.html", language=language)

    async def _pressed(self, request: Request) -> Response:
        language = await self.press(request.path_params["token"])
        if language is None:
            return self._gone(request)
        return self._say(request, language, 200, "done")

    def _gone(self, request: Request) -> Response:
        return self._say(request, self.pages.language(request), 404, "gone")

    def _say(self, request: Request, language: Language, status: int, what: str) -> Response:
        return self.pages.html(
            request,
            "web/problem.html",
            language=language,
            status=status,
            title_key=f"page.{self.name}.{what}_title",
            text_key=f"page.{self.name}.{what}_text",
        )
