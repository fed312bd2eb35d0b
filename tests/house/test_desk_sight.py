"""What must not get out of sight at the desk: a freeze, words that were put aside, visits that nobody came to."""

import pytest

from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.views import LineState, StaffMember, Voice
from flows.engine.choices import Choice, Payload
from flows.ids import ConversationId
from flows.vocabulary import Role
from tests.house.acts import HOUR, MINUTE, books, choices, comes, days_pass, proactive, said
from tests.house.line import Line
from tests.house.records import Records, Row
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
    world: World, records: Records, staff: StaffMember, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    buttons = await choices(world, talk)
    assert await world.house.desk.conversation(staff, talk) is not None
    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turn.decide", _breaks)
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
        broken.setattr("bot.services.turn.decide", _breaks)
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
        broken.setattr("bot.services.turn.decide", _breaks)
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
        broken.setattr("bot.services.turn.decide", _breaks)
        for _ in range(2):
            await world.house.patient.write(world.session(talk), "1", "stop")
    assert said(records, talk) == [("repair.put_aside", "sent")]


async def test_while_staff_hold_the_chat_nobody_else_speaks_of_what_was_put_aside(
    world: World, records: Records, line: Line, staff: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turn.decide", _breaks)
        await world.writes(talk, "hello")
    assert said(records, talk) == []
    assert line.arrived == []
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    assert [each.state for each in view.lines] == [LineState.PUT_ASIDE]


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


async def test_a_list_knows_whose_chat_it_is_by_more_than_the_name(world: World, staff: StaffMember) -> None:
    namesake = world.add_staff()
    _, talk = world.add_patient()
    await world.house.desk.take(staff, talk)
    assert namesake.name == staff.name
    assert [row.held_by_me for row in await world.house.desk.conversations(staff)] == [True]
    assert [row.held_by_me for row in await world.house.desk.conversations(namesake)] == [False]
