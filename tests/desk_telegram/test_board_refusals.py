"""What each of Telegram's answers means for the desk; that nothing had to be changed is a success."""

from datetime import timedelta

import pytest

from bot.desk.telegram import ForumBoard, connect, request
from bot.desk.telegram.client import DeskClient
from bot.services.topic_ports import (
    BoardBusyError,
    BoardError,
    BoardNotReachedError,
    BoardRefusedError,
    BoardUnknownError,
    CardGoneError,
    GroupMovedError,
    NoForumError,
    NotAdminError,
    TopicClosedError,
    TopicGoneError,
)
from tests.desk_telegram.acts import ACTS, failing
from tests.desk_telegram.answers import TOKEN, Api


@pytest.mark.parametrize(
    ("method", "code", "description", "error"),
    [
        ("sendMessage", 400, "Bad Request: message thread not found", TopicGoneError),
        ("editForumTopic", 400, "Bad Request: TOPIC_ID_INVALID", TopicGoneError),
        ("deleteForumTopic", 400, "Bad Request: TOPIC_DELETED", TopicGoneError),
        ("sendMessage", 400, "Bad Request: TOPIC_CLOSED", TopicClosedError),
        ("editMessageText", 400, "Bad Request: message to edit not found", CardGoneError),
        ("editMessageText", 400, "Bad Request: message can't be edited", CardGoneError),
        ("createForumTopic", 400, "Bad Request: the chat is not a forum", NoForumError),
        ("closeForumTopic", 400, "Bad Request: CHANNEL_FORUM_MISSING", NoForumError),
        ("createForumTopic", 400, "Bad Request: not enough rights to create a topic", NotAdminError),
        ("editForumTopic", 400, "Bad Request: not enough rights to edit the topic", NotAdminError),
        ("closeForumTopic", 400, "Bad Request: CHAT_ADMIN_REQUIRED", NotAdminError),
        ("sendMessage", 400, "Bad Request: not enough rights to send text messages to the chat", NotAdminError),
        ("sendMessage", 403, "Forbidden: bot was kicked from the supergroup chat", NotAdminError),
        ("getChat", 403, "Forbidden: bot is not a member of the supergroup chat", NotAdminError),
        ("getChat", 400, "Bad Request: chat not found", NotAdminError),
        ("sendMessage", 400, "Bad Request: message is too long", BoardRefusedError),
        ("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID", BoardRefusedError),
        ("getFile", 400, "Bad Request: file is too big", BoardRefusedError),
        ("sendMessage", 401, "Unauthorized", BoardNotReachedError),
        ("sendMessage", 500, "Internal Server Error: restart", BoardUnknownError),
        ("getChat", 500, "Internal Server Error: restart", BoardNotReachedError),
    ],
)
async def test_a_refusal_says_what_to_do(
    board: ForumBoard, api: Api, method: str, code: int, description: str, error: type[BoardError]
) -> None:
    api.refuse(method, code, description)
    assert type(await failing(board, method)) is error


@pytest.mark.parametrize(
    ("method", "description"),
    [
        ("editMessageText", "Bad Request: message is not modified: specified new message content and reply markup are"),
        ("editForumTopic", "Bad Request: TOPIC_NOT_MODIFIED"),
        ("closeForumTopic", "Bad Request: TOPIC_NOT_MODIFIED"),
        ("reopenForumTopic", "Bad Request: TOPIC_NOT_MODIFIED"),
    ],
)
async def test_nothing_to_change_is_done(board: ForumBoard, api: Api, method: str, description: str) -> None:
    api.refuse(method, 400, description)
    await ACTS[method](board)
    assert api.methods()[-1] == method


async def test_a_wait_is_told_in_full(board: ForumBoard, api: Api) -> None:
    api.refuse("sendMessage", 429, "Too Many Requests: retry after 37", retry_after=37)
    failure = await failing(board, "sendMessage")
    assert isinstance(failure, BoardBusyError)
    assert failure.wait == timedelta(seconds=37)


async def test_a_proxy_that_counts_requests_asks_to_wait_as_well(board: ForumBoard, api: Api) -> None:
    api.show_page("sendMessage", 429)
    assert isinstance(await failing(board, "sendMessage"), BoardBusyError)


async def test_a_group_that_became_a_supergroup_tells_its_new_id(board: ForumBoard, api: Api) -> None:
    told = "Bad Request: group chat was upgraded to a supergroup chat"
    api.refuse("sendMessage", 400, told, migrate_to_chat_id=-1002)
    failure = await failing(board, "sendMessage")
    assert isinstance(failure, GroupMovedError)
    assert failure.chat_id == -1002


@pytest.mark.parametrize("code", [200, 404, 502])
async def test_a_proxys_page_leaves_open_what_happened(board: ForumBoard, api: Api, code: int) -> None:
    api.show_page("sendMessage", code)
    assert type(await failing(board, "sendMessage")) is BoardUnknownError


@pytest.mark.parametrize("result", [{"message_id": 1}, "a message", [], None])
async def test_an_answer_of_another_shape_leaves_open_what_happened(
    board: ForumBoard, api: Api, result: object
) -> None:
    api.grant("sendMessage", result)
    assert type(await failing(board, "sendMessage")) is BoardUnknownError


async def test_a_file_too_large_for_a_proxy_surely_did_not_arrive(board: ForumBoard, api: Api) -> None:
    api.show_page("sendMessage", 413)
    assert type(await failing(board, "sendMessage")) is BoardRefusedError


async def test_an_answer_that_never_comes_leaves_open_what_happened(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "ANSWER_SECONDS", 0.2)
    api.hangs.add("sendMessage")
    client = connect(token=TOKEN, api_base=api.base)
    assert type(await failing(ForumBoard(client), "sendMessage")) is BoardUnknownError
    await client.close_sessions()


async def test_a_server_that_is_not_there_surely_got_nothing(unused_tcp_port: int) -> None:
    client = connect(token=TOKEN, api_base=f"http://127.0.0.1:{unused_tcp_port}")
    assert type(await failing(ForumBoard(client), "sendMessage")) is BoardNotReachedError
    await client.close_sessions()


async def test_what_is_asked_after_the_end_surely_did_not_leave(board: ForumBoard, client: DeskClient) -> None:
    await client.close_sessions()
    assert type(await failing(board, "sendMessage")) is BoardNotReachedError
