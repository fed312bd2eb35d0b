"""What leaves by itself: late rather than wrong, once, and not at all where nobody answers for it."""

from datetime import timedelta
from pathlib import Path

from flows.engine.choices import Choice
from flows.outreach.facts import Mode
from flows.vocabulary import Role
from tests.house.acts import DAY, EVENING, HOUR, SECOND_TIME, books, chooses, comes, days_pass, invites, proactive, said
from tests.house.line import Line
from tests.house.records import Records
from tests.world import MONDAY_MORNING, World, make_world


async def test_an_invitation_that_is_due_is_refused_while_staff_own_the_chat(
    world: World, records: Records, line: Line
) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.house.ticks.run_all()
    await world.house.desk.take(staff, talk)
    await comes(world, EVENING)
    assert proactive(records, talk) == [("recall", "refused", "staff_owns")]
    asked = records.of("gate_decision", stage="sending")
    assert [(row["verdict"], row["reason"]) for row in asked] == [("refuse", "staff_owns")]
    assert line.arrived == []


async def test_a_reminder_is_not_sent_after_a_cancellation(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await books(world, records, talk, SECOND_TIME)
    await world.house.ticks.run_all()
    assert proactive(records, talk) == [("appointment", "planned", None)]
    await chooses(world, talk, Choice.CANCEL_VISIT)
    await chooses(world, talk, Choice.CONFIRM_CANCEL)
    await days_pass(world, 4)
    assert ("appointment", "withdrawn", "cancelled") in proactive(records, talk)
    assert not [row for row in proactive(records, talk) if row[:2] == ("appointment", "sent")]


async def test_a_moved_visit_is_reminded_of_once_at_its_new_time(world: World, records: Records, line: Line) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    booked = await books(world, records, talk, SECOND_TIME)
    await world.house.ticks.run_all()
    free = [
        slot
        for slot in await world.house.desk.free_times(staff, talk)
        if slot.starts_at > booked["starts_at"] + 6 * HOUR
    ]
    await world.house.desk.book(staff, talk, free[-1])
    await days_pass(world, 14)
    moved = records.of("appointment", id=booked["id"])[0]
    assert moved["starts_at"] == free[-1].starts_at
    reminders = [row for row in records.of("outbox", purpose="appointment") if row["status"] != "withdrawn"]
    assert [(row["status"], row["campaign"]) for row in reminders] == [("sent", f"reminder:{booked['id']}:1")]
    local = moved["starts_at"].astimezone(world.house.clinic.zone)
    arrived = [each.text for each in line.arrived if each.key == str(reminders[0]["id"])]
    assert f"{local:%H:%M}".lstrip("0") in arrived[0]


async def test_a_day_of_downtime_loses_nothing_and_sends_nothing_twice(database_url: str, records: Records) -> None:
    world = make_world(database_url)
    talks = [world.add_patient()[1] for _ in range(3)]
    await world.house.ticks.run_all()
    world.house.database.close_now()
    again = make_world(database_url, start=EVENING + DAY)
    await comes(again, EVENING + DAY)
    again.house.database.close_now()
    once_more = make_world(database_url, start=EVENING + 2 * DAY)
    await comes(once_more, EVENING + 2 * DAY)
    for talk in talks:
        assert proactive(records, talk) == [("recall", "sent", None)]
        assert len(await once_more.lines(talk)) == 1
    once_more.house.database.close_now()


async def test_what_is_late_waits_for_the_hours(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.house.ticks.run_all()
    await comes(world, MONDAY_MORNING + timedelta(hours=14))
    assert proactive(records, talk) == [("recall", "planned", "deferred")]
    assert records.of("outbox")[0]["not_before"] == MONDAY_MORNING + DAY + HOUR
    await comes(world, MONDAY_MORNING + DAY + HOUR)
    assert proactive(records, talk) == [("recall", "sent", None)]


async def test_a_jump_over_many_days_sends_each_step_once_and_keeps_the_gap(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.house.ticks.run_all()
    await comes(world, EVENING + 45 * DAY)
    assert [row["step"] for row in records.of("outbox", conversation_id=talk, status="sent")] == [1]
    await comes(world, EVENING + 74 * DAY)
    await days_pass(world, 5)
    sent = records.of("outbox", conversation_id=talk, status="sent")
    assert [row["step"] for row in sent] == [1, 2]
    assert sent[1]["sent_at"] - sent[0]["sent_at"] >= 30 * DAY
    await comes(world, EVENING + 200 * DAY)
    assert len(records.of("outbox", conversation_id=talk)) == 2


async def test_a_visit_that_passed_meanwhile_is_not_reminded_of(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await books(world, records, talk, SECOND_TIME)
    await world.house.ticks.run_all()
    await comes(world, MONDAY_MORNING + 30 * DAY + 3 * HOUR)
    assert [row[1] for row in proactive(records, talk) if row[0] == "appointment"] == ["refused"]
    assert "visit.reminder" not in dict(said(records, talk))


async def test_a_check_in_follows_a_visit_and_a_worry_goes_to_staff(world: World, records: Records) -> None:
    staff = world.add_staff(Role.RECEPTION)
    _, talk = world.add_patient()
    visit = await books(world, records, talk)
    await comes(world, visit["ends_at"])
    await world.house.desk.mark_visited(staff, talk, visit["id"])
    await days_pass(world, 3)
    assert [row for row in proactive(records, talk) if row[0] == "postvisit"] == [("postvisit", "sent", None)]
    await world.writes(talk, "it still hurts a little")
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["worry"]


async def test_an_unsigned_policy_plans_and_sends_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'live.sqlite'}"
    rehearsal = make_world(url)
    _, talk = rehearsal.add_patient()
    await rehearsal.house.ticks.run_all()
    rehearsal.add_patient()
    rehearsal.house.database.close_now()
    live = make_world(url, mode=Mode.LIVE)
    with Records(url) as records:
        await comes(live, EVENING)
        assert proactive(records, talk) == [("recall", "refused", "policy_unsigned")]
        await days_pass(live, 3)
        assert len(records.of("outbox")) == 1, "nothing is planned"
        sign(live)
        await days_pass(live, 2)
        assert [row["status"] for row in records.of("outbox", kind="proactive")[1:]] == ["sent", "sent"]
    live.house.database.close_now()


def sign(world: World) -> None:
    """Let a named person answer for the policy."""
    policy = world.house.clinic.policy
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.decisions.sign(
            policy.id, policy.version, policy.content_hash, signed_by="Robin Example", now=world.clock.now()
        )
        uow.commit()


async def test_what_was_said_no_to_stays_unsaid_in_the_rehearsal_too(world: World, records: Records) -> None:
    _, talk = world.add_patient(permits=frozenset())
    await invites(world)
    assert said(records, talk) == []


def stop_sending(world: World, why: str | None) -> None:
    """Let somebody stop the sending, or let it go on."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        if why is None:
            uow.clinics.resume_sending()
        else:
            uow.clinics.stop_sending(why)
        uow.commit()


async def test_while_sending_is_stopped_nothing_leaves_by_itself_and_who_writes_is_answered(
    world: World, records: Records, line: Line
) -> None:
    (_, invited), (_, talking) = world.add_patient(), world.add_patient()
    await world.house.ticks.run_all()
    stop_sending(world, "the list was the wrong one")
    await world.writes(talking, "look for a time please")
    await comes(world, EVENING)
    assert proactive(records, invited) == [("recall", "planned", None)]
    assert said(records, talking)[-1] == ("times.two", "sent")
    assert len(line.arrived) == 1
    world.add_patient()
    await days_pass(world, 2)
    assert len(records.of("outbox", kind="proactive")) == 2, "nothing more is planned"
    stop_sending(world, None)
    await days_pass(world, 1)
    assert proactive(records, invited) == [("recall", "sent", None)]


async def test_a_stop_of_the_sending_holds_for_what_is_claimed_already(
    world: World, records: Records, line: Line
) -> None:
    for _ in range(3):
        world.add_patient()
    await world.house.ticks.run_all()

    async def somebody_stops() -> None:
        stop_sending(world, "complaints")

    line.meanwhile = somebody_stops
    await comes(world, EVENING)
    assert len(line.arrived) == 1, "the one that was on its way"
    assert sorted(row["status"] for row in records.of("outbox")) == ["planned", "planned", "sent"]
    await days_pass(world, 1)
    assert len(line.arrived) == 1
    assert max(row["attempts"] for row in records.of("outbox")) == 1, "waiting uses up no attempts"
    stop_sending(world, None)
    await days_pass(world, 1)
    assert len(line.arrived) == 3


async def test_whoever_asks_is_told_that_sending_is_stopped_but_not_why(world: World) -> None:
    assert (await world.house.keeping.health())["sending"] == "on"
    stop_sending(world, "the list of Mrs Example")
    found = await world.house.keeping.health()
    assert (found["status"], found["sending"]) == ("ok", "stopped")
    assert "Example" not in str(found)
