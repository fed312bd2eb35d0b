"""Owns the security headers of every answer.

Nothing is loaded from elsewhere, no script or style stands inside a page, no address travels to another site, and
nothing but static files is ever stored by a browser or proxy.
"""

from enum import Enum

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)


class FramePolicy(Enum):
    """Who may show our pages in a frame; the value completes the content security policy."""

    NOBODY = ("frame-ancestors 'none'",)
    SELF = ("frame-ancestors 'self'", "frame-src 'self'")


class SecurityHeaders:
    """ASGI middleware: adds the headers to every answer that passes."""

    def __init__(self, app: ASGIApp, *, frames: FramePolicy) -> None:
        """Wrap an application."""
        self._app = app
        self._headers = security_headers(frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, complete)


def security_headers(frames: FramePolicy) -> dict[str, str]:
    """List the headers; an answer may set its own `cache-control`."""
    return {
        "content-security-policy": "; ".join((*POLICY, *frames.value)),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY" if frames is FramePolicy.NOBODY else "SAMEORIGIN",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-robots-tag": "noindex, nofollow",
        "cache-control": "no-store",
    }
