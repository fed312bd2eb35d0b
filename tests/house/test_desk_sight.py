"""What must not get out of sight at the desk: a freeze, and words that were put aside."""

import pytest

from bot.services.desk_ports import NotAllowedError
from bot.services.views import LineState, StaffMember, Voice
from flows.ids import ConversationId
from flows.vocabulary import Role
from tests.house.acts import MINUTE, choices, said
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World

DANGER = "my face is swollen and I can hardly breathe"


@pytest.fixture
def staff(world: World) -> StaffMember:
    """A member of staff who may do everything."""
    return world.add_staff(Role.MANAGER)


def tickets(records: Records, talk: ConversationId) -> list[tuple[str, str, str]]:
    """The tickets of a chat: why, how urgent, how far."""
    return [(row["reason"], row["urgency"], row["status"]) for row in records.of("ticket", conversation_id=talk)]


async def test_what_froze_the_programme_stays_in_sight_after_hand_back_until_it_is_cleared(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "I want to talk to a person")
    await world.writes(talk, DANGER)
    reception = world.add_staff(Role.RECEPTION)
    await world.house.desk.take(reception, talk)
    await world.house.desk.hand_back(reception, talk)
    assert tickets(records, talk) == [("person_asked", "today", "closed"), ("emergency", "when_free", "open")]
    (row,) = [row for row in await world.house.desk.conversations(reception) if row.urgency is not None]
    assert (row.urgency, row.alarm, row.overdue) == ("when_free", False, False)
    with pytest.raises(NotAllowedError):
        await world.house.desk.clear_freeze(reception, talk)
    await world.house.desk.clear_freeze(staff, talk)
    assert tickets(records, talk)[-1] == ("emergency", "when_free", "closed")
    assert not records.of("patient")[0]["frozen"]


async def test_the_same_danger_said_again_after_hand_back_rings_again(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, DANGER)
    await world.house.desk.take(staff, talk)
    await world.house.desk.hand_back(staff, talk)
    await world.writes(talk, DANGER)
    assert tickets(records, talk) == [("emergency", "now", "open")]
    (row,) = await world.house.desk.conversations(staff)
    assert row.alarm


async def test_a_danger_that_was_denied_freezes_nothing_and_is_closed_with_the_chat(
    world: World, records: Records, staff: StaffMember
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "my face is not swollen")
    await world.house.desk.take(staff, talk)
    await world.house.desk.hand_back(staff, talk)
    assert tickets(records, talk) == [("emergency", "today", "closed")]


def _breaks(*_arguments: object) -> None:
    raise ZeroDivisionError


async def test_staff_read_what_was_put_aside_and_the_patient_hears_that_they_will(
    world: World,
    records: Records,
    staff: StaffMember,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    buttons = await choices(world, talk)
    assert await world.house.desk.conversation(staff, talk) is not None
    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turning.decide", _breaks)
        world.clock.move_to(world.clock.now() + MINUTE)
        await world.writes(talk, "a tooth of mine hurts")
        await world.presses(talk, 0)
    assert [key for key, _ in said(records, talk)] == ["times.two", "repair.put_aside", "repair.put_aside"]
    assert await choices(world, talk) == buttons, "the question that was open still is"
    assert "patient: a tooth of mine hurts" in await world.lines(talk)
    assert "tooth of mine" not in caplog.text

    (row,) = await world.house.desk.conversations(staff)
    assert row.unread
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    aside = [line.text for line in view.lines if line.state is LineState.PUT_ASIDE]
    assert aside == ["a tooth of mine hurts", ""]
    assert [line.voice for line in view.lines][:3] == [Voice.PATIENT, Voice.BOT, Voice.PATIENT]
    audit = [row["action"] for row in records.of("staff_action", staff_id=staff.staff_id)]
    assert audit == ["read_conversation", "read_conversation"]


async def test_what_was_put_aside_is_read_in_its_own_chat_only(
    world: World, staff: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turning.decide", _breaks)
        await world.writes(one, "only for the first")
        await world.writes(other, "only for the second")
    view = await world.house.desk.conversation(staff, other)
    assert view is not None
    assert [line.text for line in view.lines if line.voice is Voice.PATIENT] == ["only for the second"]
    assert "patient: only for the first" not in await world.lines(other)


async def test_what_came_again_and_was_handled_is_not_shown_as_put_aside(
    world: World, staff: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = world.add_patient()
    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turning.decide", _breaks)
        await world.house.patient.write(world.session(talk), "1", "look for a time please")
    await world.house.patient.write(world.session(talk), "1", "look for a time please")
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    assert [(line.text, line.state) for line in view.lines if line.voice is Voice.PATIENT] == [
        ("look for a time please", LineState.ARRIVED)
    ]


async def test_what_is_put_aside_twice_is_told_once(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = world.add_patient()
    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turning.decide", _breaks)
        for _ in range(2):
            await world.house.patient.write(world.session(talk), "1", "stop")
    assert said(records, talk) == [("repair.put_aside", "sent")]


async def test_while_staff_hold_the_chat_nobody_else_speaks_of_what_was_put_aside(
    world: World, records: Records, line: Line, staff: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turning.decide", _breaks)
        await world.writes(talk, "hello")
    assert said(records, talk) == []
    assert line.arrived == []
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    assert [each.state for each in view.lines] == [LineState.PUT_ASIDE]


async def test_a_list_knows_whose_chat_it_is_by_more_than_the_name(world: World, staff: StaffMember) -> None:
    namesake = world.add_staff()
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    assert namesake.name == staff.name
    assert [row.held_by_me for row in await world.house.desk.conversations(staff)] == [True]
    assert [row.held_by_me for row in await world.house.desk.conversations(namesake)] == [False]
