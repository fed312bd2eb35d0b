"""From what a list tells to what is stored: names of dentists, local times, and what a blank cell means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.ids import ProviderId, VisitTypeId
from flows.outreach.policy import Policy
from flows.slots import Slot
from flows.vocabulary import Sex
from storage.calendars.free_time import instant_at
from storage.imports.columns import Column, plain_header
from storage.imports.problems import Problem, Severity
from storage.imports.rows import ListedPatient
from storage.records.people import NewPatient, Profile

_LAST_MINUTE = 24 * 60 - 1
_FIELDS: dict[Column, str] = {
    Column.TITLE: "title",
    Column.FIRST_NAME: "given_name",
    Column.PATRONYMIC: "patronymic",
    Column.SEX: "sex",
    Column.BIRTH_DATE: "birth_date",
    Column.MOBILE: "mobile",
    Column.EMAIL: "email",
    Column.STREET: "street",
    Column.POSTCODE: "postcode",
    Column.CITY: "city",
    Column.LANGUAGE: "language",
    Column.LAST_VISIT: "last_visit_on",
    Column.RECALL_INTERVAL: "recall_months",
    Column.DENTIST: "provider_id",
    Column.CONCERN: "concern",
    Column.NEXT_APPOINTMENT: "next_visit_at",
    Column.STATUS: "status",
    Column.COUNTRY: "residence",
}
"""By column, the field of the patient or the profile it fills."""

_BLANK_SAYS_NONE = frozenset({"concern", "next_visit_at", "status"})
"""Fields that a blank cell empties; in the others it leaves what is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportSettings:
    """What an import needs to know of the clinic.

    dentists: by every spelling of their names, who they are. visit_type_id, visit_minutes: what an appointment made
    elsewhere counts as. progress: told after each batch how many patients of how many are done.
    """

    policy: Policy
    zone: ZoneInfo
    dentists: Mapping[str, ProviderId]
    visit_type_id: VisitTypeId
    visit_minutes: int
    progress: Callable[[int, int], None] = lambda _done, _all: None


@dataclass(kw_only=True, slots=True)
class Teller:
    """Turns the rows of one list into patients; collects what only the clinic's own data show to be wrong."""

    columns: frozenset[Column]
    settings: ImportSettings
    now: datetime
    problems: list[Problem] = field(default_factory=list)
    _dentists: dict[str, ProviderId] = field(init=False)

    def __post_init__(self) -> None:
        self._dentists = {plain_header(name): who for name, who in self.settings.dentists.items()}

    def row(self, patient: ListedPatient) -> NewPatient:
        """Turn a row into a patient."""
        profile = Profile(
            number=patient.number,
            given_name=patient.first_name,
            family_name=patient.last_name,
            patronymic=patient.patronymic,
            title=patient.title,
            sex=patient.sex,
            birth_date=patient.birth_date,
            concern=patient.concern,
            mobile=patient.mobile,
            email=patient.email,
            street=patient.street,
            postcode=patient.postcode,
            city=patient.city,
        )
        row = NewPatient(
            profile=profile,
            provider_id=self._dentist(patient),
            language=patient.language,
            status=patient.status,
            last_visit_on=patient.last_visit_on,
            recall_months=patient.recall_months,
            next_visit_at=self._next_at(patient),
            residence=patient.residence,
        )
        return replace(row, unsaid=self._unsaid(patient, row))

    def _unsaid(self, patient: ListedPatient, row: NewPatient) -> frozenset[str]:
        """The fields this list, or this row of it, says nothing about."""
        left_out = {
            name for column, name in _FIELDS.items() if column not in self.columns or column in patient.left_out
        }
        told = {name: getattr(row.profile if hasattr(row.profile, name) else row, name) for name in _FIELDS.values()}
        blank = {name for name, value in told.items() if value is None or value is Sex.UNKNOWN}
        return frozenset(left_out | (blank - _BLANK_SAYS_NONE))

    def _dentist(self, patient: ListedPatient) -> ProviderId | None:
        if patient.dentist is None:
            return None
        found = self._dentists.get(plain_header(patient.dentist))
        if found is None:
            remedy = "add this spelling to `names` of a provider in clinic.toml"
            self._warn(patient, Column.DENTIST, "is nobody who treats here", remedy)
        return found

    def _next_at(self, patient: ListedPatient) -> datetime | None:
        """The start of the visit the list tells as next, past or not; None if it took place already by the list."""
        said = patient.next_appointment
        if said is None or (patient.last_visit_on is not None and said.day <= patient.last_visit_on):
            return None
        minute = _LAST_MINUTE if said.at is None else said.at.hour * 60 + said.at.minute
        at = instant_at(said.day, minute, self.settings.zone)
        if at <= self.now:
            remedy = "tell the last visit or clear the cell; until then the patient is not invited"
            self._warn(patient, Column.NEXT_APPOINTMENT, "has passed without a visit", remedy)
        return at

    def _warn(self, patient: ListedPatient, column: Column, problem: str, remedy: str) -> None:
        self.problems.append(
            Problem(row=patient.row, column=column, severity=Severity.WARNING, problem=problem, remedy=remedy)
        )

    def slot(self, patient: ListedPatient, row: NewPatient) -> Slot | None:
        """Return the chair time the next visit takes; None if there is none, at no time, or with nobody known."""
        said = patient.next_appointment
        if row.next_visit_at is None or row.provider_id is None or said is None or said.at is None:
            return None
        return Slot(
            starts_at=row.next_visit_at,
            ends_at=row.next_visit_at + timedelta(minutes=self.settings.visit_minutes),
            provider_id=row.provider_id,
            visit_type_id=self.settings.visit_type_id,
        )
