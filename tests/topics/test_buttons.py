"""What the buttons of a card do, for whom, and that others learn why not."""

from datetime import timedelta

import pytest

from bot.services.topic_ports import TopicPressed, TopicState
from flows.ids import ConversationId
from flows.vocabulary import Role
from tests.house.records import Records
from tests.topics.group import ROBIN, SAM, STRANGER, Group


async def test_a_free_time_is_chosen_on_the_card_and_booked(
    group: Group, talk: ConversationId, records: Records
) -> None:
    usual = group.board.card().labels
    await group.presses(ROBIN, "Find free times")
    times = [label for label in group.board.card().labels if label not in usual and label != "Hide times"]
    assert len(times) == 6
    await group.presses(ROBIN, times[0])
    (booked,) = records.of("appointment", status="booked")
    assert records.of("staff_action", action="booked")
    assert group.board.card().labels[0] != times[0]
    assert booked["starts_at"] > group.world.clock.now()
    del talk


async def test_free_times_are_hidden_by_a_button_and_by_time(group: Group, talk: ConversationId) -> None:
    usual = group.board.card().labels
    await group.presses(ROBIN, "Find free times")
    await group.presses(ROBIN, "Hide times")
    assert group.board.card().labels == usual
    await group.presses(ROBIN, "Find free times")
    await group.comes(timedelta(minutes=11))
    assert "Hide times" not in group.board.card().labels
    del talk


async def test_a_call_that_was_made_is_noted_and_closes_the_topic(
    group: Group, talk: ConversationId, records: Records
) -> None:
    await group.presses(ROBIN, "Call done")
    assert [row["status"] for row in records.of("ticket", conversation_id=talk)] == ["closed"]
    assert records.of("staff_action", action="called")
    assert group.board.room().closed


async def test_closing_closes_the_tickets_and_the_bot_goes_on(
    group: Group, talk: ConversationId, records: Records
) -> None:
    await group.presses(ROBIN, "Take over")
    await group.presses(ROBIN, "Close")
    assert [row["owner"] for row in records.of("conversation", id=talk)] == ["bot"]
    assert group.board.room().closed


async def test_an_emergency_is_urgent_until_somebody_acknowledges_it_and_frozen_until_it_is_cleared(
    group: Group,
) -> None:
    await group.staff_comes(ROBIN)
    await group.staff_comes(SAM, Role.RECEPTION)
    _, talk = group.world.add_patient()
    await group.world.writes(talk, "my face is swollen and I cannot breathe")
    await group.comes()
    assert group.board.room().state is TopicState.URGENT
    await group.presses(SAM, "I have seen it")
    assert group.board.room().state is TopicState.WAITING
    clear = "Clear the freeze"
    assert await group.presses(SAM, clear) == "Your role does not allow this."
    assert clear in group.board.card().labels
    for button in ("Call done", "Close"):
        assert "it stays open" in await group.presses(ROBIN, button)
    await group.presses(ROBIN, clear)
    assert clear not in group.board.card().labels


@pytest.mark.parametrize(
    "payload", ["", "t1.take.zzzzzzzzzzzzz", "t1.take.1", "forged", "t1.book.1", "t1.take.1.1.1.1.1"]
)
async def test_a_button_that_is_none_of_ours_says_so(group: Group, talk: ConversationId, payload: str) -> None:
    pressed = TopicPressed(
        update_id="9:1", group=group.board.state.chat_id, topic=None, user_id=ROBIN, message_id=1, payload=payload
    )
    assert "no longer works" in await group.desk.pressed(pressed)
    del talk


async def test_a_stranger_who_presses_is_refused_and_nothing_happens(group: Group, talk: ConversationId) -> None:
    assert await group.presses(STRANGER, "Take over") == "Only connected colleagues can do this."
    assert group.board.room().state is TopicState.WAITING
    del talk
