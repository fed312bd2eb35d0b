"""Owns the door by which a messenger brings updates to its bots, apart from the one for browsers.

Invariants: a machine is known by its secret alone; who does not say it is answered 401 before a byte of what they bring
is read. An error is answered only where bringing it again may help: to the messenger it means "once more", and nothing
else is brought until then.
"""

import logging
from collections.abc import Collection
from typing import Protocol

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.guard import RefusedError, read_body

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name (core.telegram.org/bots/api#setwebhook)
LARGEST_UPDATE = 1024 * 1024
"""An update is a message and the one it answers, some kilobytes each; files never come this way."""

NOTHING_FOLLOWS = ((b"content-length", b"0"),)

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


class HookDoor:
    """Takes what is posted to a webhook and passes everything else on to the application behind it.

    It stands before what only browsers need (hosts, cookies, policies of pages), so none of that is worked out here.
    """

    def __init__(self, app: ASGIApp, *, hooks: Collection[Hook]) -> None:
        """Stand before an application."""
        self.behind = app
        self._hooks = {hook.path: hook for hook in hooks}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take an update, or pass a request on."""
        posted = scope["type"] == "http" and scope["method"] == "POST"
        hook = self._hooks.get(scope["path"]) if posted else None
        if hook is None:
            await self.behind(scope, receive, send)
            return
        status = await _bring(hook, Headers(scope=scope), receive)
        await send({"type": "http.response.start", "status": status, "headers": NOTHING_FOLLOWS})
        await send({"type": "http.response.body"})


async def _bring(hook: Hook, headers: Headers, receive: Receive) -> int:
    """Bring an update to its hook; tells the answer's status."""
    if not hook.knows(headers.get(SECRET_HEADER, "")):
        log.warning("a webhook was called without its secret")
        return 401
    try:
        body = await read_body(headers, receive, LARGEST_UPDATE)
    except RefusedError as refused:
        log.error("a webhook refused an update: %s", refused)  # noqa: TRY400 - told
        return refused.status
    except ConnectionResetError:
        return 400
    return 200 if await hook.take(body) else 503
