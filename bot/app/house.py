"""The house: which services there are, and which parts each is handed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from bot.channels import email, webchat
from bot.desk import web as web_desk
from bot.jobs.ticks import Job, Ticks
from bot.services.arrivals import Arrivals
from bot.services.attachments import Attachments
from bot.services.attendance import Attendance
from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.delivery import Delivery
from bot.services.desk import DeskService
from bot.services.enrolment import enrol
from bot.services.foretelling import Foretelling
from bot.services.identifying import Identifying
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
from bot.services.recognising import Recognising
from bot.services.releasing import Releasing
from bot.services.speaking import Speaker
from bot.services.staff import StaffService
from bot.services.sweeping import Sweeping
from bot.services.telling import Teller
from bot.services.topic_attention import TopicAttention
from bot.services.topic_parts import TopicParts
from bot.services.topic_ports import Board
from bot.services.topics import Bell, ForumDesk
from bot.services.turn import Turns
from bot.services.unsubscribing import Unsubscribing
from bot.services.waking import Waking
from bot.services.worklist import Worklist
from bot.settings import ClinicSettings
from bot.settings.clinic import MailPart
from bot.understanding import RuleUnderstander, Understander
from bot.web.pages import Pages
from bot.web.stream import Signals
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
    entrance: Arrivals
    identifying: Identifying
    waking: Waking
    attachments: Attachments
    delivery: Delivery
    planning: Planning
    keeping: Keeping
    patient: PatientPages
    unsubscribing: Unsubscribing
    proofs: Proofs
    desk: DeskService
    worklist: Worklist
    attendance: Attendance
    releasing: Releasing
    staff: StaffService
    ticks: Ticks
    pages: Pages
    words: PageWords
    signals: Signals
    topics: ForumDesk | None


def build_house(  # noqa: PLR0913 - each thing from outside is named
    *,
    settings: ClinicSettings,
    policies: PolicyBook,
    database: Database,
    clock: Clock,
    mode: Mode,
    smtp_password: str | None = None,
    channels: Iterable[PatientChannel] = (),
    board: Board | None = None,
    understander: Understander | None = None,
) -> House:
    """Put the parts together; nothing runs yet.

    smtp_password: of the mail server's user. channels: the messengers that are connected. board: the forum group's.
    understander: what reads texts; None: the word lists alone, where nobody real is spoken with.

    Raises StorageError.
    """
    clinic = enrol(database, settings, policies, mode)
    catalogue = Catalogue.load()
    catalogue.require(every_text())
    wording = Wording(catalogue=catalogue, clinic=voice_of(clinic))
    live = Live()
    attention = TopicAttention()
    news = News(live, [web_desk.WebDesk(live), *(() if board is None else (Bell(attention),))])
    queues = ChatQueues()
    speaker = Speaker(wording)
    by_name: dict[Channel, PatientChannel] = {Channel.WEBCHAT: webchat.WebChat()}
    by_name |= {channel.name: channel for channel in channels}
    if settings.mail is not None and mode is Mode.LIVE:
        by_name[Channel.EMAIL] = _email(settings, settings.mail, smtp_password, clock)
    writer = InvitationWriter(wording, clinic)
    mailing = Mailing(clinic=clinic, writer=writer)
    departures = Departures(database=database, clinic=clinic, clock=clock, speaker=speaker, mailing=mailing)
    delivery = Delivery(
        database=database,
        clinic=clinic,
        clock=clock,
        channels=by_name,
        departures=departures,
        proofs=ProofMailing(clinic=clinic, clock=clock, wording=wording),
        queues=queues,
        news=news,
    )
    turns = Turns(
        clinic=clinic,
        clock=clock,
        understander=understander or RuleUnderstander.load(),
        speaker=speaker,
        delivery=delivery,
        queues=queues,
        news=news,
    )
    teller = Teller(clinic=clinic, speaker=speaker)
    recognising = Recognising(clinic=clinic, clock=clock, teller=teller)
    planning = Planning(database=database, clinic=clinic, clock=clock)
    keeping = Keeping(database=database, clinic=clinic, clock=clock, news=news)
    sweeping = Sweeping(database=database, clinic=clinic, clock=clock, news=news)
    waking = Waking(database=database, clinic=clinic, clock=clock, turns=turns)
    ledger = LedgerKeeping(database=database, clinic=clinic, clock=clock)
    staff = StaffService(database=database, clinic=clinic, clock=clock)
    desk = DeskService(clinic=clinic, speaker=speaker, delivery=delivery, queues=queues, staff=staff)
    words = PageWords(catalogue=catalogue, zone=clinic.zone)
    topics = None
    if board is not None:
        parts = TopicParts(database=database, clinic=clinic, clock=clock, board=board, words=words)
        topics = ForumDesk(parts, desk, attention)
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
            Job(name="sweep_strangers", every_seconds=3600, work=sweeping.sweep_strangers),
            *_alive(settings, waking),
            *(() if topics is None else (Job(name="topics", every_seconds=1, work=topics.sync),)),
        ),
        keeping,
    )
    pages = Pages(
        folders={"chat": webchat.FOLDER, "desk": web_desk.FOLDER},
        words=words,
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
        entrance=Arrivals(database=database, clinic=clinic, clock=clock, turns=turns, recognising=recognising),
        identifying=Identifying(
            database=database, clinic=clinic, clock=clock, recognising=recognising, teller=teller, turns=turns
        ),
        waking=waking,
        attachments=Attachments(database=database, clinic_id=clinic.id),
        delivery=delivery,
        planning=planning,
        keeping=keeping,
        patient=PatientPages(database=database, clinic=clinic, clock=clock, turns=turns),
        unsubscribing=Unsubscribing(database=database, clinic=clinic, clock=clock),
        proofs=Proofs(database=database, clinic=clinic, clock=clock),
        desk=desk,
        worklist=Worklist(database=database, clinic=clinic, clock=clock, changed=partial(live.signal, DESK)),
        attendance=Attendance(
            database=database, clinic=clinic, clock=clock, desk=desk, changed=partial(live.signal, DESK)
        ),
        releasing=releasing,
        staff=staff,
        ticks=ticks,
        pages=pages,
        words=words,
        signals=Signals(live),
        topics=topics,
    )


def _alive(settings: ClinicSettings, waking: Waking) -> tuple[Job, ...]:
    """Who waits to be called has no other sign of being reached than being there; who fetches knows it by fetching."""
    if settings.telegram is None or settings.telegram.mode != "webhook":
        return ()
    return (Job(name="alive", every_seconds=30, work=partial(waking.beat, Channel.TELEGRAM)),)


def _email(settings: ClinicSettings, part: MailPart, password: str | None, clock: Clock) -> email.EmailChannel:
    postbox = email.Postbox(
        host=part.host, port=part.port, security=email.Security(part.security), user=part.user, password=password
    )
    sender = email.Sender(
        name=settings.clinic.name, names=settings.clinic.names, mailbox=part.sender, reply_to=part.reply_to
    )
    return email.EmailChannel(postbox=postbox, sender=sender, clock=clock)
