"""Owns the page behind the link that ends reminders: looking ends nothing, one press (or one POST by RFC 8058) does.

The address itself is the secret; who opens it is told nothing of whom it was made for.
"""

from typing import Protocol

from starlette.routing import Route

from bot.web.one_press import OnePress
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


def unsubscribe_routes(service: Unsubscribe, pages: Pages) -> list[Route]:
    """Make the page that ends reminders, and its button."""
    page = OnePress(path=UNSUBSCRIBE, name="unsubscribe", look=service.peek, press=service.end, pages=pages)
    return page.routes()
