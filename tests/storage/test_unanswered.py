"""What no member of staff has answered, on both databases."""

from datetime import timedelta

import pytest

from flows.vocabulary import TicketReason, Urgency
from storage.models import Outgoing, table_of
from storage.vocabulary import OutboxKind, OutboxStatus, ReceivedKind
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.outbox_rows import put, reply

MINUTE = timedelta(minutes=1)


def _says(clinic: Clinic, talk: Talk, kind: ReceivedKind = ReceivedKind.TEXT) -> None:
    """Let the patient do something, a minute later."""
    now = clinic.clock.forward(minutes=1)
    clinic.do(lambda uow: uow.updates.received(talk.conversation_id, kind, {"text": "hello"}, now))


def _answers(clinic: Clinic, talk: Talk, status: OutboxStatus = OutboxStatus.SENT) -> None:
    """Let staff answer, a minute later; status: what becomes of it."""
    clinic.clock.forward(minutes=1)
    (line,) = put(clinic, reply(talk, kind=OutboxKind.STAFF))
    outbox = table_of(Outgoing)
    with clinic.database.unit_of_work(clinic.clinic_id) as uow:
        uow._scope.execute(outbox.update().where(outbox.c.id == line).values(status=status))  # noqa: SLF001  # only inside
        uow.commit()


def _left(clinic: Clinic, *talks: Talk) -> list[int]:
    return list(clinic.do(lambda uow: uow.conversations.left_unanswered([each.conversation_id for each in talks])))


def test_who_spoke_last_is_told_for_many_talks_at_once(clinic: Clinic) -> None:
    silent, asked, answered, thanked, other = (clinic.add_talk() for _ in range(5))
    for talk in (asked, answered, thanked, other):
        _says(clinic, talk)
    for talk in (answered, thanked):
        _answers(clinic, talk)
    _says(clinic, thanked)
    assert _left(clinic, silent, asked, answered, thanked) == [asked.conversation_id, thanked.conversation_id]
    assert _left(clinic) == []


@pytest.mark.parametrize("status", OutboxStatus)
def test_what_surely_did_not_leave_is_no_answer(clinic: Clinic, status: OutboxStatus) -> None:
    talk = clinic.add_talk()
    _says(clinic, talk)
    _answers(clinic, talk, status)
    never = {OutboxStatus.FAILED, OutboxStatus.WITHDRAWN, OutboxStatus.REFUSED}
    assert bool(_left(clinic, talk)) is (status in never)


def test_a_page_that_was_opened_says_nothing(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    _says(clinic, talk, ReceivedKind.OPENED)
    assert _left(clinic, talk) == []


def test_what_a_ticket_asks_for_is_not_left(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    _says(clinic, talk)
    ticket_id = clinic.do(
        lambda uow: uow.tickets.open(
            talk.conversation_id, reason=TicketReason.QUESTION, urgency=Urgency.TODAY, due_at=NOW, now=NOW
        )
    ).ticket_id
    assert _left(clinic, talk) == []
    clinic.do(lambda uow: uow.tickets.close(ticket_id, now=NOW))
    assert _left(clinic, talk) == [talk.conversation_id]


def test_nobody_is_asked_for_who_was_erased(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    _says(clinic, talk)
    clinic.do(lambda uow: uow.patients.erase(talk.patient_id, now=NOW))
    assert _left(clinic, talk) == []


def test_a_wait_begins_with_the_first_word_after_the_answer(clinic: Clinic) -> None:
    talk = clinic.add_talk()

    def since(minutes: int) -> object:
        return clinic.do(lambda uow: uow.conversations.unanswered_since(talk.conversation_id, NOW + minutes * MINUTE))

    _says(clinic, talk)
    _says(clinic, talk)
    assert [since(minutes) for minutes in (0, 1, 2, 3)] == [NOW + MINUTE, NOW + MINUTE, NOW + 2 * MINUTE, None]
    _answers(clinic, talk)
    assert since(0) is None
    _says(clinic, talk)
    _says(clinic, talk)
    assert since(0) == NOW + 4 * MINUTE
