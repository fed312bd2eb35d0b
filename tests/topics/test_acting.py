"""What members of the group do in a topic, and what the patient hears of it."""

import asyncio
from datetime import timedelta

import pytest

from bot.services.ports import AddressClosedError, NotSentError, OutcomeUnknownError, RefusedError
from bot.services.topic_ports import BoardNotReachedError, BoardRefusedError, TopicState
from flows.ids import ConversationId
from storage.records.attachments import Attachment
from tests.house.records import Records
from tests.topics.group import ROBIN, SAM, STRANGER, Group
from tests.topics.messenger import PLAN, Messenger


async def test_strangers_are_told_again_after_some_minutes_that_nobody_knows_them(
    group: Group, talk: ConversationId
) -> None:
    for _ in range(3):
        await group.writes(STRANGER, "Let me answer that")
        await group.comes()
    assert group.board.said().count("we do not know yet who you are") == 1
    assert "staff" not in "\n".join(await group.world.lines(talk)).replace("staff member", "")
    await group.comes(timedelta(minutes=6))
    await group.writes(STRANGER, "And now?")
    await group.comes()
    assert group.board.said().count("we do not know yet who you are") == 2


async def test_strangers_are_told_in_each_topic_that_nobody_knows_them(group: Group, talk: ConversationId) -> None:
    (first,) = group.board.rooms.values()
    _, other = group.world.add_patient()
    await group.asks_for_a_person(other)
    (second,) = [room for room in group.board.rooms.values() if room is not first]
    for room in (first, second, first, second):
        await group.writes(STRANGER, "Let me answer that", room=room)
        await group.comes()
    for room in (first, second):
        told = [post for post in group.board.shown(room) if "we do not know yet who you are" in post.text]
        assert len(told) == 1
    del talk


async def test_many_words_of_strangers_leave_room_in_the_groups_minute(group: Group, talk: ConversationId) -> None:
    for stranger in range(STRANGER, STRANGER + 40):
        await group.writes(stranger, "Let me answer that")
    for _ in range(130):
        await group.comes(timedelta(seconds=1))
    assert group.board.busiest_minute() <= 20
    del talk


async def test_who_has_left_is_a_stranger(group: Group, talk: ConversationId, records: Records) -> None:
    records.change("UPDATE staff SET active = 0")
    await group.writes(ROBIN, "I am still here")
    assert "staff: I am still here" not in await group.world.lines(talk)


async def test_words_that_begin_with_two_slashes_are_a_note(group: Group, talk: ConversationId) -> None:
    await group.writes(ROBIN, "// prefers mornings")
    await group.comes()
    assert "prefers mornings" in group.board.card().text
    assert all("prefers mornings" not in line for line in await group.world.lines(talk))


async def test_the_next_words_after_the_notes_button_are_a_note_and_only_they(
    group: Group, talk: ConversationId
) -> None:
    assert "kept as a note" in await group.presses(ROBIN, "Note")
    await group.writes(ROBIN, "ask about the crown")
    await group.writes(ROBIN, "Good morning")
    await group.comes()
    assert "ask about the crown" in group.board.card().text
    assert (await group.world.lines(talk))[-1] == "staff: Good morning"


@pytest.mark.parametrize("edited", [False, True])
async def test_an_unknown_command_goes_nowhere_and_the_topic_says_so(
    group: Group, talk: ConversationId, *, edited: bool
) -> None:
    before = await group.world.lines(talk)
    await group.writes(ROBIN, "/call me at five", edited=edited, is_command=True)
    await group.comes()
    assert "// begins a note" in group.board.said()
    assert await group.world.lines(talk) == before


async def test_what_a_colleague_writes_takes_the_chat_over_and_one_notice_names_both(
    group: Group, talk: ConversationId, records: Records
) -> None:
    records.change("UPDATE staff SET name = 'Sam Example' WHERE role = 'reception'")
    await group.presses(ROBIN, "Take over")
    (before,) = records.of("conversation", id=talk)
    await group.writes(SAM, "Hello from me too")
    await group.writes(SAM, "I am with you now")
    await group.comes()
    assert (await group.world.lines(talk))[-2:] == ["staff: Hello from me too", "staff: I am with you now"]
    assert group.board.said().count("taken over") == 1
    assert "Sam Example has taken over from Robin Example." in group.board.said()
    (after,) = records.of("conversation", id=talk)
    assert after["staff_id"] != before["staff_id"]
    assert {row["holder_id"] for row in records.of("ticket", conversation_id=talk)} == {after["staff_id"]}
    assert "Sam Example" in group.board.card().text
    assert "Robin Example" not in group.board.card().text
    in_browser = await group.world.house.desk.conversation(group.world.add_staff(), talk)
    assert in_browser is not None
    assert in_browser.holder == "Sam Example"
    assert await group.presses(SAM, "Hand back") == "Handed back."


async def test_a_note_and_a_button_leave_the_chat_to_the_colleague_who_holds_it(
    group: Group, talk: ConversationId, records: Records
) -> None:
    await group.presses(ROBIN, "Take over")
    held = [row["staff_id"] for row in records.of("conversation", id=talk)]
    await group.writes(SAM, "// prefers mornings")
    shown = await group.presses(SAM, "Hand back")
    assert shown == "A colleague holds this chat. Write to the patient here to take it over."
    assert [row["staff_id"] for row in records.of("conversation", id=talk)] == held
    assert "taken over" not in group.board.said()


async def test_two_who_write_at_once_both_reach_the_patient(
    group: Group, talk: ConversationId, records: Records
) -> None:
    await asyncio.gather(*(group.writes(who, f"{who} at {turn}") for turn in range(3) for who in (ROBIN, SAM)))
    await group.comes()
    said = await group.world.lines(talk)
    assert sorted(line for line in said if line.startswith("staff: ")) == sorted(
        f"staff: {who} at {turn}" for turn in range(3) for who in (ROBIN, SAM)
    )
    (chat,) = records.of("conversation", id=talk)
    assert {row["holder_id"] for row in records.of("ticket", conversation_id=talk)} == {chat["staff_id"]}
    assert "Not sent" not in group.board.said()


async def test_an_update_that_is_delivered_twice_reaches_the_patient_once(group: Group, talk: ConversationId) -> None:
    for _ in range(2):
        await group.writes(ROBIN, "Once only", message=900, update="9:77")
    assert (await group.world.lines(talk)).count("staff: Once only") == 1


async def test_a_file_is_sealed_and_reaches_the_patient(group: Group, talk: ConversationId, line: Messenger) -> None:
    group.board.files["f1"] = b"a plan"
    await group.writes(ROBIN, "The plan", files=[PLAN])
    (handed,) = [message for message in line.handed if message.file is not None]
    assert handed.file is not None
    assert (handed.text, handed.file.name, handed.file.content) == ("The plan", "plan.pdf", b"a plan")
    with group.world.house.database.reading(group.world.house.clinic.id) as uow:
        (said,) = [each for each in uow.conversations.transcript(talk) if "attachment" in each.body]
        kept: Attachment = uow.attachments.get(int(str(said.body["attachment"])))  # type: ignore[arg-type]  # as stored
    assert (kept.content, kept.staff_id is not None) == (b"a plan", True)
    await group.comes()
    assert "plan.pdf" not in group.board.said()


async def test_the_patients_page_offers_the_file(group: Group, talk: ConversationId) -> None:
    group.board.files["f1"] = b"a plan"
    await group.writes(ROBIN, "The plan", files=[PLAN])
    page = group.world.house.patient
    chat = await page.chat(group.world.session(talk))
    assert chat.lines[-1].file_name == "plan.pdf"
    assert await page.file(group.world.session(talk), chat.lines[-1].id) == ("plan.pdf", b"a plan")


async def test_a_file_that_is_no_more_is_not_sent_and_staff_see_it(
    group: Group, talk: ConversationId, line: Messenger, records: Records
) -> None:
    group.board.files["f1"] = b"a plan"
    line.troubles.append(NotSentError("busy"))
    await group.writes(ROBIN, "The plan", files=[PLAN])
    records.change("DELETE FROM attachment")
    group.world.clock.move_to(group.world.clock.now() + timedelta(minutes=2))
    await group.world.house.delivery.send_due()
    await group.comes()
    assert [row["status"] for row in records.of("outbox", conversation_id=talk, message_key="staff")] == ["failed"]
    assert "The plan [plan.pdf] (not delivered)" in group.board.said()


@pytest.mark.parametrize(
    ("failure", "shown"),
    [(RefusedError(), "not delivered"), (OutcomeUnknownError(), "may not have arrived: please check")],
)
async def test_words_that_may_not_have_arrived_are_said_to_be_so(
    group: Group, talk: ConversationId, line: Messenger, failure: Exception, shown: str
) -> None:
    line.troubles.append(failure)
    await group.writes(ROBIN, "Good morning")
    for _ in range(2):
        await group.comes()
    assert group.board.said().count(f"Good morning ({shown})") == 1
    del talk


@pytest.mark.parametrize("failure", [RefusedError(), AddressClosedError()])
async def test_who_was_not_reached_is_not_shown_as_answered_until_they_are(
    group: Group, talk: ConversationId, line: Messenger, failure: Exception
) -> None:
    line.troubles.append(failure)
    await group.writes(ROBIN, "Good morning")
    for _ in range(2):
        await group.comes(timedelta(minutes=1))
    room = group.board.room()
    assert (room.state, room.title.partition(" · ")[2]) == (TopicState.TAKEN, "with Robin Example")
    await group.writes(ROBIN, "Good morning again")
    await group.comes(timedelta(minutes=1))
    assert (room.state, room.title.partition(" · ")[2]) == (TopicState.ANSWERED, "answered by Robin Example")
    line.troubles.append(RefusedError())
    await group.writes(ROBIN, "And one thing more")
    for _ in range(2):
        await group.comes(timedelta(minutes=1))
    assert room.state is TopicState.TAKEN
    del talk


@pytest.mark.parametrize(
    ("failure", "told"),
    [(BoardNotReachedError(), "could not be fetched"), (BoardRefusedError(), "larger than 20 MB")],
)
async def test_a_file_that_cannot_be_fetched_is_said_to_be_missing(
    group: Group, talk: ConversationId, failure: Exception, told: str
) -> None:
    group.board.fails("load", failure)
    await group.writes(ROBIN, "The plan", files=[PLAN])
    await group.comes()
    assert told in group.board.said()
    assert all("The plan" not in line for line in await group.world.lines(talk))


async def test_a_sticker_is_said_to_go_nowhere(group: Group, talk: ConversationId) -> None:
    await group.writes(ROBIN, "")
    await group.comes()
    assert "only text, pictures, voice messages and files" in group.board.said()
    del talk
