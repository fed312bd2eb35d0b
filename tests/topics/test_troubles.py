"""What goes wrong in the group: topics and cards that vanish, a group that moves or has no topics, calls that fail.

In each case: the topic is whole again, or the reason is stored; nothing is lost, nothing stands there twice.
"""

from datetime import timedelta

import pytest

from bot.services.topic_attention import LOOKED_FOR_EVERY
from bot.services.topic_ports import (
    BoardNotReachedError,
    GroupChange,
    GroupChanged,
    GroupMovedError,
    TopicChange,
    TopicChanged,
    TopicGoneError,
)
from bot.services.topic_sync import LOOKED_FOR_AT_ONCE
from flows.ids import ConversationId
from storage.vocabulary import GroupProblem
from tests.topics.group import ROBIN, Group, says

A_MINUTE = timedelta(minutes=1)
MOVED_TO = -1002


def problem(group: Group) -> GroupProblem | None:
    """Why nothing can be posted."""
    with group.world.house.database.reading(group.world.house.clinic.id) as uow:
        found = uow.desk_groups.get()
    assert found is not None
    return found.problem


def edits(group: Group) -> dict[int, int]:
    """How often the card of each topic was edited."""
    return {room.id: group.board.card(room).edits for room in group.board.rooms.values()}


async def test_a_topic_that_was_deleted_is_opened_again_with_the_talk_so_far(
    group: Group, talk: ConversationId
) -> None:
    await says(group, talk, "is anybody there")
    room = group.board.room()
    await group.board.delete_topic(group.board.state.chat_id, room.id)
    await says(group, talk, "hello")
    assert group.board.room().id != room.id
    assert "Take over" in group.board.card().labels
    for words in ("I want to talk to a person please", "is anybody there", "hello"):
        assert group.board.said().count(words) == 1


async def test_a_topic_that_was_deleted_is_missed_though_nothing_is_to_be_posted(
    group: Group, talk: ConversationId
) -> None:
    gone = group.board.room()
    await group.board.delete_topic(group.board.state.chat_id, gone.id)
    for _ in range(6):
        await group.comes(A_MINUTE)
    await group.comes()
    assert group.board.room().id != gone.id
    assert group.board.said().count("I want to talk to a person please") == 1
    del talk


async def test_topics_are_looked_for_a_few_at_a_time_and_not_those_that_are_closed(group: Group) -> None:
    member = await group.staff_comes(ROBIN)
    talks = [group.world.add_patient()[1] for _ in range(LOOKED_FOR_AT_ONCE + 2)]
    for talk in talks:
        await group.world.writes(talk, "I want to talk to a person please")
    await group.comes()
    await group.comes(A_MINUTE)
    await group.world.house.desk.close(member, talks[0])
    await group.comes()
    before, begun, at_once = edits(group), len(group.board.calls), []
    for _ in range(LOOKED_FOR_EVERY // A_MINUTE + 1):
        earlier = len(group.board.calls)
        await group.comes(A_MINUTE)
        at_once.append(len(group.board.calls) - earlier)
    assert {name for name, _ in group.board.calls[begun:]} == {"edit"}
    assert max(at_once) == LOOKED_FOR_AT_ONCE
    looked_for = {room: count - before[room] for room, count in edits(group).items()}
    assert sorted(looked_for.values()) == [0] + [1] * (LOOKED_FOR_AT_ONCE + 1)
    assert [looked_for[room.id] for room in group.board.rooms.values() if room.closed] == [0]


async def test_a_card_that_was_deleted_is_posted_again(group: Group, talk: ConversationId) -> None:
    card = group.board.card()
    group.board.posts.remove(card)
    await group.comes(A_MINUTE)
    await group.writes(ROBIN, "Good morning")
    await group.comes()
    cards = [post for post in group.board.posts if "Hand back" in post.labels]
    assert len(cards) == 1
    del talk


async def test_a_topic_a_person_closed_is_opened_again_when_there_is_something_to_say(
    group: Group, talk: ConversationId
) -> None:
    room = group.board.room()
    await group.board.close_topic(group.board.state.chat_id, room.id)
    await group.desk.topic_changed(
        TopicChanged(
            update_id="9:1", group=group.board.state.chat_id, topic=room.id, user_id=ROBIN, change=TopicChange.CLOSED
        )
    )
    await group.comes(A_MINUTE)
    assert group.board.room().closed
    await says(group, talk, "hello")
    assert not group.board.room().closed
    assert "hello" in group.board.said()


async def test_a_topic_that_turns_out_to_be_closed_is_opened_again(group: Group, talk: ConversationId) -> None:
    group.board.room().closed = True
    await says(group, talk, "hello")
    assert not group.board.room().closed
    assert group.board.said().count("hello") == 1


async def test_a_title_a_person_changed_is_put_right(group: Group, talk: ConversationId) -> None:
    room = group.board.room()
    title, room.title = room.title, "Something else"
    await group.desk.topic_changed(
        TopicChanged(
            update_id="9:1", group=group.board.state.chat_id, topic=room.id, user_id=ROBIN, change=TopicChange.RENAMED
        )
    )
    await group.comes()
    assert room.title == title
    del talk


async def test_what_stands_of_an_erased_person_is_deleted(group: Group) -> None:
    patient_id, talk = group.world.add_patient()
    await group.asks_for_a_person(talk)
    with group.world.house.database.unit_of_work(group.world.house.clinic.id) as uow:
        uow.patients.erase(patient_id, now=group.world.clock.now())
        uow.commit()
    await group.comes(A_MINUTE)
    assert (group.board.rooms, group.board.posts) == ({}, [])


@pytest.mark.parametrize("told", ["by an update", "by the next call"])
async def test_a_group_that_became_a_supergroup_is_followed(group: Group, talk: ConversationId, told: str) -> None:
    before = group.board.state.chat_id
    group.board.moves(MOVED_TO)
    if told == "by an update":
        change = GroupChanged(update_id="9:1", group=before, change=GroupChange.MOVED, moved_to=MOVED_TO)
        await group.desk.group_changed(change)
    else:
        group.board.fails("post", GroupMovedError(MOVED_TO))
    await says(group, talk, "hello")
    await group.comes()
    assert group.board.said().count("hello") == 1
    assert len(group.board.rooms) == 1


@pytest.mark.parametrize(
    ("broken", "found"),
    [({"is_forum": False}, GroupProblem.NO_FORUM), ({"may_manage": False}, GroupProblem.NOT_ADMIN)],
)
@pytest.mark.parametrize("told", ["told", "untold"])
async def test_a_group_in_which_nothing_can_be_posted_says_why_and_misses_nothing(
    group: Group, talk: ConversationId, broken: dict[str, bool], found: GroupProblem, told: str
) -> None:
    group.board.stands(**broken)
    if told == "told":
        standing = GroupChanged(update_id="9:1", group=group.board.state.chat_id, change=GroupChange.STANDING)
        await group.desk.group_changed(standing)
    await says(group, talk, "hello")
    assert problem(group) is found
    await says(group, talk, "anybody")
    calls = len(group.board.calls)
    await group.comes()
    assert len(group.board.calls) == calls
    group.board.stands(is_forum=True, may_manage=True)
    await group.comes(A_MINUTE)
    assert problem(group) is None
    assert (group.board.said().count("hello"), group.board.said().count("anybody")) == (1, 1)


async def test_topics_that_are_switched_off_are_not_taken_for_deleted(group: Group, talk: ConversationId) -> None:
    group.board.stands(is_forum=False)
    for call in ("post", "edit", "show_state"):
        group.board.fails(call, TopicGoneError(), times=3)
    await says(group, talk, "hello")
    assert problem(group) is GroupProblem.NO_FORUM
    group.board.troubles.clear()
    group.board.stands(is_forum=True)
    await group.comes(A_MINUTE)
    assert len(group.board.rooms) == 1
    assert group.board.said().count("hello") == 1


async def test_while_nobody_knows_whether_topics_are_switched_off_none_is_given_up(
    group: Group, talk: ConversationId
) -> None:
    group.board.fails("post", TopicGoneError())
    group.board.fails("look", BoardNotReachedError("away"))
    await says(group, talk, "hello")
    await group.comes(A_MINUTE)
    assert len(group.board.rooms) == 1
    assert group.board.said().count("hello") == 1


async def test_a_group_that_was_only_renamed_goes_on_at_once(group: Group, talk: ConversationId) -> None:
    renamed = GroupChanged(update_id="9:1", group=group.board.state.chat_id, change=GroupChange.FORUM)
    await group.desk.group_changed(renamed)
    await says(group, talk, "hello")
    assert problem(group) is None
    assert "hello" in group.board.said()
