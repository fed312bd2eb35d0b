"""Owns the page behind the link that ends reminders: looking ends nothing, one press (or one POST by RFC 8058) does.

The address itself is the secret; who opens it is told nothing of whom it was made for.
"""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.pages import Pages
from flows.vocabulary import Language

UNSUBSCRIBE = "/u/"


class Unsubscribe(Protocol):
    """Ends reminders."""

    async def peek(self, token: str) -> Language | None:
        """Tell the language of whoever the link was made for; None if there is no such link."""
        ...

    async def end(self, token: str) -> Language | None:
        """End their reminders; None if there is no such link."""
        ...


class UnsubscribeRoutes:
    """The page and its one button."""

    def __init__(self, *, service: Unsubscribe, pages: Pages) -> None:
        """Show what `service` does through `pages`."""
        self._service = service
        self._pages = pages

    def routes(self) -> list[Route]:
        """Make the routes."""
        path = UNSUBSCRIBE + "{token}"
        return [Route(path, self._show, methods=["GET"]), Route(path, self._end, methods=["POST"])]

    async def _show(self, request: Request) -> Response:
        language = await self._service.peek(request.path_params["token"])
        if language is None:
            return self._gone(request)
        return self._pages.html(request, "web/unsubscribe.html", language=language)

    async def _end(self, request: Request) -> Response:
        language = await self._service.end(request.path_params["token"])
        if language is None:
            return self._gone(request)
        return self._say(request, language, 200, "done")

    def _gone(self, request: Request) -> Response:
        return self._say(request, self._pages.language(request), 404, "gone")

    def _say(self, request: Request, language: Language, status: int, what: str) -> Response:
        return self._pages.html(
            request,
            "web/problem.html",
            language=language,
            status=status,
            title_key=f"page.unsubscribe.{what}_title",
            text_key=f"page.unsubscribe.{what}_text",
        )
