"""Owns the front door of `recare run`, which leads to nobody's data, and the answer to "are you well?"."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.services.desk_ports import Health
from bot.web.pages import Pages


def home_route(pages: Pages) -> Route:
    """Make the page at `/`: the clinic's name and phone, no more."""

    async def show(request: Request) -> Response:
        return pages.html(request, "web/home.html", language=pages.language(request))

    return Route("/", show)


def health_route(health: Health) -> Route:
    """Make the route `/health`: 200 when well, 503 when not."""

    async def show(_request: Request) -> Response:
        found = await health.health()
        return JSONResponse(dict(found), status_code=200 if found.get("status") == "ok" else 503)

    return Route("/health", show)
