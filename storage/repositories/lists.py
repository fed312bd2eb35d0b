"""Patients as lists bring them: a whole batch in a handful of statements, the same batch twice changes nothing.

A list wins only where it says something new: what changed here since stays. It never undoes contact details that a
patient confirmed, a death, or a wish not to be contacted, and brings no erased person back.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import RowMapping, bindparam, case, func, insert, select, update

from flows.ids import PatientId
from flows.outreach.assignment import HOLD_OUT, lot_of
from flows.vocabulary import ContactKind
from storage.models import Appointment, PersonKey, table_of
from storage.models import Patient as PatientRow
from storage.records.people import ContactChange, Fate, NewPatient, PostalChange, Profile, Upserted
from storage.repositories.addresses import AddressRepository
from storage.repositories.households import Households
from storage.repositories.list_rows import SAID, columns_of, line_of, merged
from storage.scope import Scope
from storage.sealing import Lookup, Place
from storage.vocabulary import AppointmentStatus

BATCH = 500
_patients = table_of(PatientRow)
_keys = table_of(PersonKey)
_appointments = table_of(Appointment)
_OWN_NEXT = (
    select(func.min(_appointments.c.starts_at))
    .where(
        _appointments.c.clinic_id == _patients.c.clinic_id,
        _appointments.c.patient_id == _patients.c.id,
        _appointments.c.status == AppointmentStatus.BOOKED,
    )
    .scalar_subquery()
)
_PROFILE = tuple(field.name for field in fields(Profile))
_KNOWN = (
    select(
        _patients.c.id,
        _patients.c.number_hash,
        _patients.c.import_hash,
        _patients.c.profile,
        _patients.c.contact_checked_at,
        _patients.c.language_chosen_at,
        *(_patients.c[name] for name in SAID),
        _keys.c.version,
        _keys.c.sealed_key,
        _OWN_NEXT.label("own_next_visit_at"),
    )
    .select_from(
        _patients.outerjoin(
            _keys, (_keys.c.clinic_id == _patients.c.clinic_id) & (_keys.c.patient_id == _patients.c.id)
        )
    )
    .where(
        _patients.c.clinic_id == bindparam("clinic_id"),
        _patients.c.number_hash.in_(bindparam("numbers", expanding=True)),
    )
)
Moved: TypeAlias = ContactChange | PostalChange
_CREATE = insert(_patients)
_came_on = bindparam("last_visit_on", type_=_patients.c.last_visit_on.type)
_CHANGE = (
    update(_patients)
    .where(_patients.c.clinic_id == bindparam("of_clinic"), _patients.c.id == bindparam("of_patient"))
    .values({name: bindparam(name) for name in ("profile", "import_hash", *SAID) if name != "last_visit_on"})
    # Who has come, as a list tells it, is on the active list again.
    .values(
        last_visit_on=_came_on,
        off_list_at=case((_came_on > _patients.c.last_visit_on, None), else_=_patients.c.off_list_at),
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Listed:
    """A row of the list beside the patient it is about; `known` is None for a new one."""

    row: NewPatient
    number_hash: bytes
    import_hash: bytes
    patient_id: PatientId
    known: RowMapping | None


class ListedPatients:
    """Creates and changes patients by lists."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def upsert(self, rows: Collection[NewPatient], *, now: datetime) -> list[Upserted]:
        """Bring patients to what the rows say, told apart by their number.

        The next visit is the earlier of the row's and of what is open here, the last visit the later of the row's
        and of what is known. Contact details make addresses; who shares a mobile or mailbox shares a household.

        Args:
            rows: each number at most once.
            now: aware UTC.

        Returns:
            one entry a row, in order.
        """
        remaining = iter(rows)
        done: list[Upserted] = []
        while batch := list(islice(remaining, BATCH)):
            done += self._batch(batch, now)
        return done

    def _batch(self, rows: Sequence[NewPatient], now: datetime) -> list[Upserted]:
        listed = self._matched(rows)
        created = [entry for entry in listed if entry.known is None]
        alive = [entry for entry in listed if entry.known is not None and entry.known["version"] is not None]
        moved = list(self._create(created, now))
        changes = [change for entry in alive if (change := self._change(entry))]
        if changes:
            self._scope.execute(_CHANGE, [values for _, values, _ in changes])
            moved += [each for _, _, theirs in changes for each in theirs]
        contacts = [each for each in moved if isinstance(each, ContactChange)]
        addresses = AddressRepository(self._scope)
        addresses.set_contacts(contacts, now=now)
        addresses.set_postal([each for each in moved if isinstance(each, PostalChange)], now=now)
        Households(self._scope).join(contacts)
        fates = dict.fromkeys((entry.patient_id for entry in listed), Fate.ERASED)
        fates |= dict.fromkeys((entry.patient_id for entry in created), Fate.CREATED)
        fates |= dict.fromkeys((entry.patient_id for entry in alive), Fate.UNCHANGED)
        fates |= {entry.patient_id: Fate.UPDATED for entry, _, _ in changes}
        return [Upserted(patient_id=entry.patient_id, fate=fates[entry.patient_id]) for entry in listed]

    def _matched(self, rows: Sequence[NewPatient]) -> list[_Listed]:
        hashes = [self._scope.sealer.lookup(Lookup.NUMBER, row.profile.number) for row in rows]
        parameters = {"clinic_id": self._scope.clinic_id, "numbers": hashes}
        known = {row["number_hash"]: row for row in self._scope.execute(_KNOWN, parameters).mappings()}
        fresh = iter(self._scope.ids.take(len(rows)))
        return [
            _Listed(
                row=row,
                number_hash=number_hash,
                import_hash=self._scope.sealer.lookup(Lookup.LINE, line_of(row)),
                known=(found := known.get(number_hash)),
                patient_id=PatientId(next(fresh)) if found is None else found["id"],
            )
            for row, number_hash in zip(rows, hashes, strict=True)
        ]

    def _create(self, created: Sequence[_Listed], now: datetime) -> Iterator[Moved]:
        """Insert new patients with their keys; yields the contact details and postal addresses they bring."""
        if not created:
            return
        # The profile is sealed with a key whose row refers to the patient's: the patient goes first, sealed already.
        drawing = self._scope.sealer.lookup(Lookup.ASSIGNMENT, HOLD_OUT)
        made = self._scope.make_people([entry.patient_id for entry in created])
        self._scope.execute(
            _CREATE,
            [
                {
                    "clinic_id": self._scope.clinic_id,
                    "id": entry.patient_id,
                    "number_hash": entry.number_hash,
                    "import_hash": entry.import_hash,
                    "profile": self._seal(entry.patient_id, entry.row.profile),
                    "created_at": now,
                    "recall_ok": False,
                    "postvisit_ok": False,
                    "offer_ok": False,
                    "frozen": False,
                    "lot": lot_of(drawing, HOLD_OUT, entry.number_hash),
                    **columns_of(entry.row),
                }
                for entry in created
            ],
        )
        self._scope.keep_people(made)
        for entry in created:
            for kind in ContactKind:
                if (value := entry.row.profile.contact(kind)) is not None:
                    yield ContactChange(patient_id=entry.patient_id, kind=kind, value=value)
            if (postal := entry.row.profile.postal) is not None:
                yield PostalChange(patient_id=entry.patient_id, value=postal)

    def _change(self, entry: _Listed) -> tuple[_Listed, dict[str, Any], list[Moved]] | None:
        """Work out what a row changes of the patient it is about; None if the last list said the same."""
        known = entry.known
        if known is None or known["import_hash"] == entry.import_hash:
            return None
        person = self._scope.opened(entry.patient_id, known["version"], known["sealed_key"])
        before = Profile.from_json(person.open(Place("patient", "profile", entry.patient_id), known["profile"]))
        after = replace(
            entry.row.profile, **{name: getattr(before, name) for name in _PROFILE if name in entry.row.unsaid}
        )
        if known["contact_checked_at"] is not None:
            after = replace(after, mobile=before.mobile, email=before.email)
        values = {
            "of_clinic": self._scope.clinic_id,
            "of_patient": entry.patient_id,
            "profile": self._seal(entry.patient_id, after),
            "import_hash": entry.import_hash,
            **merged(known, columns_of(replace(entry.row, profile=after)), entry.row.unsaid),
        }
        moved: list[Moved] = [
            ContactChange(patient_id=entry.patient_id, kind=kind, value=after.contact(kind))
            for kind in ContactKind
            if before.contact(kind) != after.contact(kind)
        ]
        if before.postal != after.postal:
            moved.append(PostalChange(patient_id=entry.patient_id, value=after.postal))
        return entry, values, moved

    def _seal(self, patient_id: PatientId, profile: Profile) -> bytes:
        return self._scope.person(patient_id).seal(Place("patient", "profile", patient_id), profile.to_json())
