"""What staff do at the desk: one owner, every act in the audit, the most urgent first."""

import pytest

from bot.services.desk_ports import ConflictError
from bot.services.views import StaffMember
from flows.engine.choices import Choice
from flows.vocabulary import Role, Urgency
from tests.house.acts import HOUR, books, choices, comes, said
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World

DANGER = "my face is swollen and I can hardly breathe"


@pytest.fixture
def staff(world: World) -> StaffMember:
    """A member of staff who may do everything."""
    return world.add_staff(Role.MANAGER)


async def test_every_act_of_staff_is_in_the_audit(world: World, records: Records, staff: StaffMember) -> None:
    patient_id, talk = world.add_patient()
    desk = world.house.desk
    await world.writes(talk, DANGER)
    await desk.conversation(staff, talk)
    await desk.acknowledge(staff, talk)
    await desk.take(staff, talk)
    await desk.answer(staff, talk, "1", "Good morning")
    await desk.note(staff, talk, "called back")
    await desk.book(staff, talk, (await desk.free_times(staff, talk))[0])
    await desk.clear_freeze(staff, talk)
    await desk.hand_back(staff, talk)
    visit = records.of("appointment", status="booked")[0]
    await comes(world, visit["ends_at"])
    await desk.mark_visited(staff, talk, visit["id"])
    assert [row["action"] for row in records.of("staff_action", patient_id=patient_id, staff_id=staff.staff_id)] == [
        "read_conversation",
        "acknowledged",
        "took_over",
        "answered",
        "noted",
        "booked",
        "cleared_freeze",
        "handed_back",
        "marked_visited",
    ]
    assert len(records.of("staff_action")) == 9


async def test_looking_again_at_what_was_read_is_no_new_act(world: World, records: Records, staff: StaffMember) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    for _ in range(3):
        await world.house.desk.conversation(staff, talk)
    assert [row["action"] for row in records.of("staff_action")] == ["read_conversation"]


async def test_what_is_refused_is_not_in_the_audit(world: World, records: Records, staff: StaffMember) -> None:
    colleague = world.add_staff()
    _, talk = world.add_patient()
    await world.house.desk.take(colleague, talk)
    for act in (
        world.house.desk.take(staff, talk),
        world.house.desk.answer(staff, talk, "1", "Good morning"),
        world.house.desk.hand_back(staff, talk),
        world.house.desk.mark_visited(staff, talk, 1),
    ):
        with pytest.raises(ConflictError):
            await act
    assert [row["action"] for row in records.of("staff_action")] == ["took_over"]
    assert records.of("conversation", id=talk)[0]["staff_id"] == colleague.staff_id
    assert said(records, talk) == []


async def test_the_desk_lists_the_most_urgent_first(world: World, staff: StaffMember) -> None:
    people = [world.add_patient()[1] for _ in range(6)]
    silent, spoke_first, spoke_last, asked_first, asked_last, danger = people
    await world.writes(spoke_first, "look for a time please")
    await world.writes(asked_first, "I want to talk to a person")
    world.clock.move_to(world.clock.now() + HOUR)
    await world.writes(danger, DANGER)
    await world.writes(asked_last, "I want to talk to a person")
    await world.writes(spoke_last, "look for a time please")
    rows = await world.house.desk.conversations(staff)
    assert [row.conversation_id for row in rows[:5]] == [danger, asked_first, asked_last, spoke_last, spoke_first]
    assert [row.urgency for row in rows] == [Urgency.NOW, Urgency.TODAY, Urgency.TODAY, None, None, None]
    assert rows[5].conversation_id == silent
    assert [row.unread for row in rows] == [True] * 5 + [False]
    assert rows[1].last_line == "I want to talk to a person"


async def test_an_answer_takes_the_chat_and_comes_once(
    world: World, records: Records, line: Line, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    for _ in range(2):
        await world.house.desk.answer(staff, talk, "1", "Good morning")
    assert [each.text for each in line.arrived] == ["Good morning"]
    assert records.of("conversation", id=talk)[0]["owner"] == "staff"
    await world.writes(talk, "look for a time please")
    assert said(records, talk) == [("staff", "sent")]


async def test_the_bot_speaks_again_when_staff_hand_back(world: World, records: Records, staff: StaffMember) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "I want to talk to a person")
    await world.house.desk.take(staff, talk)
    await world.house.desk.hand_back(staff, talk)
    assert said(records, talk)[-1] == ("person.assistant_back", "sent")
    assert [row["status"] for row in records.of("ticket", conversation_id=talk)] == ["closed"]
    await world.writes(talk, "look for a time please")
    assert said(records, talk)[-1] == ("times.two", "sent")


async def test_an_open_question_is_asked_again_unless_staff_have_answered(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    desk = world.house.desk
    await world.writes(talk, "look for a time please")
    await desk.take(staff, talk)
    await desk.hand_back(staff, talk)
    assert [key for key, _ in said(records, talk)[-2:]] == ["person.assistant_back", "times.which"]
    await desk.take(staff, talk)
    await desk.answer(staff, talk, "1", "Come at nine tomorrow, the door is open")
    await desk.hand_back(staff, talk)
    assert [key for key, _ in said(records, talk)[-2:]] == ["staff", "person.assistant_back"]
    assert Choice.SLOT not in await choices(world, talk)


async def test_what_staff_said_before_their_lease_ended_does_not_answer_a_later_question(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    desk = world.house.desk
    await desk.answer(staff, talk, "1", "Good morning")
    await comes(world, world.clock.now() + 13 * HOUR)
    await world.writes(talk, "look for a time please")
    await desk.take(staff, talk)
    await desk.hand_back(staff, talk)
    assert [key for key, _ in said(records, talk)[-2:]] == ["person.assistant_back", "times.which"]
    await world.writes(talk, "look for a time please")
    await desk.answer(staff, talk, "2", "There is one at nine")
    await desk.hand_back(staff, talk)
    assert [key for key, _ in said(records, talk)[-2:]] == ["staff", "person.assistant_back"]


async def test_what_is_done_twice_is_one_act(world: World, records: Records, staff: StaffMember) -> None:
    _, talk = world.add_patient()
    desk = world.house.desk
    await world.writes(talk, DANGER)
    for _ in range(2):
        await desk.acknowledge(staff, talk)
    for _ in range(2):
        await desk.take(staff, talk)
    for _ in range(2):
        await desk.note(staff, talk, "called back")
    for _ in range(2):
        await desk.clear_freeze(staff, talk)
    for _ in range(2):
        await desk.hand_back(staff, talk)
    done = [row["action"] for row in records.of("staff_action")]
    assert done == ["acknowledged", "took_over", "noted", "cleared_freeze", "handed_back"]
    view = await desk.conversation(staff, talk)
    assert view is not None
    assert [note.text for note in view.notes] == ["called back"]
    assert len(records.of("ledger_event", act="clear")) == 1


async def test_the_same_note_on_another_day_is_a_note_of_its_own(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.house.desk.note(staff, talk, "called, no answer")
    world.clock.move_to(world.clock.now() + HOUR)
    await world.house.desk.note(staff, talk, "called, no answer")
    assert [row["action"] for row in records.of("staff_action")] == ["noted", "noted"]


async def test_who_holds_the_chat_takes_what_was_opened_since(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    await world.writes(talk, DANGER)
    await world.house.desk.take(staff, talk)
    assert {row["holder_id"] for row in records.of("ticket")} == {staff.staff_id}
    assert [row["action"] for row in records.of("staff_action")] == ["took_over", "took_over"]


async def test_a_note_stays_at_the_desk(world: World, records: Records, line: Line, staff: StaffMember) -> None:
    _, talk = world.add_patient()
    await world.house.desk.note(staff, talk, "prefers mornings")
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    assert [(note.author, note.text) for note in view.notes] == [("Robin Example", "prefers mornings")]
    assert await world.lines(talk) == []
    assert line.arrived == []
    assert [row["urgency"] for row in records.of("ticket")] == ["when_free"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
async def test_nothing_written_is_nothing_done(world: World, records: Records, staff: StaffMember, text: str) -> None:
    _, talk = world.add_patient()
    await world.house.desk.answer(staff, talk, "1", text)
    await world.house.desk.note(staff, talk, text)
    assert records.of("staff_action") == records.of("ticket") == records.of("outbox") == []


async def test_a_visit_ahead_cannot_be_marked(world: World, records: Records, staff: StaffMember) -> None:
    _, talk = world.add_patient()
    visit = await books(world, records, talk, 1)
    with pytest.raises(ConflictError):
        await world.house.desk.mark_visited(staff, talk, visit["id"])
    await comes(world, visit["ends_at"])
    await world.house.desk.mark_visited(staff, talk, visit["id"])
    with pytest.raises(ConflictError):
        await world.house.desk.mark_visited(staff, talk, visit["id"])
    assert len(records.of("visit")) == 1


async def test_a_time_that_is_taken_cannot_be_booked_at_the_desk(
    world: World, records: Records, staff: StaffMember
) -> None:
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    free = await world.house.desk.free_times(staff, other)
    await world.house.desk.book(staff, one, free[0])
    with pytest.raises(ConflictError):
        await world.house.desk.book(staff, other, free[0])
    assert len(records.of("appointment")) == 1
    assert said(records, other) == []


async def test_no_conversation_no_view(world: World, staff: StaffMember) -> None:
    assert await world.house.desk.conversation(staff, 1) is None
