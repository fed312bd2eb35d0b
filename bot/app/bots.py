"""The bots of a house on Telegram: how they are connected, and how they are led into it.

Whoever imports this brings both of Telegram's libraries, which takes seconds: only a clinic that has a bot does.
"""

from dataclasses import dataclass
from functools import partial

from bot.app.house import House
from bot.app.listening import Listening
from bot.channels import telegram as patients_telegram
from bot.desk import telegram as desk_telegram
from bot.intake import Intake, Mode, WayIn, way_in
from bot.services.acceptance import TakingIn
from bot.services.bot_names import desk_name, patients_name
from bot.settings import BotTokens, ClinicSettings
from bot.settings.clinic import TelegramPart
from flows.vocabulary import Channel, Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Bots:
    """What is connected; None: that bot has no token."""

    tokens: BotTokens
    patients: patients_telegram.Connection | None
    channel: patients_telegram.TelegramChannel | None
    desk: desk_telegram.DeskClient | None
    board: desk_telegram.ForumBoard | None


def connect_bots(settings: ClinicSettings, tokens: BotTokens) -> Bots | None:
    """Connect the bots that have tokens; nothing is sent yet. None: `clinic.toml` has no [telegram]."""
    part = settings.telegram
    if part is None:
        return None
    connection = None if tokens.patients is None else patients_telegram.Connection(tokens.patients, part.api_base)
    client = None if tokens.desk is None else desk_telegram.connect(token=tokens.desk, api_base=part.api_base)
    return Bots(
        tokens=tokens,
        patients=connection,
        channel=None
        if connection is None
        else patients_telegram.TelegramChannel(connection, per_second=part.messages_per_second),
        desk=client,
        board=None if client is None else desk_telegram.ForumBoard(client),
    )


def lead_in(house: House, bots: Bots | None) -> Listening | None:
    """Lead what the bots are told into a house; nothing is listened to yet. None: there are no bots."""
    part = house.clinic.settings.telegram
    if bots is None or part is None:
        return None
    taking_in = TakingIn(
        database=house.database,
        clinic=house.clinic,
        clock=house.clock,
        channel=Channel.TELEGRAM,
        changed=house.delivery.news.changed,
    )
    intake = Intake(
        _ways_in(house, bots, part),
        mode=Mode(part.mode),
        taking_in=taking_in,
        public_url=house.clinic.settings.web.public_url,
        fetched=partial(house.waking.beat, Channel.TELEGRAM),
        messenger=part.api_base,
    )
    return Listening(intake=intake, taking_in=taking_in)


def _ways_in(house: House, bots: Bots, part: TelegramPart) -> list[WayIn]:
    ways: list[WayIn] = []
    if bots.patients is not None and bots.tokens.patients is not None:
        clinic = house.clinic.settings.clinic
        words = patients_telegram.BotWords(
            words=house.words,
            names={language: clinic.names.get(language, clinic.name) for language in Language},
            language=clinic.language,
            clock=house.clock,
        )
        patients = patients_telegram.PatientsBot(
            connection=bots.patients, entrance=house.entrance, words=words, clock=house.clock
        )
        ways.append(way_in(patients, bots.tokens.patients, patients_name(part)))
    if bots.desk is not None and bots.tokens.desk is not None and house.topics is not None:
        desk = desk_telegram.DeskBot(client=bots.desk, desk=house.topics)
        ways.append(way_in(desk, bots.tokens.desk, desk_name(part)))
    return ways
