"""Conversations on both databases: snapshot, lock, state, owner."""

from datetime import timedelta

import pytest

from flows.vocabulary import Owner
from storage.errors import ConversationMovedOnError
from storage.records.outgoing import NewOutbox
from storage.records.talks import ConversationLock, Heard
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import BookedBy, OutboxKind, ReceivedKind
from tests.storage.conftest import NOW, Clinic
from tests.storage.sql import counted_statements

STATE: dict[str, Json] = {
    "chat": {"v": 1, "state": "idle"},
    "buttons": [{"label": "Other times", "payload": "1.other.0.3"}],
}


def test_a_snapshot_holds_all_a_turn_needs_and_is_one_statement(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    version = clinic.do(lambda uow: uow.conversations.save(talk.conversation_id, state=STATE, lock_version=0, now=NOW))
    with counted_statements() as statements:
        snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert len(statements) == 1
    assert snapshot.state == STATE
    assert (snapshot.lock_version, snapshot.owner, snapshot.last_patient_at) == (version, Owner.BOT, NOW)
    assert snapshot.patient == clinic.do(lambda uow: uow.patients.get(talk.patient_id))
    assert (snapshot.address_id, snapshot.address_verified_at) == (talk.address_id, NOW)
    assert snapshot.visit is None


def test_a_new_conversation_has_no_state(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert snapshot.state is None


def test_a_snapshot_shows_the_next_visit_until_it_is_over(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    starts = [NOW + timedelta(days=days) for days in (9, 2)]
    for starts_at in starts:
        clinic.add_appointment(talk.patient_id, starts_at, BookedBy.STAFF)

    def visit_at(**later: float) -> object:
        now = NOW + timedelta(**later)
        visit = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=now)).visit
        return visit and (visit.slot.starts_at, visit.provider_name)

    assert visit_at() == (starts[1], "Dr Vos")
    assert visit_at(days=2, minutes=10) == (starts[1], "Dr Vos")
    assert visit_at(days=3) == (starts[0], "Dr Vos")
    assert visit_at(days=10) is None


def test_a_conversation_that_was_just_read_is_locked_like_any_other(clinic: Clinic) -> None:
    talk = clinic.add_talk()

    def both(uow: UnitOfWork) -> tuple[ConversationLock, ConversationLock]:
        seen = uow.conversations.snapshot(talk.conversation_id, now=NOW)
        return uow.conversations.lock_seen(seen), uow.conversations.lock(talk.conversation_id)

    seen, locked = clinic.do(both)
    assert seen == locked


def test_an_address_has_one_conversation(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    channel = clinic.do(lambda uow: uow.conversations.lock(talk.conversation_id)).channel
    again = clinic.do(lambda uow: uow.conversations.create(talk.patient_id, talk.address_id, channel, now=NOW))
    assert again == talk.conversation_id
    assert clinic.do(lambda uow: uow.conversations.find_by_address(talk.address_id)) == talk.conversation_id
    assert clinic.do(lambda uow: uow.conversations.of_patient(talk.patient_id)) == [talk.conversation_id]


def test_who_comes_second_with_an_old_version_changes_nothing(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    clinic.do(lambda uow: uow.conversations.save(talk.conversation_id, state=STATE, lock_version=0, now=NOW))
    with pytest.raises(ConversationMovedOnError):
        clinic.do(lambda uow: uow.conversations.save(talk.conversation_id, state={}, lock_version=0, now=NOW))
    with pytest.raises(ConversationMovedOnError):
        clinic.do(lambda uow: uow.conversations.set_owner(talk.conversation_id, owner=Owner.BOT, lock_version=0))
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert (snapshot.state, snapshot.lock_version) == (STATE, 1)


def test_a_change_the_patient_did_not_cause_is_not_heard_from_them(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    clinic.do(
        lambda uow: uow.conversations.save(
            talk.conversation_id, state=STATE, lock_version=0, now=NOW, heard=Heard.NOBODY
        )
    )
    assert clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW)).last_patient_at is None


def test_a_turn_writes_in_five_statements(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    reply = NewOutbox(
        patient_id=talk.patient_id,
        conversation_id=talk.conversation_id,
        channel=clinic.do(lambda uow: uow.conversations.lock(talk.conversation_id)).channel,
        kind=OutboxKind.REPLY,
        message_key="hello",
        level=1,
        not_before=NOW,
        body={"text": "words"},
    )
    with counted_statements() as statements, clinic.database.unit_of_work(clinic.clinic_id) as uow:
        assert uow.updates.claim(reply.channel, "u1", NOW)
        lock = uow.conversations.lock(talk.conversation_id)
        uow.updates.received(talk.conversation_id, ReceivedKind.TEXT, {"text": "words"}, NOW)
        uow.conversations.save(talk.conversation_id, state=STATE, lock_version=lock.lock_version, now=NOW)
        uow.outbox.put([reply, reply], now=NOW)
        uow.commit()
    assert len(statements) == 5


def test_staff_take_over_and_hand_back(clinic: Clinic) -> None:
    talk, staff_id = clinic.add_talk(), clinic.add_staff()
    until = NOW + timedelta(hours=1)
    version = clinic.do(
        lambda uow: uow.conversations.set_owner(
            talk.conversation_id, owner=Owner.STAFF, staff_id=staff_id, lease_until=until, lock_version=0
        )
    )
    lock = clinic.do(lambda uow: uow.conversations.lock(talk.conversation_id))
    assert (lock.owner, lock.staff_id, lock.lease_until, lock.lock_version) == (Owner.STAFF, staff_id, until, version)
    clinic.do(lambda uow: uow.conversations.set_owner(talk.conversation_id, owner=Owner.BOT, lock_version=version))
    lock = clinic.do(lambda uow: uow.conversations.lock(talk.conversation_id))
    assert (lock.owner, lock.staff_id, lock.lease_until) == (Owner.BOT, None, None)


def test_a_lease_that_ran_out_gives_the_conversation_back_to_the_bot(clinic: Clinic) -> None:
    talk, other, staff_id = clinic.add_talk(), clinic.add_talk(), clinic.add_staff()
    for one, hours in ((talk, 1), (other, 2)):
        clinic.do(
            lambda uow, one=one, hours=hours: uow.conversations.set_owner(  # type: ignore[misc]  # bound at once
                one.conversation_id,
                owner=Owner.STAFF,
                staff_id=staff_id,
                lease_until=NOW + timedelta(hours=hours),
                lock_version=0,
            )
        )
    ended = clinic.do(lambda uow: uow.conversations.end_leases(NOW + timedelta(hours=1)))
    assert ended == [talk.conversation_id]
    lock = clinic.do(lambda uow: uow.conversations.lock(talk.conversation_id))
    assert (lock.owner, lock.staff_id, lock.lock_version) == (Owner.BOT, None, 2)
