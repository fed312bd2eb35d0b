"""A visit that nobody marked is asked about on the worklist, so that planning does not forget its patient for good."""

from datetime import timedelta

import pytest

from bot.services.desk_ports import ConflictError
from bot.services.views import StaffMember
from bot.services.work_ports import Came
from flows.vocabulary import Role
from tests.house.acts import DAY, HOUR, MINUTE, books, choices, comes, days_pass, proactive
from tests.house.records import Records
from tests.world import World


@pytest.fixture
def staff(world: World) -> StaffMember:
    """Somebody at reception."""
    return world.add_staff(Role.RECEPTION)


async def test_a_visit_is_asked_about_from_its_end_until_somebody_answers(
    world: World, records: Records, staff: StaffMember
) -> None:
    attendance = world.house.attendance
    patient_id, talk = world.add_patient()
    visit = await books(world, records, talk)
    world.clock.move_to(visit["ends_at"] - MINUTE)
    assert await attendance.unmarked(staff) == ()
    world.clock.move_to(visit["ends_at"])
    (asked,) = await attendance.unmarked(staff)
    assert (asked.patient_id, asked.conversation_id, asked.starts_at) == (patient_id, talk, visit["starts_at"])
    assert asked.provider is not None
    world.clock.move_to(visit["ends_at"] + 30 * DAY)
    assert len(await attendance.unmarked(staff)) == 1
    await attendance.mark(staff, patient_id, visit["starts_at"], Came.CAME)
    assert await attendance.unmarked(staff) == ()
    assert records.of("appointment", id=visit["id"])[0]["status"] == "kept"
    assert [row["action"] for row in records.of("staff_action", patient_id=patient_id)] == ["marked_visited"]
    assert [choice.name for choice in await choices(world, talk)] == ["PERSON"], "the buttons of the visit are gone"


async def test_who_did_not_come_is_invited_again(world: World, records: Records, staff: StaffMember) -> None:
    patient_id, talk = world.add_patient()
    visit = await books(world, records, talk)
    await comes(world, visit["ends_at"] + HOUR)
    await world.house.attendance.mark(staff, patient_id, visit["starts_at"], Came.MISSED)
    assert records.of("appointment", id=visit["id"])[0]["status"] == "missed"
    await days_pass(world, 8)
    assert [purpose for purpose, status, _ in proactive(records, talk) if status == "sent"] == ["recall"]


async def test_a_visit_is_marked_once(world: World, records: Records, staff: StaffMember) -> None:
    patient_id, talk = world.add_patient()
    visit = await books(world, records, talk)
    world.clock.move_to(visit["ends_at"])
    await world.house.attendance.mark(staff, patient_id, visit["starts_at"], Came.CAME)
    for answer in Came:
        with pytest.raises(ConflictError):
            await world.house.attendance.mark(staff, patient_id, visit["starts_at"], answer)
    assert len(records.of("staff_action")) == 1


@pytest.mark.parametrize("answer", Came)
async def test_a_visit_of_somebody_without_a_chat_can_be_marked(
    world: World, records: Records, staff: StaffMember, answer: Came
) -> None:
    patient_id, talk = world.add_patient()
    visit = await books(world, records, talk)
    for table in ("received", "outbox", "conversation"):
        records.change(f"DELETE FROM {table}")  # noqa: S608 - our own tables
    world.clock.move_to(visit["ends_at"])
    (asked,) = await world.house.attendance.unmarked(staff)
    assert asked.conversation_id is None
    await world.house.attendance.mark(staff, patient_id, visit["starts_at"], answer)
    assert records.of("appointment")[0]["status"] == ("kept" if answer is Came.CAME else "missed")
    assert [row["action"] for row in records.of("staff_action")] == [
        "marked_visited" if answer is Came.CAME else "marked_missed"
    ]


@pytest.mark.parametrize("answer", Came)
async def test_a_visit_that_only_a_list_told_of_is_asked_about_too(
    world: World, records: Records, staff: StaffMember, answer: Came
) -> None:
    patient_id, _ = world.add_patient()
    told = world.clock.now() + timedelta(hours=2)
    records.change(
        "UPDATE patient SET next_visit_at = :at WHERE id = :id", at=f"{told:%Y-%m-%d %H:%M:%S.%f}", id=patient_id
    )
    world.clock.move_to(told + DAY)
    (asked,) = await world.house.attendance.unmarked(staff)
    assert (asked.patient_id, asked.starts_at, asked.provider) == (patient_id, told, None)
    await world.house.attendance.mark(staff, patient_id, told, answer)
    assert await world.house.attendance.unmarked(staff) == ()
    (patient,) = records.of("patient", id=patient_id)
    assert patient["next_visit_at"] is None
    assert [row["appointment_id"] for row in records.of("visit")] == ([None] if answer is Came.CAME else [])
    assert len(records.of("staff_action")) == 1
    with pytest.raises(ConflictError):
        await world.house.attendance.mark(staff, patient_id, told, answer)
