"""The outbox on both databases: planned once, claimed by one, marked by the holder alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from flows.ids import OutboxId
from flows.vocabulary import Owner
from storage.database import Database
from storage.records.outgoing import Lease
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind
from tests.storage.conftest import NOW, Clinic
from tests.storage.outbox_rows import LATER, MINE, THEIRS, claim, invitation, put, reply, statuses, word
from tests.storage.sql import counted_statements, run_sql


def test_what_is_due_is_claimed_with_all_that_sending_needs_in_two_statements(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = put(clinic, reply(talk))
    with counted_statements() as statements:
        (due,) = claim(clinic)
    assert len(statements) == 2
    assert (due.id, due.body, due.kind, due.attempts) == (outbox_id, {"text": "words"}, OutboxKind.REPLY, 1)
    assert (due.owner, due.address_id, due.closed_at, due.key_present) == (Owner.BOT, talk.address_id, None, True)
    assert due.address is not None
    assert due.address.startswith("chat-")
    assert claim(clinic, THEIRS) == []


def test_nothing_leaves_before_its_time_and_the_oldest_first(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    first, second, _ = put(
        clinic,
        reply(talk, not_before=NOW - timedelta(minutes=2)),
        reply(talk, not_before=NOW - timedelta(minutes=1)),
        reply(talk, not_before=LATER),
    )
    assert [due.id for due in claim(clinic, limit=1)] == [first]
    assert [due.id for due in claim(clinic)] == [second]


def test_a_step_is_planned_once_for_a_patient(clinic: Clinic, database: Database) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    planned = clinic.do(lambda uow: uow.outbox.plan(invitation(talk), now=NOW))
    assert planned is not None
    assert clinic.do(lambda uow: uow.outbox.plan(invitation(talk, not_before=LATER), now=NOW)) is None
    with counted_statements() as statements:
        again, step_two, theirs = clinic.do(
            lambda uow: uow.outbox.plan_many([invitation(talk), invitation(talk, step=2), invitation(other)], now=NOW)
        )
    assert len(statements) == 1
    assert again is None
    assert None not in {step_two, theirs}
    assert statuses(database) == ["planned"] * 3


def test_many_steps_are_planned_at_once(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    rows = [invitation(talk, step=step) for step in range(1, 301)]
    planned = clinic.do(lambda uow: uow.outbox.plan_many(rows, now=NOW))
    assert len(set(planned) - {None}) == 300
    assert clinic.do(lambda uow: uow.outbox.plan_many(rows, now=NOW)) == [None] * 300


def test_a_reply_with_a_lease_is_nobody_elses(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = put(clinic, reply(talk, lease=Lease(token=MINE, until=LATER)))
    assert claim(clinic, THEIRS) == []
    assert clinic.do(lambda uow: uow.outbox.mark_sent({outbox_id: "ext-1"}, MINE, NOW)) == 1


MARKS: dict[str, Callable[[UnitOfWork, OutboxId], int]] = {
    "sent": lambda uow, it: uow.outbox.mark_sent({it: "ext"}, THEIRS, NOW),
    "unknown": lambda uow, it: uow.outbox.mark_unknown([it], THEIRS, NOW, reason="timeout"),
    "failed": lambda uow, it: uow.outbox.mark_failed([it], THEIRS, reason="blocked"),
    "refused": lambda uow, it: uow.outbox.refuse([it], THEIRS, reason="frozen"),
    "retry": lambda uow, it: uow.outbox.retry([it], THEIRS, not_before=LATER),
}


@pytest.mark.parametrize("mark", MARKS)
def test_a_foreign_token_changes_nothing(clinic: Clinic, database: Database, mark: str) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = put(clinic, reply(talk))
    claim(clinic, MINE)
    before = run_sql(database, "SELECT * FROM outbox")
    assert clinic.do(lambda uow: MARKS[mark](uow, outbox_id)) == 0
    assert not word(clinic, outbox_id, talk.patient_id, THEIRS)
    assert run_sql(database, "SELECT * FROM outbox") == before


@pytest.mark.parametrize(
    ("mark", "status"),
    [("sent", "sent"), ("unknown", "unknown"), ("failed", "failed"), ("refused", "refused"), ("retry", "queued")],
)
def test_the_holder_says_what_became_of_it_once(clinic: Clinic, database: Database, mark: str, status: str) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = put(clinic, reply(talk))
    claim(clinic, THEIRS)
    assert clinic.do(lambda uow: MARKS[mark](uow, outbox_id)) == 1
    assert statuses(database) == [status]
    assert clinic.do(lambda uow: MARKS["sent"](uow, outbox_id)) == 0
    assert statuses(database) == [status]


def test_many_are_marked_at_once_each_with_its_own_external_id(clinic: Clinic, database: Database) -> None:
    talk = clinic.add_talk()
    ids = put(clinic, *[reply(talk) for _ in range(3)])
    claim(clinic)
    sent = {ids[0]: "a", ids[1]: None, ids[2]: "c"}
    assert clinic.do(lambda uow: uow.outbox.mark_sent(sent, MINE, NOW)) == 3
    assert [row[0] for row in run_sql(database, "SELECT external_id FROM outbox ORDER BY id")] == ["a", None, "c"]


def test_what_left_is_remembered_of_conversation_and_patient(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    (answer,) = put(clinic, reply(talk))
    claim(clinic)
    clinic.do(lambda uow: uow.outbox.mark_sent({answer: None}, MINE, NOW))
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert (snapshot.last_bot_at, snapshot.patient.last_contacted_at) == (NOW, None)
    (step,) = put(clinic, invitation(talk))
    claim(clinic)
    word(clinic, step, talk.patient_id)
    clinic.do(lambda uow: uow.outbox.mark_unknown([step], MINE, LATER, reason="timeout"))
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert (snapshot.last_bot_at, snapshot.patient.last_contacted_at) == (LATER, LATER)


def test_a_proactive_message_is_worded_when_due_and_worded_anew_after_a_retry(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = put(clinic, invitation(talk))
    assert [due.body for due in claim(clinic)] == [None]
    assert word(clinic, outbox_id, talk.patient_id)
    clinic.do(lambda uow: uow.outbox.retry([outbox_id], MINE, not_before=LATER, reason="429"))
    assert claim(clinic, THEIRS) == []
    (again,) = claim(clinic, THEIRS, now=LATER)
    assert (again.id, again.body, again.attempts) == (outbox_id, None, 2)
    assert (again.message_key, again.level) == ("invitation.second", 0)
