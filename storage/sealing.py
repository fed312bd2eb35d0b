"""The codec through which everything that identifies or describes a person passes on its way to the database.

AES-256-GCM under a key of the person, itself sealed under the clinic's key, which is derived from the master key. The
place of a value (table, column, clinic, row) is authenticated with it: moved elsewhere, it does not open.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.ids import ClinicId, PatientId
from storage.errors import KeyErasedError, SealBrokenError, WrongKeyError
from storage.ledger_keys import FIRST_VERSION, LedgerKeys

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None

KEY_BYTES = 32
KEY_VERSION = 1
_ENVELOPE = b"1"
_NONCE_BYTES = 12
_HEADER_BYTES = 3  # the envelope's version, then the key's as two bytes
_CHECK = "recare"


class Lookup(StrEnum):
    """What a keyed hash is taken of; the same value gives different hashes for different kinds."""

    MOBILE = "mobile"
    EMAIL = "email"
    NUMBER = "number"
    TOKEN = "token"  # noqa: S105  # a kind of look-up, not a secret
    ADDRESS = "address"
    LINE = "line"
    ASSIGNMENT = "assignment"
    STAFF_ACCOUNT = "staff_account"
    SHOWN = "shown"
    CORRECTED = "corrected"


class Place(NamedTuple):
    """Where a sealed value stands, apart from its clinic."""

    table: str
    column: str
    row: int


def _seal(cipher: AESGCM, version: int, clinic_id: int, place: Place, value: bytes) -> bytes:
    header = _ENVELOPE + version.to_bytes(2)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return header + nonce + cipher.encrypt(nonce, value, _bound(header, clinic_id, place))


def _open(cipher: AESGCM, clinic_id: int, place: Place, sealed: bytes) -> bytes:
    header = sealed[:_HEADER_BYTES]
    nonce, body = sealed[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES], sealed[_HEADER_BYTES + _NONCE_BYTES :]
    if header[:1] != _ENVELOPE or len(nonce) != _NONCE_BYTES:
        raise SealBrokenError(f"{place.table}.{place.column} of row {place.row} is no sealed value this recare knows")
    try:
        return cipher.decrypt(nonce, body, _bound(header, clinic_id, place))
    except InvalidTag:
        raise SealBrokenError(f"{place.table}.{place.column} of row {place.row} does not open") from None


def _bound(header: bytes, clinic_id: int, place: Place) -> bytes:
    return header + f"{place.table}\0{place.column}\0{clinic_id}\0{place.row}".encode()


_JSON_ALONE = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def _write(value: Json) -> bytes:
    """Write JSON data; raises TypeError for what is none.

    So are a whole number beyond 64 bits, half a character, and a name that is no text, which would not come back. What
    is no number (NaN) becomes null.
    """
    return orjson.dumps(value, option=_JSON_ALONE)


def _read(written: bytes) -> Json:
    value: Json = orjson.loads(written)
    return value


@dataclass(frozen=True, slots=True)
class PersonSealer:
    """Seals and opens what belongs to one person. Values are JSON data."""

    clinic_id: ClinicId
    version: int
    cipher: AESGCM = field(repr=False)

    def seal(self, place: Place, value: Json) -> bytes:
        """Seal JSON data for its place."""
        return _seal(self.cipher, self.version, self.clinic_id, place, _write(value))

    def open(self, place: Place, sealed: bytes) -> Json:
        """Read what was sealed for this place. Raises SealBrokenError."""
        return _read(_open(self.cipher, self.clinic_id, place, sealed))

    def seal_bytes(self, place: Place, value: bytes) -> bytes:
        """Seal bytes for their place."""
        return _seal(self.cipher, self.version, self.clinic_id, place, value)

    def open_bytes(self, place: Place, sealed: bytes) -> bytes:
        """Read what `seal_bytes` sealed for this place. Raises SealBrokenError."""
        return _open(self.cipher, self.clinic_id, place, sealed)


class ClinicSealer:
    """Keeps the keys of one clinic: for people's keys, for what belongs to nobody yet, and for look-ups."""

    def __init__(self, clinic_id: ClinicId, master_key: bytes, ledger_key_version: int = FIRST_VERSION) -> None:
        self.clinic_id = clinic_id
        self.ledger = LedgerKeys(
            lambda purpose: _derive(master_key, f"recare/clinic/{clinic_id}/{purpose}"), ledger_key_version
        )
        self._cipher = AESGCM(_derive(master_key, f"recare/clinic/{clinic_id}/seal/{KEY_VERSION}"))
        self._lookups = {kind: _derive(master_key, f"recare/clinic/{clinic_id}/lookup/{kind}") for kind in Lookup}

    def seal(self, place: Place, value: Json) -> bytes:
        """Seal JSON data that belong to no person, for their place."""
        return _seal(self._cipher, KEY_VERSION, self.clinic_id, place, _write(value))

    def open(self, place: Place, sealed: bytes) -> Json:
        """Read what `seal` sealed. Raises SealBrokenError."""
        return _read(_open(self._cipher, self.clinic_id, place, sealed))

    def lookup(self, kind: Lookup, value: str) -> bytes:
        """Hash a normalised value so that it can be found without being readable."""
        return hmac.digest(self._lookups[kind], value.encode(), hashlib.sha256)

    def new_person(self, patient_id: PatientId) -> tuple[PersonSealer, bytes]:
        """Make a person's key: the sealer that uses it, and the sealed key to store."""
        key = AESGCM.generate_key(bit_length=8 * KEY_BYTES)
        sealed = _seal(self._cipher, KEY_VERSION, self.clinic_id, _person_key_place(patient_id), key)
        return PersonSealer(self.clinic_id, KEY_VERSION, AESGCM(key)), sealed

    def person(self, patient_id: PatientId, version: int | None, sealed_key: bytes | None) -> PersonSealer:
        """Open a person's key as stored.

        Raises:
            KeyErasedError: there is none any more.
            SealBrokenError: it is not this person's, or the clinic's key is another.
        """
        if sealed_key is None or version is None:
            raise KeyErasedError(f"patient {patient_id} was erased")
        key = _open(self._cipher, self.clinic_id, _person_key_place(patient_id), sealed_key)
        return PersonSealer(self.clinic_id, version, AESGCM(key))

    def key_check(self) -> bytes:
        """Make the value stored with the clinic by which a wrong master key is noticed at once."""
        return self.seal(_key_check_place(self.clinic_id), _CHECK)

    def check(self, stored: bytes) -> None:
        """Compare the master key with the one of `key_check`. Raises WrongKeyError."""
        try:
            self.open(_key_check_place(self.clinic_id), stored)
        except SealBrokenError:
            raise WrongKeyError(
                f"the data of clinic {self.clinic_id} are sealed with another master key; set RECARE_KEY to that one"
            ) from None


class Codec:
    """Holds the master key and hands out the sealers of clinics; for any thread."""

    def __init__(self, master_key: bytes, *, ledger_key_version: int = FIRST_VERSION) -> None:
        if len(master_key) != KEY_BYTES:
            raise WrongKeyError(f"the master key has {len(master_key)} bytes instead of {KEY_BYTES}; check RECARE_KEY")
        self._master_key = master_key
        self._ledger_key_version = ledger_key_version
        self._sealers: dict[ClinicId, ClinicSealer] = {}

    def clinic(self, clinic_id: ClinicId) -> ClinicSealer:
        """Return the sealer of a clinic, derived once."""
        if (sealer := self._sealers.get(clinic_id)) is None:
            sealer = self._sealers[clinic_id] = ClinicSealer(clinic_id, self._master_key, self._ledger_key_version)
        return sealer


def _derive(master_key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(master_key)


def _person_key_place(patient_id: PatientId) -> Place:
    return Place("person_key", "sealed_key", patient_id)


def _key_check_place(clinic_id: ClinicId) -> Place:
    return Place("clinic", "key_check", clinic_id)
