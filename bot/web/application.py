"""Owns how routes, guards and headers become one web application.

Whatever a route answers passes the same headers, whatever it is asked has passed the same door; webhooks, which no
browser calls, have a door of their own before it.
"""

from collections.abc import Collection, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot.services.desk_ports import Health
from bot.web.guard import Guard
from bot.web.headers import FramePolicy, SecurityHeaders
from bot.web.home import health_route
from bot.web.hooks import Hook, HookDoor
from bot.web.pages import Pages
from bot.web.problems import Problems


def build_web(
    *,
    routes: Sequence[BaseRoute],
    pages: Pages,
    health: Health,
    allowed_hosts: Collection[str],
    frames: FramePolicy = FramePolicy.NOBODY,
    https_hosts: Collection[str] = (),
    open_paths: Collection[str] = (),
    hooks: Collection[Hook] = (),
) -> HookDoor:
    """Put the application together.

    `routes` come from the home page or the rehearsal, the patients' page and the desk; `allowed_hosts` are host names
    without port that requests may name, "*" for any; `https_hosts` are those that browsers reach over HTTPS;
    `open_paths` are beginnings of paths whose address alone is the key; `hooks` are the bots' webhooks. Run it with
    uvicorn's access log off: addresses hold tokens.
    """
    problems = Problems(pages, frames=frames)
    application = Starlette(
        routes=[*routes, health_route(health), pages.assets.route()],
        middleware=[
            Middleware(SecurityHeaders, frames=frames),
            Middleware(
                Guard,
                allowed_hosts=allowed_hosts,
                https_hosts=https_hosts,
                open_paths=open_paths,
                problem=problems.answer,
            ),
        ],
        exception_handlers={HTTPException: problems.known, Exception: problems.unknown},
    )
    return HookDoor(application, hooks=hooks)
