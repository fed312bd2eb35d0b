"""Times are kept, taken, given back: one slot, one patient, and nobody with two visits."""

import asyncio
import re
from datetime import datetime, timedelta

from flows.engine.choices import Choice, Payload
from flows.ids import ConversationId
from storage.vocabulary import BookedBy
from tests.house.acts import FIRST_TIME, MINUTE, SECOND_TIME, books, choices, chooses, comes, invites, said
from tests.house.judge import breaks
from tests.house.records import Records, Row
from tests.world import World


def held(records: Records, talk: ConversationId) -> set[tuple[int, datetime]]:
    """The times that are kept for a conversation."""
    return {(row["provider_id"], row["starts_at"]) for row in records.of("hold", conversation_id=talk)}


def visits(records: Records, talk: ConversationId) -> list[Row]:
    """The booked visits of a conversation's patient."""
    patient_id = records.of("conversation", id=talk)[0]["patient_id"]
    return records.of("appointment", patient_id=patient_id, status="booked")


async def test_a_hold_expires_and_its_time_is_offered_to_others(world: World, records: Records) -> None:
    (_, one), (_, other), (_, third) = world.add_patient(), world.add_patient(), world.add_patient()
    await world.writes(one, "look for a time please")
    await world.writes(other, "look for a time please")
    first, second = held(records, one), held(records, other)
    assert len(first) == len(second) == 2
    assert not first & second
    await comes(world, world.clock.now() + 11 * MINUTE)
    assert records.of("hold") == []
    await world.writes(third, "look for a time please")
    assert held(records, third) == first


async def test_a_time_whose_hold_expired_is_still_booked_if_nobody_took_it(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    await comes(world, world.clock.now() + 30 * MINUTE)
    await chooses(world, talk, Choice.SLOT)
    assert len(visits(records, talk)) == 1


async def test_two_who_want_one_slot_at_once_get_one_visit_and_two_new_offers(world: World, records: Records) -> None:
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    await invites(world)
    await asyncio.gather(world.presses(one, FIRST_TIME), world.presses(other, FIRST_TIME))
    winner, loser = (one, other) if visits(records, one) else (other, one)
    assert len(visits(records, winner)) == 1
    assert visits(records, loser) == []
    invitation, *answers = [key for key, _ in said(records, loser)]
    assert invitation in {"recall.first", "recall.first_in_mind"}
    assert answers == ["times.just_taken", "times.two"]
    assert len(held(records, loser)) == 2
    assert (await choices(world, loser)).count(Choice.SLOT) == 2
    await world.presses(loser, FIRST_TIME)
    assert len(visits(records, loser)) == 1
    assert breaks(records.read()) == []


async def test_who_has_a_visit_gets_no_second_one(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await invites(world)
    shown = await world.house.patient.chat(world.session(talk))
    await world.presses(talk, FIRST_TIME)
    for button in shown.buttons[:2]:
        await world.house.patient.press(world.session(talk), f"again-{button.payload}", button.payload)
    assert len(visits(records, talk)) == 1


async def test_a_visit_that_staff_booked_takes_the_offers_off_the_table(world: World, records: Records) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    await world.house.desk.book(staff, talk, (await world.house.desk.free_times(staff, talk))[-1])
    assert Choice.SLOT not in await choices(world, talk)
    await world.writes(talk, "the first one")
    assert len(visits(records, talk)) == 1
    assert held(records, talk) == set()


async def test_a_press_understood_before_staff_booked_makes_no_second_visit(world: World, records: Records) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await invites(world)
    free = (await world.house.desk.free_times(staff, talk))[-1]

    async def both() -> None:
        await asyncio.gather(world.house.desk.book(staff, talk, free), world.presses(talk, FIRST_TIME))

    await both()
    assert len(visits(records, talk)) == 1


async def test_a_moved_visit_keeps_its_id_and_gives_its_time_back(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    before = await books(world, records, talk)
    await chooses(world, talk, Choice.CHANGE_VISIT)
    await world.presses(talk, SECOND_TIME)
    after = visits(records, talk)
    assert [row["id"] for row in after] == [before["id"]]
    assert after[0]["starts_at"] != before["starts_at"]
    assert breaks(records.read()) == []


async def test_the_calendar_file_of_a_visit_counts_its_changes(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await books(world, records, talk)
    await chooses(world, talk, Choice.CHANGE_VISIT)
    await world.presses(talk, SECOND_TIME)
    page = world.session(talk)
    my_visit = Payload(choice=Choice.MY_VISIT, argument=0, asked=0)
    await world.house.patient.press(page, "shows it again", my_visit.encode())
    lines = (await world.house.patient.chat(page)).lines
    files = [await world.house.patient.file(page, line.id) for line in lines if line.file_name]
    assert [re.findall(r"SEQUENCE:(\d+)", str(file)) for file in files] == [["0"], ["1"], ["1"]]


async def test_a_cancelled_time_is_free_for_others(world: World, records: Records) -> None:
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    before = await books(world, records, one)
    await chooses(world, one, Choice.CANCEL_VISIT)
    await chooses(world, one, Choice.CONFIRM_CANCEL)
    assert visits(records, one) == []
    after = await books(world, records, other)
    assert (after["starts_at"], after["provider_id"]) == (before["starts_at"], before["provider_id"])


async def test_an_offer_whose_time_has_passed_is_not_booked(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    last = max(starts_at for _, starts_at in held(records, talk))
    world.clock.move_to(last + timedelta(minutes=1))
    await world.presses(talk, FIRST_TIME)
    assert visits(records, talk) == []


async def two_visits(world: World, records: Records, talk: ConversationId) -> tuple[Row, Row]:
    """Let a patient book a visit, and staff another some days later, as for the chair time of a second treatment."""
    first = await books(world, records, talk, SECOND_TIME)
    staff = world.add_staff()
    later = [slot for slot in await world.house.desk.free_times(staff, talk) if slot.starts_at > first["starts_at"]][-1]
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        now = world.clock.now()
        assert uow.calendar.book(first["patient_id"], None, later, now, booked_by=BookedBy.STAFF) is not None
        uow.commit()
    for _ in range(2):
        # At one tick, one message a patient.
        await world.house.ticks.run_all()
    both = visits(records, talk)
    assert [row["status"] for row in reminders(records)] == ["planned", "planned"]
    return both[0], both[1]


def reminders(records: Records) -> list[Row]:
    """All reminders, by the visit they are of."""
    return sorted(records.of("outbox", purpose="appointment"), key=lambda row: str(row["campaign"]))


async def test_moving_one_of_two_visits_leaves_the_reminder_of_the_other(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    first, second = await two_visits(world, records, talk)
    await chooses(world, talk, Choice.CHANGE_VISIT)
    await world.presses(talk, FIRST_TIME)
    assert [(row["campaign"], row["status"]) for row in reminders(records)] == [
        (f"reminder:{first['id']}:0", "withdrawn"),
        (f"reminder:{second['id']}:0", "planned"),
    ]


async def test_cancelling_one_of_two_visits_leaves_the_reminder_of_the_other(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    first, second = await two_visits(world, records, talk)
    await chooses(world, talk, Choice.CANCEL_VISIT)
    await chooses(world, talk, Choice.CONFIRM_CANCEL)
    assert [(row["campaign"], row["status"]) for row in reminders(records)] == [
        (f"reminder:{first['id']}:0", "withdrawn"),
        (f"reminder:{second['id']}:0", "planned"),
    ]


async def test_a_visit_too_near_for_a_reminder_is_confirmed_without_the_promise_of_one(
    world: World, records: Records
) -> None:
    (_, near), (_, far) = world.add_patient(), world.add_patient()
    await world.writes(near, "look for a time today please")
    await world.presses(near, FIRST_TIME)
    await world.writes(far, "is there anything in two weeks?")
    await world.presses(far, FIRST_TIME)
    assert said(records, near)[-1] == ("booking.booked_bring_soon", "sent")
    assert said(records, far)[-1] == ("booking.booked_bring", "sent")
    assert "remind" not in (await world.lines(near))[-1]
    assert "remind" in (await world.lines(far))[-1]


async def test_whoever_refused_messages_about_visits_is_promised_no_reminder(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await books(world, records, talk, SECOND_TIME)
    await world.writes(talk, "stop")
    await chooses(world, talk, Choice.STOP_VISIT_TOO)
    visit = visits(records, talk)[0]
    staff = world.add_staff()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.calendar.cancel(visit["id"], world.clock.now())
        uow.commit()
    await world.house.desk.book(staff, talk, (await world.house.desk.free_times(staff, talk))[-1])
    assert said(records, talk)[-1] == ("booking.booked_bring_soon", "sent")


async def test_whose_age_is_not_known_is_promised_no_reminder(world: World, records: Records) -> None:
    _, talk = world.add_patient(born=None)
    await world.writes(talk, "is there anything in two weeks?")
    await world.presses(talk, FIRST_TIME)
    assert said(records, talk)[-1] == ("booking.booked_bring_soon", "sent")
