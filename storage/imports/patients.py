"""Brings a patient list into the database: everything or nothing, and the same list again changes nothing.

The caller commits, or does not: a preview is the same work, rolled back.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.ids import PatientId
from flows.outreach.ledger import Act
from storage.imports.columns import Column
from storage.imports.consents import Statement, events_for, evidence_of
from storage.imports.report import ImportReport
from storage.imports.rows import ListedPatient, ParsedList
from storage.imports.told import ImportSettings, Teller
from storage.imports.words import Consent
from storage.records.people import CONTACT_CHANNELS, Fate, NewPatient
from storage.repositories.jobs import ImportRecord
from storage.repositories.listed_visits import ListedVisit
from storage.unit_of_work import UnitOfWork

__all__ = ["BATCH", "ImportSettings", "import_patients"]

BATCH = 500


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
    suppressed: int = 0
    teller: Teller = field(init=False)

    def __post_init__(self) -> None:
        self.teller = Teller(columns=self.parsed.columns, settings=self.settings, now=self.now)

    def batch(self, listed: Sequence[ListedPatient]) -> None:
        """Import some of the patients."""
        rows = [self.teller.row(patient) for patient in listed]
        done = self.uow.patients.upsert_many(rows, now=self.now)
        fates = {one.patient_id: one.fate for one in done}
        alive = [
            (patient, row, one.patient_id)
            for patient, row, one in zip(listed, rows, done, strict=True)
            if one.fate is not Fate.ERASED
        ]
        self._keep_out([(row, patient_id) for _, row, patient_id in alive])
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
        problems = sorted([*self.parsed.problems, *self.teller.problems], key=lambda problem: problem.row)
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
            suppressed=self.suppressed,
            problems=tuple(problems),
            unused=self.parsed.unused,
        )

    def _keep_out(self, people: Sequence[tuple[NewPatient, PatientId]]) -> None:
        """Suppress who comes by an address of somebody erased, before any yes of the list is heard."""
        contacts = {
            who: [
                (channel, value)
                for kind, channel in CONTACT_CHANNELS.items()
                if (value := row.profile.contact(kind)) is not None
            ]
            for row, who in people
        }
        self.suppressed += len(self.uow.suppression.keep_out(contacts, now=self.now))

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
                    slot=self.teller.slot(patient, row),
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
