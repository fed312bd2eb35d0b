"""Owns the page behind the link that proves a mailbox: looking proves nothing, one press does, once.

The address itself is the secret; who opens it is told nothing of whom it was made for.
"""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.pages import Pages
from flows.vocabulary import Language

PROOF = "/e/"


class Proves(Protocol):
    """Proves mailboxes."""

    async def peek(self, token: str) -> Language | None:
        """Tell the language of whoever the link was made for; None if it proves nothing any more."""
        ...

    async def prove(self, token: str) -> Language | None:
        """Prove the mailbox the link went to, once; None if it proves nothing any more."""
        ...


class ProofRoutes:
    """The page and its one button."""

    def __init__(self, *, service: Proves, pages: Pages) -> None:
        """Show what `service` does through `pages`."""
        self._service = service
        self._pages = pages

    def routes(self) -> list[Route]:
        """Make the routes."""
        path = PROOF + "{token}"
        return [Route(path, self._show, methods=["GET"]), Route(path, self._prove, methods=["POST"])]

    async def _show(self, request: Request) -> Response:
        language = await self._service.peek(request.path_params["token"])
        if language is None:
            return self._gone(request)
        return self._pages.html(request, "web/proof.html", language=language)

    async def _prove(self, request: Request) -> Response:
        language = await self._service.prove(request.path_params["token"])
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
            title_key=f"page.proof.{what}_title",
            text_key=f"page.proof.{what}_text",
        )
