"""How much the group is told in a minute, and who comes first when that is not enough."""

from datetime import timedelta

from bot.services.topic_ports import TopicState
from flows.ids import ConversationId
from tests.topics.board import Room
from tests.topics.group import ROBIN, Group

A_SECOND = timedelta(seconds=1)


async def seconds_pass(group: Group, seconds: int) -> None:
    """Let rounds come, one each second."""
    for _ in range(seconds):
        await group.comes(A_SECOND)


async def people_ask(group: Group, count: int) -> list[ConversationId]:
    """Let many patients ask for a person within one second."""
    talks = [group.world.add_patient()[1] for _ in range(count)]
    for talk in talks:
        await group.world.writes(talk, f"I want to talk to a person please, {talk}")
    return talks


async def test_a_minute_never_holds_more_than_the_group_takes_and_nothing_is_lost(group: Group) -> None:
    talks = await people_ask(group, 12)
    await group.comes()
    assert len(group.board.rooms) < len(talks)
    await seconds_pass(group, 200)
    assert len(group.board.rooms) == len(talks)
    assert group.board.busiest_minute() <= 20
    said = "\n".join(post.text for post in group.board.posts)
    assert [said.count(f"person please, {talk}") for talk in talks] == [1] * len(talks)


async def test_an_emergency_comes_first_though_the_minute_is_full(group: Group) -> None:
    await people_ask(group, 12)
    await group.comes()
    _, talk = group.world.add_patient()
    await group.world.writes(talk, "my face is swollen and I cannot breathe")
    await group.comes(A_SECOND)
    urgent = group.board.room(TopicState.URGENT)
    assert len(group.board.shown(urgent)) == 2
    assert group.board.busiest_minute() <= 20
    del talk


async def test_when_the_minute_is_full_lines_are_added_to_the_last_message(group: Group) -> None:
    talks = await people_ask(group, 3)
    await seconds_pass(group, 2)
    first = first_room(group, talks[0])
    await people_ask(group, 8)
    await group.comes(A_SECOND)
    before = len(group.board.shown(first))
    for number in range(30):
        await group.world.writes(talks[0], f"word {number}.")
        await group.comes(A_SECOND)
    said = "\n".join(post.text for post in group.board.shown(first))
    assert [said.count(f" word {number}.") for number in range(30)] == [1] * 30
    assert len(group.board.shown(first)) < before + 30
    assert group.board.busiest_minute() <= 20


def first_room(group: Group, talk: ConversationId) -> Room:
    """The topic in which a patient's words stand."""
    (thread,) = {post.topic for post in group.board.posts if str(talk) in post.text and "please" in post.text}
    return group.board.rooms[thread or 0]


async def test_what_the_bot_says_meanwhile_is_added_without_a_sound(group: Group) -> None:
    member = await group.staff_comes(ROBIN)
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    posts = len(group.board.posts)
    for number in range(5):
        await group.world.house.desk.answer(member, talk, f"web-{number}", f"answer {number}.")
        await group.comes(A_SECOND)
    assert len(group.board.posts) == posts
    assert [group.board.said().count(f"answer {number}.") for number in range(5)] == [1] * 5


async def test_a_talk_longer_than_a_message_is_shown_from_its_end(group: Group) -> None:
    _, talk = group.world.add_patient()
    for number in range(12):
        await group.world.writes(talk, f"begin {number} " + "long words " * 60)
    await group.asks_for_a_person(talk)
    await seconds_pass(group, 3)
    first = group.board.shown(group.board.room())[1]
    assert first.text.startswith("Earlier messages are on the web desk.")
    assert "I want to talk to a person" in first.text
    assert "begin 0 " not in group.board.said()


async def test_many_long_words_come_whole_in_several_messages(group: Group) -> None:
    _, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    for number in range(6):
        await group.world.writes(talk, f"begin {number} " + "много слов " * 200 + f"end {number}.")
    await seconds_pass(group, 5)
    assert [group.board.said().count(f"end {number}.") for number in range(6)] == [1] * 6
