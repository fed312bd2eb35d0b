"""How long the button for a note holds, and that nobody takes what was kept for sent, or the other way round."""

from datetime import timedelta

import pytest

from flows.ids import ConversationId
from tests.house.records import Records
from tests.topics.group import ROBIN, SAM, Group, says
from tests.topics.messenger import PLAN

A_MOMENT = timedelta(seconds=5)
KEPT = "Kept as a note, not sent to the patient"


async def answers(group: Group, talk: ConversationId) -> bool:
    """Let the member who pressed write; whether the patient got it."""
    await group.writes(ROBIN, "See you on Monday")
    await group.comes()
    reached = (await group.world.lines(talk))[-1] == "staff: See you on Monday"
    assert reached is (KEPT not in group.board.said())
    return reached


async def is_asked_back(group: Group, talk: ConversationId) -> bool:
    """Let the member who pressed write; whether it was neither kept nor sent, but would be when written again."""
    await group.writes(ROBIN, "He is a difficult one")
    await group.comes()
    assert "staff: He is a difficult one" not in await group.world.lines(talk)
    assert KEPT not in group.board.said()
    assert "the note you asked for had run out" in group.board.said()
    return await answers(group, talk)


async def test_the_topic_says_that_words_were_kept_and_not_sent(group: Group, talk: ConversationId) -> None:
    await group.presses(ROBIN, "Note")
    await group.comes(timedelta(seconds=110))
    assert not await answers(group, talk)
    assert group.board.said().count(KEPT) == 1
    assert "See you on Monday" in group.board.card().text


@pytest.mark.parametrize("minutes", [2, 20])
async def test_after_two_minutes_it_is_asked_whom_words_are_for(
    group: Group, talk: ConversationId, records: Records, minutes: int
) -> None:
    await group.presses(ROBIN, "Note")
    await group.comes(timedelta(minutes=minutes))
    assert await is_asked_back(group, talk)
    assert not records.of("staff_action", action="noted")


async def test_after_half_an_hour_it_is_forgotten(group: Group, talk: ConversationId) -> None:
    await group.presses(ROBIN, "Note")
    await group.comes(timedelta(minutes=33))
    assert await answers(group, talk)


@pytest.mark.parametrize("label", ["Find free times", "Take over"])
async def test_another_button_ends_it(group: Group, talk: ConversationId, label: str) -> None:
    await group.presses(ROBIN, "Note")
    await group.presses(ROBIN, label)
    assert await answers(group, talk)


@pytest.mark.parametrize("label", ["Call done", "Close"])
@pytest.mark.parametrize("who", [ROBIN, SAM])
async def test_a_ticket_that_closes_ends_it(group: Group, talk: ConversationId, who: int, label: str) -> None:
    await group.presses(ROBIN, "Note")
    await group.comes(A_MOMENT)
    await group.presses(who, label)
    assert await answers(group, talk)


async def test_after_a_word_of_the_patients_it_is_asked_whom_words_are_for(group: Group, talk: ConversationId) -> None:
    await group.presses(ROBIN, "Note")
    await group.comes(A_MOMENT)
    await says(group, talk, "Are you there?")
    assert await is_asked_back(group, talk)


async def test_it_can_be_pressed_again_after_the_patients_word(group: Group, talk: ConversationId) -> None:
    await group.presses(ROBIN, "Note")
    await group.comes(A_MOMENT)
    await says(group, talk, "Are you there?")
    await group.comes(A_MOMENT)
    await group.presses(ROBIN, "Note")
    assert not await answers(group, talk)


async def test_a_button_a_colleague_presses_leaves_it_as_it_is(group: Group, talk: ConversationId) -> None:
    await group.presses(ROBIN, "Note")
    await group.presses(SAM, "Find free times")
    assert not await answers(group, talk)


async def test_a_file_without_words_is_said_to_be_neither_kept_nor_sent(
    group: Group, talk: ConversationId, records: Records
) -> None:
    group.board.files["f1"] = b"a plan"
    before = await group.world.lines(talk)
    await group.presses(ROBIN, "Note")
    await group.writes(ROBIN, "", files=[PLAN])
    await group.comes()
    assert "a note needs words" in group.board.said()
    assert await group.world.lines(talk) == before
    assert not records.of("staff_action", action="noted")


async def test_an_older_message_that_is_changed_into_a_note_meanwhile_leaves_it_as_it_is(
    group: Group, talk: ConversationId
) -> None:
    message = await group.writes(ROBIN, "Tuesday at nine?")
    await group.presses(ROBIN, "Note")
    await group.writes(ROBIN, "// is Tuesday right?", message=message, edited=True)
    assert not await answers(group, talk)
