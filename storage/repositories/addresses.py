"""Addresses: which ways reach a patient, and which of them may be used.

Of each contact detail a patient has at most one open address; closed ones are kept.

Longer than other files: its statements stand beside the short methods that run them.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, RowMapping, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.ids import AddressId, ConversationId, PatientId
from flows.vocabulary import Channel
from storage.dialects import inserting
from storage.errors import NotFoundError
from storage.models import Address as AddressRow
from storage.models import Conversation, PersonKey, table_of
from storage.records.people import CONTACT_CHANNELS, LOOKUPS, Address, ContactChange, PostalChange
from storage.scope import Scope
from storage.sealing import Lookup, Place

REPLACED = "replaced"
UNPROVEN = "unproven"
"""Why an address is closed that a patient named and that nobody has proven yet."""
CLOSED_BY_CHANNEL = "closed_by_channel"
"""Why an address is closed that its channel refused; what was closed for another reason, writing does not open."""
CUT_OFF = "cut_off"
"""Why an address is closed whose account is let in no more: nothing leaves for it, who writes from it is unknown."""

_addresses = table_of(AddressRow)
_talks = table_of(Conversation)
_keys = table_of(PersonKey)
_OPENABLE = (
    select(_addresses, _keys.c.version, _keys.c.sealed_key)
    .select_from(
        _addresses.join(
            _keys, (_keys.c.clinic_id == _addresses.c.clinic_id) & (_keys.c.patient_id == _addresses.c.patient_id)
        )
    )
    .where(_addresses.c.clinic_id == bindparam("clinic_id"))
)
_BY_ID = _OPENABLE.where(_addresses.c.id == bindparam("address_id"))
_OF_TALK = _OPENABLE.join(
    _talks, (_talks.c.clinic_id == _addresses.c.clinic_id) & (_talks.c.address_id == _addresses.c.id)
).where(_talks.c.id == bindparam("conversation_id"))
_OF_PATIENT = _OPENABLE.where(_addresses.c.patient_id == bindparam("patient_id"))
_BY_VALUE = _OPENABLE.where(
    _addresses.c.channel == bindparam("channel", type_=_addresses.c.channel.type),
    _addresses.c.lookup == bindparam("lookup"),
)
_CLOSE_OTHERS = (
    update(_addresses)
    .where(
        _addresses.c.clinic_id == bindparam("of_clinic"),
        _addresses.c.patient_id == bindparam("of_patient"),
        _addresses.c.channel == bindparam("of_channel", type_=_addresses.c.channel.type),
        _addresses.c.lookup != bindparam("but_lookup"),
        _addresses.c.closed_at.is_(None),
    )
    .values(closed_at=bindparam("now", type_=_addresses.c.closed_at.type), closed_why=REPLACED)
)
_REFUSED = (
    update(_addresses)
    .where(
        _addresses.c.clinic_id == bindparam("of_clinic"),
        _addresses.c.id == bindparam("of_address"),
        or_(_addresses.c.closed_at.is_(None), _addresses.c.closed_why == UNPROVEN),
    )
    .values(closed_at=bindparam("now", type_=_addresses.c.closed_at.type), closed_why=CLOSED_BY_CHANNEL)
    .returning(_addresses.c.id)
)


@cache
def _put(dialect: str) -> postgresql.Insert | sqlite.Insert:
    """Add an address; one that is there already is opened again and keeps its verification."""
    insert = inserting(dialect, _addresses)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["clinic_id", "patient_id", "channel", "lookup"],
        set_={
            "closed_at": None,
            "closed_why": None,
            "verified_how": func.coalesce(new.verified_how, _addresses.c.verified_how),
            "verified_at": func.coalesce(new.verified_at, _addresses.c.verified_at),
        },
    )


class AddressRepository:
    """Addresses of one clinic. Those of erased people are never found."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, address_id: AddressId) -> Address:
        """Return an address. Raises NotFoundError."""
        found = self._select(_BY_ID, address_id=address_id)
        if not found:
            raise NotFoundError(f"no address {address_id} in this clinic")
        return found[0]

    def of_conversation(self, conversation_id: ConversationId) -> Address:
        """Return the address a conversation is held on. Raises NotFoundError."""
        found = self._select(_OF_TALK, conversation_id=conversation_id)
        if not found:
            raise NotFoundError(f"no conversation {conversation_id} in this clinic")
        return found[0]

    def find(self, channel: Channel, value: str) -> list[Address]:
        """Find who is reached by this value on this channel: one person at most by a page, perhaps several else."""
        return self._select(_BY_VALUE, channel=channel, lookup=self._lookup(channel, value))

    def of_patient(self, patient_id: PatientId) -> list[Address]:
        """Return all addresses of a patient, closed ones too, in the order they were added."""
        return self._select(_OF_PATIENT, patient_id=patient_id)

    def add(
        self, patient_id: PatientId, channel: Channel, value: str, *, verified_how: str | None = None, now: datetime
    ) -> AddressId:
        """Add an address, or open the patient's own again that was closed.

        Args:
            patient_id: whom it reaches.
            channel: by what.
            value: chat id, mailbox, or E.164 number.
            verified_how: how it is known to be theirs, if it is; `now` (UTC) is then when that was.
            now: aware UTC.

        Raises:
            ConstraintError: the page belongs to somebody else.
        """
        row = self._row(patient_id, channel, value) | {
            "verified_how": verified_how,
            "verified_at": None if verified_how is None else now,
        }
        statement = _put(self._dialect).returning(_addresses.c.id)
        return AddressId(self._scope.execute(statement, row).scalar_one())

    def verify(self, address_id: AddressId, *, how: str, now: datetime) -> None:
        """Remember that the address is known to be the patient's, and how."""
        self._change(address_id, verified_how=how, verified_at=now)

    def close(self, address_id: AddressId, *, why: str, now: datetime) -> None:
        """Stop using the address."""
        self._change(address_id, closed_at=now, closed_why=why)

    def close_refused(self, address_id: AddressId, *, now: datetime) -> bool:
        """Stop using an address that its channel refused; False if it was closed before.

        What waits for its proof is tried with the proof itself, and counts as open here.
        """
        parameters = {"of_clinic": self._scope.clinic_id, "of_address": address_id, "now": now}
        return self._scope.execute(_REFUSED, parameters).first() is not None

    def reopen(self, address_id: AddressId) -> None:
        """Use the address again."""
        self._change(address_id, closed_at=None, closed_why=None)

    def close_all(self, patient_id: PatientId, *, why: str, now: datetime) -> None:
        """Stop using every address of a patient, for good."""
        self._scope.execute(
            update(_addresses)
            .where(
                _addresses.c.clinic_id == self._scope.clinic_id,
                _addresses.c.patient_id == patient_id,
                # What writing from it would open again is not closed for good.
                or_(_addresses.c.closed_at.is_(None), _addresses.c.closed_why == CLOSED_BY_CHANNEL),
            )
            .values(closed_at=now, closed_why=why)
        )

    def set_contacts(self, changes: Collection[ContactChange], *, now: datetime) -> None:
        """Make each contact detail the patient's only open address of its channel, in two statements."""
        self._set([(change.patient_id, CONTACT_CHANNELS[change.kind], change.value) for change in changes], now)

    def claim(self, change: ContactChange, *, now: datetime) -> None:
        """Make a detail that the patient named the only one of its channel; it is not used before it is proven.

        One that is in use already, or was proven once, needs no proof.
        """
        before = self._named(change)
        self.set_contacts([change], now=now)
        sure = before is not None and (before.closed_at is None or before.verified_at is not None)
        named = self._named(change)
        if named is not None and not sure:
            self.close(named.id, why=UNPROVEN, now=now)

    def _named(self, change: ContactChange) -> Address | None:
        said = (CONTACT_CHANNELS[change.kind], change.value)
        theirs = self.of_patient(change.patient_id)
        return next((address for address in theirs if (address.channel, address.value) == said), None)

    def set_postal(self, changes: Collection[PostalChange], *, now: datetime) -> None:
        """Make each postal address the patient's only open one, in two statements."""
        self._set([(change.patient_id, Channel.LETTER, change.value) for change in changes], now)

    def _set(self, rows: Collection[tuple[PatientId, Channel, str | None]], now: datetime) -> None:
        if not rows:
            return
        self._scope.execute(
            _CLOSE_OTHERS,
            [
                {
                    "of_clinic": self._scope.clinic_id,
                    "of_patient": patient_id,
                    "of_channel": channel,
                    "but_lookup": b"" if value is None else self._lookup(channel, value),
                    "now": now,
                }
                for patient_id, channel, value in rows
            ],
        )
        stored = [
            self._row(patient_id, channel, value) | {"verified_how": None, "verified_at": None}
            for patient_id, channel, value in rows
            if value is not None
        ]
        if stored:
            self._scope.execute(_put(self._dialect), stored)

    @property
    def _dialect(self) -> str:
        return self._scope.connection.dialect.name

    def _row(self, patient_id: PatientId, channel: Channel, value: str) -> dict[str, Any]:
        address_id = self._scope.ids.next()
        return {
            "clinic_id": self._scope.clinic_id,
            "id": address_id,
            "patient_id": patient_id,
            "channel": channel,
            "lookup": self._lookup(channel, value),
            "value": self._scope.person(patient_id).seal(Place("address", "value", address_id), value),
        }

    def _lookup(self, channel: Channel, value: str) -> bytes:
        kind = LOOKUPS.get(channel)
        if kind is None:
            return self._scope.sealer.lookup(Lookup.ADDRESS, f"{channel}:{value}")
        return self._scope.sealer.lookup(kind, value)

    def _change(self, address_id: AddressId, **values: object) -> None:
        changed = (
            update(_addresses)
            .where(_addresses.c.clinic_id == self._scope.clinic_id, _addresses.c.id == address_id)
            .values(**values)
            .returning(_addresses.c.id)
        )
        if self._scope.execute(changed).first() is None:
            raise NotFoundError(f"no address {address_id} in this clinic")

    def _select(self, statement: Executable, **parameters: object) -> list[Address]:
        rows = self._scope.execute(statement, {"clinic_id": self._scope.clinic_id, **parameters}).mappings()
        # Sorted here: told to sort, SQLite may walk the whole clinic by id rather than use the index of the question.
        return sorted((self._open(row) for row in rows), key=lambda address: address.id)

    def _open(self, row: RowMapping) -> Address:
        person = self._scope.opened(row["patient_id"], row["version"], row["sealed_key"])
        return Address(
            id=row["id"],
            patient_id=row["patient_id"],
            channel=row["channel"],
            value=str(person.open(Place("address", "value", row["id"]), row["value"])),
            verified_how=row["verified_how"],
            verified_at=row["verified_at"],
            closed_at=row["closed_at"],
            closed_why=row["closed_why"],
        )
