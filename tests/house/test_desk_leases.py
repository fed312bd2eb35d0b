"""A chat whose member of staff left it goes back to the bot, and what was asked there is lost to nobody."""

import pytest

from bot.services.views import StaffMember
from flows.vocabulary import Role
from tests.house.acts import HOUR, MINUTE, comes
from tests.house.records import Records
from tests.world import World


@pytest.fixture
def staff(world: World) -> StaffMember:
    """A member of staff who may do everything."""
    return world.add_staff(Role.MANAGER)


async def test_a_chat_that_staff_left_goes_back_to_the_bot_with_its_tickets_open(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "I want to talk to a person")
    await world.house.desk.take(staff, talk)
    await comes(world, world.clock.now() + 12 * HOUR - MINUTE)
    assert records.of("conversation", id=talk)[0]["owner"] == "staff"
    await comes(world, world.clock.now() + 2 * MINUTE)
    assert records.of("conversation", id=talk)[0]["owner"] == "bot"
    assert [(row["status"], row["holder_id"]) for row in records.of("ticket", conversation_id=talk)] == [("open", None)]


async def test_what_was_asked_of_a_colleague_who_left_is_asked_of_everybody(
    world: World, records: Records, staff: StaffMember
) -> None:
    asked, answered, silent = (world.add_patient()[1] for _ in range(3))
    desk = world.house.desk
    for talk in (asked, answered, silent):
        await desk.answer(staff, talk, f"first-{talk}", "Good evening, how are you?")
    await comes(world, world.clock.now() + 2 * HOUR)
    for talk in (asked, answered):
        await world.writes(talk, "can I bring my son on Thursday?")
    await desk.answer(staff, answered, "second", "Of course")
    await comes(world, world.clock.now() + 12 * HOUR + MINUTE)
    assert {row["owner"] for row in records.of("conversation")} == {"bot"}
    (ticket,) = records.of("ticket")
    assert (ticket["conversation_id"], ticket["reason"], ticket["urgency"]) == (asked, "question", "today")
    await comes(world, world.clock.now() + HOUR)
    assert len(records.of("ticket")) == 1


async def test_what_was_asked_of_a_colleague_who_left_is_not_asked_twice(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "I want to talk to a person")
    await world.house.desk.take(staff, talk)
    await world.writes(talk, "can I bring my son on Thursday?")
    await comes(world, world.clock.now() + 12 * HOUR + MINUTE)
    assert [(row["reason"], row["status"]) for row in records.of("ticket")] == [("person_asked", "open")]
