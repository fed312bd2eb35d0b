"""What members of the group change in what they wrote before, and what the patient sees of it."""

from dataclasses import replace

import pytest

from bot.services.topic_ports import BoardNotReachedError
from flows.ids import ConversationId
from tests.topics.group import ROBIN, SAM, Group
from tests.topics.messenger import PLAN, Messenger

OTHER_FILE = "The other file did not reach the patient"


async def test_a_changed_message_changes_the_patients(group: Group, talk: ConversationId, line: Messenger) -> None:
    message = await group.writes(ROBIN, "Tuesday at nine?")
    sent = f"line-{len(line.arrived)}"
    await group.writes(ROBIN, "Thursday at nine?", message=message, edited=True)
    assert (line.handed[-1].text, line.handed[-1].edits) == ("Thursday at nine?", sent)
    await group.writes(ROBIN, "Friday at nine?", message=message, edited=True)
    assert (line.handed[-1].text, line.handed[-1].edits) == ("Friday at nine?", sent)
    await group.comes()
    assert "at nine" not in group.board.said()
    del talk


async def test_where_nothing_can_be_edited_a_changed_message_is_sent_anew(group: Group, talk: ConversationId) -> None:
    message = await group.writes(ROBIN, "Tuesday at nine?")
    await group.writes(ROBIN, "Thursday at nine?", message=message, edited=True)
    assert (await group.world.lines(talk))[-2:] == ["staff: Tuesday at nine?", "staff: Thursday at nine?"]


async def test_a_change_that_changes_no_word_is_none(group: Group, talk: ConversationId) -> None:
    message = await group.writes(ROBIN, "Tuesday at nine?")
    for words in ("Tuesday at nine?", "Thursday at nine?", "Thursday at nine?"):
        await group.writes(ROBIN, words, message=message, edited=True)
    assert (await group.world.lines(talk))[-2:] == ["staff: Tuesday at nine?", "staff: Thursday at nine?"]


async def test_changing_what_never_went_to_the_patient_is_said_to_change_nothing(
    group: Group, talk: ConversationId
) -> None:
    message = await group.writes(SAM, "// for us alone")
    await group.writes(SAM, "Hello again", message=message, edited=True)
    await group.comes()
    assert "nothing was changed there" in group.board.said()
    assert all("Hello again" not in line for line in await group.world.lines(talk))


async def test_a_message_that_became_a_note_is_said_to_stand_as_it_was_with_the_patient(
    group: Group, talk: ConversationId, line: Messenger
) -> None:
    message = await group.writes(ROBIN, "Tuesday at nine?")
    before = len(line.handed)
    await group.writes(ROBIN, "// is Tuesday right?", message=message, edited=True)
    await group.comes()
    assert group.board.said().count("The patient still has the message as it was before") == 1
    assert "is Tuesday right?" in group.board.card().text
    assert len(line.handed) == before
    del talk


async def test_a_note_that_is_changed_was_never_with_the_patient(group: Group, talk: ConversationId) -> None:
    message = await group.writes(ROBIN, "// is Tuesday right?")
    await group.writes(ROBIN, "// is Thursday right?", message=message, edited=True)
    await group.comes()
    assert "The patient still has" not in group.board.said()
    del talk


@pytest.mark.parametrize("words", ["The plan", "The right plan"])
async def test_another_file_in_a_changed_message_is_said_not_to_have_reached_the_patient(
    group: Group, talk: ConversationId, line: Messenger, words: str
) -> None:
    group.board.files |= {"f1": b"a plan", "f2": b"another plan"}
    message = await group.writes(ROBIN, "The plan", files=[PLAN])
    before = len(line.handed)
    await group.writes(ROBIN, words, message=message, edited=True, files=[replace(PLAN, file_id="f2")])
    await group.comes()
    assert group.board.said().count(OTHER_FILE) == 1
    assert len(line.handed) == before
    del talk


async def test_a_file_put_to_what_was_words_alone_is_said_not_to_have_reached_the_patient(
    group: Group, talk: ConversationId
) -> None:
    group.board.files["f1"] = b"a plan"
    message = await group.writes(ROBIN, "The plan")
    await group.writes(ROBIN, "The plan", message=message, edited=True, files=[PLAN])
    await group.comes()
    assert group.board.said().count(OTHER_FILE) == 1
    del talk


async def test_a_file_that_cannot_be_compared_is_not_taken_for_the_one_that_was_sent(
    group: Group, talk: ConversationId
) -> None:
    group.board.files["f1"] = b"a plan"
    message = await group.writes(ROBIN, "The plan", files=[PLAN])
    group.board.fails("load", BoardNotReachedError())
    await group.writes(ROBIN, "The plan", message=message, edited=True, files=[PLAN])
    await group.comes()
    assert group.board.said().count(OTHER_FILE) == 1
    del talk


async def test_the_words_beside_a_file_that_stays_change_the_patients(
    group: Group, talk: ConversationId, line: Messenger
) -> None:
    group.board.files["f1"] = b"a plan"
    message = await group.writes(ROBIN, "The plan", files=[PLAN])
    sent = f"line-{len(line.arrived)}"
    for words in ("The plan", "The plan for March", "The plan for April"):
        await group.writes(ROBIN, words, message=message, edited=True, files=[PLAN])
    assert [(said.text, said.edits) for said in line.handed[-2:]] == [
        ("The plan for March", sent),
        ("The plan for April", sent),
    ]
    await group.comes()
    assert OTHER_FILE not in group.board.said()
    del talk
