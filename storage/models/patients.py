"""Tables of the people: household, patient, the key their words are sealed with, the addresses that reach them.

Names, contacts and clinical words stand only in sealed columns; what planning needs stands beside them, plain.
"""

from datetime import date, datetime

from sqlalchemy import Index, SmallInteger, text
from sqlmodel import Field

from flows.ids import AddressId, ClinicId, HouseholdId, PatientId, ProviderId
from flows.vocabulary import Channel, Language, PatientStatus, StayingAway
from storage.models.base import SMALL_ROWS, Row, of_clinic, refers
from storage.types import Id, KeyedHash, Sealed, UtcInstant, one_of

LAPSED = "status = 'active' AND next_visit_at IS NULL"
CONTACTED = text("last_contacted_at IS NOT NULL")
ONE_PERSON = text("channel = 'webchat'")
UNKNOWN = text("status = 'unknown'")


class Household(Row, table=True):
    """People who share an address or phone; consent stays with each person."""

    __tablename__ = "household"
    __table_args__ = (of_clinic(), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: HouseholdId = Field(primary_key=True, sa_type=Id)


class Patient(Row, table=True):
    """A patient. `recall_ok` to `frozen` follow from the ledger and change only together with it.

    birth_month: first day of the month of birth. residence: where they live, ISO 3166-1 alpha-2, or with "-" and a
    subdivision; None: where the clinic is, as far as anybody knows. last_visit_on: in the clinic's calendar, None if
    never seen. language: None if unknown. language_chosen_at: when they chose it
    themselves; no list changes it then. paused_until: no programme before it. rested_at: when the programme gave up
    for this time. preferred_channel: how they asked to be written to; None: as the policy has it. rhythm_months: they
    asked for at most one message of the programme in so many months; None: as the policy has it. consent_asked_at: when
    they were asked, beside an errand of theirs, what may be written about. lot: which one they drew in the drawing
    of the hold-out. staying_away_at: when they gave that reason. off_list_at: when the programme gave them up; who
    writes or comes after it is back. import_hash: keyed hash of what the last list said of the patient: saying it again
    changes nothing, not even what was changed here since.
    """

    __tablename__ = "patient"
    __table_args__ = (
        of_clinic(),
        refers("household_id", "household"),
        refers("provider_id", "provider"),
        Index(None, "clinic_id", "number_hash", unique=True),
        Index(None, "clinic_id", "household_id"),
        Index(None, "clinic_id", "birth_month"),
        Index(
            "ix_patient_due",
            "clinic_id",
            "has_concern",
            "last_visit_on",
            "id",
            sqlite_where=text(f"{LAPSED} AND recall_ok = 1 AND frozen = 0"),
            postgresql_where=text(f"{LAPSED} AND recall_ok AND NOT frozen"),
        ),
        Index(
            "ix_patient_contacted",
            "clinic_id",
            "last_contacted_at",
            sqlite_where=CONTACTED,
            postgresql_where=CONTACTED,
        ),
        Index("ix_patient_unknown", "clinic_id", "id", sqlite_where=UNKNOWN, postgresql_where=UNKNOWN),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: PatientId = Field(primary_key=True, sa_type=Id)
    number_hash: bytes = Field(sa_type=KeyedHash)
    import_hash: bytes | None = Field(default=None, sa_type=KeyedHash)
    household_id: HouseholdId | None = Field(default=None, sa_type=Id)
    provider_id: ProviderId | None = Field(default=None, sa_type=Id)
    language: Language | None = Field(default=None, sa_type=one_of(Language))
    language_chosen_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    status: PatientStatus = Field(sa_type=one_of(PatientStatus))
    birth_month: date | None = None
    residence: str | None = Field(default=None, max_length=6)
    last_visit_on: date | None = None
    recall_months: int | None = Field(default=None, sa_type=SmallInteger)
    next_visit_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    last_contacted_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    contact_checked_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    has_concern: bool = False
    staying_away: StayingAway | None = Field(default=None, sa_type=one_of(StayingAway))
    rested_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    recall_ok: bool = False
    postvisit_ok: bool = False
    offer_ok: bool = False
    paused_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    frozen: bool = False
    lot: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")})
    staying_away_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    off_list_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    preferred_channel: Channel | None = Field(default=None, sa_type=one_of(Channel))
    rhythm_months: int | None = Field(default=None, sa_type=SmallInteger)
    consent_asked_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    profile: bytes = Field(sa_type=Sealed)
    created_at: datetime = Field(sa_type=UtcInstant)


class PersonKey(Row, table=True):
    """The key a person's words are sealed with, itself sealed with the clinic's. Without the row they are gone."""

    __tablename__ = "person_key"
    __table_args__ = (refers("patient_id", "patient"), SMALL_ROWS)

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(primary_key=True, sa_type=Id)
    version: int = Field(sa_type=SmallInteger)
    sealed_key: bytes = Field(sa_type=Sealed)


class Address(Row, table=True):
    """A way to reach a patient; `lookup` is the keyed hash of its value.

    A page belongs to one person; an account, a phone or a mailbox may be shared, and then each person has a row.
    """

    __tablename__ = "address"
    __table_args__ = (
        refers("patient_id", "patient"),
        Index(None, "clinic_id", "patient_id", "channel", "lookup", unique=True),
        Index(None, "clinic_id", "channel", "lookup"),
        Index(
            "uq_address_chat",
            "clinic_id",
            "channel",
            "lookup",
            unique=True,
            sqlite_where=ONE_PERSON,
            postgresql_where=ONE_PERSON,
        ),
    )

    clinic_id: ClinicId = Field(primary_key=True, sa_type=Id)
    id: AddressId = Field(primary_key=True, sa_type=Id)
    patient_id: PatientId = Field(sa_type=Id)
    channel: Channel = Field(sa_type=one_of(Channel))
    lookup: bytes = Field(sa_type=KeyedHash)
    value: bytes = Field(sa_type=Sealed)
    verified_how: str | None = Field(default=None, max_length=40)
    verified_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    closed_why: str | None = Field(default=None, max_length=40)
