"""Tables of the clinic and what it offers: clinic, provider, working hours, type of visit."""

from sqlalchemy import SmallInteger, UniqueConstraint
from sqlmodel import Field

from flows.ids import ClinicId, ProviderId, VisitTypeId
from flows.vocabulary import Language
from storage.models.base import SMALL_ROWS, Row, of_clinic, refers
from storage.types import Id, Sealed, one_of


class Clinic(Row, table=True):
    """A clinic; everything else belongs to one. `key_check` opens only under the right master key."""

    __tablename__ = "clinic"

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id, sa_column_kwargs={"autoincrement": False})
    slug: str = Field(max_length=64, unique=True)
    name: str
    zone: str = Field(max_length=64)
    country: str = Field(max_length=8)
    language: Language = Field(sa_type=one_of(Language))
    config_hash: str = Field(max_length=64)
    sending_stopped: str | None = None
    key_check: bytes = Field(sa_type=Sealed)


class Provider(Row, table=True):
    """Who treats; `key` is the name of their table in `clinic.toml`."""

    __tablename__ = "provider"
    __table_args__ = (of_clinic(), UniqueConstraint("clinic_id", "key"))

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: ProviderId = Field(primary_key=True, sa_type=Id)
    key: str = Field(max_length=64)
    name: str
    active: bool = True


class WorkingHours(Row, table=True):
    """When a provider works. Minutes count from midnight in the clinic's zone; weekday 0 is Monday."""

    __tablename__ = "working_hours"
    __table_args__ = (
        refers("provider_id", "provider"),
        UniqueConstraint("clinic_id", "provider_id", "weekday", "opens_minute"),
        SMALL_ROWS,
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: int = Field(primary_key=True, sa_type=Id)
    provider_id: ProviderId = Field(sa_type=Id)
    weekday: int = Field(sa_type=SmallInteger)
    opens_minute: int = Field(sa_type=SmallInteger)
    closes_minute: int = Field(sa_type=SmallInteger)


class VisitType(Row, table=True):
    """A kind of visit with its length and its normal fee in minor units of the currency."""

    __tablename__ = "visit_type"
    __table_args__ = (of_clinic(), UniqueConstraint("clinic_id", "key"))

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: VisitTypeId = Field(primary_key=True, sa_type=Id)
    key: str = Field(max_length=64)
    minutes: int
    price_minor: int | None = None
    currency: str | None = Field(default=None, max_length=3)
    surgical: bool = False
    active: bool = True
