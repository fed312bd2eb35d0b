"""The one composition root: which parts there are, and who is handed what. Nothing else builds services."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.channels import webchat
from bot.desk import web as web_desk
from bot.jobs.ticks import Job, Ticks
from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.delivery import Delivery
from bot.services.desk import DeskService
from bot.services.enrolment import enrol
from bot.services.keeping import Keeping
from bot.services.live import Live
from bot.services.patient_page import PatientPages
from bot.services.people import voice_of
from bot.services.planning import Planning
from bot.services.ports import Clock
from bot.services.proactive import Departures
from bot.services.speaking import Speaker
from bot.services.staff import StaffService
from bot.services.turn import Turns
from bot.serving import closing, listen, serve_on
from bot.settings import ClinicSettings
from bot.understanding import Matcher
from bot.web.application import build_web
from bot.web.headers import FramePolicy
from bot.web.home import home_route
from bot.web.pages import Pages
from bot.web.stream import Signals
from bot.web.words import Clinic as ClinicSign
from bot.wording import Catalogue, PageWords, Wording
from flows.outreach.facts import Mode
from flows.outreach.policy import Policy
from flows.vocabulary import Channel
from storage.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """Everything that is there while recare runs."""

    clinic: Clinic
    database: Database
    clock: Clock
    live: Live
    turns: Turns
    delivery: Delivery
    planning: Planning
    keeping: Keeping
    patient: PatientPages
    desk: DeskService
    staff: StaffService
    ticks: Ticks
    pages: Pages


def build_house(
    *, settings: ClinicSettings, policy: Policy, database: Database, clock: Clock, mode: Mode
) -> House:
    """Put the parts together; nothing runs yet. Raises StorageError."""
    clinic = enrol(database, settings, policy, mode)
    catalogue = Catalogue.load()
    wording = Wording(catalogue=catalogue, clinic=voice_of(clinic))
    live = Live()
    queues = ChatQueues()
    speaker = Speaker(wording)
    channels = {Channel.WEBCHAT: webchat.WebChat(live)}
    departures = Departures(database=database, clinic=clinic, clock=clock, speaker=speaker, queues=queues)
    delivery = Delivery(
        database=database, clinic=clinic, clock=clock, channels=channels, departures=departures, queues=queues, live=live
    )
    turns = Turns(
        clinic=clinic,
        clock=clock,
        understander=Matcher.load(),
        speaker=speaker,
        delivery=delivery,
        queues=queues,
        live=live,
    )
    planning = Planning(database=database, clinic=clinic, clock=clock, speaker=speaker)
    keeping = Keeping(database=database, clinic=clinic, clock=clock, live=live)
    desk = DeskService(clinic=clinic, clock=clock, speaker=speaker, delivery=delivery, queues=queues, live=live)
    ticks = Ticks(
        (
            Job(name="plan", every_seconds=60, work=planning.plan_due),
            Job(name="deliver", every_seconds=2, work=delivery.send_due),
            Job(name="expire_holds", every_seconds=60, work=keeping.expire_holds),
            Job(name="end_leases", every_seconds=60, work=keeping.end_leases),
        ),
        keeping,
    )
    pages = Pages(
        folders={"chat": webchat.FOLDER, "desk": web_desk.FOLDER},
        words=PageWords(catalogue=catalogue, zone=clinic.zone),
        clinic=ClinicSign(
            name=settings.clinic.name,
            phone=settings.clinic.phone,
            zone=settings.clinic.zone,
            language=settings.clinic.language,
        ),
        clock=clock,
    )
    return House(
        clinic=clinic,
        database=database,
        clock=clock,
        live=live,
        turns=turns,
        delivery=delivery,
        planning=planning,
        keeping=keeping,
        patient=PatientPages(database=database, clinic=clinic, clock=clock, turns=turns),
        desk=desk,
        staff=StaffService(database=database, clinic=clinic, clock=clock),
        ticks=ticks,
        pages=pages,
    )


def build_pages(house: House, *, front: BaseRoute | None = None, frames: FramePolicy = FramePolicy.NOBODY) -> Starlette:
    """Make the web application of a house."""
    raise NotImplementedError
