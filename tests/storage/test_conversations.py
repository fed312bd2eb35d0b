"""Conversations on both databases: snapshot, lock, state, owner, the desk's list, the transcript."""

from datetime import timedelta

import pytest

from flows.ids import ConversationId
from flows.meaning import Intent
from flows.vocabulary import Owner, TicketReason, Urgency
from storage.errors import ConversationMovedOnError, NotFoundError
from storage.records.outgoing import Lease, NewOutbox
from storage.records.talks import Heard, Speaker
from storage.sealing import Json
from storage.vocabulary import BookedBy, OutboxKind, OutboxStatus, ReceivedKind
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.sql import counted_statements

STATE: dict[str, Json] = {
    "chat": {"v": 1, "state": "idle"},
    "buttons": [{"label": "Other times", "payload": "1.other.0.3"}],
}


def _say(clinic: Clinic, talk: Talk, words: str, kind: OutboxKind = OutboxKind.REPLY) -> None:
    """Have the bot or staff say something that arrives."""
    lease = Lease(token="t", until=clinic.clock.now + timedelta(minutes=1))  # noqa: S106  # no password
    message = NewOutbox(
        patient_id=talk.patient_id,
        conversation_id=talk.conversation_id,
        channel=clinic.do(lambda uow: uow.conversations.lock(talk.conversation_id)).channel,
        kind=kind,
        message_key="hello",
        level=1,
        not_before=clinic.clock.now,
        body={"text": words},
        lease=lease,
    )
    (sent,) = clinic.do(lambda uow: uow.outbox.put([message], now=clinic.clock.now))
    assert clinic.do(lambda uow: uow.outbox.mark_sent({sent: None}, lease.token, clinic.clock.now)) == 1


def _hear(clinic: Clinic, talk: Talk, words: str) -> None:
    body = {"text": words}
    clinic.do(
        lambda uow: uow.updates.received(
            talk.conversation_id, ReceivedKind.TEXT, body, clinic.clock.now, intent=Intent.BOOK, confidence=0.9
        )
    )


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


def test_a_transcript_has_all_sides_in_the_order_things_were_said(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    planned = NewOutbox(
        patient_id=talk.patient_id,
        conversation_id=talk.conversation_id,
        channel=clinic.do(lambda uow: uow.conversations.lock(talk.conversation_id)).channel,
        kind=OutboxKind.PROACTIVE,
        message_key="reminder",
        level=0,
        not_before=NOW + timedelta(minutes=30),
    )
    (reminder,) = clinic.do(lambda uow: uow.outbox.put([planned], now=NOW))
    _hear(clinic, talk, "one")
    _say(clinic, talk, "two")
    clinic.clock.forward(minutes=10)
    _say(clinic, talk, "three", OutboxKind.STAFF)
    clinic.clock.forward(minutes=30)
    clinic.do(lambda uow: uow.outbox.claim_due(clinic.clock.now, 10, "t", 60))
    clinic.do(
        lambda uow: uow.outbox.word(
            reminder, "t", {"text": "four"}, patient_id=talk.patient_id, message_key="reminder", level=0
        )
    )
    clinic.do(lambda uow: uow.outbox.mark_unknown([reminder], "t", clinic.clock.now, reason="timeout"))
    lines = clinic.do(lambda uow: uow.conversations.transcript(talk.conversation_id))
    assert [(line.speaker, line.body["text"]) for line in lines] == [
        (Speaker.PATIENT, "one"),
        (Speaker.BOT, "two"),
        (Speaker.STAFF, "three"),
        (Speaker.BOT, "four"),
    ]
    assert (lines[0].kind, lines[0].intent) == (ReceivedKind.TEXT, Intent.BOOK)
    assert [line.status for line in lines] == [None, OutboxStatus.SENT, OutboxStatus.SENT, OutboxStatus.UNKNOWN]
    last = clinic.do(lambda uow: uow.conversations.transcript(talk.conversation_id, limit=2))
    assert last == lines[2:]


def test_the_desk_sees_the_most_urgent_first_then_the_latest(clinic: Clinic) -> None:
    talks = [clinic.add_talk() for _ in range(4)]
    quiet, heard, urgent, today = (talk.conversation_id for talk in talks)
    for minutes, talk in enumerate(talks[:2], start=1):
        at = NOW + timedelta(minutes=minutes)
        clinic.do(
            lambda uow, talk=talk, at=at: uow.conversations.save(  # type: ignore[misc]  # bound at once
                talk.conversation_id, state={}, lock_version=0, now=at
            )
        )
    for conversation_id, urgency in ((today, Urgency.TODAY), (urgent, Urgency.NOW), (urgent, Urgency.WHEN_FREE)):
        reason = TicketReason.EMERGENCY if urgency is Urgency.NOW else TicketReason.QUESTION
        clinic.do(
            lambda uow, c=conversation_id, u=urgency, r=reason: uow.tickets.open(  # type: ignore[misc]  # bound at once
                c, reason=r, urgency=u, due_at=NOW + timedelta(hours=1), now=NOW
            )
        )
    clinic.do(lambda uow: uow.conversations.mark_read(quiet, now=NOW + timedelta(minutes=5)))
    with counted_statements() as statements:
        lines = clinic.do(lambda uow: uow.conversations.list_for_desk(10))
    assert len(statements) == 1
    assert [line.id for line in lines] == [urgent, today, heard, quiet]
    assert [(line.urgency, line.tickets, line.alarm, line.unread) for line in lines] == [
        (Urgency.NOW, 2, True, False),
        (Urgency.TODAY, 1, False, False),
        (None, 0, False, True),
        (None, 0, False, False),
    ]
    assert lines[0].due_at == NOW + timedelta(hours=1)
    assert lines[0].patient.profile.given_name == "Anna"


def test_a_conversation_that_is_not_there_is_said_so(clinic: Clinic) -> None:
    nowhere = ConversationId(1)
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.conversations.snapshot(nowhere, now=NOW))
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.conversations.lock(nowhere))
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.conversations.transcript(nowhere))


def test_another_clinic_sees_nothing_of_it(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    elsewhere = clinic.neighbour()
    with pytest.raises(NotFoundError):
        elsewhere.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    with pytest.raises(NotFoundError):
        elsewhere.do(lambda uow: uow.patients.get(talk.patient_id))
    assert elsewhere.do(lambda uow: uow.conversations.list_for_desk(10)) == []
    assert elsewhere.do(lambda uow: uow.outbox.claim_due(NOW, 10, "t", 60)) == []
