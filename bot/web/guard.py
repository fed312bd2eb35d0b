"""Owns the door: which hosts we answer for, which requests may change something, how large they may be.

A request that changes something comes from our own page: the browser says so (Sec-Fetch-Site, Origin), and it carries
either our header or the token of a form we served. Its fields reach the handler parsed, as `request.state.fields`.
Rules: OWASP Cross-Site Request Forgery Prevention Cheat Sheet (fetch metadata, double-submit cookie, custom header).
"""

import asyncio
import hmac
import logging
import secrets
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.fields import UnreadableError, UnsupportedError, read_fields

LARGEST_BODY = 64 * 1024
SLOWEST_BODY_SECONDS = 20.0
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_HEADER = "x-recare"
FORM_COOKIE = "recare_form"
FORM_FIELD = "form_token"

logger = logging.getLogger(__name__)


class RefusedError(Exception):
    """The request may not pass; `status` is the answer's."""

    def __init__(self, status: int, why: str) -> None:
        """Say why in words that hold nothing of the request."""
        super().__init__(why)
        self.status = status


class Guard:
    """ASGI middleware: lets through what may pass and answers the rest by itself."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        allowed_hosts: Collection[str],
        problem: Callable[[Request, int], Response],
        https_hosts: Collection[str] = (),
        open_paths: Collection[str] = (),
    ) -> None:
        """Wrap an application; `allowed_hosts` are names without port, "*" allows all.

        `https_hosts` are names that browsers reach over HTTPS, whatever the proxy in between tells us. `open_paths`
        are beginnings of paths to which a mail program may post as well (RFC 8058): their address is the secret that
        a form's token is elsewhere, and what is posted there is dropped unread.
        """
        self._app = app
        self._hosts = frozenset(host.lower() for host in allowed_hosts)
        self._https = frozenset(host.lower() for host in https_hosts)
        self._open = tuple(open_paths)
        self._problem = problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, pass it on, and give the browser its form cookie."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = _form_cookie(headers)
        token = known or secrets.token_urlsafe(24)
        host = _host(headers)
        if host in self._https:
            scope["scheme"] = "https"
        state = {**scope.get("state", {}), "form_token": token, "fields": {}}
        scope["state"] = state
        try:
            self._check_host(host)
            if scope["method"] == "POST" and scope["path"].startswith(self._open):
                await read_body(headers, receive)
            elif scope["method"] not in SAFE_METHODS:
                _check_origin(headers)
                fields = read_fields(headers.get("content-type", ""), await read_body(headers, receive))
                _check_token(headers, known, fields.pop(FORM_FIELD, ""))
                state["fields"] = fields
        except RefusedError as refused:
            logger.warning("request refused: %s", refused)
            await self._problem(Request(scope), refused.status)(scope, receive, send)
            return
        except UnsupportedError:
            await self._problem(Request(scope), 415)(scope, receive, send)
            return
        except UnreadableError:
            await self._problem(Request(scope), 400)(scope, receive, send)
            return
        except ConnectionResetError:
            return
        await self._app(scope, receive, send if known else _with_cookie(send, token, scope["scheme"]))

    def _check_host(self, host: str) -> None:
        if "*" not in self._hosts and host not in self._hosts:
            raise RefusedError(400, "host is not ours")


def _host(headers: Headers) -> str:
    try:
        return urlsplit("//" + headers.get("host", "")).hostname or ""
    except ValueError:
        return ""


def _check_origin(headers: Headers) -> None:
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise RefusedError(403, "sent from another site")
        return
    # Browsers without fetch metadata: under `no-referrer` they send "null" with a plain form, so only a foreign
    # origin speaks against the request; the token or header must then speak for it.
    origin = headers.get("origin", "null")
    try:
        foreign = origin != "null" and urlsplit(origin).netloc != headers.get("host")
    except ValueError:
        foreign = True
    if foreign:
        raise RefusedError(403, "sent from another origin")


def _check_token(headers: Headers, known: str | None, given: str) -> None:
    if headers.get(OWN_HEADER) is not None:
        return
    if known is None or not hmac.compare_digest(known.encode(), given.encode()):
        raise RefusedError(403, "neither our header nor our form's token")


async def read_body(headers: Headers, receive: Receive, largest: int = LARGEST_BODY) -> bytes:
    """Read what was posted, at most `largest` bytes of it. Raises RefusedError, ConnectionResetError."""
    try:
        async with asyncio.timeout(SLOWEST_BODY_SECONDS):
            return await _body(headers, receive, largest)
    except TimeoutError:
        raise RefusedError(408, "body too slow") from None


async def _body(headers: Headers, receive: Receive, largest: int) -> bytes:
    if (length := headers.get("content-length", "")).isdecimal() and int(length) > largest:
        raise RefusedError(413, "body announced too large")
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        body += message.get("body", b"")
        if len(body) > largest:
            raise RefusedError(413, "body too large")
        if not message.get("more_body", False):
            return bytes(body)


def _form_cookie(headers: Headers) -> str | None:
    cookies = Request({"type": "http", "headers": headers.raw}).cookies
    value = cookies.get(FORM_COOKIE, "")
    return value if len(value) >= 32 and value.isascii() else None  # noqa: PLR2004  # what token_urlsafe(24) writes


def _with_cookie(send: Send, token: str, scheme: str) -> Send:
    cookie = f"{FORM_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if scheme == 'https' else ''}"

    async def complete(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            # Only pages carry forms; a stream or a file needs no cookie, and static files are shared by caches.
            if headers.get("content-type", "").startswith("text/html"):
                headers.append("set-cookie", cookie)
        await send(message)

    return complete
