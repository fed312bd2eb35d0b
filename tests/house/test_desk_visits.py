"""What staff say of a visit whose time has come: the patient came, or did not; either way it is over for everybody."""

import pytest

from bot.services.desk_ports import ConflictError
from bot.services.views import StaffMember
from flows.engine.choices import Choice, Payload
from flows.ids import ConversationId
from flows.vocabulary import Role
from tests.house.acts import HOUR, MINUTE, books, choices, comes, days_pass, proactive, said
from tests.house.records import Records, Row
from tests.world import World


@pytest.fixture
def staff(world: World) -> StaffMember:
    """A member of staff who may do everything."""
    return world.add_staff(Role.MANAGER)


async def _unmarked(world: World, records: Records, talk: ConversationId) -> Row:
    visit = await books(world, records, talk)
    await comes(world, visit["ends_at"] + HOUR)
    return visit


async def test_a_missed_visit_keeps_nobody_from_being_invited_and_leads_to_no_check_in(
    world: World, records: Records
) -> None:
    reception = world.add_staff(Role.RECEPTION)
    patient_id, talk = world.add_patient()
    visit = await _unmarked(world, records, talk)
    assert records.of("patient", id=patient_id)[0]["next_visit_at"] == visit["starts_at"]
    await world.house.desk.mark_missed(reception, talk, visit["id"])
    assert records.of("appointment", id=visit["id"])[0]["status"] == "missed"
    assert records.of("patient", id=patient_id)[0]["next_visit_at"] is None
    assert [row["action"] for row in records.of("staff_action", patient_id=patient_id)] == ["marked_missed"]
    view = await world.house.desk.conversation(reception, talk)
    assert view is not None
    assert view.card.visit is None
    await days_pass(world, 8)
    assert records.of("visit") == []
    assert "check_in" not in {row["campaign"] for row in records.of("outbox", conversation_id=talk)}
    assert [purpose for purpose, status, _ in proactive(records, talk) if status == "sent"] == ["recall"]


async def test_only_a_visit_whose_time_has_come_can_be_missed_and_only_once(
    world: World, records: Records, staff: StaffMember
) -> None:
    (_, talk), (_, other) = world.add_patient(), world.add_patient()
    visit = await books(world, records, talk, 1)
    world.clock.move_to(visit["starts_at"] - MINUTE)
    with pytest.raises(ConflictError) as early:
        await world.house.desk.mark_missed(staff, talk, visit["id"])
    assert early.value.args == ("desk.conflict.not_yet",)
    world.clock.move_to(visit["starts_at"])
    with pytest.raises(ConflictError):
        await world.house.desk.mark_missed(staff, other, visit["id"])
    await world.house.desk.mark_missed(staff, talk, visit["id"])
    for again in (world.house.desk.mark_missed, world.house.desk.mark_visited):
        with pytest.raises(ConflictError):
            await again(staff, talk, visit["id"])
    assert len(records.of("staff_action")) == 1


@pytest.mark.parametrize("mark", ["mark_visited", "mark_missed"])
async def test_the_buttons_of_a_visit_that_is_over_are_gone_and_an_old_one_cancels_nothing(
    world: World, records: Records, staff: StaffMember, mark: str
) -> None:
    _, talk = world.add_patient()
    visit = await books(world, records, talk)
    chat = await world.house.patient.chat(world.session(talk))
    old = {Payload.decode(button.payload).choice: button.payload for button in chat.buttons}
    world.clock.move_to(visit["ends_at"])
    await getattr(world.house.desk, mark)(staff, talk, visit["id"])
    status = records.of("appointment", id=visit["id"])[0]["status"]
    assert await choices(world, talk) == [Choice.PERSON]
    for place, choice in enumerate((Choice.CANCEL_VISIT, Choice.CHANGE_VISIT)):
        await world.house.patient.press(world.session(talk), f"old-{place}", old[choice])
    assert said(records, talk)[-1][0] == "visit.none"
    assert [(row["id"], row["status"]) for row in records.of("appointment")] == [(visit["id"], status)]


async def test_a_cancelling_that_was_asked_about_before_the_visit_cancels_nothing_after_it(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    visit = await books(world, records, talk)
    await world.presses(talk, 1)
    assert said(records, talk)[-1][0] == "cancel.sure"
    world.clock.move_to(visit["ends_at"])
    await world.house.desk.mark_visited(staff, talk, visit["id"])
    await world.writes(talk, "yes")
    assert said(records, talk)[-1][0] == "cancel.gone"
    assert records.of("appointment", id=visit["id"])[0]["status"] == "kept"


async def test_the_buttons_stay_while_another_visit_is_ahead(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    today = await books(world, records, talk)
    world.clock.move_to(today["starts_at"] + 5 * MINUTE)
    free = await world.house.desk.free_times(staff, talk)
    await world.house.desk.book(staff, talk, free[-1])
    world.clock.move_to(today["ends_at"])
    await world.house.desk.mark_visited(staff, talk, today["id"])
    assert Choice.CANCEL_VISIT in await choices(world, talk)
