"""What staff do at the desk: about the patient in front of them, once, and heard by the dialog."""

from datetime import timedelta

import pytest

from bot.services.desk_ports import ConflictError
from flows.engine.choices import Choice
from flows.ids import ConversationId
from flows.vocabulary import Role
from tests.house.acts import HOUR, MINUTE, books, choices, said
from tests.house.records import Records
from tests.world import World


async def test_booking_while_the_patient_is_in_the_chair_leaves_todays_visit_where_it_is(
    world: World, records: Records
) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    today = await books(world, records, talk)
    world.clock.move_to(today["starts_at"] + 10 * MINUTE)
    free = await world.house.desk.free_times(staff, talk)
    await world.house.desk.book(staff, talk, free[-1])
    booked = [row["starts_at"] for row in records.of("appointment", status="booked")]
    assert booked == [today["starts_at"], free[-1].starts_at]


async def test_a_visit_is_marked_only_in_its_own_patients_chat(world: World, records: Records) -> None:
    staff = world.add_staff()
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    visit = await books(world, records, one)
    world.clock.move_to(visit["ends_at"])
    with pytest.raises(ConflictError):
        await world.house.desk.mark_visited(staff, other, visit["id"])
    assert records.of("appointment", id=visit["id"])[0]["status"] == "booked"
    assert records.of("staff_action", action="marked_visited") == []


async def test_after_staff_booked_the_patient_has_the_buttons_of_the_confirmation(
    world: World, records: Records
) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    before = records.of("conversation", id=talk)[0]["lock_version"]
    free = await world.house.desk.free_times(staff, talk)
    await world.house.desk.book(staff, talk, free[-1])
    assert await choices(world, talk) == [Choice.CHANGE_VISIT, Choice.CANCEL_VISIT, Choice.PERSON]
    assert records.of("conversation", id=talk)[0]["lock_version"] > before, "a turn under way must look again"


async def test_handing_back_what_nobody_holds_closes_nothing_and_says_nothing(world: World, records: Records) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    await world.house.desk.hand_back(staff, talk)
    await world.writes(talk, "my cheek is swollen and I cannot breathe")
    lines = len(said(records, talk))
    await world.house.desk.hand_back(staff, talk)
    assert len(said(records, talk)) == lines
    assert records.of("ticket", conversation_id=talk, reason="emergency")[0]["status"] == "open"


async def _frozen_then_cleared_by_its_holder(world: World, talk: ConversationId) -> None:
    dentist = world.add_staff(Role.DENTIST)
    await world.writes(talk, "my cheek is swollen and I cannot breathe")
    await world.house.desk.take(dentist, talk)
    await world.house.desk.clear_freeze(dentist, talk)
    await world.house.desk.hand_back(dentist, talk)


async def test_a_freeze_cleared_by_who_holds_the_chat_is_over_for_the_dialog_too(
    world: World, records: Records
) -> None:
    _, talk = world.add_patient()
    await _frozen_then_cleared_by_its_holder(world, talk)
    assert not records.of("patient")[0]["frozen"]
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        state = uow.conversations.snapshot(talk, now=world.clock.now()).state
    assert state is not None
    assert state["chat"]["state"] == "idle"  # type: ignore[call-overload, index]  # JSON


async def test_the_same_answer_sent_twice_is_audited_once(world: World, records: Records) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    for _ in range(2):
        await world.house.desk.answer(staff, talk, "the-same", "Good morning")
    assert len(records.of("staff_action", action="answered")) == 1


async def test_who_answers_keeps_the_chat_for_as_long_again(world: World, records: Records) -> None:
    staff = world.add_staff()
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    world.clock.move_to(world.clock.now() + HOUR)
    await world.house.desk.note(staff, talk, "called, no answer")
    lease = records.of("conversation", id=talk)[0]["lease_until"]
    assert lease - world.clock.now() < timedelta(hours=12)
