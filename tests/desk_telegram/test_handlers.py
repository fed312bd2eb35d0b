"""What members do in the group and in private, as the desk is told it; every tap is answered."""

from dataclasses import replace
from typing import Any

import pytest

from bot.desk.telegram import DeskBot
from bot.services.topic_ports import (
    StaffFile,
    TopicPressed,
    TopicSaid,
)
from storage.errors import StorageBusyError
from tests.desk_telegram.answers import BOT_ID, Api
from tests.desk_telegram.heard import (
    FORUM,
    GROUP,
    IN_TOPIC,
    STAFF,
    TOPIC,
    Desk,
    command,
    message,
    tapped,
)
from tests.desk_telegram.heard import said as written

KEY = f"{BOT_ID}:1"
SIZE = {"file_unique_id": "u", "width": 90, "height": 60}


def spoken(text: str = "", *files: StaffFile) -> TopicSaid:
    """What the desk hears of words in the topic."""
    return TopicSaid(update_id=KEY, group=GROUP, topic=TOPIC, user_id=STAFF, message_id=8, text=text, files=files)


async def test_words_in_a_topic_reach_the_desk(bot: DeskBot, desk: Desk) -> None:
    await bot.handle(written(text="We keep Tuesday for you."))
    assert desk.heard == [spoken("We keep Tuesday for you.")]


@pytest.mark.parametrize("text", ["/take it", "/take@DeskBot"])
async def test_an_unknown_command_in_a_topic_is_told_as_such(bot: DeskBot, desk: Desk, text: str) -> None:
    await bot.handle(command(text, **IN_TOPIC))
    assert desk.heard == [replace(spoken(text), is_command=True)]


async def test_changed_words_are_told_as_such(bot: DeskBot, desk: Desk) -> None:
    changed = message(**IN_TOPIC, text="Thursday", edit_date=1_700_000_009)
    await bot.handle({"update_id": 1, "edited_message": changed})
    (heard,) = desk.heard
    assert isinstance(heard, TopicSaid)
    assert (heard.text, heard.edited, heard.message_id) == ("Thursday", True, 8)


@pytest.mark.parametrize(
    ("held", "file"),
    [
        (
            {"photo": [{"file_id": "small", **SIZE}, {"file_id": "large", **SIZE, "width": 900}]},
            StaffFile(file_id="large", name="photo.jpg", media_type="image/jpeg"),
        ),
        (
            {
                "document": {
                    "file_id": "d",
                    "file_unique_id": "u",
                    "file_name": "../etc/plan.pdf",
                    "mime_type": "application/pdf",
                }
            },
            StaffFile(file_id="d", name="plan.pdf", media_type="application/pdf"),
        ),
        (
            {"document": {"file_id": "d", "file_unique_id": "u"}},
            StaffFile(file_id="d", name="file", media_type="application/octet-stream"),
        ),
        (
            {"voice": {"file_id": "v", "file_unique_id": "u", "duration": 3}},
            StaffFile(file_id="v", name="voice.ogg", media_type="audio/ogg"),
        ),
        (
            {"video_note": {"file_id": "n", "file_unique_id": "u", "duration": 3, "length": 240}},
            StaffFile(file_id="n", name="video.mp4", media_type="video/mp4"),
        ),
        (
            {
                "audio": {
                    "file_id": "a",
                    "file_unique_id": "u",
                    "duration": 3,
                    "file_name": "a.mp3",
                    "mime_type": "audio/mpeg",
                }
            },
            StaffFile(file_id="a", name="a.mp3", media_type="audio/mpeg"),
        ),
    ],
)
async def test_a_file_is_told_with_its_caption(bot: DeskBot, desk: Desk, held: dict[str, Any], file: StaffFile) -> None:
    await bot.handle(written(caption="Please look", **held))
    assert desk.heard == [spoken("Please look", file)]


async def test_what_cannot_be_passed_on_is_told_as_nothing_said(bot: DeskBot, desk: Desk) -> None:
    await bot.handle(written(location={"latitude": 50.8, "longitude": 4.4}))
    assert desk.heard == [spoken()]


async def test_words_outside_topics_belong_to_none(bot: DeskBot, desk: Desk) -> None:
    await bot.handle({"update_id": 1, "message": message(text="Good morning", message_thread_id=7)})
    (heard,) = desk.heard
    assert isinstance(heard, TopicSaid)
    assert heard.topic is None


async def test_who_writes_as_the_group_is_heard_and_another_bot_is_not(bot: DeskBot, desk: Desk) -> None:
    nobody = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    await bot.handle({"update_id": 1, "message": message(text="as the group", sender_chat=FORUM) | {"from": nobody}})
    await bot.handle({"update_id": 1, "message": message(text="a bot") | {"from": nobody}})
    assert [heard.user_id for heard in desk.heard if isinstance(heard, TopicSaid)] == [1087968824]


async def test_a_tap_is_answered_with_what_came_of_it(bot: DeskBot, desk: Desk, api: Api) -> None:
    desk.answer = "Taken."
    await bot.handle(tapped(message(text="card", **IN_TOPIC)))
    assert api.last("answerCallbackQuery") == {"callback_query_id": "17", "text": "Taken."}


async def test_a_tap_does_not_go_on_waiting_when_the_desk_fails(bot: DeskBot, desk: Desk, api: Api) -> None:
    desk.fails = StorageBusyError("busy")
    with pytest.raises(StorageBusyError):
        await bot.handle(tapped(message(text="card", **IN_TOPIC)))
    assert api.last("answerCallbackQuery") == {"callback_query_id": "17"}


async def test_a_tap_on_nothing_of_ours_is_answered_alone(bot: DeskBot, desk: Desk, api: Api) -> None:
    tap = tapped(message(text="a game", **IN_TOPIC))
    del tap["callback_query"]["data"]
    await bot.handle(tap)
    assert (desk.heard, api.methods()[-1]) == ([], "answerCallbackQuery")


async def test_a_tap_has_its_meaning_although_it_is_too_old_to_be_answered(bot: DeskBot, desk: Desk, api: Api) -> None:
    api.refuse("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    await bot.handle(tapped(message(text="card", **IN_TOPIC)))
    pressed = TopicPressed(update_id=KEY, group=GROUP, topic=TOPIC, user_id=STAFF, message_id=8, payload="take:1")
    assert desk.heard == [pressed]


async def test_a_tap_below_a_message_too_old_to_be_shown_has_no_topic(bot: DeskBot, desk: Desk) -> None:
    await bot.handle(tapped({"chat": FORUM, "message_id": 8, "date": 0}))
    (heard,) = desk.heard
    assert isinstance(heard, TopicPressed)
    assert (heard.message_id, heard.topic) == (8, None)
