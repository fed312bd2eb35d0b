"""The shape of `clinic.toml`: one clinic, frozen, validated as a whole at start.

A field that is unknown, missing or of another type stops the start; nothing is guessed.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.settings.values import (
    LOOPBACK,
    PRICE,
    QUARTER,
    BotName,
    Country,
    Day,
    Key,
    Mailbox,
    PolicyName,
    Price,
    ServerAddress,
    Short,
    Subdivision,
    WebAddress,
    Weekday,
    Words,
    Zone,
)
from flows.messages.text import Money
from flows.vocabulary import Channel, Language


class Part(BaseModel):
    """The common shape of all parts: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class PlacePart(Part):
    """`place` of `[clinic]`: where the practice is on a map, in degrees (WGS 84)."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class ClinicPart(Part):
    """`[clinic]`: who speaks. Numbers are shown as written. names: what it is called in a language, if not `name`.

    subdivision: the part of the country, where it has a law or holidays of its own, like "QC". place: without it
    patients get the address in words alone.
    """

    name: Short
    names: dict[Language, Short] = Field(default_factory=dict)
    country: Country
    subdivision: Subdivision | None = None
    zone: Zone
    language: Language = Language.EN
    address: Short
    phone: Short
    emergency: Short = "112"
    out_of_hours: Short
    crisis_line: Short
    closed: tuple[date, ...] = ()
    place: PlacePart | None = None


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
    hours: dict[Weekday, Day]


class VisitTypePart(Part):
    """`[[visit_type]]`: a kind of visit; the first one is what recall invites to."""

    key: Key
    minutes: Annotated[int, Field(ge=QUARTER, le=480, multiple_of=QUARTER)]
    price: Price | None = None
    surgical: bool = False

    @property
    def money(self) -> Money | None:
        """The price as an amount in minor units; None if the clinic names none."""
        read = PRICE.fullmatch(self.price or "")
        return Money(minor=int(read[1]) * 100 + int(read[2] or 0), currency=read[3]) if read else None


class RecallPart(Part):
    """`[recall]`: the programme.

    policy: the name of the clinic's. channel_policies: by channel, one that counts beside it there.
    lapsed_after_months: the clinic's limit. share_of_free_times: invitations out at most, each offering two.
    hold_out: the share of patients who are not contacted, by lot, to measure what the programme really adds.
    """

    policy: PolicyName = "strictest"
    channel_policies: dict[Channel, PolicyName] = Field(default_factory=dict)
    lapsed_after_months: Annotated[int, Field(ge=1, le=36)] = 12
    share_of_free_times: Annotated[float, Field(gt=0, le=1)] = 0.5
    hold_out: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    hold_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    link_days: Annotated[int, Field(ge=1, le=365)] = 60


class WebPart(Part):
    """`[web]`: where pages are served, and the address patients see. hosts: names the server answers to."""

    host: Short = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    public_url: WebAddress = "http://127.0.0.1:8080"
    hosts: tuple[Short, ...] = ()


class MailPart(Part):
    """`[mail]`: by which server e-mails leave, and as whom. The password comes from RECARE_SMTP_PASSWORD.

    from: the mailbox that sends, and to which what cannot be delivered comes back. reply_to: a box somebody reads.
    """

    host: Short
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Short | None = None
    sender: Annotated[Mailbox, Field(alias="from")]
    reply_to: Mailbox

    @model_validator(mode="after")
    def _only_this_machine_in_the_clear(self) -> "MailPart":
        if self.security == "none" and self.host not in LOOPBACK:
            message = 'security = "none" is for a server on this machine (127.0.0.1); use "starttls" or "tls"'
            raise ValueError(message)
        return self


class TelegramPart(Part):
    """`[telegram]`: the patients' bot and the staff's. The tokens come from the environment, see `read_bot_tokens`.

    api_base: the Bot API server that is asked. mode: whether updates are fetched ("polling"), or delivered to
    `[web] public_url` ("webhook"; set it with `recare webhook set`). username: of the patients' bot, without "@"; with
    it, personal links lead to the bot, unless links = "web". desk_username: of the staff's bot, likewise; with it,
    `recare staff telegram` prints a link. messages_per_second: how many the patients' bot sends at most; Telegram takes
    about 30 unless more is paid for.
    """

    api_base: ServerAddress = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    username: BotName | None = None
    links: Literal["telegram", "web"] = "telegram"
    desk_username: BotName | None = None
    messages_per_second: Annotated[float, Field(ge=1, le=1000)] = 29.0


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
    mail: MailPart | None = None
    telegram: TelegramPart | None = None

    @field_validator("provider", "visit_type")
    @classmethod
    def _keys_differ(cls, parts: tuple[ProviderPart, ...]) -> tuple[ProviderPart, ...]:
        keys = [part.key for part in parts]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            message = f"has the key {twice[0]} twice; give each its own"
            raise ValueError(message)
        return parts

    @model_validator(mode="after")
    def _somebody_works(self) -> "ClinicSettings":
        if not any(openings for provider in self.provider for openings in provider.hours.values()):
            message = "no provider has working hours; add some under [provider.hours]"
            raise ValueError(message)
        return self

    @property
    def home(self) -> str:
        """Where the clinic is, as a residence: "NL", "CA-QC"."""
        return "-".join(part for part in (self.clinic.country, self.clinic.subdivision) if part)

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


TABLES: dict[str, type[Part]] = {
    "": ClinicSettings,
    "clinic": ClinicPart,
    "says": SaysPart,
    "provider": ProviderPart,
    "visit_type": VisitTypePart,
    "recall": RecallPart,
    "web": WebPart,
    "mail": MailPart,
    "telegram": TelegramPart,
    "database": DatabasePart,
}
"""By the name of a table of `clinic.toml`, what it may hold; "" is the file itself."""
