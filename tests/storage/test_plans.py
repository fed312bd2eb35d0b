"""No question of the hot paths reads a whole table: SQLite finds every row by a key or an index."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.ids import AppointmentId, OutboxId
from flows.vocabulary import Channel, Purpose
from storage.database import Database
from storage.models import METADATA
from storage.records.outgoing import Lease
from storage.repositories.due_statements import Question as Asked
from storage.repositories.due_statements import counting, page
from storage.repositories.follow_ups import follow_ups
from storage.repositories.next_visits import follow_appointments
from storage.repositories.passes import Holder
from storage.repositories.silence import after_mails, after_messages, after_work
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind
from tests.storage.conftest import KEY, NOW, SETUP, Clinic, Clock, Talk
from tests.storage.outbox_rows import MINE
from tests.storage.planning_people import LATER, query
from tests.storage.sql import explained_statements

SMALL = ("ix_outbox_due", "ix_outbox_lease", "ix_ticket_due", "uq_ticket_under_way", "autoindex_clinic_1")
"""Indexes that hold only what is under way, or the clinic's own row; to read one of them whole is the point."""

Question = Callable[[UnitOfWork, Talk], object]
QUESTIONS: dict[str, Question] = {
    "snapshot": lambda uow, talk: uow.conversations.snapshot(talk.conversation_id, now=NOW),
    "lock": lambda uow, talk: uow.conversations.lock(talk.conversation_id),
    "save": lambda uow, talk: uow.conversations.save(talk.conversation_id, state={}, lock_version=0, now=NOW),
    "transcript": lambda uow, talk: uow.conversations.transcript(talk.conversation_id),
    "find_by_address": lambda uow, talk: uow.conversations.find_by_address(talk.address_id),
    "find": lambda uow, _: uow.addresses.find(Channel.WEBCHAT, "x"),
    "by_number": lambda uow, _: uow.patients.by_number("x"),
    "claim_due": lambda uow, _: uow.outbox.claim_due(NOW, 10, "t", 60),
    "claim_of_talk": lambda uow, talk: uow.outbox.claim_of_talk(
        talk.conversation_id, Lease(token=MINE, until=NOW), limit=10, held={OutboxId(7): "u"}
    ),
    "waiting_in_talk": lambda uow, talk: uow.outbox.waiting_in_talk(talk.conversation_id, [OutboxId(7)]),
    "waiting_until": lambda uow, _: uow.outbox.waiting_until(NOW),
    "mark_sent": lambda uow, _: uow.outbox.mark_sent({}, "t", NOW),
    "recover": lambda uow, _: uow.outbox.recover_expired_leases(NOW),
    "invited": lambda uow, _: uow.planning.invited(since=NOW, until=NOW),
    "follow_ups": lambda uow, _: uow.planning.follow_ups(query(), step=2, sent_before=NOW, limit=9),
    "withdraw": lambda uow, talk: uow.outbox.withdraw(talk.patient_id, [Purpose.RECALL], reason="stop"),
    "withdraw_reminders": lambda uow, talk: uow.outbox.withdraw_reminders(
        talk.patient_id, AppointmentId(7), reason="booked"
    ),
    "withdraw_outdated": lambda uow, talk: uow.outbox.withdraw_outdated(
        talk.patient_id, [Purpose.RECALL], AppointmentId(7), reason="booked"
    ),
    "why_stopped": lambda uow, _: uow.clinics.why_stopped(),
    "ledger": lambda uow, talk: uow.ledger.events(talk.patient_id),
    "history": lambda uow, talk: uow.ledger.history(talk.patient_id),
    "of_talk": lambda uow, talk: uow.addresses.of_conversation(talk.conversation_id),
    "keep_out": lambda uow, talk: uow.suppression.keep_out({talk.patient_id: [(Channel.EMAIL, "x")]}, now=NOW),
    "alarms": lambda uow, _: uow.tickets.alarms(NOW),
    "of_conversation": lambda uow, talk: uow.tickets.of_conversation(talk.conversation_id),
    "under_way": lambda uow, _: uow.tickets.under_way(10),
    "left_unanswered": lambda uow, talk: uow.conversations.left_unanswered([talk.conversation_id]),
    "unanswered_since": lambda uow, talk: uow.conversations.unanswered_since(talk.conversation_id, NOW),
    "look_up": lambda uow, _: uow.passes.look_up(PassKind.CHAT_SESSION, "x", now=NOW),
    "issue": lambda uow, talk: uow.passes.issue(
        PassKind.CHAT_SESSION, Holder(patient_id=talk.patient_id), now=NOW, lifetime=timedelta(hours=1)
    ),
    "forget_claims": lambda uow, _: uow.updates.forget_claims(before=NOW),
}


@pytest.fixture(name="clinic")
def _clinic(sqlite_template: Path, tmp_path: Path) -> Iterator[Clinic]:
    """A clinic on SQLite, the only database whose plans say the same on an empty table."""
    shutil.copy(sqlite_template, tmp_path / "recare.db")
    clock = Clock()
    database = Database.open(f"sqlite:///{tmp_path / 'recare.db'}", master_key=KEY, clock=clock)
    clinic = Clinic(database=database, clinic_id=database.clinic_id(SETUP.slug), clock=clock)
    clinic.do(lambda uow: uow.clinics.set_up(SETUP))
    yield clinic
    database.close_now()


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_table_is_read_as_a_whole(clinic: Clinic, name: str) -> None:
    talk = clinic.add_talk()
    with explained_statements(clinic.database) as steps:
        clinic.do(lambda uow: QUESTIONS[name](uow, talk))
    assert [step for step in steps if step.startswith("SCAN") and step.split()[1] in METADATA.tables] == []
    whole_clinic = [step for step in steps if step.endswith("(clinic_id=?)")]
    assert [step for step in whole_clinic if not any(small in step for small in SMALL)] == []


def test_what_is_due_is_found_by_its_own_small_index(clinic: Clinic) -> None:
    with explained_statements(clinic.database) as steps:
        clinic.do(lambda uow: uow.outbox.claim_due(NOW, 10, "t", 60))
    assert any("ix_outbox_due" in step for step in steps), steps


def test_the_next_visit_is_found_without_reading_those_that_are_over(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    with explained_statements(clinic.database) as steps:
        clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
        clinic.do(lambda uow: follow_appointments(uow._scope, talk.patient_id, was=None))  # noqa: SLF001  # only inside
    read = {step for step in steps if step.startswith(("SEARCH appointment ", "SEARCH next_visit "))}
    assert {step.removesuffix(" LEFT-JOIN") for step in read} == {
        "SEARCH next_visit USING INDEX ix_appointment_ahead (clinic_id=? AND patient_id=?)",
        "SEARCH appointment USING INDEX ix_appointment_ahead (clinic_id=? AND patient_id=?)",
    }
    assert not any("TEMP B-TREE" in step for step in steps)


def test_what_the_programme_has_for_a_patient_is_found_without_reading_their_chat(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    with explained_statements(clinic.database) as steps:
        clinic.do(lambda uow: uow.outbox.withdraw(talk.patient_id, [Purpose.RECALL], reason="stopped"))
        clinic.do(lambda uow: uow.outbox.withdraw_reminders(talk.patient_id, AppointmentId(1), reason="cancelled"))
        clinic.do(
            lambda uow: uow.outbox.withdraw_outdated(
                talk.patient_id, [Purpose.RECALL], AppointmentId(1), reason="booked"
            )
        )
    read = [step for step in steps if step.startswith("SEARCH outbox ")]
    assert len(read) == 3
    assert all("USING INDEX ix_outbox_proactive (clinic_id=? AND patient_id=?)" in step for step in read), read


def test_who_is_due_is_read_in_order_from_an_index_that_holds_nobody_else(clinic: Clinic) -> None:
    with explained_statements(clinic.database) as steps:
        clinic.do(lambda uow: uow.planning.due(query(), limit=9))
    read = [step for step in steps if step.startswith("SEARCH patient ")]
    assert len(read) == 6  # three bands, with a concern and without
    assert all(
        "ix_patient_due (clinic_id=? AND has_concern=? AND last_visit_on>? AND last_visit_on<?)" in x for x in read
    )
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def test_the_questions_of_two_days_are_one_statement_with_other_bounds() -> None:
    days = query(), query(LATER + timedelta(days=40))
    asked: dict[str, list[Asked]] = {
        "due": [page(day, None) for day in days],
        "counts": [counting(day) for day in days],
        "follow_ups": [follow_ups(day, 2, day.now, None) for day in days],
        "after_messages": [after_messages(day, 3, day.now, day.now, None) for day in days],
        "after_work": [after_work(day, 4, day.now, None) for day in days],
        "after_mails": [after_mails(day, 4, None) for day in days],
    }
    assert [name for name, (one, other) in asked.items() if one[0] is not other[0] or one[1] == other[1]] == []
