"""Patients: reading them with their profile opened, and changing what neither a list nor the ledger owns."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import bindparam, delete, select, update

from flows.ids import HouseholdId, PatientId
from flows.vocabulary import Channel, ContactKind, Language, PatientStatus, StayingAway
from storage.errors import NotFoundError
from storage.hot import Hot, Named
from storage.models import Patient as PatientRow
from storage.models import PersonKey, table_of
from storage.records.people import ContactChange, NewPatient, Patient, Profile, Upserted
from storage.repositories.addresses import AddressRepository
from storage.repositories.attachments import AttachmentRepository
from storage.repositories.corrections import CorrectionRepository
from storage.repositories.lists import ListedPatients
from storage.repositories.next_visits import lock_patient
from storage.repositories.suppression import Suppression
from storage.scope import Scope
from storage.sealing import Lookup, PersonSealer, Place

_patients = table_of(PatientRow)
_keys = table_of(PersonKey)
_PLAIN = [field.name for field in fields(Patient) if field.name != "profile"]
_OPENABLE = _patients.outerjoin(
    _keys, (_keys.c.clinic_id == _patients.c.clinic_id) & (_keys.c.patient_id == _patients.c.id)
)
PATIENT_COLUMNS = (*(_patients.c[name] for name in _PLAIN), _patients.c.profile)
OPENABLE_COLUMNS = (*PATIENT_COLUMNS, _keys.c.version, _keys.c.sealed_key)
"""A patient's columns for `read_patient`, the second with their key by outer join."""

_ALL = select(*OPENABLE_COLUMNS).select_from(_OPENABLE).where(_patients.c.clinic_id == bindparam("clinic_id"))
_BY_IDS = Hot(_ALL.where(_patients.c.id.in_(bindparam("patient_ids", expanding=True))))
_BY_NUMBERS = _ALL.where(_patients.c.number_hash.in_(bindparam("numbers", expanding=True)))
_TOGETHER = _ALL.where(_patients.c.household_id == bindparam("household_id"), _keys.c.version.is_not(None)).order_by(
    _patients.c.id
)
_RESIDENCES = (
    select(_patients.c.residence)
    .where(_patients.c.clinic_id == bindparam("clinic_id"), _patients.c.residence.is_not(None))
    .distinct()
)
_PAGE = (
    _ALL.where(
        _patients.c.id > bindparam("after_id"),
        _keys.c.version.is_not(None),
        _patients.c.status != PatientStatus.UNKNOWN,
    )
    .order_by(_patients.c.id)
    .limit(bindparam("limit"))
)

_BORN = (
    _ALL.where(_patients.c.birth_month == bindparam("month"), _keys.c.version.is_not(None))
    .order_by(_patients.c.id)
    .limit(bindparam("limit"))
)


def read_patient(row: Named, person: PersonSealer) -> Patient:
    """Open a patient from a row with PATIENT_COLUMNS."""
    profile = Profile.from_json(person.open(Place("patient", "profile", row["id"]), row["profile"]))
    return Patient(profile=profile, **{name: row[name] for name in _PLAIN})


class PatientRepository:
    """Patients of one clinic. Methods that open a profile raise KeyErasedError for an erased person."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._addresses = AddressRepository(scope)

    def get(self, patient_id: PatientId) -> Patient:
        """Return a patient. Raises NotFoundError."""
        found = self._scope.first(_BY_IDS, self._with(patient_ids=[patient_id]))
        if found is None:
            raise NotFoundError(f"no patient {patient_id} in this clinic")
        return self._open(found)

    def get_many(self, patient_ids: Collection[PatientId]) -> dict[PatientId, Patient]:
        """Return patients by id in one statement; erased and unknown ones are missing."""
        rows = self._scope.rows(_BY_IDS, self._with(patient_ids=list(patient_ids)))
        return {row["id"]: self._open(row) for row in rows if row["version"] is not None}

    def living_with(self, household_id: HouseholdId) -> list[Patient]:
        """Return the patients of a household; erased ones are left out."""
        rows = self._scope.execute(_TOGETHER, self._with(household_id=household_id)).mappings()
        return [self._open(row) for row in rows]

    def by_number(self, number: str) -> Patient | None:
        """Find a patient by the clinic's own number; None if unknown or erased."""
        return self.by_numbers([number]).get(number)

    def by_numbers(self, numbers: Collection[str]) -> dict[str, Patient]:
        """Find patients by the clinic's own numbers in one statement; erased and unknown ones are missing."""
        hashes = {self._scope.sealer.lookup(Lookup.NUMBER, number): number for number in numbers}
        rows = self._scope.execute(_BY_NUMBERS, self._with(numbers=list(hashes))).mappings()
        opened = [self._open(row) for row in rows if row["version"] is not None]
        return {patient.profile.number: patient for patient in opened}

    def page(self, *, limit: int, after_id: PatientId | None = None) -> list[Patient]:
        """Return patients by their ids, those after `after_id` if given; erased and unknown ones are left out."""
        rows = self._scope.execute(_PAGE, self._with(after_id=after_id or 0, limit=limit)).mappings()
        return [self._open(row) for row in rows]

    def born_in(self, month: date, *, limit: int) -> list[Patient]:
        """Return patients born in the month that begins on this day; erased ones are left out."""
        rows = self._scope.execute(_BORN, self._with(month=month, limit=limit)).mappings()
        return [self._open(row) for row in rows]

    def residences(self) -> frozenset[str]:
        """Return every place where a patient is known to live."""
        return frozenset(self._scope.execute(_RESIDENCES, self._with()).scalars())

    def upsert_many(self, rows: Collection[NewPatient], *, now: datetime) -> list[Upserted]:
        """Bring patients to what a list says, told apart by their number; see `ListedPatients`."""
        return ListedPatients(self._scope).upsert(rows, now=now)

    def lock(self, patient_id: PatientId) -> None:
        """Keep others from changing the patient until the transaction ends."""
        lock_patient(self._scope, patient_id)

    def change_contact(self, patient_id: PatientId, kind: ContactKind, value: str | None, *, now: datetime) -> None:
        """Store a contact detail the patient confirmed (mobile as E.164).

        The old one is closed as an address; the new one is not used as one before it is proven.
        """
        profile = self.get(patient_id).profile.with_contact(kind, value)
        sealed = self._scope.person(patient_id).seal(Place("patient", "profile", patient_id), profile.to_json())
        self._change([patient_id], profile=sealed, contact_checked_at=now)
        self._addresses.claim(ContactChange(patient_id=patient_id, kind=kind, value=value), now=now)

    def contact_checked(self, patient_id: PatientId, *, now: datetime) -> None:
        """Remember that the patient looked at their contact details and found them right."""
        self._change([patient_id], contact_checked_at=now)

    def set_status(self, patient_id: PatientId, status: PatientStatus) -> None:
        """Set whether the clinic may think of the patient as its own."""
        self._change([patient_id], status=status)

    def set_language(self, patient_id: PatientId, language: Language) -> None:
        """Set the language the patient is written to in."""
        self._change([patient_id], language=language)

    def choose_language(self, patient_id: PatientId, language: Language, *, now: datetime) -> None:
        """Remember in which language the patient asked to be written to; no list changes it any more."""
        self._change([patient_id], language=language, language_chosen_at=now)

    def set_staying_away(self, patient_id: PatientId, reason: StayingAway | None, *, now: datetime) -> None:
        """Remember why the patient stays away, said at `now` (UTC); None: they do not any more."""
        self._change([patient_id], staying_away=reason, staying_away_at=None if reason is None else now)

    def prefer_channel(self, patient_id: PatientId, channel: Channel) -> None:
        """Remember by which way the patient would like to be written to."""
        self._change([patient_id], preferred_channel=channel)

    def set_rhythm(self, patient_id: PatientId, months: int | None) -> None:
        """Remember that the patient wants at most one message in so many months; None: as the policy has it."""
        self._change([patient_id], rhythm_months=months)

    def consent_asked(self, patient_id: PatientId, *, now: datetime) -> None:
        """Remember that the patient was asked what may be written about."""
        self._change([patient_id], consent_asked_at=now)

    def contacted(self, patient_ids: Collection[PatientId], *, now: datetime) -> None:
        """Remember that a message of the programme left to these patients."""
        self._change(patient_ids, last_contacted_at=now)

    def rest(self, patient_ids: Collection[PatientId], *, now: datetime) -> None:
        """Remember that the programme gives up on these patients for this time."""
        self._change(patient_ids, rested_at=now)

    def take_off_list(self, patient_ids: Collection[PatientId], *, now: datetime) -> None:
        """Take patients off the active list: nothing of the programme before they write or come."""
        self._change(patient_ids, off_list_at=now)

    def erase(self, patient_id: PatientId, *, now: datetime) -> None:
        """Erase a person: their key goes, and with it all that was sealed with it, here and in every backup.

        What stays is pseudonymous: the ledger, and keyed hashes that keep a list from bringing them back.
        """
        Suppression(self._scope).remember(patient_id, now=now)
        self._scope.execute(
            delete(_keys).where(_keys.c.clinic_id == self._scope.clinic_id, _keys.c.patient_id == patient_id)
        )
        self._scope.forget(patient_id)
        AttachmentRepository(self._scope).remove_all(patient_id)
        CorrectionRepository(self._scope).remove_all(patient_id)
        self._addresses.close_all(patient_id, why="erased", now=now)
        self._change(
            [patient_id],
            status=PatientStatus.DO_NOT_CONTACT,
            profile=b"",
            household_id=None,
            birth_month=None,
            last_visit_on=None,
            recall_months=None,
            has_concern=False,
            residence=None,
            staying_away=None,
            staying_away_at=None,
            off_list_at=None,
            preferred_channel=None,
            rhythm_months=None,
            language_chosen_at=None,
        )

    def _change(self, patient_ids: Collection[PatientId], **values: object) -> None:
        if not patient_ids:
            return
        changed = (
            update(_patients)
            .where(_patients.c.clinic_id == self._scope.clinic_id, _patients.c.id.in_(patient_ids))
            .values(**values)
            .returning(_patients.c.id)
        )
        missing = set(patient_ids) - set(self._scope.execute(changed).scalars())
        if missing:
            raise NotFoundError(f"no patient {min(missing)} in this clinic")

    def _open(self, row: Named) -> Patient:
        person = self._scope.opened(row["id"], row["version"], row["sealed_key"])
        return read_patient(row, person)

    def _with(self, **parameters: object) -> dict[str, object]:
        return {"clinic_id": self._scope.clinic_id, **parameters}
