"""The outbox's edges on both databases: stops, vanished senders, erased people, races."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from flows.ids import AppointmentId, OutboxId, PatientId
from flows.vocabulary import Channel, Purpose
from storage.database import Database
from storage.errors import KeyErasedError
from storage.records.outgoing import DueOutbox, NewOutbox
from storage.vocabulary import OutboxKind
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.sql import run_sql

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


def test_the_reminders_of_one_visit_are_withdrawn_and_no_others(clinic: Clinic, database: Database) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    visit = AppointmentId(12)

    def reminder(of: Talk, campaign: str) -> NewOutbox:
        return _invitation(of, campaign=campaign, purpose=Purpose.APPOINTMENT)

    _put(
        clinic,
        reminder(talk, "reminder:12:0"),
        reminder(talk, "reminder:12:1"),
        reminder(talk, "reminder:121:0"),
        reminder(talk, "reminder:2:0"),
        reminder(other, "reminder:12:0"),
    )
    assert clinic.do(lambda uow: uow.outbox.withdraw_reminders(talk.patient_id, visit, reason="cancelled")) == 2
    assert _statuses(database) == ["withdrawn", "withdrawn", "planned", "planned", "planned"]


def test_while_sending_is_stopped_only_what_is_no_programme_is_claimed(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    planned, reply = _put(clinic, _invitation(talk), _reply(talk))
    clinic.do(lambda uow: uow.clinics.stop_sending("complaints"))
    assert [due.id for due in _claim(clinic)] == [reply]
    assert _claim(clinic) == []
    clinic.do(lambda uow: uow.clinics.resume_sending())
    assert [due.id for due in _claim(clinic)] == [planned]


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


def test_the_next_moment_something_is_due_is_known(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    assert clinic.do(lambda uow: uow.outbox.next_due(NOW)) is None
    _put(clinic, _reply(talk), _reply(talk, not_before=LATER), _reply(talk, not_before=LATER + timedelta(hours=1)))
    assert clinic.do(lambda uow: uow.outbox.next_due(NOW)) == LATER


def test_the_words_of_a_message_are_read_within_its_own_conversation(clinic: Clinic) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    worded, unworded = _put(clinic, _reply(talk), _invitation(talk))
    assert clinic.do(lambda uow: uow.outbox.body(worded, talk.conversation_id)) == {"text": "words"}
    assert clinic.do(lambda uow: uow.outbox.body(unworded, talk.conversation_id)) is None
    assert clinic.do(lambda uow: uow.outbox.body(worded, other.conversation_id)) is None


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
