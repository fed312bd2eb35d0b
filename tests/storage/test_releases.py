"""Batches that a person releases, and messages looked back on, on both databases."""

from datetime import datetime, timedelta

from flows.ids import OutboxId, PatientId
from flows.outreach.verdict import Refusal, Stage
from flows.vocabulary import Channel, Purpose
from storage.records.outgoing import NewOutbox
from storage.repositories.decisions import Decided
from storage.repositories.releases import LEFT_OUT, NOT_RELEASED
from storage.vocabulary import Choice, OutboxKind, OutboxStatus, Verdict
from tests.storage.conftest import Clinic, Talk

SECONDS = 60


def plan(
    clinic: Clinic, talk: Talk, campaign: str = "reactivation:2026-11-23", purpose: Purpose = Purpose.RECALL
) -> OutboxId:
    """Plan a message of the programme, due in an hour."""
    row = NewOutbox(
        patient_id=talk.patient_id,
        conversation_id=talk.conversation_id,
        channel=Channel.WEBCHAT,
        kind=OutboxKind.PROACTIVE,
        message_key="reactivation",
        level=0,
        not_before=clinic.clock.now + timedelta(hours=1),
        purpose=purpose,
        campaign=campaign,
        step=1,
    )
    planned = clinic.do(lambda uow: uow.outbox.plan(row, now=clinic.clock.now))
    assert planned is not None
    return planned


def decide(clinic: Clinic, *, released: list[OutboxId], left_out: list[OutboxId]) -> dict[OutboxId, Choice]:
    """Let a new colleague decide."""
    staff_id = clinic.add_staff()
    return clinic.do(
        lambda uow: uow.releases.decide(
            "recall-2026-11-23", staff_id, released=released, left_out=left_out, now=clinic.clock.now
        )
    )


def status(clinic: Clinic, outbox_id: OutboxId) -> tuple[OutboxStatus, str | None]:
    """Where a message is, and why."""
    found = clinic.do(lambda uow: uow.messages.get(outbox_id))
    assert found is not None
    return found.status, found.status_reason


def test_what_waits_is_listed_soonest_first_with_the_residence_and_counted_alike(clinic: Clinic) -> None:
    abroad = clinic.add_talk(clinic.add_patient(residence="BE"))
    later = plan(clinic, clinic.add_talk())
    clinic.clock.forward(hours=-2)
    sooner = plan(clinic, abroad)
    found = clinic.do(lambda uow: uow.releases.undecided())
    assert [(each.id, each.residence) for each in found] == [(sooner, "BE"), (later, None)]
    tallies = clinic.do(lambda uow: uow.releases.tally())
    assert sorted((each.residence or "", each.purpose, each.channel, each.count) for each in tallies) == [
        ("", Purpose.RECALL, Channel.WEBCHAT, 1),
        ("BE", Purpose.RECALL, Channel.WEBCHAT, 1),
    ]


def test_a_message_is_decided_about_once_and_what_is_left_out_is_withdrawn(clinic: Clinic) -> None:
    going, staying = plan(clinic, clinic.add_talk()), plan(clinic, clinic.add_talk())
    first = decide(clinic, released=[going], left_out=[staying])
    assert first == {going: Choice.RELEASED, staying: Choice.LEFT_OUT}
    assert decide(clinic, released=[staying], left_out=[going]) == {}
    assert status(clinic, going) == (OutboxStatus.PLANNED, None)
    assert status(clinic, staying) == (OutboxStatus.WITHDRAWN, LEFT_OUT)
    assert clinic.do(lambda uow: uow.releases.undecided()) == []
    chosen = clinic.do(lambda uow: uow.releases.chosen(staying))
    assert chosen is not None
    assert (chosen.choice, chosen.batch, chosen.at) == (Choice.LEFT_OUT, "recall-2026-11-23", clinic.clock.now)


def test_what_has_begun_to_leave_is_decided_about_no_more(clinic: Clinic) -> None:
    message = plan(clinic, clinic.add_talk())
    clinic.clock.forward(hours=2)
    clinic.do(lambda uow: uow.outbox.claim_due(clinic.clock.now, 10, "token", SECONDS))
    assert decide(clinic, released=[], left_out=[message]) == {}
    assert status(clinic, message) == (OutboxStatus.LEASED, None)
    assert clinic.do(lambda uow: uow.releases.chosen(message)) is None


def test_released_messages_are_told_by_person_campaign_and_step(clinic: Clinic) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    going, staying = plan(clinic, talk), plan(clinic, other)
    plan(clinic, talk, "reminder:7:0", purpose=Purpose.APPOINTMENT)
    decide(clinic, released=[going], left_out=[staying])
    found = clinic.do(lambda uow: uow.releases.released([talk.patient_id, other.patient_id]))
    assert found == {(talk.patient_id, "reactivation:2026-11-23", 1)}


def test_another_clinics_batches_are_out_of_sight_and_out_of_reach(clinic: Clinic) -> None:
    message = plan(clinic, clinic.add_talk())
    neighbour = clinic.neighbour()
    assert neighbour.do(lambda uow: uow.releases.undecided()) == []
    assert decide(neighbour, released=[], left_out=[message]) == {}
    assert neighbour.do(lambda uow: uow.messages.get(message)) is None
    assert status(clinic, message) == (OutboxStatus.PLANNED, None)


def test_who_had_a_message_held_back_is_known_for_as_long_as_asked(clinic: Clinic) -> None:
    left_out, late, free = (clinic.add_talk() for _ in range(3))
    decide(clinic, released=[], left_out=[plan(clinic, left_out)])
    plan(clinic, late)
    due = clinic.clock.now + timedelta(hours=1)
    clinic.clock.forward(hours=2)
    (claimed,) = clinic.do(lambda uow: uow.outbox.claim_due(clinic.clock.now, 10, "token", SECONDS))
    clinic.do(lambda uow: uow.outbox.refuse([claimed.id], "token", reason=NOT_RELEASED))
    people = [talk.patient_id for talk in (left_out, late, free)]

    def held_back(reason: str, *, days: int) -> dict[PatientId, datetime]:
        since = clinic.clock.now - timedelta(days=days)
        return clinic.do(lambda uow: uow.releases.held_back(people, [Purpose.RECALL], reason=reason, since=since))

    assert held_back(LEFT_OUT, days=1) == {left_out.patient_id: due}
    assert held_back(NOT_RELEASED, days=1) == {late.patient_id: due}
    assert held_back(LEFT_OUT, days=0) == {}


def test_messages_are_looked_back_on_latest_first_with_all_the_gate_said(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    first = plan(clinic, talk)
    second = plan(clinic, talk, "reminder:7:0", purpose=Purpose.APPOINTMENT)
    said = [
        Decided(
            patient_id=talk.patient_id,
            purpose=Purpose.RECALL,
            stage=stage,
            verdict=Verdict.REFUSE,
            reason=reason,
            policy="strictest",
            policy_version=1,
            at=clinic.clock.now,
            outbox_id=first,
        )
        for stage, reason in ((Stage.PLANNED, Refusal.BOOKED), (Stage.SENDING, Refusal.NO_RIGHT))
    ]
    clinic.do(lambda uow: uow.decisions.record(said))
    log = clinic.do(lambda uow: uow.messages.of_patient(talk.patient_id, limit=10))
    assert [each.id for each in log] == [second, first]
    assert [each.text for each in log] == [None, None]
    assert clinic.do(lambda uow: uow.messages.judged([first, second])) == {first: tuple(said)}
