"""A clinic as its configuration describes it and as code sees it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flows.ids import ClinicId, ProviderId, VisitTypeId
from flows.messages.text import Money
from flows.vocabulary import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """A stretch of a provider's week. weekday: 0 is Monday; minutes count from midnight in the clinic's zone."""

    weekday: int
    opens_minute: int
    closes_minute: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderSetup:
    """A provider as configured; key: the name of their table in `clinic.toml`."""

    key: str
    name: str
    hours: tuple[Hours, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitTypeSetup:
    """A type of visit as configured; minutes: of chair time; price: the normal fee, None if the clinic names none."""

    key: str
    minutes: int
    surgical: bool = False
    price: Money | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicSetup:
    """A clinic as configured; zone: IANA name; config_hash: of all else here, to notice a change."""

    slug: str
    name: str
    zone: str
    country: str
    language: Language
    config_hash: str
    providers: tuple[ProviderSetup, ...]
    visit_types: tuple[VisitTypeSetup, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """A clinic; sending_stopped: why nothing proactive may leave, None if it may."""

    clinic_id: ClinicId
    slug: str
    name: str
    zone: ZoneInfo
    country: str
    language: Language
    config_hash: str
    sending_stopped: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """Who treats; one who is not active keeps their past."""

    id: ProviderId
    key: str
    name: str
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitType:
    """A kind of visit; one that is not active is not offered."""

    id: VisitTypeId
    key: str
    minutes: int
    surgical: bool
    active: bool
    price: Money | None
