"""The one composition root: which parts there are, and who is handed what. Nothing else builds services."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from socket import socket
from time import monotonic
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.channels import email, webchat
from bot.desk import web as web_desk
from bot.jobs.ticks import Job, Ticks
from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.delivery import Delivery
from bot.services.desk import DeskService
from bot.services.desk_ports import RehearsalPage
from bot.services.enrolment import enrol
from bot.services.foretelling import Foretelling
from bot.services.invitations import InvitationWriter
from bot.services.keeping import Keeping
from bot.services.ledger import LedgerKeeping
from bot.services.live import DESK, Live
from bot.services.mailing import Mailing
from bot.services.news import News
from bot.services.patient_page import PatientPages
from bot.services.people import voice_of
from bot.services.planning import Planning
from bot.services.ports import Clock, PatientChannel
from bot.services.proactive import Departures
from bot.services.proof_mail import ProofMailing
from bot.services.proof_page import Proofs
from bot.services.releasing import Releasing
from bot.services.speaking import Speaker
from bot.services.staff import StaffService
from bot.services.turn import Turns
from bot.services.unsubscribing import Unsubscribing
from bot.services.worklist import Worklist
from bot.settings import ClinicSettings
from bot.settings.clinic import MailPart
from bot.understanding import RuleUnderstander
from bot.web.application import build_web
from bot.web.headers import FramePolicy
from bot.web.home import home_route
from bot.web.pages import Pages
from bot.web.proof import PROOF, ProofRoutes
from bot.web.rehearsal import DESK_DOOR, Rehearsal
from bot.web.serving import serve_on
from bot.web.stream import Signals
from bot.web.unsubscribe import UNSUBSCRIBE, UnsubscribeRoutes
from bot.web.words import Clinic as ClinicSign
from bot.wording import Catalogue, PageWords, Wording
from flows.messages.text import every_text
from flows.outreach.facts import Mode
from flows.outreach.policy_book import PolicyBook
from flows.vocabulary import Channel
from storage.database import Database


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
    unsubscribing: Unsubscribing
    proofs: Proofs
    desk: DeskService
    worklist: Worklist
    releasing: Releasing
    staff: StaffService
    ticks: Ticks
    pages: Pages
    signals: Signals


def build_house(
    *,
    settings: ClinicSettings,
    policies: PolicyBook,
    database: Database,
    clock: Clock,
    mode: Mode,
    smtp_password: str | None = None,
) -> House:
    """Put the parts together; nothing runs yet. smtp_password: of the mail server's user. Raises StorageError."""
    clinic = enrol(database, settings, policies, mode)
    catalogue = Catalogue.load()
    catalogue.require(every_text())
    wording = Wording(catalogue=catalogue, clinic=voice_of(clinic))
    live = Live()
    news = News(live, [web_desk.WebDesk(live)])
    queues = ChatQueues()
    speaker = Speaker(wording)
    channels: dict[Channel, PatientChannel] = {Channel.WEBCHAT: webchat.WebChat()}
    if settings.mail is not None and mode is Mode.LIVE:
        channels[Channel.EMAIL] = _email(settings, settings.mail, smtp_password, clock)
    writer = InvitationWriter(wording, clinic)
    mailing = Mailing(clinic=clinic, writer=writer)
    departures = Departures(database=database, clinic=clinic, clock=clock, speaker=speaker, mailing=mailing)
    delivery = Delivery(
        database=database,
        clinic=clinic,
        clock=clock,
        channels=channels,
        departures=departures,
        proofs=ProofMailing(clinic=clinic, clock=clock, wording=wording),
        queues=queues,
        news=news,
    )
    turns = Turns(
        clinic=clinic,
        clock=clock,
        understander=RuleUnderstander.load(),
        speaker=speaker,
        delivery=delivery,
        queues=queues,
        news=news,
    )
    planning = Planning(database=database, clinic=clinic, clock=clock)
    keeping = Keeping(database=database, clinic=clinic, clock=clock, news=news)
    ledger = LedgerKeeping(database=database, clinic=clinic, clock=clock)
    staff = StaffService(database=database, clinic=clinic, clock=clock)
    desk = DeskService(clinic=clinic, speaker=speaker, delivery=delivery, queues=queues, staff=staff)
    foretelling = Foretelling(clinic=clinic, speaker=speaker, writer=writer)
    releasing = Releasing(database=database, clinic=clinic, clock=clock, foretelling=foretelling)
    ticks = Ticks(
        (
            Job(name="plan", every_seconds=60, work=planning.plan_due),
            Job(name="deliver", every_seconds=2, work=delivery.send_due),
            Job(name="expire_holds", every_seconds=60, work=keeping.expire_holds),
            Job(name="end_leases", every_seconds=60, work=keeping.end_leases),
            Job(name="sweep_passes", every_seconds=3600, work=keeping.sweep_passes),
            Job(name="forget_updates", every_seconds=3600, work=keeping.forget_updates),
            Job(name="seal_ledger", every_seconds=3600, work=ledger.seal_due),
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
            names=settings.clinic.names,
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
        unsubscribing=Unsubscribing(database=database, clinic=clinic, clock=clock),
        proofs=Proofs(database=database, clinic=clinic, clock=clock),
        desk=desk,
        worklist=Worklist(database=database, clinic=clinic, clock=clock, changed=partial(live.signal, DESK)),
        releasing=releasing,
        staff=staff,
        ticks=ticks,
        pages=pages,
        signals=Signals(live),
    )


def _email(settings: ClinicSettings, part: MailPart, password: str | None, clock: Clock) -> email.EmailChannel:
    postbox = email.Postbox(
        host=part.host, port=part.port, security=email.Security(part.security), user=part.user, password=password
    )
    sender = email.Sender(
        name=settings.clinic.name, names=settings.clinic.names, mailbox=part.sender, reply_to=part.reply_to
    )
    return email.EmailChannel(postbox=postbox, sender=sender, clock=clock)


def build_web_of(house: House) -> Starlette:
    """Make the web application of `recare run`."""
    settings = house.clinic.settings.web
    hosts = {*settings.hosts, settings.host, "127.0.0.1", "localhost"}
    public = urlsplit(settings.public_url)
    published = {public.hostname} if public.hostname else set()
    return build_web(
        routes=[
            *home_routes(house),
            *UnsubscribeRoutes(service=house.unsubscribing, pages=house.pages).routes(),
            *ProofRoutes(service=house.proofs, pages=house.pages).routes(),
            *_doors(house)[0],
        ],
        pages=house.pages,
        health=house.keeping,
        allowed_hosts=hosts | published,
        https_hosts=published if public.scheme == "https" else (),
        open_paths=(UNSUBSCRIBE, PROOF),
    )


def build_rehearsal_web(house: House, stage: RehearsalPage) -> Starlette:
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


async def serve(house: House, application: Starlette, socket: socket, ready: Callable[[], None]) -> None:
    """Run a house until it is interrupted: its pages, and its ticks."""
    _settle_memory()
    house.ticks.start()
    try:
        await serve_on(socket, application, ready, ending=house.signals.close)
    finally:
        try:
            await house.ticks.stop()
        finally:
            await house.database.close()


def _settle_memory() -> None:
    """Keep what was built at start out of the collector's way; measured as the largest single gain under load."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


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
    worklist = web_desk.WorklistRoutes(desk=house.desk, worklist=house.worklist, pages=house.pages)
    return [*chat.routes(), *desk.routes(), *releases.routes(), *worklist.routes()], chat, desk
