"""The outbox on both databases: planned once, claimed by one, marked by the holder alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from flows.ids import OutboxId, PatientId
from flows.vocabulary import Channel, Owner, Purpose
from storage.database import Database
from storage.errors import KeyErasedError
from storage.records.outgoing import DueOutbox, Lease, NewOutbox
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.sql import counted_statements, run_sql

MINE, THEIRS = "token-one", "token-two"
LATER = NOW + timedelta(minutes=5)


def _reply(talk: Talk, **changes: object) -> NewOutbox:
    reply = NewOutbox(
        patient_id=talk.patient_id,
        conversation_id=talk.conversation_id,
        channel=Channel.WEBCHAT,
        kind=OutboxKind.REPLY,
        message_key="hello",
        level=1,
        not_before=NOW,
        body={"text": "words"},
    )
    return replace(reply, **changes)  # type: ignore[arg-type]  # each test's own


def _invitation(talk: Talk, **changes: object) -> NewOutbox:
    step = _reply(talk, kind=OutboxKind.PROACTIVE, body=None, purpose=Purpose.RECALL, campaign="recall", step=1)
    return replace(step, **changes)  # type: ignore[arg-type]  # each test's own


def _put(clinic: Clinic, *rows: NewOutbox) -> list[OutboxId]:
    return clinic.do(lambda uow: uow.outbox.put(rows, now=NOW))


def _claim(clinic: Clinic, token: str = MINE, now: datetime = NOW, limit: int = 10) -> list[DueOutbox]:
    return clinic.do(lambda uow: uow.outbox.claim_due(now, limit, token, 60))


def _word(clinic: Clinic, outbox_id: OutboxId, patient_id: PatientId, token: str = MINE) -> bool:
    return clinic.do(
        lambda uow: uow.outbox.word(
            outbox_id, token, {"text": "worded"}, patient_id=patient_id, message_key="invitation.second", level=0
        )
    )


def _statuses(database: Database) -> list[str]:
    return [row[0] for row in run_sql(database, "SELECT status FROM outbox ORDER BY id")]


def test_what_is_due_is_claimed_with_all_that_sending_needs_in_two_statements(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = _put(clinic, _reply(talk))
    with counted_statements() as statements:
        (due,) = _claim(clinic)
    assert len(statements) == 2
    assert (due.id, due.body, due.kind, due.attempts) == (outbox_id, {"text": "words"}, OutboxKind.REPLY, 1)
    assert (due.owner, due.address_id, due.closed_at, due.key_present) == (Owner.BOT, talk.address_id, None, True)
    assert due.address is not None
    assert due.address.startswith("chat-")
    assert _claim(clinic, THEIRS) == []


def test_nothing_leaves_before_its_time_and_the_oldest_first(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    first, second, _ = _put(
        clinic,
        _reply(talk, not_before=NOW - timedelta(minutes=2)),
        _reply(talk, not_before=NOW - timedelta(minutes=1)),
        _reply(talk, not_before=LATER),
    )
    assert [due.id for due in _claim(clinic, limit=1)] == [first]
    assert [due.id for due in _claim(clinic)] == [second]


def test_a_step_is_planned_once_for_a_patient(clinic: Clinic, database: Database) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    planned = clinic.do(lambda uow: uow.outbox.plan(_invitation(talk), now=NOW))
    assert planned is not None
    assert clinic.do(lambda uow: uow.outbox.plan(_invitation(talk, not_before=LATER), now=NOW)) is None
    with counted_statements() as statements:
        again, step_two, theirs = clinic.do(
            lambda uow: uow.outbox.plan_many(
                [_invitation(talk), _invitation(talk, step=2), _invitation(other)], now=NOW
            )
        )
    assert len(statements) == 1
    assert again is None
    assert None not in {step_two, theirs}
    assert _statuses(database) == ["planned"] * 3


def test_many_steps_are_planned_at_once(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    rows = [_invitation(talk, step=step) for step in range(1, 301)]
    planned = clinic.do(lambda uow: uow.outbox.plan_many(rows, now=NOW))
    assert len(set(planned) - {None}) == 300
    assert clinic.do(lambda uow: uow.outbox.plan_many(rows, now=NOW)) == [None] * 300


def test_a_reply_with_a_lease_is_nobody_elses(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = _put(clinic, _reply(talk, lease=Lease(token=MINE, until=LATER)))
    assert _claim(clinic, THEIRS) == []
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
    (outbox_id,) = _put(clinic, _reply(talk))
    _claim(clinic, MINE)
    before = run_sql(database, "SELECT * FROM outbox")
    assert clinic.do(lambda uow: MARKS[mark](uow, outbox_id)) == 0
    assert not _word(clinic, outbox_id, talk.patient_id, THEIRS)
    assert run_sql(database, "SELECT * FROM outbox") == before


@pytest.mark.parametrize(
    ("mark", "status"),
    [("sent", "sent"), ("unknown", "unknown"), ("failed", "failed"), ("refused", "refused"), ("retry", "queued")],
)
def test_the_holder_says_what_became_of_it_once(clinic: Clinic, database: Database, mark: str, status: str) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = _put(clinic, _reply(talk))
    _claim(clinic, THEIRS)
    assert clinic.do(lambda uow: MARKS[mark](uow, outbox_id)) == 1
    assert _statuses(database) == [status]
    assert clinic.do(lambda uow: MARKS["sent"](uow, outbox_id)) == 0
    assert _statuses(database) == [status]


def test_many_are_marked_at_once_each_with_its_own_external_id(clinic: Clinic, database: Database) -> None:
    talk = clinic.add_talk()
    ids = _put(clinic, *[_reply(talk) for _ in range(3)])
    _claim(clinic)
    sent = {ids[0]: "a", ids[1]: None, ids[2]: "c"}
    assert clinic.do(lambda uow: uow.outbox.mark_sent(sent, MINE, NOW)) == 3
    assert [row[0] for row in run_sql(database, "SELECT external_id FROM outbox ORDER BY id")] == ["a", None, "c"]


def test_what_left_is_remembered_of_conversation_and_patient(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    (reply,) = _put(clinic, _reply(talk))
    _claim(clinic)
    clinic.do(lambda uow: uow.outbox.mark_sent({reply: None}, MINE, NOW))
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert (snapshot.last_bot_at, snapshot.patient.last_contacted_at) == (NOW, None)
    (invitation,) = _put(clinic, _invitation(talk))
    _claim(clinic)
    _word(clinic, invitation, talk.patient_id)
    clinic.do(lambda uow: uow.outbox.mark_unknown([invitation], MINE, LATER, reason="timeout"))
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert (snapshot.last_bot_at, snapshot.patient.last_contacted_at) == (LATER, LATER)


def test_a_proactive_message_is_worded_when_due_and_worded_anew_after_a_retry(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = _put(clinic, _invitation(talk))
    assert [due.body for due in _claim(clinic)] == [None]
    assert _word(clinic, outbox_id, talk.patient_id)
    clinic.do(lambda uow: uow.outbox.retry([outbox_id], MINE, not_before=LATER, reason="429"))
    assert _claim(clinic, THEIRS) == []
    (again,) = _claim(clinic, THEIRS, now=LATER)
    assert (again.id, again.body, again.attempts) == (outbox_id, None, 2)
    assert (again.message_key, again.level) == ("invitation.second", 0)


def test_a_stop_withdraws_what_is_planned_and_what_is_claimed_but_not_begun(clinic: Clinic, database: Database) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    claimed, begun = _put(clinic, _invitation(talk), _invitation(talk, step=2))
    _claim(clinic)
    _word(clinic, begun, talk.patient_id)
    _put(
        clinic,
        _invitation(talk, step=3, not_before=LATER),
        _invitation(talk, step=4, purpose=Purpose.APPOINTMENT),
        _reply(talk),
        _invitation(other),
    )
    stopped = [Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT]
    assert clinic.do(lambda uow: uow.outbox.withdraw(talk.patient_id, stopped, reason="stop")) == 2
    assert not _word(clinic, claimed, talk.patient_id)
    assert _statuses(database) == ["withdrawn", "leased", "withdrawn", "planned", "queued", "planned"]


def test_leases_that_ran_out_go_back_or_become_unknown(clinic: Clinic, database: Database) -> None:
    talk = clinic.add_talk()
    planned, worded = _put(clinic, _invitation(talk), _invitation(talk, step=2))
    telegram, web = _put(clinic, _reply(talk, channel=Channel.TELEGRAM), _reply(talk))
    _claim(clinic)
    _word(clinic, worded, talk.patient_id)
    run_sql(database, f"UPDATE outbox SET channel = 'telegram' WHERE id = {worded}")  # noqa: S608  # an id

    def recover(now: datetime) -> tuple[int, set[OutboxId]]:
        found = clinic.do(lambda uow: uow.outbox.recover_expired_leases(now, repeatable=[Channel.WEBCHAT]))
        return found.put_back, {lost.id for lost in found.unknown}

    assert recover(NOW + timedelta(seconds=59)) == (0, set())
    assert recover(NOW + timedelta(seconds=60)) == (2, {worded, telegram})
    assert _statuses(database) == ["planned", "unknown", "unknown", "queued"]
    assert {due.id for due in _claim(clinic, THEIRS)} == {planned, web}
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert snapshot.patient.last_contacted_at == NOW + timedelta(seconds=60)
    assert clinic.do(lambda uow: uow.outbox.mark_sent({telegram: "late"}, MINE, LATER)) == 0


def test_a_message_to_an_erased_person_is_claimed_without_words_and_cannot_be_worded(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    _put(clinic, _reply(talk), _invitation(talk))
    clinic.do(lambda uow: uow.patients.erase(talk.patient_id, now=NOW))
    due = _claim(clinic)
    assert [(row.key_present, row.body, row.address) for row in due] == [(False, None, None)] * 2
    with pytest.raises(KeyErasedError):
        _word(clinic, due[1].id, talk.patient_id)


def test_a_letter_needs_no_conversation(clinic: Clinic) -> None:
    patient_id = clinic.add_patient()
    letter = NewOutbox(
        patient_id=patient_id,
        channel=Channel.LETTER,
        kind=OutboxKind.PROACTIVE,
        message_key="letter",
        level=0,
        not_before=NOW,
        purpose=Purpose.RECALL,
    )
    _put(clinic, letter)
    (due,) = _claim(clinic)
    assert (due.conversation_id, due.owner, due.address_id, due.address) == (None, None, None, None)
    assert clinic.do(lambda uow: uow.outbox.mark_sent({due.id: None}, MINE, NOW)) == 1


def test_racing_claimers_never_get_the_same_message(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    ids = _put(clinic, *[_reply(talk) for _ in range(40)])

    def drain(token: str) -> list[OutboxId]:
        taken: list[OutboxId] = []
        while got := _claim(clinic, token, limit=3):
            taken += [due.id for due in got]
        return taken

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(drain, ["a", "b", "c", "d"]))
    assert sorted(one for some in taken for one in some) == sorted(ids)


def test_putting_nothing_and_marking_nothing_is_nothing(clinic: Clinic) -> None:
    assert _put(clinic) == []
    assert clinic.do(lambda uow: uow.outbox.plan_many([], now=NOW)) == []
    assert clinic.do(lambda uow: uow.outbox.mark_sent({}, MINE, NOW)) == 0
