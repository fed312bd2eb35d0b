"""A patient as code sees one: the opened profile, and what stands beside it plainly."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast

from flows.ids import AddressId, HouseholdId, PatientId, ProviderId
from flows.vocabulary import Channel, ContactKind, Language, PatientStatus, Sex, StayingAway
from storage.sealing import Json, Lookup

CONTACT_CHANNELS = {ContactKind.MOBILE: Channel.PHONE, ContactKind.EMAIL: Channel.EMAIL}
LOOKUPS = {Channel.PHONE: Lookup.MOBILE, Channel.EMAIL: Lookup.EMAIL}
"""How the value of an address is hashed; other channels use Lookup.ADDRESS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What identifies or describes a patient; stored sealed. mobile: E.164. None where unknown.

    street, postcode, city: the postal address, as the clinic's list writes it.
    """

    number: str
    given_name: str | None = None
    family_name: str | None = None
    patronymic: str | None = None
    title: str | None = None
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = None
    concern: str | None = None
    mobile: str | None = None
    email: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None

    @property
    def postal(self) -> str | None:
        """The postal address in lines; None unless a letter would arrive by it."""
        if self.street is None or self.city is None:
            return None
        return f"{self.street}\n{' '.join(part for part in (self.postcode, self.city) if part)}"

    def contact(self, kind: ContactKind) -> str | None:
        """Return a contact detail."""
        return self.mobile if kind is ContactKind.MOBILE else self.email

    def with_contact(self, kind: ContactKind, value: str | None) -> "Profile":
        """Return the profile with another contact detail."""
        return replace(self, mobile=value) if kind is ContactKind.MOBILE else replace(self, email=value)

    def to_json(self) -> Json:
        """Write the profile as JSON data."""
        plain: dict[str, Json] = {field.name: getattr(self, field.name) for field in fields(self)}
        plain["sex"] = self.sex.value
        plain["birth_date"] = None if self.birth_date is None else self.birth_date.isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: Json) -> "Profile":
        """Read what `to_json` wrote; fields that a later version added or dropped do not hurt."""
        values: dict[str, Any] = {
            name: value for name, value in cast("Mapping[str, Any]", plain).items() if name in _KEPT
        }
        values["sex"] = Sex(values["sex"])
        if values["birth_date"] is not None:
            values["birth_date"] = date.fromisoformat(values["birth_date"])
        return cls(**values)


_KEPT = frozenset(field.name for field in fields(Profile))


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """A patient with the profile opened. Dates in the clinic's calendar, instants aware UTC.

    residence: ISO 3166-1 alpha-2, or with "-" and a subdivision; None: where the clinic is, as far as anybody knows.
    preferred_channel, rhythm_months (at most one message of the programme in so many months): as they asked; None: as
    the policy has it. consent_asked_at: when they were asked, beside an errand, what may be written about. lot: drawn
    for the hold-out. staying_away_at: when they gave the reason. off_list_at: when the programme gave them up.
    """

    id: PatientId
    profile: Profile
    household_id: HouseholdId | None
    provider_id: ProviderId | None
    language: Language | None
    status: PatientStatus
    last_visit_on: date | None
    recall_months: int | None
    next_visit_at: datetime | None
    last_contacted_at: datetime | None
    contact_checked_at: datetime | None
    staying_away: StayingAway | None
    rested_at: datetime | None
    recall_ok: bool
    postvisit_ok: bool
    offer_ok: bool
    paused_until: datetime | None
    frozen: bool
    residence: str | None = None
    preferred_channel: Channel | None = None
    rhythm_months: int | None = None
    consent_asked_at: datetime | None = None
    lot: int = 0
    staying_away_at: datetime | None = None
    off_list_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPatient:
    """A patient as a list tells it; the number in the profile says who it is.

    unsaid: fields, of this or of the profile, that the list says nothing about: what is known of them stays.
    """

    profile: Profile
    provider_id: ProviderId | None
    language: Language | None
    status: PatientStatus
    last_visit_on: date | None
    recall_months: int | None
    next_visit_at: datetime | None
    residence: str | None = None
    unsaid: frozenset[str] = frozenset()


class Fate(StrEnum):
    """What a row of a list did to a patient. ERASED: the person was erased and stays so."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True, slots=True)
class Upserted:
    """The patient of a row, and what became of it."""

    patient_id: PatientId
    fate: Fate


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A way to reach a patient. value: chat id, mailbox, E.164 number. closed_at: since when it may not be used."""

    id: AddressId
    patient_id: PatientId
    channel: Channel
    value: str
    verified_how: str | None
    verified_at: datetime | None
    closed_at: datetime | None
    closed_why: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalChange:
    """A postal address that is to become `value`; None: there is none any more."""

    patient_id: PatientId
    value: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactChange:
    """A contact detail that is to become `value`; None: there is none any more."""

    patient_id: PatientId
    kind: ContactKind
    value: str | None
