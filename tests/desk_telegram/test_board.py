"""The board over HTTP: what it asks of Telegram."""

import asyncio

import pytest

from bot.desk.telegram import ForumBoard, files
from bot.services.ports import OutgoingFile
from bot.services.topic_ports import (
    BoardNotReachedError,
    BoardRefusedError,
    GroupState,
    NoForumError,
    TopicGoneError,
    TopicMessage,
    TopicState,
)
from tests.desk_telegram.acts import CARD, failing
from tests.desk_telegram.answers import BOT_ID, Api, posted
from tests.desk_telegram.heard import FORUM, GROUP, TOPIC

RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
PICTURE = OutgoingFile(name="tooth.jpg", media_type="image/jpeg", content=b"a picture")


async def test_a_topic_is_opened_with_the_icon_of_its_state_and_icons_are_asked_for_once(
    board: ForumBoard, api: Api
) -> None:
    opened = await asyncio.gather(
        board.open_topic(GROUP, "Anna", TopicState.URGENT), board.open_topic(GROUP, "Boris", TopicState.WAITING)
    )
    assert list(opened) == [5, 5]
    topics = {sent["name"]: sent["icon_custom_emoji_id"] for method, sent in api.calls if method == "createForumTopic"}
    assert topics == {"Anna": "222", "Boris": "111"}
    assert api.methods().count("getForumTopicIconStickers") == 1


async def test_a_state_without_an_icon_takes_the_old_one_away(board: ForumBoard, api: Api) -> None:
    api.grant("getForumTopicIconStickers", [])
    await board.show_state(GROUP, TOPIC, "Anna", TopicState.CLOSED)
    sent = api.last("editForumTopic")
    assert (sent["name"], sent["icon_custom_emoji_id"]) == ("Anna", "")
    assert await board.open_topic(GROUP, "Anna", TopicState.CLOSED) == 5
    assert "icon_custom_emoji_id" not in api.last("createForumTopic")


async def test_icons_that_could_not_be_asked_for_are_asked_for_again(board: ForumBoard, api: Api) -> None:
    api.refuse("getForumTopicIconStickers", 500, "Internal Server Error")
    assert type(await failing(board, "createForumTopic")) is BoardNotReachedError
    api.answers.clear()
    assert await board.open_topic(GROUP, "Anna", TopicState.WAITING) == 5


async def test_a_message_goes_to_its_topic_with_its_buttons(board: ForumBoard, api: Api) -> None:
    assert await board.post(GROUP, TOPIC, CARD) == 77
    sent = api.last("sendMessage")
    assert (sent["chat_id"], sent["message_thread_id"], sent["text"]) == (str(GROUP), str(TOPIC), "A patient waits")
    assert sent["reply_markup"] == '{"inline_keyboard": [[{"callback_data": "take:1", "text": "Take"}]]}'
    assert sent["link_preview_options"] == '{"is_disabled": true}'


async def test_the_general_topic_is_named_by_leaving_it_out(board: ForumBoard, api: Api) -> None:
    assert await board.post(GROUP, None, CARD) == 77
    assert "message_thread_id" not in api.last("sendMessage")


async def test_what_lands_in_the_main_chat_is_taken_back(board: ForumBoard, api: Api) -> None:
    api.grant("sendMessage", posted({}))
    assert type(await failing(board, "sendMessage")) is NoForumError
    assert api.last("deleteMessage") == {"chat_id": str(GROUP), "message_id": "77"}


@pytest.mark.parametrize(
    ("media_type", "method", "part"),
    [
        ("image/jpeg", "sendPhoto", "photo"),
        ("image/png", "sendPhoto", "photo"),
        ("image/webp", "sendDocument", "document"),
        ("application/pdf", "sendDocument", "document"),
        ("audio/ogg", "sendVoice", "voice"),
    ],
)
async def test_a_file_is_shown_as_what_it_is(
    board: ForumBoard, api: Api, media_type: str, method: str, part: str
) -> None:
    file = OutgoingFile(name="file", media_type=media_type, content=b"content")
    assert await board.post(GROUP, TOPIC, TopicMessage(text="See this", file=file)) == 77
    sent = api.last(method)
    assert (sent[part], sent["caption"], sent["message_thread_id"]) == (b"content", "See this", str(TOPIC))


async def test_a_picture_that_is_no_photo_goes_as_a_document(board: ForumBoard, api: Api) -> None:
    api.refuse("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    assert await board.post(GROUP, TOPIC, TopicMessage(text="", file=PICTURE)) == 77
    assert api.last("sendDocument")["document"] == b"a picture"
    assert "caption" not in api.last("sendDocument")


async def test_another_refusal_of_a_picture_is_no_reason_to_try_again(board: ForumBoard, api: Api) -> None:
    api.refuse("sendPhoto", 400, "Bad Request: message thread not found")
    with pytest.raises(TopicGoneError):
        await board.post(GROUP, TOPIC, TopicMessage(text="", file=PICTURE))
    assert "sendDocument" not in api.methods()


async def test_of_a_message_with_a_file_the_caption_is_edited(board: ForumBoard, api: Api) -> None:
    await board.edit(GROUP, 77, TopicMessage(text="Not delivered", file=PICTURE))
    sent = api.last("editMessageCaption")
    assert (sent["message_id"], sent["caption"]) == ("77", "Not delivered")


async def test_an_edit_without_buttons_takes_them_away(board: ForumBoard, api: Api) -> None:
    await board.edit(GROUP, 77, TopicMessage(text="Done"))
    assert "reply_markup" not in api.last("editMessageText")


async def test_a_file_is_fetched_whole(board: ForumBoard, api: Api) -> None:
    api.grant("getFile", {"file_id": "file-1", "file_unique_id": "u", "file_size": 7, "file_path": "docs/a.pdf"})
    api.files["docs/a.pdf"] = b"content"
    assert await board.load("file-1") == b"content"


async def test_a_file_over_twenty_megabytes_is_refused_before_it_is_fetched(board: ForumBoard, api: Api) -> None:
    large = {"file_id": "file-1", "file_unique_id": "u", "file_size": files.LARGEST + 1, "file_path": "docs/a.pdf"}
    api.grant("getFile", large)
    assert type(await failing(board, "getFile")) is BoardRefusedError


async def test_a_file_whose_size_was_not_told_is_refused_when_it_is_too_large(board: ForumBoard, api: Api) -> None:
    api.grant("getFile", {"file_id": "file-1", "file_unique_id": "u", "file_path": "docs/a.pdf"})
    api.files["docs/a.pdf"] = bytes(files.LARGEST + 1)
    assert type(await failing(board, "getFile")) is BoardRefusedError


async def test_a_download_that_broke_off_may_be_done_again(board: ForumBoard, api: Api) -> None:
    api.grant("getFile", {"file_id": "file-1", "file_unique_id": "u", "file_path": "docs/gone.pdf"})
    assert type(await failing(board, "getFile")) is BoardNotReachedError


@pytest.mark.parametrize(
    ("member", "may_manage", "may_delete"),
    [
        ({"status": "administrator", **dict.fromkeys(RIGHTS, True), "can_manage_topics": True}, True, True),
        ({"status": "administrator", **dict.fromkeys(RIGHTS, False), "can_manage_topics": True}, True, False),
        ({"status": "administrator", **dict.fromkeys(RIGHTS, True), "can_manage_topics": False}, False, True),
        ({"status": "creator", "is_anonymous": False}, True, True),
        ({"status": "member"}, False, False),
    ],
)
async def test_a_group_is_looked_at(
    board: ForumBoard, api: Api, member: dict[str, object], *, may_manage: bool, may_delete: bool
) -> None:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    api.grant("getChat", {**FORUM, **full})
    api.grant("getChatMember", {"user": {"id": BOT_ID, "is_bot": True, "first_name": "Desk"}, **member})
    seen = await board.look(GROUP)
    assert seen == GroupState(chat_id=GROUP, title="Desk", is_forum=True, may_manage=may_manage, may_delete=may_delete)
    assert api.last("getChatMember")["user_id"] == str(BOT_ID)
