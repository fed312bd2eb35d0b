"""Placeholders: stand-ins for people who write and whom nobody has recognised yet, each with a key of its own.

A placeholder is no patient: the programme, its counts and its lists never see one. Erased, it stays one, without words.
"""

import secrets
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, exists, func, insert, literal, not_, select, update

from flows.ids import PatientId
from flows.vocabulary import Language, PatientStatus
from storage.models import Conversation, Patient, PersonKey, table_of
from storage.records.people import Profile
from storage.repositories.addresses import AddressRepository
from storage.repositories.attachments import AttachmentRepository
from storage.repositories.corrections import CorrectionRepository
from storage.scope import Scope
from storage.sealing import Lookup, Place

ERASED = "erased"
_TAGS = 10_000

_patients = table_of(Patient)
_keys = table_of(PersonKey)
_talks = table_of(Conversation)
_CREATE = insert(_patients)
_HAS_KEY = exists(
    select(literal(1))
    .where(_keys.c.clinic_id == _patients.c.clinic_id, _keys.c.patient_id == _patients.c.id)
    .correlate(_patients)
)
_SPOKE_SINCE = exists(
    select(literal(1))
    .where(
        _talks.c.clinic_id == _patients.c.clinic_id,
        _talks.c.patient_id == _patients.c.id,
        func.coalesce(_talks.c.last_patient_at, _talks.c.created_at)
        >= bindparam("before", type_=_talks.c.created_at.type),
    )
    .correlate(_patients)
)
_SILENT = (
    select(_patients.c.id)
    .where(
        _patients.c.clinic_id == bindparam("clinic_id"),
        _patients.c.status == literal(PatientStatus.UNKNOWN.value, literal_execute=True),
        and_(_HAS_KEY, not_(_SPOKE_SINCE)),
    )
    .order_by(_patients.c.id)
    .limit(bindparam("most"))
)


class PlaceholderRepository:
    """Placeholders of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, language: Language | None, *, now: datetime) -> PatientId:
        """Make a placeholder (now: aware UTC). language: what they seem to read; its number is a tag for staff only."""
        patient_id = PatientId(self._scope.ids.next())
        made = self._scope.make_people([patient_id])
        profile = Profile(number=f"?{patient_id % _TAGS:04d}")
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": patient_id,
            # Nobody has this number, and nobody can look for it.
            "number_hash": self._scope.sealer.lookup(Lookup.NUMBER, f"unknown:{secrets.token_hex()}"),
            "language": language,
            "status": PatientStatus.UNKNOWN,
            "has_concern": False,
            "recall_ok": False,
            "postvisit_ok": False,
            "offer_ok": False,
            "frozen": False,
            "lot": 0,
            "profile": self._scope.person(patient_id).seal(Place("patient", "profile", patient_id), profile.to_json()),
            "created_at": now,
        }
        self._scope.execute(_CREATE, row)
        self._scope.keep_people(made)
        return patient_id

    def silent(self, *, before: datetime, limit: int) -> list[PatientId]:
        """Return placeholders, not yet erased, that have said nothing since an instant (UTC), the oldest first."""
        parameters = {"clinic_id": self._scope.clinic_id, "before": before, "most": limit}
        return list(self._scope.execute(_SILENT, parameters).scalars())

    def erase(self, patient_id: PatientId, *, now: datetime) -> None:
        """Erase a placeholder: its key goes, and with it all it said. Nothing is kept that would know them again."""
        AttachmentRepository(self._scope).remove_all(patient_id)
        CorrectionRepository(self._scope).remove_all(patient_id)
        self._scope.execute(
            delete(_keys).where(_keys.c.clinic_id == self._scope.clinic_id, _keys.c.patient_id == patient_id)
        )
        self._scope.forget(patient_id)
        AddressRepository(self._scope).close_all(patient_id, why=ERASED, now=now)
        self._scope.execute(
            update(_patients)
            .where(
                _patients.c.clinic_id == self._scope.clinic_id,
                _patients.c.id == patient_id,
                _patients.c.status == PatientStatus.UNKNOWN,
            )
            .values(profile=b"")
        )
