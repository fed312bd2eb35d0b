"""A message of several calls: what becomes of the rest when Telegram asks to wait in the middle."""

import asyncio
from datetime import timedelta
from time import monotonic

import pytest

from bot.channels.telegram import TelegramChannel, failures
from bot.channels.telegram import channel as module
from bot.services import sending
from bot.services.ports import NotSentError, OutcomeUnknownError, OutgoingMessage, OutgoingVenue
from tests.channels.telegram.scripted import DROP, ScriptedApi, failed

PLACE = OutgoingVenue(name="Synthetic practice", address="Lindelaan 1", latitude=52.1, longitude=4.9)
WHERE = OutgoingMessage(key="1", text="Here we are.", venue=PLACE)
A_SECOND = failed(429, "Too Many Requests: retry after 1", retry_after=1)
A_MINUTE = failed(429, "Too Many Requests: retry after 60", retry_after=60)
AT_ONCE = failed(429, "Too Many Requests")


def methods(api: ScriptedApi) -> list[str]:
    return [call.method for call in api.calls]


async def until_refused(api: ScriptedApi) -> None:
    while "sendVenue" not in methods(api):  # noqa: ASYNC110  # a server tells nobody what it was asked
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)


async def test_a_later_part_waits_as_long_as_it_is_asked_to_and_follows(
    channel: TelegramChannel, api: ScriptedApi
) -> None:
    api.then("sendVenue", A_SECOND)
    began = monotonic()

    assert await channel.send("501", WHERE) == "101"

    assert monotonic() - began >= 1
    assert methods(api) == ["sendMessage", "sendVenue", "sendVenue"]


async def test_a_first_part_does_not_wait_here(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("sendMessage", A_SECOND)

    with pytest.raises(NotSentError):
        await channel.send("501", WHERE)
    assert methods(api) == ["sendMessage"]


async def test_a_wait_longer_than_a_message_is_given_leaves_it_unknown_at_once(
    channel: TelegramChannel, api: ScriptedApi
) -> None:
    api.then("sendVenue", A_MINUTE)

    with pytest.raises(OutcomeUnknownError):
        await asyncio.wait_for(channel.send("501", WHERE), timeout=5)
    assert methods(api) == ["sendMessage", "sendVenue"]


async def test_waits_that_only_together_are_too_long_end_in_time(
    channel: TelegramChannel, api: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WHOLE_SECONDS", 1.5)
    api.then("sendVenue", A_SECOND, A_SECOND)

    with pytest.raises(OutcomeUnknownError):
        await channel.send("501", WHERE)
    assert methods(api) == ["sendMessage", "sendVenue", "sendVenue"]


async def test_a_part_that_is_always_refused_is_given_up(
    channel: TelegramChannel, api: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "BUSY_WAIT", timedelta(0))
    api.then("sendVenue", *[AT_ONCE] * 50)

    with pytest.raises(OutcomeUnknownError):
        await channel.send("501", WHERE)
    assert 1 < methods(api).count("sendVenue") <= 5


async def test_a_part_in_doubt_is_never_sent_again(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("sendVenue", A_SECOND, DROP)

    with pytest.raises(OutcomeUnknownError):
        await channel.send("501", WHERE)
    assert methods(api) == ["sendMessage", "sendVenue", "sendVenue"]


async def test_a_part_that_is_refused_for_what_it_is_does_not_wait(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("sendVenue", failed(400, "Bad Request: wrong latitude"))

    with pytest.raises(OutcomeUnknownError):
        await channel.send("501", WHERE)
    assert methods(api) == ["sendMessage", "sendVenue"]


async def test_other_chats_go_on_while_a_part_waits(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("sendVenue", A_SECOND)
    async with asyncio.TaskGroup() as together:
        waits = together.create_task(channel.send("501", WHERE))
        await until_refused(api)
        await channel.send("502", OutgoingMessage(key="2", text="Hello"))
        assert not waits.done()
    assert [call.fields["chat_id"] for call in api.calls] == [501, 501, 502, 501]


async def test_whoever_is_cut_short_while_a_part_waits_sends_nothing_more(
    channel: TelegramChannel, api: ScriptedApi
) -> None:
    api.then("sendVenue", A_SECOND)
    async with asyncio.TaskGroup() as together:
        waits = together.create_task(channel.send("501", WHERE))
        await until_refused(api)
        waits.cancel()
    assert waits.cancelled()
    await asyncio.sleep(1.1)
    assert methods(api) == ["sendMessage", "sendVenue"]


def test_the_last_call_has_time_left_of_what_delivery_gives_a_message() -> None:
    assert 0 < module.WHOLE_SECONDS <= sending.SEND_SECONDS - 5
