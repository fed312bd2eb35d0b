"""Sealing: a value opens in its own place, with the right keys, and nowhere else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.ids import ClinicId, PatientId
from storage.errors import KeyErasedError, SealBrokenError, WrongKeyError
from storage.sealing import ClinicSealer, Codec, Json, Lookup, Place
from tests.storage.conftest import KEY

HERE = Place("patient", "profile", 7)
ANNA = PatientId(7)
JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def _sealer(clinic_id: int = 1, key: bytes = KEY) -> ClinicSealer:
    return Codec(key).clinic(ClinicId(clinic_id))


@given(JSON)
def test_what_was_sealed_opens_as_it_was(value: Json) -> None:
    person, _ = _sealer().new_person(ANNA)
    assert person.open(HERE, person.seal(HERE, value)) == value


@pytest.mark.parametrize("no_json", [2**64, "\ud83d", {1: "a"}, {1, 2}, b"a", HERE, datetime(2026, 11, 23, tzinfo=UTC)])
def test_what_would_not_come_back_is_not_sealed(no_json: object) -> None:
    person, _ = _sealer().new_person(ANNA)
    with pytest.raises(TypeError):
        person.seal(HERE, no_json)  # type: ignore[arg-type]  # what is none


@pytest.mark.parametrize(
    "elsewhere",
    [
        HERE._replace(row=8),
        HERE._replace(column="concern"),
        HERE._replace(table="ticket"),
        Place("patien", "tprofile", 7),
    ],
)
def test_a_value_moved_elsewhere_does_not_open(elsewhere: Place) -> None:
    person, _ = _sealer().new_person(ANNA)
    with pytest.raises(SealBrokenError):
        person.open(elsewhere, person.seal(HERE, "words"))


def test_every_changed_byte_is_noticed() -> None:
    person, _ = _sealer().new_person(ANNA)
    sealed = person.seal(HERE, "words")
    for index in range(len(sealed)):
        damaged = sealed[:index] + bytes([sealed[index] ^ 1]) + sealed[index + 1 :]
        with pytest.raises(SealBrokenError):
            person.open(HERE, damaged)
    for length in range(len(sealed)):
        with pytest.raises(SealBrokenError):
            person.open(HERE, sealed[:length])


def test_the_same_words_are_sealed_differently_each_time() -> None:
    person, _ = _sealer().new_person(ANNA)
    assert person.seal(HERE, "words") != person.seal(HERE, "words")


def test_a_persons_key_opens_only_as_theirs_and_in_their_clinic() -> None:
    sealer = _sealer()
    person, stored = sealer.new_person(ANNA)
    sealed = person.seal(HERE, "words")
    assert sealer.person(ANNA, person.version, stored).open(HERE, sealed) == "words"
    with pytest.raises(SealBrokenError):
        sealer.person(PatientId(8), person.version, stored)
    with pytest.raises(SealBrokenError):
        _sealer(clinic_id=2).person(ANNA, person.version, stored)
    with pytest.raises(SealBrokenError):
        _sealer(key=bytes(32)).person(ANNA, person.version, stored)


def test_two_people_cannot_read_each_other() -> None:
    sealer = _sealer()
    one, _ = sealer.new_person(ANNA)
    other, _ = sealer.new_person(ANNA)
    with pytest.raises(SealBrokenError):
        other.open(HERE, one.seal(HERE, "words"))


def test_without_a_key_a_person_is_erased() -> None:
    with pytest.raises(KeyErasedError):
        _sealer().person(ANNA, None, None)


def test_what_belongs_to_nobody_is_sealed_with_the_clinics_key() -> None:
    place = Place("quarantined_update", "raw", 1)
    sealed = _sealer().seal(place, {"text": "words"})
    assert b"words" not in sealed
    assert _sealer().open(place, sealed) == {"text": "words"}
    with pytest.raises(SealBrokenError):
        _sealer(clinic_id=2).open(place, sealed)


def test_a_wrong_master_key_is_noticed_at_once() -> None:
    check = _sealer().key_check()
    _sealer().check(check)
    with pytest.raises(WrongKeyError, match="RECARE_KEY"):
        _sealer(key=bytes(32)).check(check)
    with pytest.raises(WrongKeyError, match="31 bytes"):
        Codec(bytes(31))


def test_look_ups_differ_by_kind_clinic_and_master_key() -> None:
    value = "+32470000001"
    hashes = {
        _sealer().lookup(Lookup.MOBILE, value),
        _sealer().lookup(Lookup.NUMBER, value),
        _sealer(clinic_id=2).lookup(Lookup.MOBILE, value),
        _sealer(key=bytes(32)).lookup(Lookup.MOBILE, value),
    }
    assert len(hashes) == 4
    assert _sealer().lookup(Lookup.MOBILE, value) in hashes


def test_sealers_and_people_do_not_show_their_keys() -> None:
    person, _ = _sealer().new_person(ANNA)
    assert "cipher" not in repr(person)
