"""Brings a patient list into the database: everything or nothing, and the same list again changes nothing.

The caller commits, or does not: a preview is the same work, rolled back.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.ids import PatientId, ProviderId, VisitTypeId
from flows.outreach.ledger import Act
from flows.outreach.policy import Policy
from flows.slots import Slot
from flows.vocabulary import Sex
from storage.calendars.free_time import instant_at
from storage.imports.columns import Column, plain_header
from storage.imports.consents import Statement, events_for, evidence_of
from storage.imports.problems import Problem, Severity
from storage.imports.report import ImportReport
from storage.imports.rows import ListedPatient, ParsedList
from storage.imports.words import Consent
from storage.records.people import Fate, NewPatient, Profile
from storage.repositories.jobs import ImportRecord
from storage.repositories.listed_visits import ListedVisit
from storage.unit_of_work import UnitOfWork

BATCH = 500
_LAST_MINUTE = 24 * 60 - 1
_BLANK_SAYS_NOTHING: Mapping[Column, str] = {
    Column.TITLE: "title",
    Column.FIRST_NAME: "given_name",
    Column.PATRONYMIC: "patronymic",
    Column.SEX: "sex",
    Column.BIRTH_DATE: "birth_date",
    Column.MOBILE: "mobile",
    Column.EMAIL: "email",
    Column.LANGUAGE: "language",
    Column.LAST_VISIT: "last_visit_on",
    Column.RECALL_INTERVAL: "recall_months",
    Column.DENTIST: "provider_id",
}
"""Columns in which a blank cell leaves what is known; in the others it says that there is none."""

_BLANK_SAYS_NONE: Mapping[Column, str] = {
    Column.CONCERN: "concern",
    Column.NEXT_APPOINTMENT: "next_visit_at",
    Column.STATUS: "status",
}


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


def import_patients(uow: UnitOfWork, parsed: ParsedList, settings: ImportSettings, *, now: datetime) -> ImportReport:
    """Bring a patient list into the database.

    Args:
        uow: the transaction; not committed here.
        parsed: the list, read.
        settings: what has to be known of the clinic.
        now: aware UTC.

    Returns:
        what became of the rows.
    """
    uow.calendar.expire_holds(now)
    work = _Import(uow=uow, parsed=parsed, settings=settings, now=now)
    for start in range(0, len(parsed.patients), BATCH):
        work.batch(parsed.patients[start : start + BATCH])
        settings.progress(min(start + BATCH, len(parsed.patients)), len(parsed.patients))
    report = work.report()
    uow.jobs.imported(
        ImportRecord(
            file_hash=parsed.file_hash,
            at=now,
            rows=report.rows,
            created=report.created,
            updated=report.updated,
            unchanged=report.unchanged,
            refused=report.refused + report.erased,
        )
    )
    return report


@dataclass(kw_only=True, slots=True)
class _Import:
    """An import under way."""

    uow: UnitOfWork
    parsed: ParsedList
    settings: ImportSettings
    now: datetime
    fates: Counter[Fate] = field(default_factory=Counter)
    acts: Counter[Act] = field(default_factory=Counter)
    booked: int = 0
    cancelled: int = 0
    problems: list[Problem] = field(default_factory=list)
    dentists: dict[str, ProviderId] = field(init=False)

    def __post_init__(self) -> None:
        self.dentists = {plain_header(name): who for name, who in self.settings.dentists.items()}

    def batch(self, listed: Sequence[ListedPatient]) -> None:
        """Import some of the patients."""
        rows = [self._row(patient) for patient in listed]
        done = self.uow.patients.upsert_many(rows, now=self.now)
        fates = {one.patient_id: one.fate for one in done}
        alive = [
            (patient, row, one.patient_id)
            for patient, row, one in zip(listed, rows, done, strict=True)
            if one.fate is not Fate.ERASED
        ]
        changed = self._consents([(patient, patient_id) for patient, _, patient_id in alive])
        if Column.NEXT_APPOINTMENT in self.parsed.columns:
            changed |= self._visits(
                [
                    (patient, row, patient_id)
                    for patient, row, patient_id in alive
                    if fates[patient_id] is not Fate.UNCHANGED and Column.NEXT_APPOINTMENT not in patient.left_out
                ]
            )
        for patient_id, fate in fates.items():
            self.fates[Fate.UPDATED if fate is Fate.UNCHANGED and patient_id in changed else fate] += 1

    def report(self) -> ImportReport:
        """Tell what became of the rows so far."""
        problems = sorted([*self.parsed.problems, *self.problems], key=lambda problem: problem.row)
        return ImportReport(
            rows=self.parsed.rows,
            created=self.fates[Fate.CREATED],
            updated=self.fates[Fate.UPDATED],
            unchanged=self.fates[Fate.UNCHANGED],
            refused=self.parsed.refused,
            erased=self.fates[Fate.ERASED],
            permitted=self.acts[Act.PERMIT],
            denied=self.acts[Act.DENY],
            booked=self.booked,
            cancelled=self.cancelled,
            problems=tuple(problems),
            unused=self.parsed.unused,
        )

    def _row(self, patient: ListedPatient) -> NewPatient:
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
        )
        return NewPatient(
            profile=profile,
            provider_id=self._dentist(patient),
            language=patient.language,
            status=patient.status,
            last_visit_on=patient.last_visit_on,
            recall_months=patient.recall_months,
            next_visit_at=self._next_at(patient),
            unsaid=self._unsaid(patient),
        )

    def _unsaid(self, patient: ListedPatient) -> frozenset[str]:
        names = {
            name
            for column, name in (_BLANK_SAYS_NOTHING | _BLANK_SAYS_NONE).items()
            if column not in self.parsed.columns or column in patient.left_out
        }
        profile_and_row = {
            "title": patient.title,
            "given_name": patient.first_name,
            "patronymic": patient.patronymic,
            "sex": None if patient.sex is Sex.UNKNOWN else patient.sex,
            "birth_date": patient.birth_date,
            "mobile": patient.mobile,
            "email": patient.email,
            "language": patient.language,
            "last_visit_on": patient.last_visit_on,
            "recall_months": patient.recall_months,
            "provider_id": self._dentist_of(patient),
        }
        return frozenset(names | {name for name, value in profile_and_row.items() if value is None})

    def _dentist_of(self, patient: ListedPatient) -> ProviderId | None:
        return None if patient.dentist is None else self.dentists.get(plain_header(patient.dentist))

    def _dentist(self, patient: ListedPatient) -> ProviderId | None:
        found = self._dentist_of(patient)
        if found is None and patient.dentist is not None:
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

    def _consents(self, people: Sequence[tuple[ListedPatient, PatientId]]) -> set[PatientId]:
        """Write the list's yes and no to the ledger; returns whose ledger gained something."""
        spoken = [(patient, who) for patient, who in people if patient.consent is not Consent.UNSAID]
        histories = self.uow.ledger.events_of([who for _, who in spoken])
        events = [
            event
            for patient, who in spoken
            for event in events_for(
                Statement(
                    patient_id=who,
                    consent=patient.consent,
                    evidence=evidence_of(self.parsed.file_hash, patient.row),
                    at=self.now,
                ),
                histories[who],
                self.settings.policy,
                self.uow.ledger.new_id,
            )
        ]
        self.uow.ledger.append(events)
        self.acts.update(act for _, act in {(event.patient_id, event.act) for event in events})
        return {event.patient_id for event in events}

    def _visits(self, people: Sequence[tuple[ListedPatient, NewPatient, PatientId]]) -> set[PatientId]:
        """Bring appointments made elsewhere into the calendar; returns whose changed."""
        synced = self.uow.calendar.sync_listed(
            [
                ListedVisit(
                    patient_id=who,
                    next_at=row.next_visit_at,
                    slot=self._slot(patient, row),
                    last_visit_on=row.last_visit_on,
                )
                for patient, row, who in people
            ],
            zone=self.settings.zone,
            now=self.now,
        )
        self.booked += len(synced.booked)
        self.cancelled += len(synced.cancelled)
        return set(synced.booked | synced.cancelled)

    def _slot(self, patient: ListedPatient, row: NewPatient) -> Slot | None:
        said = patient.next_appointment
        if row.next_visit_at is None or row.provider_id is None or said is None or said.at is None:
            return None
        return Slot(
            starts_at=row.next_visit_at,
            ends_at=row.next_visit_at + timedelta(minutes=self.settings.visit_minutes),
            provider_id=row.provider_id,
            visit_type_id=self.settings.visit_type_id,
        )
