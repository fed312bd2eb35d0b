"""Calls to the group that fail, or whose outcome nobody knows: nothing is lost, nothing stands there twice."""

from datetime import timedelta

import pytest

from bot.services.topic_ports import (
    BoardBusyError,
    BoardNotReachedError,
    BoardRefusedError,
    BoardUnknownError,
    TopicState,
)
from flows.ids import ConversationId
from tests.topics.group import ROBIN, Group, says

A_MINUTE = timedelta(minutes=1)


class CrashError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("failure", [BoardBusyError(timedelta(seconds=30)), BoardNotReachedError()])
@pytest.mark.parametrize("call", ["post", "edit", "show_state", "open_topic"])
async def test_what_surely_did_not_happen_is_done_later_once(group: Group, failure: Exception, call: str) -> None:
    await group.staff_comes(ROBIN)
    _, talk = group.world.add_patient()
    group.board.fails(call, failure, times=2)
    await group.asks_for_a_person(talk)
    for _ in range(3):
        await group.comes(timedelta(seconds=31))
    await group.writes(ROBIN, "Good morning")
    await says(group, talk, "hello")
    for _ in range(3):
        await group.comes(timedelta(seconds=31))
    assert len(group.board.rooms) == 1
    assert len([post for post in group.board.posts if post.labels]) == 1
    assert group.board.said().count("hello") == 1
    assert group.board.said().count("I want to talk to a person") == 1
    assert group.board.room().state is TopicState.TAKEN
    assert "Hand back" in group.board.card().labels


@pytest.mark.parametrize("effect", ["arrived", "lost"])
@pytest.mark.parametrize("failure", [BoardUnknownError(), TimeoutError()])
async def test_lines_whose_outcome_nobody_knows_are_not_repeated_and_the_card_says_so(
    group: Group, talk: ConversationId, failure: Exception, effect: str
) -> None:
    await says(group, talk, "first")
    group.board.fails("post", failure, after=effect == "arrived")
    await says(group, talk, "second")
    for _ in range(3):
        await group.comes(A_MINUTE)
    assert group.board.said().count("second") == int(effect == "arrived")
    assert "may be missing or appear twice" in group.board.card().text
    await says(group, talk, "third")
    assert group.board.said().count("third") == 1


async def test_an_edit_whose_outcome_nobody_knows_is_made_again(group: Group, talk: ConversationId) -> None:
    await group.presses(ROBIN, "Take over")
    group.board.fails("edit", BoardUnknownError(), after=True)
    await group.presses(ROBIN, "Find free times")
    await group.comes(timedelta(seconds=11))
    assert "Hide times" in group.board.card().labels
    assert "may be missing" not in group.board.card().text
    del talk


async def test_what_the_messenger_refuses_is_given_up_and_marked(group: Group, talk: ConversationId) -> None:
    group.board.fails("post", BoardRefusedError())
    await says(group, talk, "refused")
    await says(group, talk, "taken")
    assert "refused" not in group.board.said()
    assert "taken" in group.board.said()
    assert "may be missing" in group.board.card().text


async def writes_second(group: Group, talk: ConversationId, call: str) -> None:
    """Let something be said that the next round brings into the topic by such a call."""
    if call == "edit":
        member = await group.staff_comes(ROBIN)
        await group.world.house.desk.answer(member, talk, "web-1", "second")
        return
    if call == "show_state":
        await group.writes(ROBIN, "Good morning")
    if call == "open_topic":
        await group.board.delete_topic(group.board.state.chat_id, group.board.room().id)
    await group.world.writes(talk, "second")


@pytest.mark.parametrize("effect", ["arrived", "lost"])
@pytest.mark.parametrize("call", ["post", "edit", "show_state", "open_topic"])
async def test_a_crash_in_a_call_loses_nothing_and_repeats_nothing_blindly(
    group: Group, talk: ConversationId, call: str, effect: str
) -> None:
    await says(group, talk, "first")
    await writes_second(group, talk, call)
    group.board.fails(call, CrashError(), after=effect == "arrived")
    with pytest.raises(CrashError):
        await group.desk.sync()
    for _ in range(3):
        await group.comes(timedelta(seconds=91))
    await says(group, talk, "third")
    shown = group.board.shown(list(group.board.rooms.values())[-1])
    said = "\n".join(post.text for post in shown)
    # Of a message under way nobody knows whether it arrived, and so it is not sent again; all else is.
    lost = call == "post" and effect == "lost"
    assert said.count("second") == int(not lost)
    assert ("may be missing" in shown[0].text) is (call == "post")
    assert (said.count("first"), said.count("third")) == (1, 1)
    assert group.board.rooms[shown[0].topic or 0].state in {TopicState.WAITING, TopicState.TAKEN}
