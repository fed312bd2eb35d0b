"""The real web over the small clinic in memory, as one application."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute

from bot.channels import webchat
from bot.desk import web as web_desk
from bot.web.application import build_web
from bot.web.headers import FramePolicy
from bot.web.home import home_route
from bot.web.hooks import HookDoor
from bot.web.pages import Pages
from bot.web.rehearsal import DESK_DOOR, Rehearsal
from bot.web.stream import BEAT, Signals
from bot.web.words import Clinic
from bot.wording import Catalogue, PageWords
from flows.vocabulary import Language
from tests.web.patients import MemoryHealth, MemoryPatients, MemoryStage
from tests.web.staff import MemoryDesk
from tests.web.world import CLINIC, PHONE, ZONE, World

CATALOGUE = Catalogue.load()


class Front(Enum):
    """What stands at `/`."""

    HOME = "home"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A web application, the world it shows, and what tests turn on it."""

    app: HookDoor
    world: World
    pages: Pages
    signals: Signals
    health: MemoryHealth


def build_site(
    world: World, *, front: Front = Front.HOME, routes: tuple[BaseRoute, ...] = (), beat: timedelta = BEAT
) -> Site:
    """Build the site; `routes` are added to the house's own."""
    pages = Pages(
        folders={"chat": webchat.FOLDER, "desk": web_desk.FOLDER},
        words=PageWords(catalogue=CATALOGUE, zone=ZoneInfo(ZONE)),
        clinic=Clinic(name=CLINIC, phone=PHONE, zone=ZONE, language=Language.EN),
        clock=world.clock,
    )
    signals = Signals(world.live, beat=beat)
    pace = webchat.Pace(seconds=lambda: world.clock.now().timestamp())
    chat = webchat.ChatRoutes(patient=MemoryPatients(world), pages=pages, signals=signals, pace=pace)
    rehearsing = front is Front.REHEARSAL
    way_out = DESK_DOOR if rehearsing else f"{web_desk.HOME}/"
    desk = web_desk.DeskRoutes(desk=MemoryDesk(world), pages=pages, signals=signals, signed_out=way_out)
    stage = Rehearsal(
        stage=MemoryStage(world),
        pages=pages,
        signals=signals,
        open_phone=chat.enter,
        open_desk=desk.enter,
        language=Language.EN,
    )
    health = MemoryHealth()
    app = build_web(
        routes=[*(stage.routes() if rehearsing else [home_route(pages)]), *chat.routes(), *desk.routes(), *routes],
        pages=pages,
        health=health,
        allowed_hosts=["127.0.0.1", "localhost"],
        frames=FramePolicy.SELF if rehearsing else FramePolicy.NOBODY,
    )
    return Site(app=app, world=world, pages=pages, signals=signals, health=health)
