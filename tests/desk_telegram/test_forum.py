"""The desk's bot in a forum group of the Bot API server for tests: what members do reaches the desk, and the other way.

Every call is checked against the published API when a test ends.
"""

import pytest

from bot.services.topic_ports import (
    TopicChange,
    TopicChanged,
    TopicGoneError,
    TopicMessage,
    TopicPressed,
    TopicSaid,
    TopicState,
)
from tests.botapi.files import MediaKind
from tests.desk_telegram.forum import CARD, PICTURE, Forum


async def test_a_card_is_posted_pressed_and_edited(forum: Forum) -> None:
    (topic,) = forum.group.topics
    card = await forum.board.post(forum.group.id, topic.id, CARD)
    forum.desk.answer = "Taken."
    tap = forum.olga.press("Take", topic)
    (pressed,) = await forum.hear()
    assert isinstance(pressed, TopicPressed)
    assert (pressed.topic, pressed.message_id, pressed.payload) == (topic.id, card, "take:1")
    assert await tap.until_answered() == "Taken."
    taken = TopicMessage(text="Anna, taken by Olga")
    await forum.board.edit(forum.group.id, card, taken)
    await forum.board.edit(forum.group.id, card, taken)
    (shown,) = [seen for seen in forum.group.sees(topic) if seen.id == card]
    assert (shown.text, shown.buttons) == ("Anna, taken by Olga", ())


async def test_a_tap_too_old_to_be_answered_has_its_meaning(forum: Forum) -> None:
    (topic,) = forum.group.topics
    await forum.board.post(forum.group.id, topic.id, CARD)
    forum.olga.press("Take", topic).expire()
    (pressed,) = await forum.hear()
    assert isinstance(pressed, TopicPressed)


async def test_words_edits_and_files_of_a_member_reach_the_desk(forum: Forum) -> None:
    (topic,) = forum.group.topics
    written = forum.olga.write(topic, "Tuesday at nine?")
    forum.olga.edit(written, "Thursday at nine?")
    forum.olga.send(topic, MediaKind.DOCUMENT, b"a plan", caption="The plan", name="plan.pdf")
    said = [heard for heard in await forum.hear() if isinstance(heard, TopicSaid)]
    assert [(each.text, each.edited, each.topic) for each in said] == [
        ("Tuesday at nine?", False, topic.id),
        ("Thursday at nine?", True, topic.id),
        ("The plan", False, topic.id),
    ]
    assert said[0].message_id == said[1].message_id == written.id
    (file,) = said[2].files
    assert (file.name, await forum.board.load(file.file_id)) == ("plan.pdf", b"a plan")


@pytest.mark.parametrize("kind", [MediaKind.PHOTO, MediaKind.VOICE])
async def test_a_picture_or_voice_of_a_member_can_be_fetched(forum: Forum, kind: MediaKind) -> None:
    (topic,) = forum.group.topics
    forum.olga.send(topic, kind, b"content")
    (said,) = await forum.hear()
    assert isinstance(said, TopicSaid)
    assert await forum.board.load(said.files[0].file_id) == b"content"


async def test_a_patients_picture_is_shown_in_the_topic(forum: Forum) -> None:
    (topic,) = forum.group.topics
    posted = await forum.board.post(forum.group.id, topic.id, TopicMessage(text="From Anna", file=PICTURE))
    (shown,) = [seen for seen in forum.group.sees(topic) if seen.id == posted]
    assert (shown.text, forum.api.calls[-1].method) == ("From Anna", "sendPhoto")


async def test_a_topic_is_shown_closed_opened_and_deleted(forum: Forum) -> None:
    (topic,) = forum.group.topics
    for _ in range(2):
        await forum.board.show_state(forum.group.id, topic.id, "Anna, urgent", TopicState.URGENT)
        await forum.board.close_topic(forum.group.id, topic.id)
    await forum.board.reopen_topic(forum.group.id, topic.id)
    assert [each.name for each in forum.group.topics] == ["Anna, urgent"]
    await forum.board.delete_topic(forum.group.id, topic.id)
    assert forum.group.topics == ()
    with pytest.raises(TopicGoneError):
        await forum.board.delete_topic(forum.group.id, topic.id)
    assert await forum.hear() == []


async def test_what_a_member_does_to_a_topic_is_told(forum: Forum) -> None:
    (topic,) = forum.group.topics
    forum.olga.close_topic(topic)
    forum.olga.reopen_topic(topic)
    forum.olga.rename_topic(topic, "Somebody")
    heard = await forum.hear()
    changes = [each.change for each in heard if isinstance(each, TopicChanged)]
    assert changes == [TopicChange.CLOSED, TopicChange.REOPENED, TopicChange.RENAMED]
