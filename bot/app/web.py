"""The web of a house: which pages each entrance has, and how they are served."""

import gc
import sys
from collections.abc import Callable
from socket import socket
from time import monotonic
from urllib.parse import urlsplit

from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.app.house import House
from bot.app.listening import Listening, listening
from bot.channels import webchat
from bot.desk import web as web_desk
from bot.intake import HealthWithIntake
from bot.services.desk_ports import RehearsalPage
from bot.web.application import build_web
from bot.web.headers import FramePolicy
from bot.web.home import home_route
from bot.web.proof import PROOF, proof_routes
from bot.web.rehearsal import DESK_DOOR, Rehearsal
from bot.web.serving import serve_on
from bot.web.unsubscribe import UNSUBSCRIBE, unsubscribe_routes

SWITCH_SECONDS = 0.0005


def build_web_of(house: House, bots: Listening | None = None) -> ASGIApp:
    """Make the web application of `recare run`; bots: those whose webhooks lie here."""
    settings = house.clinic.settings.web
    hosts = {*settings.hosts, settings.host, "127.0.0.1", "localhost"}
    public = urlsplit(settings.public_url)
    published = {public.hostname} if public.hostname else set()
    return build_web(
        routes=[
            *home_routes(house),
            *unsubscribe_routes(house.unsubscribing, house.pages),
            *proof_routes(house.proofs, house.pages),
            *_doors(house)[0],
        ],
        pages=house.pages,
        health=house.keeping if bots is None else HealthWithIntake(house.keeping, bots.intake, bots.taking_in),
        hooks=() if bots is None else bots.intake.hooks,
        allowed_hosts=hosts | published,
        https_hosts=published if public.scheme == "https" else (),
        open_paths=(UNSUBSCRIBE, PROOF),
    )


def build_rehearsal_web(house: House, stage: RehearsalPage) -> ASGIApp:
    """Make the web application of `recare demo`: the same doors, and the stage around them."""
    routes, chat, desk = _doors(house, signed_out=DESK_DOOR)
    front = Rehearsal(
        stage=stage,
        pages=house.pages,
        signals=house.signals,
        open_phone=chat.enter,
        open_desk=desk.enter,
        language=house.clinic.settings.clinic.language,
    )
    return build_web(
        routes=[*front.routes(), *routes],
        pages=house.pages,
        health=house.keeping,
        allowed_hosts={"127.0.0.1", "localhost"},
        frames=FramePolicy.SELF,
    )


async def serve(
    house: House,
    application: ASGIApp,
    socket: socket,
    ready: Callable[[], None],
    bots: Listening | None = None,
) -> None:
    """Run a house until it is interrupted: its pages, its ticks and its bots."""
    _settle()
    house.ticks.start()
    try:
        async with listening(bots):
            try:
                async with house.delivery.going_on():
                    await serve_on(socket, application, ready, ending=house.signals.close)
            finally:
                # What is under way leaves by the bots' connections: they close when all of it has left.
                await house.ticks.stop()
    finally:
        await house.database.close()


def _settle() -> None:
    """Make threads and memory ready for load; measured as the two largest single gains there."""
    # What was built at start stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    # The thread that writes gives the interpreter away at each statement; it should not wait 5 ms to get it back.
    sys.setswitchinterval(SWITCH_SECONDS)


def home_routes(house: House) -> list[BaseRoute]:
    """The front door of `recare run`."""
    return [home_route(house.pages)]


def _doors(
    house: House, *, signed_out: str = f"{web_desk.HOME}/"
) -> tuple[list[BaseRoute], webchat.ChatRoutes, web_desk.DeskRoutes]:
    chat = webchat.ChatRoutes(
        patient=house.patient, pages=house.pages, signals=house.signals, pace=webchat.Pace(seconds=monotonic)
    )
    desk = web_desk.DeskRoutes(desk=house.desk, pages=house.pages, signals=house.signals, signed_out=signed_out)
    releases = web_desk.ReleaseRoutes(desk=house.desk, releases=house.releasing, pages=house.pages)
    worklist = web_desk.WorklistRoutes(
        desk=house.desk, worklist=house.worklist, attendance=house.attendance, pages=house.pages
    )
    identity = web_desk.IdentityRoutes(
        desk=house.desk, identifying=house.identifying, files=house.attachments, pages=house.pages
    )
    return (
        [
            *chat.routes(),
            *identity.routes(),
            *desk.routes(),
            *releases.routes(),
            *worklist.routes(),
        ],
        chat,
        desk,
    )
