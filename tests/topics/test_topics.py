"""From the link to the answer: a patient asks for a person, staff see a topic, answer in it and hand back."""

from bot.services.topic_ports import TopicState
from tests.house.acts import EVENING, HOUR
from tests.topics.group import ROBIN, Group


async def test_a_topic_opens_with_a_card_and_the_talk_so_far_when_a_patient_asks_for_a_person(group: Group) -> None:
    _, talk = group.world.add_patient()
    await group.world.writes(talk, "hello")
    await group.comes()
    assert group.board.rooms == {}
    await group.asks_for_a_person(talk)
    room = group.board.room()
    assert room.state is TopicState.WAITING
    assert "Anna Example" in room.title
    card, *lines = group.board.shown(room)
    assert "Take over" in card.labels
    assert "Last visit" in card.text
    assert len(lines) == 1
    assert "hello" in lines[0].text
    assert "I want to talk to a person" in lines[0].text


async def test_what_is_to_be_done_on_another_day_is_not_said_to_be_of_today(group: Group) -> None:
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    assert "today · answer by Mon 23 Nov" in group.board.card().text
    _, late = group.world.add_patient()
    group.world.clock.move_to(EVENING + 2 * HOUR)
    await group.asks_for_a_person(late)
    card = group.board.card(list(group.board.rooms.values())[-1])
    assert "answer by Tue 24 Nov" in card.text
    assert "today" not in card.text


async def test_new_lines_come_into_the_topic_once(group: Group) -> None:
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    await group.world.writes(talk, "are you there")
    await group.comes()
    await group.comes()
    assert group.board.said().count("are you there") == 1


async def test_what_a_member_writes_takes_the_chat_and_reaches_the_patient(group: Group) -> None:
    member = await group.staff_comes(ROBIN)
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    await group.writes(ROBIN, "Good morning, this is Robin.")
    await group.comes()
    assert "staff: Good morning, this is Robin." in await group.world.lines(talk)
    room = group.board.room()
    assert room.state is TopicState.ANSWERED
    assert member.name in room.title
    assert "Good morning" not in group.board.said()
    await group.world.writes(talk, "good morning")
    await group.comes()
    assert group.board.room().state is TopicState.TAKEN


async def test_a_chat_is_taken_and_handed_back_by_buttons(group: Group) -> None:
    await group.staff_comes(ROBIN)
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    assert await group.presses(ROBIN, "Take over") == "You have the chat."
    assert group.board.room().state is TopicState.TAKEN
    await group.presses(ROBIN, "Hand back")
    room = group.board.room()
    assert (room.state, room.closed) == (TopicState.CLOSED, True)
    assert group.board.card().labels == []
