"""What leaves is judged at the last moment; one message in trouble holds up no other and changes no order."""

import logging
from datetime import timedelta

import pytest

from bot.services.ports import NotSentError
from flows.dialogs.outreach_texts import invitation
from flows.engine.context import Context
from flows.engine.decision import Reply
from flows.ids import ConversationId
from flows.messages.recall import Wording
from flows.slots import Slot
from flows.vocabulary import Reach
from storage.errors import StorageBusyError
from storage.records.outgoing import NewOutbox
from storage.repositories.outbox import OutboxRepository
from storage.vocabulary import BookedBy, OutboxKind
from tests.house.acts import DAY, EVENING, HOUR, MINUTE, books, comes, invites, passes, proactive
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World


def left_behind(world: World, talk: ConversationId, *texts: str) -> None:
    """Leave replies in the outbox, as a messenger that was busy for a moment does."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        now = world.clock.now()
        snapshot = uow.conversations.snapshot(talk, now=now)
        rows = [
            NewOutbox(
                conversation_id=talk,
                patient_id=snapshot.patient.id,
                channel=snapshot.channel,
                kind=OutboxKind.REPLY,
                message_key="welcome.welcome",
                level=1,
                reach=Reach.BOT_ONLY,
                body={"text": text, "buttons": []},
                not_before=now,
            )
            for text in texts
        ]
        uow.outbox.put(rows, now=now)
        uow.commit()


async def test_a_message_nobody_can_word_does_not_hold_up_the_others(
    world: World, records: Records, line: Line, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.add_patient()
    world.add_patient()
    troubles: list[Exception] = [ValueError("nobody foresaw this")]

    def worded(step_number: int, slots: tuple[Slot, ...], context: Context, wording: Wording | None) -> Reply:
        if troubles:
            raise troubles.pop()
        return invitation(step_number, slots, context, wording)

    monkeypatch.setattr("bot.services.proactive.invitation", worded)
    with caplog.at_level(logging.CRITICAL):
        await world.house.ticks.run_all()
        await comes(world, EVENING)
    assert len(line.arrived) == 1
    rows = sorted((row["status"], row["status_reason"]) for row in records.of("outbox", kind="proactive"))
    assert rows == [("failed", "ValueError"), ("sent", None)]
    assert records.of("job_run", outcome="failed") == []


async def test_staff_who_take_over_while_a_batch_is_leaving_are_not_spoken_over(
    world: World, records: Records, line: Line
) -> None:
    staff = world.add_staff()
    talks = [world.add_patient()[1] for _ in range(2)]
    left_behind(world, talks[0], "first")
    left_behind(world, talks[1], "second")

    async def somebody_takes_over() -> None:
        await world.house.desk.take(staff, talks[1])

    line.meanwhile = somebody_takes_over
    await world.house.delivery.send_due()
    assert [each.text for each in line.arrived] == ["first"]
    kept_in = records.of("outbox", conversation_id=talks[1])[0]
    assert (kept_in["status"], kept_in["status_reason"]) == ("refused", "staff_owns")


async def test_a_message_whose_lease_is_over_before_its_turn_comes_is_not_sent_by_who_lost_it(
    world: World, records: Records, line: Line
) -> None:
    talks = [world.add_patient()[1] for _ in range(2)]
    left_behind(world, talks[0], "first")
    left_behind(world, talks[1], "second")

    async def so_slow_that_another_process_gave_it_up() -> None:
        world.clock.move_to(world.clock.now() + HOUR)
        with world.house.database.unit_of_work(world.house.clinic.id) as uow:
            uow.outbox.recover_expired_leases(world.clock.now())
            uow.commit()

    line.meanwhile = so_slow_that_another_process_gave_it_up
    await world.house.delivery.send_due()
    unknown = records.of("outbox", conversation_id=talks[1])[0]
    assert unknown["status"] == "unknown"
    assert [each.text for each in line.arrived] == ["first"]


async def test_what_surely_did_not_leave_is_overtaken_by_nothing_of_the_same_turn(
    world: World, records: Records, line: Line
) -> None:
    _, talk = world.add_patient()
    left_behind(world, talk, "first", "second")
    line.troubles.append(NotSentError("busy"))
    await world.house.delivery.send_due()
    await passes(world, 5 * MINUTE, MINUTE)
    assert [each.text for each in line.arrived] == ["first", "second"]
    assert {row["status"] for row in records.of("outbox", conversation_id=talk, kind="reply")} == {"sent"}


async def test_replies_of_a_turn_keep_their_order_when_the_first_did_not_leave(world: World, line: Line) -> None:
    _, talk = world.add_patient()
    line.troubles.append(NotSentError("busy"))
    await world.writes(talk, "are you a robot? what does it cost")
    before = len(line.arrived)
    await passes(world, 5 * MINUTE, MINUTE)
    assert before == 0
    assert [each.key for each in line.arrived] == sorted(each.key for each in line.arrived)
    assert len(line.arrived) >= 2


async def test_an_update_whose_replies_left_is_taken_even_if_nobody_could_write_that_down(
    world: World, records: Records, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = world.add_patient()

    def busy(*_about: object) -> int:
        raise StorageBusyError("another process is writing to the database; try again")

    with monkeypatch.context() as trouble:
        trouble.setattr(OutboxRepository, "mark_left", busy)
        await world.writes(talk, "look for a time please")
    assert len(line.arrived) == 1
    await passes(world, 10 * MINUTE, MINUTE)
    assert len(line.arrived) == 1, "repeated blindly"
    assert [row["status"] for row in records.of("outbox", conversation_id=talk)] == ["unknown"]
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["unknown_delivery"]


async def test_a_reminder_that_falls_due_while_staff_have_the_chat_leaves_once_they_gave_it_back(
    world: World, records: Records, line: Line
) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient(permits=frozenset())
    booked = await books(world, records, talk, place=1)
    await world.house.ticks.run_all()
    due = records.of("outbox", kind="proactive")[0]["not_before"]
    await comes(world, due - HOUR)
    await world.house.desk.take(staff, talk)
    arrived = len(line.arrived)
    await comes(world, due + MINUTE)
    assert len(line.arrived) == arrived
    assert proactive(records, talk) == [("appointment", "planned", "staff_owns")]
    await world.house.desk.hand_back(staff, talk)
    await passes(world, booked["starts_at"] - world.clock.now(), HOUR)
    assert [row[1] for row in proactive(records, talk)] == ["sent"]


async def test_each_of_two_visits_is_reminded_of_itself(world: World, records: Records, line: Line) -> None:
    staff = world.add_staff()
    patient_id, talk = world.add_patient(permits=frozenset())
    free = await world.house.desk.free_times(staff, talk)
    first = next(slot for slot in free if slot.starts_at - world.clock.now() > 2 * DAY)
    second = first.starts_at + timedelta(days=1)
    later = Slot(
        starts_at=second,
        ends_at=second + (first.ends_at - first.starts_at),
        provider_id=first.provider_id,
        visit_type_id=first.visit_type_id,
    )
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        for slot in (first, later):
            assert uow.calendar.book(patient_id, None, slot, world.clock.now(), booked_by=BookedBy.STAFF)
        uow.commit()
    await passes(world, first.starts_at - world.clock.now(), HOUR)
    reminders = [row for row in records.of("outbox", purpose="appointment") if row["status"] == "sent"]
    texts = {each.text for each in line.arrived}
    assert len(reminders) == 2
    assert len(texts) == 2


async def test_where_both_are_free_an_invitation_names_times_of_the_patients_own_dentist(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, own = world.house.clinic.providers
    _, talk = world.add_patient()
    records.change("UPDATE patient SET provider_id = :own", own=own)
    records.change("DELETE FROM working_hours WHERE provider_id = :own", own=own)
    records.change(
        "INSERT INTO working_hours SELECT clinic_id, id + 1000000, :own, weekday, opens_minute, closes_minute"
        " FROM working_hours WHERE provider_id = :other",
        own=own,
        other=other,
    )
    offered: list[Slot] = []

    def worded(step_number: int, slots: tuple[Slot, ...], context: Context, wording: Wording | None) -> Reply:
        offered.extend(slots)
        return invitation(step_number, slots, context, wording)

    monkeypatch.setattr("bot.services.proactive.invitation", worded)
    await invites(world)
    assert proactive(records, talk) == [("recall", "sent", None)]
    assert {slot.provider_id for slot in offered} == {own}


async def test_an_erased_person_is_refused_by_the_gate_and_nobody_is_asked_to_look(
    world: World, records: Records, line: Line
) -> None:
    patient_id, talk = world.add_patient()
    await world.house.ticks.run_all()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(patient_id, now=world.clock.now())
        uow.commit()
    await comes(world, EVENING)
    assert proactive(records, talk) == [("recall", "refused", "key_missing")]
    asked = records.of("gate_decision", stage="sending")
    assert [(row["verdict"], row["reason"]) for row in asked] == [("refuse", "key_missing")]
    assert (line.arrived, records.read()["ticket"]) == ([], ())
