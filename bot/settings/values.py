"""The values that `clinic.toml` is written in: what each may be, and in whose words a wrong one is refused.

A message follows the name of its key, says what the value must be, and never quotes it.
"""

import re
from itertools import pairwise
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from phonenumbers import SUPPORTED_REGIONS
from pydantic import AfterValidator, Field

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
OPENING = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):[0-5]\d|24:00)")
SUBDIVISION = re.compile(r"[A-Z0-9]{1,3}")
BOT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
POLICY = re.compile(r"[a-z][a-z0-9_-]{0,19}")
WEB_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
SERVER_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
PRICE = re.compile(r"(\d{1,6})(?:\.(\d{2}))? ([A-Z]{3})")
QUARTER = 15
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _like(pattern: re.Pattern[str], otherwise: str) -> AfterValidator:
    """Take a text that is written like this. otherwise: what it must be, said of one that is not."""

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(otherwise)
        return value

    return AfterValidator(check)


def _zone(value: str) -> str:
    if value not in available_timezones():
        message = "is not a time zone; write it like Europe/Amsterdam"
        raise ValueError(message)
    return value


def _country(value: str) -> str:
    if value not in SUPPORTED_REGIONS:
        message = "is not a country's code of two capital letters (ISO 3166); write it like NL, or GB for the UK"
        raise ValueError(message)
    return value


def _opening(value: str) -> str:
    read = OPENING.fullmatch(value)
    if not read or _minutes(value[:5]) >= _minutes(value[6:]):
        message = "is not a stretch of opening hours; write it like 09:00-12:30"
        raise ValueError(message)
    if _minutes(value[:5]) % QUARTER or _minutes(value[6:]) % QUARTER:
        message = "must begin and end on a quarter of an hour; round it, like 09:00-12:30"
        raise ValueError(message)
    return value


def _apart(openings: tuple[str, ...]) -> tuple[str, ...]:
    """Hold the openings of a day apart: of two that meet, nobody could tell which one was meant."""
    stretches = sorted(map(minutes_of, openings))
    for (_, closes), (opens, _) in pairwise(stretches):
        if opens < closes:
            message = "has opening hours that overlap; leave a break between them, or write them as one"
            raise ValueError(message)
        if opens == closes:
            message = "has opening hours without a break between them; write them as one"
            raise ValueError(message)
    return openings


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _mailbox(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as wrong:
        message = "write one e-mail address, as practice@example.com"
        raise ValueError(message) from wrong


def _web_address(value: str) -> str:
    message = (
        "is not the address of a site; write it like https://recall.example.org, without a / at its end; "
        "a name in other than plain letters in its xn-- form"
    )
    if not _is_site(value):
        raise ValueError(message)
    return value


def _is_site(value: str) -> bool:
    try:
        return WEB_ADDRESS.fullmatch(value) is not None and urlsplit(value).port != 0
    except ValueError:
        return False


def _server_address(value: str) -> str:
    address = value.removesuffix("/")
    site = WEB_ADDRESS.match(address)
    if site is None or not _is_site(site.group()) or SERVER_PATH.fullmatch(address, site.end()) is None:
        message = (
            "is not the address of a server; write it like https://api.telegram.org or http://127.0.0.1:8081, with the "
            "path before /bot, if there is one"
        )
        raise ValueError(message)
    return address


def _one_line(value: str) -> str:
    if len(value.splitlines()) > 1:
        message = "must stand in one line: it goes into the head of e-mails and letters"
        raise ValueError(message)
    return value


def minutes_of(opening: str) -> tuple[int, int]:
    """Read opening hours "09:00-12:30" as minutes since midnight, civil time in the clinic's zone."""
    return _minutes(opening[:5]), _minutes(opening[6:])


Key = Annotated[str, _like(KEY, "must be at most 40 lower-case letters, digits and _, beginning with a letter")]
PolicyName = Annotated[
    str,
    _like(
        POLICY, "is not the name of a policy; write it like strictest, ca-qc, or as your file in policies/ is called"
    ),
]
BotName = Annotated[
    str,
    _like(BOT_NAME, 'is not the name of a bot; write it without "@", as @BotFather shows it, like example_recall_bot'),
]
Opening = Annotated[str, AfterValidator(_opening)]
Day = Annotated[tuple[Opening, ...], AfterValidator(_apart)]
Short = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Words = Annotated[str, Field(min_length=1, max_length=300)]
Country = Annotated[str, AfterValidator(_country)]
Subdivision = Annotated[
    str,
    _like(SUBDIVISION, "is not the code of a part of a country (ISO 3166-2, without the country); write it like QC"),
]
Zone = Annotated[str, AfterValidator(_zone)]
Price = Annotated[str, _like(PRICE, "is not a price; write it like 65.00 EUR")]
WebAddress = Annotated[str, AfterValidator(_web_address)]
ServerAddress = Annotated[str, AfterValidator(_server_address)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
