"""The desk's bot as intake drives it: raw updates come unread, what fails is let out, and it can be started again."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.telegram import DeskAccount, DeskBot, connect, server_time
from bot.desk.telegram.client import DeskClient
from bot.services.intake_ports import (
    BotIdentity,
    BusyError,
    IntakeError,
    OutOfReachError,
    PolledElsewhereError,
    TokenRevokedError,
    UnreadableUpdateError,
    WebhookState,
)
from storage.errors import StorageFullError
from tests.desk_telegram.answers import BOT_ID, TOKEN, Api
from tests.desk_telegram.heard import GROUP, IN_TOPIC, Desk, message, said


async def test_it_knows_who_it_is(bot: DeskBot) -> None:
    assert (await bot.identify(), bot.name) == (BotIdentity(id=BOT_ID, username="deskbot"), "desk")


async def test_an_identity_of_another_shape_makes_no_sense(bot: DeskBot, api: Api) -> None:
    api.grant("getMe", {"nobody": True})
    with pytest.raises(OutOfReachError):
        await bot.identify()


async def test_updates_come_unread_and_only_the_kinds_that_are_wanted(bot: DeskBot, api: Api) -> None:
    unreadable = {"update_id": 9, "message": {"nobody": "can read this"}}
    api.grant("getUpdates", [unreadable])
    assert list(await bot.fetch(9, 0)) == [unreadable]
    sent = api.last("getUpdates")
    assert (sent["offset"], sent["timeout"], sent["limit"]) == ("9", "0", "100")
    assert sent["allowed_updates"] == '["message", "edited_message", "callback_query", "my_chat_member"]'


@pytest.mark.parametrize(
    ("code", "description", "error"),
    [
        (401, "Unauthorized", TokenRevokedError),
        (404, "Not Found", TokenRevokedError),
        (409, "Conflict: terminated by other getUpdates request", PolledElsewhereError),
        (429, "Too Many Requests: retry after 3", BusyError),
        (500, "Internal Server Error", OutOfReachError),
        (400, "Bad Request: something else", IntakeError),
    ],
)
async def test_a_failure_to_fetch_says_what_to_do(
    bot: DeskBot, api: Api, code: int, description: str, error: type[IntakeError]
) -> None:
    api.refuse("getUpdates", code, description, **({"retry_after": 3} if code == 429 else {}))
    with pytest.raises(IntakeError) as failure:
        await bot.fetch(None, 0)
    assert type(failure.value) is error
    if isinstance(failure.value, BusyError):
        assert failure.value.wait == timedelta(seconds=3)


@pytest.mark.parametrize("result", [{"update_id": 1}, ["no update"], None])
async def test_updates_that_are_none_make_no_sense(bot: DeskBot, api: Api, result: object) -> None:
    api.grant("getUpdates", result)
    with pytest.raises(OutOfReachError):
        await bot.fetch(None, 0)


async def test_a_page_of_a_proxy_makes_no_sense_and_is_not_logged(
    bot: DeskBot, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.show_page("getUpdates", 200)
    with pytest.raises(OutOfReachError):
        await bot.fetch(None, 0)
    assert "Bad Gateway" not in caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": 1, "message": {"text": "a secret"}},
        {"update_id": 1, "message": "a secret"},
        {"update_id": 1, "message": message(date=10**20)},
        {"update_id": 1, "message": message(photo={"a secret": 1})},
        {"update_id": 1, "callback_query": {"id": "1"}},
    ],
)
async def test_an_update_nobody_can_read_is_told_as_such_without_its_words(
    bot: DeskBot, desk: Desk, raw: dict[str, Any]
) -> None:
    with pytest.raises(UnreadableUpdateError) as failure:
        await bot.handle(raw)
    assert "secret" not in f"{failure.value}{failure.value.__cause__}"
    await bot.handle(said(text="hello"))
    assert len(desk.heard) == 1


async def test_what_fails_at_the_desk_is_let_out_as_it_is(
    bot: DeskBot, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.fails = StorageFullError("no space")
    with pytest.raises(StorageFullError) as failure:
        await bot.handle(said(text="a secret"))
    assert failure.value is desk.fails
    assert caplog.text == ""


async def test_handling_leaves_the_update_as_it_was(bot: DeskBot) -> None:
    raw = said(text="hello")
    await bot.handle(raw)
    assert raw == said(text="hello")


async def test_lanes_are_topics(bot: DeskBot) -> None:
    assert bot.lane({"update_id": 1, "message": message(**IN_TOPIC)}) == f"{GROUP}:5"


async def test_a_bot_that_could_not_start_starts_later(api: Api, client: DeskClient, desk: Desk) -> None:
    bot = DeskBot(client=client, desk=desk)
    api.refuse("getMe", 401, "Unauthorized")
    with pytest.raises(TokenRevokedError) as refused:
        await bot.start()
    assert TOKEN not in f"{refused.value}{refused.value.__cause__}"
    await bot.stop()
    api.answers.clear()
    await bot.start()
    await bot.handle(said(text="hello"))
    assert len(desk.heard) == 1
    await bot.stop()
    await bot.start()
    assert await bot.fetch(None, 0) == []
    await bot.stop()


async def test_a_webhook_is_set_asked_for_and_deleted(api: Api, client: DeskClient) -> None:
    account = DeskAccount(client)
    await account.set_webhook("https://recall.example.com/hooks/x", "a-secret")
    sent = api.last("setWebhook")
    assert (sent["url"], sent["secret_token"]) == ("https://recall.example.com/hooks/x", "a-secret")
    assert "my_chat_member" in str(sent["allowed_updates"])
    told = {"url": "https://recall.example.com/hooks/x", "has_custom_certificate": False, "pending_update_count": 3}
    api.grant("getWebhookInfo", told | {"last_error_message": "Connection refused"})
    state = WebhookState(url="https://recall.example.com/hooks/x", waiting=3, last_error="Connection refused")
    assert await account.webhook() == state
    await account.delete_webhook()
    assert api.last("deleteWebhook")["drop_pending_updates"] == "false"


async def test_a_webhook_that_is_refused_says_why(api: Api, client: DeskClient) -> None:
    api.refuse("setWebhook", 400, "Bad Request: bad webhook: HTTPS url must be provided for webhook")
    with pytest.raises(IntakeError, match="HTTPS url"):
        await DeskAccount(client).set_webhook("http://recall.example.com", "a-secret")


async def test_the_server_tells_the_time(api: Api) -> None:
    assert (await server_time(api.base)).utcoffset() == timedelta()


async def test_no_server_tells_no_time(unused_tcp_port: int) -> None:
    with pytest.raises(OutOfReachError):
        await server_time(f"http://127.0.0.1:{unused_tcp_port}")


def test_a_token_is_shown_to_nobody() -> None:
    assert repr(connect(token=TOKEN, api_base="http://127.0.0.1:1")) == f"DeskClient({BOT_ID})"


async def test_nothing_is_sent_before_it_is_asked_for(unused_tcp_port: int) -> None:
    account = DeskAccount(connect(token=TOKEN, api_base=f"http://127.0.0.1:{unused_tcp_port}"))
    with pytest.raises(OutOfReachError):
        await account.identify()
    await account.close()
