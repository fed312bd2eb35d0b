"""Groups, in which the bot only says where to go."""

from typing import Any

import pytest

from bot.channels.telegram import PatientsBot
from tests.channels.telegram.conftest import RecordingEntrance
from tests.channels.telegram.scripted import ScriptedApi, failed
from tests.channels.telegram.updates import AT, bot, group, membership, message


async def test_a_group_is_told_once_that_we_talk_in_private(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    await patients.handle(membership(group(), "left", "member"))
    await patients.handle(message(chat=group(), text="/book"))

    (said,) = api.of("sendMessage")
    assert said.fields["chat_id"] == group()["id"]
    assert "conversation privée" in said.fields["text"]
    assert entrance.taken == []


@pytest.mark.parametrize(
    "content",
    [
        {"text": "/start abc"},
        {"text": "Who is @Recare_Test_Bot?"},
        {"text": "stop", "reply_to_message": {"message_id": 3, "date": AT, "chat": group(), "from": bot()}},
    ],
    ids=["command", "name", "answer"],
)
async def test_who_speaks_to_us_in_a_group_is_answered_and_not_heard(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, content: dict[str, Any]
) -> None:
    await patients.handle(message(chat=group(), **content))

    assert len(api.of("sendMessage")) == 1
    assert entrance.taken == []


@pytest.mark.parametrize(
    "raw",
    [
        message(chat=group(), text="It hurts"),
        message(chat=group(), text="mail me @home"),
        membership(group(), "member", "left"),
        membership(group(), "member", "administrator"),
        membership({"id": -1002, "type": "channel", "title": "Synthetic"}, "left", "administrator"),
    ],
)
async def test_what_groups_say_among_themselves_is_none_of_ours(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, raw: dict[str, Any]
) -> None:
    await patients.handle(raw)

    assert api.of("sendMessage") == []
    assert entrance.taken == []


async def test_a_group_that_does_not_let_us_speak_is_left_alone(patients: PatientsBot, api: ScriptedApi) -> None:
    api.then("sendMessage", failed(400, "Bad Request: not enough rights to send text messages to the chat"))

    await patients.handle(message(chat=group(), text="/help"))

    assert len(api.of("sendMessage")) == 1
