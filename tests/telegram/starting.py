"""Starts the whole house as `recare run` does, before the Bot API server of `tests/botapi`.

Only the clock is set, and ticks come when a test lets time pass; everything else is the real thing, over real HTTP. A
house that was stopped is started again on the same database, with the same bots.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp

from bot.app import House, build_house, build_web_of
from bot.app.bots import connect_bots, lead_in
from bot.app.listening import Listening, listening
from bot.channels.telegram import Connection as PatientsConnection
from bot.channels.telegram import PatientsAccount
from bot.clocks import RehearsalClock
from bot.desk.telegram import DeskAccount, connect
from bot.intake import Mode, webhook_of
from bot.settings import BotTokens, ClinicSettings, read_clinic
from bot.settings.clinic import PlacePart, TelegramPart
from bot.settings.policies import read_book
from bot.web.connections import Connection
from flows.outreach.facts import Mode as Running
from flows.vocabulary import Language
from storage.database import Database
from storage.engines import Lasting
from tests.botapi.api import BotApi
from tests.house.records import Records
from tests.telegram.clinic import Bots, Clinic
from tests.world import CLINIC_FILE, KEY

FIRST = {(Language.EN, Mode.POLLING), (Language.RU, Mode.WEBHOOK)}
EVERY_WAY = pytest.mark.parametrize(
    ("language", "mode"),
    [
        pytest.param(language, mode, marks=() if (language, mode) in FIRST else pytest.mark.long)
        for language in Language
        for mode in Mode
    ],
)
"""Each language, fetched and brought; two of them at every run of the tests, the others with the long ones."""

PLACE = PlacePart(latitude=52.1, longitude=4.9)


@contextlib.asynccontextmanager
async def house_on_telegram(
    api: BotApi,
    folder: Path,
    clock: RehearsalClock,
    *,
    mode: Mode = Mode.POLLING,
    bots: Bots | None = None,
    language: Language = Language.EN,
) -> AsyncIterator[Clinic]:
    """Run a house until the block ends; what it stores is kept in the folder.

    bots: those of a house before it. language: of the staff.
    """
    bots = bots or Bots(patients=api.bot("clinic_bot"), desk=api.bot("clinic_desk_bot", sees_all=True))
    url = f"sqlite:///{folder / 'recare.sqlite'}"
    with contextlib.closing(_listen()) as taken, Records(url) as records:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        house, listens = _build(_settings(api, address, mode, bots, language), url, clock, bots)
        if mode is Mode.WEBHOOK:
            await _lead_here(api, bots, address)
        clinic = Clinic(
            api=api, bots=bots, house=house, clock=clock, records=records, listening=listens, address=address
        )
        failed: Exception | None = None
        try:
            async with _running(house, build_web_of(house, listens), listens, taken):
                try:
                    yield clinic
                except Exception as failure:  # noqa: BLE001  # raised below: groups of tasks would hide it in groups
                    failed = failure
        finally:
            await house.database.close()
        if failed is not None:
            raise failed


def _settings(api: BotApi, address: str, mode: Mode, bots: Bots, language: Language) -> ClinicSettings:
    settings = read_clinic(CLINIC_FILE)
    telegram = TelegramPart(api_base=api.base, mode=mode.value, username=bots.patients.account.username)
    return settings.model_copy(
        update={
            "telegram": telegram,
            "clinic": settings.clinic.model_copy(update={"place": PLACE, "language": language}),
            "web": settings.web.model_copy(update={"public_url": address}),
        }
    )


def _build(settings: ClinicSettings, url: str, clock: RehearsalClock, bots: Bots) -> tuple[House, Listening]:
    """Build what runs, whose policy somebody has signed; what is stored outlives the house, not a power cut."""
    database = Database.open(url, master_key=KEY, clock=clock.now, lasting=Lasting.THROWN_AWAY)
    database.migrate()
    connected = connect_bots(settings, BotTokens(patients=bots.patients.token, desk=bots.desk.token))
    assert connected is not None
    assert connected.channel is not None
    house = build_house(
        settings=settings,
        policies=read_book(settings),
        database=database,
        clock=clock,
        mode=Running.LIVE,
        channels=(connected.channel,),
        board=connected.board,
    )
    own = house.clinic.policies.own
    with database.unit_of_work(house.clinic.id) as uow:
        uow.decisions.sign(own.id, own.version, own.content_hash, signed_by="Robin Example", now=clock.now())
        uow.commit()
    listens = lead_in(house, connected)
    assert listens is not None
    return house, listens


async def _lead_here(api: BotApi, bots: Bots, address: str) -> None:
    """Do what `recare webhook set` does, but over plain HTTP: the way is a loop."""
    patients = PatientsAccount(PatientsConnection(bots.patients.token, api.base))
    desk = DeskAccount(connect(token=bots.desk.token, api_base=api.base))
    for account, token in ((patients, bots.patients.token), (desk, bots.desk.token)):
        hook = webhook_of(token)
        await account.set_webhook(address + hook.path, hook.secret)
        await account.close()


def _listen() -> socket.socket:
    taken = socket.socket(proto=socket.IPPROTO_TCP)
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    taken.setblocking(False)  # noqa: FBT003  # the standard library's signature
    return taken


@contextlib.asynccontextmanager
async def _running(house: House, web: ASGIApp, to: Listening, taken: socket.socket) -> AsyncIterator[None]:
    """Run what `bot.app.serve` runs, without the scheduler."""
    config = uvicorn.Config(web, http=Connection, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as nursery:
        nursery.create_task(server.serve(sockets=[taken]))
        while not server.started:  # noqa: ASYNC110  # the server has no event to wait for
            await asyncio.sleep(0.005)
        try:
            async with listening(to), house.delivery.going_on():
                yield
        finally:
            house.signals.close()
            server.should_exit = True
