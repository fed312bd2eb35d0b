"""Owns the page behind the link that proves a mailbox: looking proves nothing, one press does, once.

The address itself is the secret; who opens it is told nothing of whom it was made for.
"""

from typing import Protocol

from starlette.routing import Route

from bot.web.one_press import OnePress
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


def proof_routes(service: Proves, pages: Pages) -> list[Route]:
    """Make the page that proves a mailbox, and its button."""
    page = OnePress(path=PROOF, name="proof", look=service.peek, press=service.prove, pages=pages)
    return page.routes()
