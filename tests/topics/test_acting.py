"""What members of the group do in a topic, and what the patient hears of it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.services.ports import NotSentError, OutcomeUnknownError, OutgoingMessage, RefusedError
from bot.services.topic_ports import BoardNotReachedError, BoardRefusedError, StaffFile
from flows.ids import ConversationId
from flows.vocabulary import Channel
from storage.records.attachments import Attachment
from tests.house.line import CAPABILITIES, Line
from tests.house.records import Records
from tests.topics.group import ROBIN, SAM, STRANGER, Group

PLAN = StaffFile(file_id="f1", name="plan.pdf", media_type="application/pdf")


@dataclass(kw_only=True)
class Messenger(Line):
    """A messenger of the patient's; handed: what it was given."""

    handed: list[OutgoingMessage] = field(default_factory=list)

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Let it arrive."""
        self.handed.append(message)
        return await super().send(address, message)


@pytest.fixture
def line(group: Group) -> Messenger:
    """A messenger of the patient's that can edit."""
    made = Messenger(capabilities=replace(CAPABILITIES, can_edit=True))
    group.world.house.delivery.channels[Channel.WEBCHAT] = made
    return made


async def test_strangers_are_told_once_an_hour_that_nobody_knows_them(group: Group, talk: ConversationId) -> None:
    for _ in range(3):
        await group.writes(STRANGER, "Let me answer that")
        await group.comes()
    assert group.board.said().count("we do not know yet who you are") == 1
    assert "staff" not in "\n".join(await group.world.lines(talk)).replace("staff member", "")
    await group.comes(timedelta(minutes=61))
    await group.writes(STRANGER, "And now?")
    await group.comes()
    assert group.board.said().count("we do not know yet who you are") == 2


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


async def test_a_chat_a_colleague_holds_is_not_written_to_and_the_topic_says_so(
    group: Group, talk: ConversationId
) -> None:
    await group.presses(ROBIN, "Take over")
    await group.writes(SAM, "Hello from me too")
    await group.comes()
    assert "Not sent to the patient. A colleague holds this chat." in group.board.said()
    assert "staff: Hello from me too" not in await group.world.lines(talk)
    assert await group.presses(SAM, "Hand back") == "A colleague holds this chat."


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
    await group.presses(ROBIN, "Take over")
    message = await group.writes(SAM, "Hello from me too")
    await group.writes(SAM, "Hello again", message=message, edited=True)
    await group.comes()
    assert "nothing was changed there" in group.board.said()
    del talk
