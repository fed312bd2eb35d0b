"""Owns the routes by which a messenger brings updates to its bots.

Invariant: who does not say the secret is answered 401 before a byte of what they bring is read. An error is answered
only where bringing it again may help: to the messenger it means "once more", and nothing else is brought until then.
"""

import logging
from collections.abc import Iterable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.guard import RefusedError, read_body

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name (core.telegram.org/bots/api#setwebhook)
LARGEST_UPDATE = 1024 * 1024
"""An update is a message and the one it answers, some kilobytes each; files never come this way."""

log = logging.getLogger(__name__)


class Hook(Protocol):
    """One bot's webhook."""

    @property
    def path(self) -> str:
        """Where it lies."""
        ...

    def knows(self, secret: str) -> bool:
        """Tell whether somebody is the messenger; in the same time, whatever they say."""
        ...

    async def take(self, body: bytes) -> bool:
        """Take what was brought; False: later, for nothing was taken."""
        ...


def hook_routes(hooks: Iterable[Hook]) -> list[Route]:
    """Make a route for each webhook."""
    return [_route(hook) for hook in hooks]


def _route(hook: Hook) -> Route:
    async def bring(request: Request) -> Response:
        if not hook.knows(request.headers.get(SECRET_HEADER, "")):
            log.warning("a webhook was called without its secret")
            return Response(status_code=401)
        try:
            body = await read_body(request.headers, request.receive, LARGEST_UPDATE)
        except RefusedError as refused:
            log.error("a webhook refused an update: %s", refused)  # noqa: TRY400 - told
            return Response(status_code=refused.status)
        except ConnectionResetError:
            return Response(status_code=400)
        return Response(status_code=200 if await hook.take(body) else 503)

    return Route(hook.path, bring, methods=["POST"])
