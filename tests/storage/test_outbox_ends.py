"""The outbox's edges on both databases: stops, vanished senders, erased people, races."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from flows.ids import AppointmentId, OutboxId
from flows.vocabulary import Channel, Purpose
from storage.database import Database
from storage.errors import KeyErasedError
from storage.records.outgoing import LeftOutbox, NewOutbox
from storage.vocabulary import OutboxKind
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.outbox_rows import LATER, MINE, THEIRS, claim, invitation, put, reply, statuses, word
from tests.storage.sql import run_sql


def test_a_stop_withdraws_what_is_planned_and_what_is_claimed_but_not_begun(clinic: Clinic, database: Database) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    claimed, worded, begun = put(clinic, *(invitation(talk, step=step) for step in (1, 2, 5)))
    claim(clinic)
    word(clinic, worded, talk.patient_id)
    word(clinic, begun, talk.patient_id)
    assert clinic.do(lambda uow: uow.outbox.hand_over(begun, MINE))
    put(
        clinic,
        invitation(talk, step=3, not_before=LATER),
        invitation(talk, step=4, purpose=Purpose.APPOINTMENT),
        reply(talk),
        invitation(other),
    )
    stopped = [Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT]
    assert clinic.do(lambda uow: uow.outbox.withdraw(talk.patient_id, stopped, reason="stop")) == 3
    assert not word(clinic, claimed, talk.patient_id)
    assert not clinic.do(lambda uow: uow.outbox.hand_over(worded, MINE))
    assert statuses(database) == ["withdrawn", "withdrawn", "leased", "withdrawn", "planned", "queued", "planned"]


def test_what_was_handed_over_and_came_back_is_withdrawn_like_any_other(clinic: Clinic, database: Database) -> None:
    talk = clinic.add_talk()
    (outbox_id,) = put(clinic, invitation(talk))
    claim(clinic)
    word(clinic, outbox_id, talk.patient_id)
    clinic.do(lambda uow: uow.outbox.hand_over(outbox_id, MINE))
    recovered = clinic.do(lambda uow: uow.outbox.recover_expired_leases(LATER, repeatable=list(Channel)))
    assert recovered.put_back == 1
    claim(clinic, THEIRS)
    assert clinic.do(lambda uow: uow.outbox.withdraw(talk.patient_id, [Purpose.RECALL], reason="stop")) == 1
    assert statuses(database) == ["withdrawn"]


def test_the_reminders_of_one_visit_are_withdrawn_and_no_others(clinic: Clinic, database: Database) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    visit = AppointmentId(12)

    def reminder(of: Talk, campaign: str) -> NewOutbox:
        return invitation(of, campaign=campaign, purpose=Purpose.APPOINTMENT)

    put(
        clinic,
        reminder(talk, "reminder:12:0"),
        reminder(talk, "reminder:12:1"),
        reminder(talk, "reminder:121:0"),
        reminder(talk, "reminder:2:0"),
        reminder(other, "reminder:12:0"),
    )
    assert clinic.do(lambda uow: uow.outbox.withdraw_reminders(talk.patient_id, visit, reason="cancelled")) == 2
    assert statuses(database) == ["withdrawn", "withdrawn", "planned", "planned", "planned"]


def test_what_a_booking_outdates_is_withdrawn_at_once(clinic: Clinic, database: Database) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    about_visits = {"campaign": "reminder:12:0", "purpose": Purpose.APPOINTMENT}
    begun, *_ = put(
        clinic,
        invitation(talk),
        invitation(talk, step=2, not_before=LATER),
        invitation(talk, **about_visits),
        invitation(talk, **about_visits | {"campaign": "reminder:121:0"}),
        invitation(talk, campaign="check_in", purpose=Purpose.POSTVISIT),
        reply(talk),
        invitation(other),
        invitation(other, **about_visits),
    )
    claim(clinic, limit=1)
    word(clinic, begun, talk.patient_id)
    assert clinic.do(lambda uow: uow.outbox.hand_over(begun, MINE))
    withdrawn = clinic.do(
        lambda uow: uow.outbox.withdraw_outdated(talk.patient_id, [Purpose.RECALL], AppointmentId(12), reason="booked")
    )
    assert withdrawn == 2
    waiting = ["planned", "planned", "queued", "planned", "planned"]
    assert statuses(database) == ["leased", "withdrawn", "withdrawn", *waiting]
    reasons = [row[0] for row in run_sql(database, "SELECT status_reason FROM outbox ORDER BY id")]
    assert reasons == ["handed_over", "booked", "booked", *[None] * 5]


def test_while_sending_is_stopped_only_what_is_no_programme_is_claimed(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    planned, answer = put(clinic, invitation(talk), reply(talk))
    clinic.do(lambda uow: uow.clinics.stop_sending("complaints"))
    assert [due.id for due in claim(clinic)] == [answer]
    assert claim(clinic) == []
    clinic.do(lambda uow: uow.clinics.resume_sending())
    assert [due.id for due in claim(clinic)] == [planned]


def test_leases_that_ran_out_go_back_or_become_unknown(clinic: Clinic, database: Database) -> None:
    talk = clinic.add_talk()
    planned, begun = put(clinic, invitation(talk), invitation(talk, step=2))
    telegram, web = put(clinic, reply(talk, channel=Channel.TELEGRAM), reply(talk))
    claim(clinic)
    word(clinic, begun, talk.patient_id)
    clinic.do(lambda uow: uow.outbox.hand_over(begun, MINE))
    run_sql(database, f"UPDATE outbox SET channel = 'telegram' WHERE id = {begun}")  # noqa: S608  # an id

    def recover(now: datetime) -> tuple[int, set[OutboxId]]:
        found = clinic.do(lambda uow: uow.outbox.recover_expired_leases(now, repeatable=[Channel.WEBCHAT]))
        return found.put_back, {lost.id for lost in found.unknown}

    assert recover(NOW + timedelta(seconds=59)) == (0, set())
    assert recover(NOW + timedelta(seconds=60)) == (2, {begun, telegram})
    assert statuses(database) == ["planned", "unknown", "unknown", "queued"]
    assert {due.id for due in claim(clinic, THEIRS)} == {planned, web}
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=NOW))
    assert snapshot.patient.last_contacted_at == NOW + timedelta(seconds=60)
    assert clinic.do(lambda uow: uow.outbox.mark_sent({telegram: "late"}, MINE, LATER)) == 0


def test_what_was_worded_and_never_handed_over_surely_did_not_leave(clinic: Clinic, database: Database) -> None:
    talk = clinic.add_talk()
    (worded,) = put(clinic, invitation(talk))
    run_sql(database, f"UPDATE outbox SET channel = 'telegram' WHERE id = {worded}")  # noqa: S608  # an id
    claim(clinic)
    word(clinic, worded, talk.patient_id)
    recovered = clinic.do(lambda uow: uow.outbox.recover_expired_leases(LATER))
    assert (recovered.put_back, recovered.unknown) == (1, ())
    assert statuses(database) == ["planned"]
    (due,) = claim(clinic, THEIRS, LATER)
    assert (due.id, due.body) == (worded, None), "it is asked about and worded anew"
    snapshot = clinic.do(lambda uow: uow.conversations.snapshot(talk.conversation_id, now=LATER))
    assert snapshot.patient.last_contacted_at is None


def test_a_message_to_an_erased_person_is_claimed_without_words_and_cannot_be_worded(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    put(clinic, reply(talk), invitation(talk))
    clinic.do(lambda uow: uow.patients.erase(talk.patient_id, now=NOW))
    due = claim(clinic)
    assert [(row.key_present, row.body, row.address) for row in due] == [(False, None, None)] * 2
    with pytest.raises(KeyErasedError):
        word(clinic, due[1].id, talk.patient_id)


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
    put(clinic, letter)
    (due,) = claim(clinic)
    assert (due.conversation_id, due.owner, due.address_id, due.address) == (None, None, None, None)
    assert clinic.do(lambda uow: uow.outbox.mark_sent({due.id: None}, MINE, NOW)) == 1


def test_the_next_moment_something_is_due_is_known(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    assert clinic.do(lambda uow: uow.outbox.next_due(NOW)) is None
    put(clinic, reply(talk), reply(talk, not_before=LATER), reply(talk, not_before=LATER + timedelta(hours=1)))
    assert clinic.do(lambda uow: uow.outbox.next_due(NOW)) == LATER


def test_the_words_of_a_message_are_read_within_its_own_conversation(clinic: Clinic) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    worded, unworded = put(clinic, reply(talk), invitation(talk))
    assert clinic.do(lambda uow: uow.outbox.body(worded, talk.conversation_id)) == {"text": "words"}
    assert clinic.do(lambda uow: uow.outbox.body(unworded, talk.conversation_id)) is None
    assert clinic.do(lambda uow: uow.outbox.body(worded, other.conversation_id)) is None


def test_racing_claimers_never_get_the_same_message(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    ids = put(clinic, *[reply(talk) for _ in range(40)])

    def drain(token: str) -> list[OutboxId]:
        taken: list[OutboxId] = []
        while got := claim(clinic, token, limit=3):
            taken += [due.id for due in got]
        return taken

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(drain, ["a", "b", "c", "d"]))
    assert sorted(one for some in taken for one in some) == sorted(ids)


def test_putting_nothing_and_marking_nothing_is_nothing(clinic: Clinic) -> None:
    assert put(clinic) == []
    assert clinic.do(lambda uow: uow.outbox.plan_many([], now=NOW)) == []
    assert clinic.do(lambda uow: uow.outbox.mark_sent({}, MINE, NOW)) == 0


def test_what_left_under_several_leases_is_marked_at_once(clinic: Clinic, database: Database) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    first, second, third, lost = put(clinic, reply(talk), reply(talk), reply(other), reply(other))
    claim(clinic, MINE, limit=2)
    claim(clinic, THEIRS)
    left = [
        LeftOutbox(id=second, lease_token=MINE, external_id="m2", at=LATER),
        LeftOutbox(id=first, lease_token=MINE, external_id=None, at=NOW),
        LeftOutbox(id=third, lease_token=THEIRS, external_id="m3", at=NOW),
        LeftOutbox(id=lost, lease_token=MINE, external_id="m4", at=LATER),
    ]
    assert clinic.do(lambda uow: uow.outbox.mark_left(left)) == 3
    assert clinic.do(lambda uow: uow.outbox.mark_left([])) == 0
    assert statuses(database) == ["sent", "sent", "sent", "leased"]
    names = [row[0] for row in run_sql(database, "SELECT external_id FROM outbox ORDER BY id")]
    assert names == [None, "m2", "m3", None]

    def heard_from_us(each: Talk) -> datetime | None:
        return clinic.do(lambda uow: uow.conversations.snapshot(each.conversation_id, now=NOW)).last_bot_at

    assert (heard_from_us(talk), heard_from_us(other)) == (LATER, NOW)
