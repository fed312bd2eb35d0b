"""What is known of a message after each way in which Telegram, or the way there, can fail."""

import socket
from datetime import timedelta

import pytest

from bot.channels.telegram import Connection, TelegramChannel
from bot.services.ports import (
    AddressClosedError,
    Busy,
    ChannelError,
    NotSentError,
    OutcomeUnknownError,
    OutgoingButton,
    OutgoingMessage,
    RefusedError,
)
from tests.channels.telegram.scripted import DROP, HANG, TOKEN, Answer, ScriptedApi, failed

CHAT = "501"
HTML = Answer(body="<html>Bad gateway</html>", status=502, kind="text/html")


def said(text: str = "Which suits you?", *labels: str) -> OutgoingMessage:
    buttons = tuple(OutgoingButton(label=label, payload=f"1:slot:{at}:4") for at, label in enumerate(labels))
    return OutgoingMessage(key="1", text=text, buttons=buttons)


async def outcome(channel: TelegramChannel, message: OutgoingMessage | None = None, chat: str = CHAT) -> ChannelError:
    with pytest.raises(ChannelError) as raised:
        await channel.send(chat, message or said())
    return raised.value


@pytest.mark.parametrize(
    "answer",
    [
        failed(403, "Forbidden: bot was blocked by the user"),
        failed(403, "Forbidden: user is deactivated"),
        failed(403, "Forbidden: bot can't initiate conversation with a user"),
        failed(400, "Bad Request: chat not found"),
        failed(400, "Bad Request: PEER_ID_INVALID"),
    ],
)
async def test_who_blocked_or_left_closes_the_address(
    channel: TelegramChannel, api: ScriptedApi, answer: Answer
) -> None:
    api.then("sendMessage", answer)

    assert isinstance(await outcome(channel), AddressClosedError)


async def test_cannot_send_to_the_user_may_pass(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("sendMessage", failed(403, "Forbidden: can't send messages to the user"))

    failure = await outcome(channel)

    assert isinstance(failure, NotSentError)
    assert failure.wait >= timedelta(minutes=10)
    assert failure.busy is None


@pytest.mark.parametrize(
    "answer",
    [
        failed(400, "Bad Request: BUTTON_DATA_INVALID"),
        failed(400, "Bad Request: message is too long"),
        failed(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100),
        failed(413, "Request Entity Too Large"),
        failed(406, "Not Acceptable"),
    ],
)
async def test_a_message_telegram_refuses_is_not_tried_again(
    channel: TelegramChannel, api: ScriptedApi, answer: Answer
) -> None:
    api.then("sendMessage", answer)

    assert isinstance(await outcome(channel), RefusedError)


@pytest.mark.parametrize(
    "answer",
    [
        HTML,
        Answer(body="<html>Welcome to our network</html>", status=200, kind="text/html"),
        Answer(body='{"ok": false}', status=502),
        Answer(body='{"message": "no route"}', status=503),
        Answer(body="[]", status=200),
        Answer(body='{"ok": true}', status=200),
        Answer(body='{"ok": true, "result": {}}', status=200),
        failed(500, "Internal Server Error"),
        DROP,
    ],
)
async def test_an_answer_that_proves_nothing_leaves_the_outcome_unknown(
    channel: TelegramChannel, api: ScriptedApi, answer: Answer
) -> None:
    api.then("sendMessage", answer)

    assert isinstance(await outcome(channel), OutcomeUnknownError)


async def test_an_answer_that_does_not_come_leaves_the_outcome_unknown(
    connection: Connection, api: ScriptedApi
) -> None:
    api.then("sendMessage", HANG)
    hasty = Connection(TOKEN, connection.base, seconds=0.05)

    assert isinstance(await outcome(TelegramChannel(hasty)), OutcomeUnknownError)
    assert len(api.calls) == 1
    await hasty.close()


async def test_what_never_left_may_be_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        connection = Connection(TOKEN, f"http://127.0.0.1:{taken.getsockname()[1]}")
        failure = await outcome(TelegramChannel(connection))
        await connection.close()

    assert isinstance(failure, NotSentError)


@pytest.mark.parametrize("answer", [failed(401, "Unauthorized"), failed(404, "Not Found")])
async def test_a_revoked_token_is_no_fault_of_the_message(
    channel: TelegramChannel, api: ScriptedApi, answer: Answer
) -> None:
    api.then("sendMessage", answer)

    failure = await outcome(channel)

    assert isinstance(failure, NotSentError)
    assert failure.busy is Busy.CHANNEL


def busy(seconds: int = 7) -> Answer:
    return failed(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


async def refused(channel: TelegramChannel, api: ScriptedApi, chat: str) -> NotSentError:
    api.then("sendMessage", busy())
    failure = await outcome(channel, chat=chat)
    assert isinstance(failure, NotSentError)
    assert failure.wait == timedelta(seconds=7)
    return failure


async def test_one_chat_refused_waits_alone(channel: TelegramChannel, api: ScriptedApi) -> None:
    assert (await refused(channel, api, "501")).busy is Busy.CHAT
    assert (await refused(channel, api, "501")).busy is Busy.CHAT


async def test_two_chats_refused_in_a_row_mean_the_whole_bot(channel: TelegramChannel, api: ScriptedApi) -> None:
    assert (await refused(channel, api, "501")).busy is Busy.CHAT
    assert (await refused(channel, api, "502")).busy is Busy.CHANNEL
    assert (await refused(channel, api, "503")).busy is Busy.CHANNEL


async def test_a_message_taken_in_between_shows_that_it_was_the_chat(
    channel: TelegramChannel, api: ScriptedApi
) -> None:
    assert (await refused(channel, api, "501")).busy is Busy.CHAT
    await channel.send("502", said())
    assert (await refused(channel, api, "503")).busy is Busy.CHAT


async def test_a_refusal_that_names_no_time_is_obeyed_too(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("sendMessage", failed(429, "Too Many Requests: try later"))

    failure = await outcome(channel)

    assert isinstance(failure, NotSentError)
    assert failure.busy is Busy.CHAT
