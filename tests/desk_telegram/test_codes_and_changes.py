"""Codes, strangers, and what becomes of groups and topics, as the desk is told; everything else is left alone."""

from typing import Any

import pytest

from bot.desk.telegram import DeskBot
from bot.services.intake_ports import UnreadableUpdateError
from bot.services.topic_ports import (
    GroupChange,
    GroupChanged,
    GroupLinkAsked,
    StaffLinkAsked,
    TopicChange,
    TopicChanged,
)
from flows.vocabulary import Language
from tests.desk_telegram.answers import BOT_ID, Api
from tests.desk_telegram.heard import (
    FORUM,
    GROUP,
    IN_TOPIC,
    MEMBER,
    PRIVATE,
    STAFF,
    TOPIC,
    Desk,
    command,
    message,
)
from tests.desk_telegram.heard import said as written

KEY = f"{BOT_ID}:1"


async def test_a_code_connects_a_group_and_the_answer_stands_where_it_was_written(
    bot: DeskBot, desk: Desk, api: Api
) -> None:
    desk.answer = "Connected."
    await bot.handle(command("/link@deskbot abc-123", **IN_TOPIC))
    asked = GroupLinkAsked(
        update_id=KEY, group=GROUP, title="Desk", is_forum=True, user_id=STAFF, language=Language.FR, code="abc-123"
    )
    assert desk.heard == [asked]
    sent = api.last("sendMessage")
    assert (sent["chat_id"], sent["message_thread_id"], sent["text"]) == (str(GROUP), str(TOPIC), "Connected.")


async def test_an_answer_that_cannot_be_given_does_not_undo_the_connection(bot: DeskBot, desk: Desk, api: Api) -> None:
    desk.answer = "Connected."
    api.refuse("sendMessage", 403, "Forbidden: bot was kicked from the supergroup chat")
    await bot.handle(command("/link abc-123"))
    assert len(desk.heard) == 1


@pytest.mark.parametrize(("text", "code"), [("/start abc-123", "abc-123"), ("/start", ""), ("/help", "")])
async def test_a_code_in_private_connects_a_member_of_staff(bot: DeskBot, desk: Desk, text: str, code: str) -> None:
    await bot.handle(command(text, chat=PRIVATE))
    assert desk.heard == [StaffLinkAsked(update_id=KEY, user_id=STAFF, language=Language.FR, code=code)]


async def test_a_stranger_is_told_in_one_line_whose_bot_this_is(bot: DeskBot, desk: Desk, api: Api) -> None:
    desk.answer = "This bot is the staff's."
    await bot.handle({"update_id": 1, "message": message(text="I have a toothache", chat=PRIVATE)})
    assert desk.heard == [StaffLinkAsked(update_id=KEY, user_id=STAFF, language=Language.FR, code="")]
    assert api.last("sendMessage")["text"] == "This bot is the staff's."


async def test_a_language_we_do_not_speak_is_none(bot: DeskBot, desk: Desk) -> None:
    somebody = {**MEMBER, "language_code": "pt-br"}
    await bot.handle({"update_id": 1, "message": message(text="oi", chat=PRIVATE) | {"from": somebody}})
    (heard,) = desk.heard
    assert isinstance(heard, StaffLinkAsked)
    assert heard.language is None


@pytest.mark.parametrize(
    ("told", "change"),
    [
        ({"forum_topic_closed": {}}, TopicChange.CLOSED),
        ({"forum_topic_reopened": {}}, TopicChange.REOPENED),
        ({"forum_topic_edited": {"name": "Other"}}, TopicChange.RENAMED),
    ],
)
async def test_what_a_person_does_to_a_topic_is_told(
    bot: DeskBot, desk: Desk, told: dict[str, Any], change: TopicChange
) -> None:
    await bot.handle(written(**told))
    assert desk.heard == [TopicChanged(update_id=KEY, group=GROUP, topic=TOPIC, user_id=STAFF, change=change)]


async def test_what_we_do_to_a_topic_is_no_news(bot: DeskBot, desk: Desk) -> None:
    ourselves = {"id": BOT_ID, "is_bot": True, "first_name": "Desk"}
    update = written(forum_topic_closed={})
    update["message"]["from"] = ourselves
    await bot.handle(update)
    assert desk.heard == []


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        (
            {"migrate_to_chat_id": -1002},
            GroupChanged(update_id=KEY, group=GROUP, change=GroupChange.MOVED, moved_to=-1002),
        ),
        (
            {"migrate_from_chat_id": -77},
            GroupChanged(update_id=KEY, group=-77, change=GroupChange.MOVED, moved_to=GROUP),
        ),
        ({"new_chat_title": "New"}, GroupChanged(update_id=KEY, group=GROUP, change=GroupChange.FORUM)),
    ],
)
async def test_what_becomes_of_a_group_is_told(
    bot: DeskBot, desk: Desk, told: dict[str, Any], changed: GroupChanged
) -> None:
    await bot.handle({"update_id": 1, "message": message(**told)})
    assert desk.heard == [changed]


async def test_words_in_a_group_without_topics_tell_that_it_has_none(bot: DeskBot, desk: Desk) -> None:
    plain = {"id": GROUP, "type": "supergroup", "title": "Desk"}
    await bot.handle({"update_id": 1, "message": message(text="hello?", chat=plain)})
    assert desk.heard == [GroupChanged(update_id=KEY, group=GROUP, change=GroupChange.FORUM)]


async def test_a_change_of_our_standing_in_a_group_is_told_and_in_private_not(bot: DeskBot, desk: Desk) -> None:
    ourselves = {"id": BOT_ID, "is_bot": True, "first_name": "Desk"}
    change = {
        "from": MEMBER,
        "date": 1_700_000_000,
        "old_chat_member": {"status": "member", "user": ourselves},
        "new_chat_member": {"status": "left", "user": ourselves},
    }
    await bot.handle({"update_id": 1, "my_chat_member": {"chat": FORUM, **change}})
    await bot.handle({"update_id": 2, "my_chat_member": {"chat": PRIVATE, **change}})
    assert desk.heard == [GroupChanged(update_id=KEY, group=GROUP, change=GroupChange.STANDING)]


@pytest.mark.parametrize(
    "update",
    [
        command("/take@otherbot", **IN_TOPIC),
        written(pinned_message=message(text="card", **IN_TOPIC)),
        written(new_chat_members=[MEMBER]),
        written(forum_topic_created={"name": "Topic", "icon_color": 7322096}),
        {"update_id": 1, "edited_message": message(text="x", chat=PRIVATE, edit_date=1_700_000_009)},
        {"update_id": 1, "poll": {"id": "1"}},
        {"update_id": 1, "something_new": {"chat": FORUM}},
        {"update_id": 1},
    ],
)
async def test_everything_else_is_left_alone(bot: DeskBot, desk: Desk, api: Api, update: dict[str, Any]) -> None:
    before = api.methods()
    try:
        await bot.handle(update)
    except UnreadableUpdateError:
        assert "poll" in update
    assert desk.heard == []
    assert api.methods() == before
