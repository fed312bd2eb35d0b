"""What the desk sees on both databases: the list of conversations, and the transcript of one."""

from datetime import timedelta

import pytest

from flows.ids import ConversationId
from flows.meaning import Intent
from flows.vocabulary import TicketReason, Urgency
from storage.errors import NotFoundError
from storage.records.outgoing import Lease, NewOutbox
from storage.records.talks import Speaker
from storage.vocabulary import OutboxKind, OutboxStatus, ReceivedKind
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.sql import counted_statements


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


def test_the_desk_shows_the_last_words_of_the_patient(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    _hear(clinic, talk, "first words")
    _hear(clinic, talk, "last words")
    (line,) = clinic.do(lambda uow: uow.conversations.list_for_desk(10))
    assert line.last_text == "last words"


def test_erased_people_leave_the_desks_list(clinic: Clinic) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    clinic.do(lambda uow: uow.patients.erase(talk.patient_id, now=NOW))
    assert [line.id for line in clinic.do(lambda uow: uow.conversations.list_for_desk(1))] == [other.conversation_id]


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
