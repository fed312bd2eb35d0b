"""The shape of `clinic.toml`: one clinic, frozen, validated as a whole at start.

A field that is unknown, missing or of another type stops the start; nothing is guessed.
"""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from flows.messages.text import Money
from flows.vocabulary import Language

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
OPENING = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(([01]\d|2[0-3]):[0-5]\d|24:00)")
PRICE = re.compile(r"(\d{1,6})(?:\.(\d{2}))? ([A-Z]{3})")
QUARTER = 15

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _key(value: str) -> str:
    if not KEY.fullmatch(value):
        message = "use lower-case letters, digits and _, beginning with a letter"
        raise ValueError(message)
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        message = "not a time zone; write it like Europe/Amsterdam"
        raise ValueError(message)
    return value


def _opening(value: str) -> str:
    read = OPENING.fullmatch(value)
    if not read or _minutes(value[:5]) >= _minutes(value[6:]):
        message = "write opening hours like 09:00-12:30"
        raise ValueError(message)
    if _minutes(value[:5]) % QUARTER or _minutes(value[6:]) % QUARTER:
        message = "opening hours begin and end on a quarter of an hour"
        raise ValueError(message)
    return value


def _price(value: str) -> str:
    if not PRICE.fullmatch(value):
        message = "write a price like 65.00 EUR"
        raise ValueError(message)
    return value


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


Key = Annotated[str, AfterValidator(_key)]
Opening = Annotated[str, AfterValidator(_opening)]
Short = Annotated[str, Field(min_length=1, max_length=120)]
Words = Annotated[str, Field(min_length=1, max_length=300)]


class Part(BaseModel):
    """The common shape of all parts: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class ClinicPart(Part):
    """`[clinic]`: who speaks. Numbers are shown as written. names: what it is called in a language, if not `name`."""

    name: Short
    names: dict[Language, Short] = Field(default_factory=dict)
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    zone: Annotated[str, AfterValidator(_zone)]
    language: Language = Language.EN
    address: Short
    phone: Short
    emergency: Short = "112"
    out_of_hours: Short
    crisis_line: Short
    closed: tuple[date, ...] = ()


class SaysPart(Part):
    """`[says.<language>]`: what the clinic itself says of fees, payment, fear, and what to bring; whole sentences."""

    fees: Words | None = None
    payment: Words | None = None
    fear: Words | None = None
    bring: Words | None = None


class ProviderPart(Part):
    """`[[provider]]`: somebody who treats, and when. `names`: other spellings in imported lists."""

    key: Key
    name: Short
    names: tuple[Short, ...] = ()
    hours: dict[Weekday, tuple[Opening, ...]]


class VisitTypePart(Part):
    """`[[visit_type]]`: a kind of visit; the first one is what recall invites to."""

    key: Key
    minutes: Annotated[int, Field(ge=QUARTER, le=480, multiple_of=QUARTER)]
    price: Annotated[str, AfterValidator(_price)] | None = None
    surgical: bool = False

    @property
    def money(self) -> Money | None:
        """The price as an amount in minor units; None if the clinic names none."""
        read = PRICE.fullmatch(self.price or "")
        return Money(minor=int(read[1]) * 100 + int(read[2] or 0), currency=read[3]) if read else None


class RecallPart(Part):
    """`[recall]`: the programme.

    lapsed_after_months: the clinic's limit. share_of_free_times: invitations out at most, each offering two.
    """

    policy: Key = "strictest"
    lapsed_after_months: Annotated[int, Field(ge=1, le=36)] = 12
    share_of_free_times: Annotated[float, Field(gt=0, le=1)] = 0.5
    hold_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    link_days: Annotated[int, Field(ge=1, le=365)] = 60


class WebPart(Part):
    """`[web]`: where pages are served, and the address patients see. hosts: names the server answers to."""

    host: Short = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    public_url: Annotated[str, Field(pattern=r"^https?://[^/\s]+$")] = "http://127.0.0.1:8080"
    hosts: tuple[Short, ...] = ()


class DatabasePart(Part):
    """`[database]`: where recare remembers. A relative SQLite path is relative to `clinic.toml`."""

    url: Short = "sqlite:///recare.sqlite"


class ClinicSettings(Part):
    """All of `clinic.toml`."""

    clinic: ClinicPart
    says: dict[Language, SaysPart] = Field(default_factory=dict)
    provider: Annotated[tuple[ProviderPart, ...], Field(min_length=1)]
    visit_type: Annotated[tuple[VisitTypePart, ...], Field(min_length=1)]
    recall: RecallPart = RecallPart()
    web: WebPart = WebPart()
    database: DatabasePart = DatabasePart()

    @field_validator("provider", "visit_type")
    @classmethod
    def _keys_differ(cls, parts: tuple[ProviderPart, ...]) -> tuple[ProviderPart, ...]:
        keys = [part.key for part in parts]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            message = f"the key {twice[0]} is used twice; give each its own"
            raise ValueError(message)
        return parts

    @model_validator(mode="after")
    def _somebody_works(self) -> "ClinicSettings":
        if not any(openings for provider in self.provider for openings in provider.hours.values()):
            message = "no provider has working hours; add some under [provider.hours]"
            raise ValueError(message)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.clinic.zone)

    def database_url(self, beside: Path) -> str:
        """Tell the database's address; a relative SQLite file lies beside `clinic.toml`."""
        prefix = "sqlite:///"
        if self.database.url.startswith(prefix) and not self.database.url.startswith(prefix + "/"):
            return prefix + str(beside / self.database.url.removeprefix(prefix))
        return self.database.url


def minutes_of(opening: str) -> tuple[int, int]:
    """Read opening hours "09:00-12:30" as minutes since midnight, civil time in the clinic's zone."""
    return _minutes(opening[:5]), _minutes(opening[6:])
