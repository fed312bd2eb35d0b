"""What every repository works with: one connection in one transaction, one clinic, its keys, new ids.

A person's key is read at most once in a transaction and is not remembered beyond it: erasing wins at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Executable, Result, bindparam, insert, select

from flows.ids import ClinicId, ConversationId, PatientId
from storage.errors import NotFoundError
from storage.hot import Hot, Named
from storage.ids import IdMaker
from storage.models import Conversation, PersonKey, table_of
from storage.sealing import ClinicSealer, PersonSealer

_keys = table_of(PersonKey)
_talks = table_of(Conversation)
_WHOSE = Hot(
    select(_talks.c.patient_id).where(
        _talks.c.clinic_id == bindparam("clinic_id"), _talks.c.id == bindparam("conversation_id")
    )
)
_KEYS_OF = select(_keys.c.patient_id, _keys.c.version, _keys.c.sealed_key).where(
    _keys.c.clinic_id == bindparam("clinic_id"), _keys.c.patient_id.in_(bindparam("patient_ids", expanding=True))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """A unit of work's connection and clinic. `sealer` seals what belongs to no person."""

    connection: Connection
    clinic_id: ClinicId
    sealer: ClinicSealer
    ids: IdMaker
    _people: dict[PatientId, PersonSealer] = field(default_factory=dict)
    _talks: dict[ConversationId, PatientId] = field(default_factory=dict)

    def execute(
        self, statement: Executable | Hot, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> Result[*tuple[Any, ...]]:
        """Run one statement."""
        if isinstance(statement, Hot):
            return statement.run(self.connection, parameters or {})
        return self.connection.execute(statement, parameters)

    def rows(self, statement: Hot, parameters: Mapping[str, Any]) -> Sequence[Named]:
        """Run one statement and return its rows."""
        return statement.rows(self.connection, parameters)

    def tuples(self, statement: Hot, parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Run one statement and return its rows by their columns' places."""
        return statement.tuples(self.connection, parameters)

    def first(self, statement: Hot, parameters: Mapping[str, Any]) -> Named | None:
        """Run one statement and return its first row, None if there is none."""
        return statement.first(self.connection, parameters)

    def value(self, statement: Hot, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of whatever column it is
        """Run one statement and return the first column of its first row, None if there is none."""
        return statement.value(self.connection, parameters)

    def change(self, statement: Hot, parameters: Mapping[str, Any]) -> int:
        """Run one statement that returns nothing and tell how many rows it inserted, updated or deleted."""
        return statement.change(self.connection, parameters)

    def person(self, patient_id: PatientId) -> PersonSealer:
        """Return the sealer of a person. Raises KeyErasedError."""
        known = self._people.get(patient_id) or self.people([patient_id]).get(patient_id)
        return known or self.sealer.person(patient_id, None, None)

    def people(self, patient_ids: Collection[PatientId]) -> dict[PatientId, PersonSealer]:
        """Return the sealers of those who still have a key, in one statement."""
        missing = [patient_id for patient_id in patient_ids if patient_id not in self._people]
        if missing:
            rows = self.execute(_KEYS_OF, {"clinic_id": self.clinic_id, "patient_ids": missing})
            for patient_id, version, sealed_key in rows:
                self.opened(patient_id, version, sealed_key)
        return {patient_id: self._people[patient_id] for patient_id in patient_ids if patient_id in self._people}

    def opened(self, patient_id: PatientId, version: int | None, sealed_key: bytes | None) -> PersonSealer:
        """Open a person's key that another statement has brought along. Raises KeyErasedError, SealBrokenError."""
        if (known := self._people.get(patient_id)) is not None:
            return known
        person = self._people[patient_id] = self.sealer.person(patient_id, version, sealed_key)
        return person

    def whose(self, conversation_id: ConversationId) -> PatientId:
        """Tell whose conversation it is. Raises NotFoundError."""
        if (known := self._talks.get(conversation_id)) is not None:
            return known
        found = self.value(_WHOSE, {"clinic_id": self.clinic_id, "conversation_id": conversation_id})
        if found is None:
            raise NotFoundError(f"no conversation {conversation_id} in this clinic")
        return self.talk_of(conversation_id, PatientId(found))

    def talk_of(self, conversation_id: ConversationId, patient_id: PatientId) -> PatientId:
        """Remember whose conversation it is, as another statement has told."""
        self._talks[conversation_id] = patient_id
        return patient_id

    def make_people(self, patient_ids: Collection[PatientId]) -> list[dict[str, Any]]:
        """Make the keys of new people, usable at once; `keep_people` stores them when the patients' rows are there."""
        made: list[dict[str, Any]] = []
        for patient_id in patient_ids:
            person, sealed_key = self.sealer.new_person(patient_id)
            self._people[patient_id] = person
            made.append(
                {
                    "clinic_id": self.clinic_id,
                    "patient_id": patient_id,
                    "version": person.version,
                    "sealed_key": sealed_key,
                }
            )
        return made

    def keep_people(self, made: Sequence[Mapping[str, Any]]) -> None:
        """Store the keys that `make_people` made, in one statement."""
        if made:
            self.execute(insert(_keys), made)

    def forget(self, patient_id: PatientId) -> None:
        """Drop a person's key from this transaction's memory, after its row was deleted."""
        self._people.pop(patient_id, None)
