"""Taps: answered first, taken once, and the question becomes its answer."""

import asyncio
from typing import Any

import pytest

from bot.channels.telegram import PatientsBot, double_taps
from bot.services.updates import Pressed
from flows.engine.choices import Choice, Payload
from storage.errors import StorageBusyError
from tests.channels.telegram.conftest import RecordingEntrance
from tests.channels.telegram.scripted import DROP, HANG, Answer, ScriptedApi, failed
from tests.channels.telegram.updates import PERSON, group, private, question, tap

SLOT = Pressed(payload=Payload(choice=Choice.SLOT, argument=0, asked=4))


async def test_a_tap_is_answered_once_without_words_and_taken(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    await patients.handle(tap())

    (call,) = api.calls
    assert (call.method, call.fields) == ("answerCallbackQuery", {"callback_query_id": "9"})
    (arrival,) = entrance.taken
    assert (arrival.content, arrival.account, arrival.message_id) == (SLOT, str(PERSON), "70")


async def test_an_answered_question_becomes_its_answer(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.answers = True

    await patients.handle(tap())

    assert [call.method for call in api.calls] == ["answerCallbackQuery", "editMessageText"]
    edit = api.calls[1].fields
    assert edit["text"] == "Which suits you?\n\n→ Tue 24 Nov, 9:30"
    assert (edit["message_id"], "reply_markup" in edit) == (70, False)


async def test_a_file_with_buttons_becomes_its_answer_too(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.answers = True
    file = {"file_id": "f", "file_unique_id": "u"}

    await patients.handle(tap(message=question(text=None, caption="You are booked.", document=file)))

    assert api.calls[1].method == "editMessageCaption"
    assert api.calls[1].fields["caption"] == "You are booked.\n\n→ Tue 24 Nov, 9:30"


@pytest.mark.parametrize(
    "changed",
    [{"text": "x" * 4090}, {"reply_markup": None}],
    ids=["too long", "label unknown"],
)
async def test_where_the_answer_does_not_fit_the_buttons_go(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, changed: dict[str, Any]
) -> None:
    entrance.answers = True

    await patients.handle(tap(message=question(**changed)))

    assert [call.method for call in api.calls] == ["answerCallbackQuery", "editMessageReplyMarkup"]


@pytest.mark.parametrize(
    "message",
    [{"chat": private(), "message_id": 70, "date": 0}, None],
    ids=["inaccessible", "forgotten"],
)
async def test_a_tap_on_a_message_out_of_reach_counts_and_changes_nothing(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, message: dict[str, Any] | None
) -> None:
    entrance.answers = True

    await patients.handle(tap(message=message))

    assert [arrival.content for arrival in entrance.taken] == [SLOT]
    assert [call.method for call in api.calls] == ["answerCallbackQuery"]


@pytest.mark.parametrize(
    "raw",
    [
        tap(by=PERSON + 1),
        tap(message=question(chat=group())),
        tap(message=None, inline_message_id="1"),
    ],
    ids=["another person", "a group", "inline"],
)
async def test_nobody_presses_in_anothers_chat(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, raw: dict[str, Any]
) -> None:
    await patients.handle(raw)

    (call,) = api.calls
    assert call.method == "answerCallbackQuery"
    assert "autre personne" in call.fields["text"]
    assert entrance.taken == []


@pytest.mark.parametrize("data", ["2:slot:0:4", "1:slot:0", "buy:1", "1:slot:-1:4", None])
async def test_a_button_that_is_none_of_ours_is_answered_politely(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, data: str | None
) -> None:
    await patients.handle(tap(data, game_short_name=None if data else "synthetic"))

    (call,) = api.calls
    assert "plus valable" in call.fields["text"]
    assert len(call.fields["text"]) <= 200
    assert entrance.taken == []


@pytest.mark.parametrize(
    "answer",
    [
        failed(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        failed(429, "Too Many Requests: retry after 3", retry_after=3),
        DROP,
    ],
    ids=["too old", "busy", "dropped"],
)
async def test_a_tap_counts_even_if_it_cannot_be_answered(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, answer: Answer
) -> None:
    api.then("answerCallbackQuery", answer)

    await patients.handle(tap())

    assert [arrival.content for arrival in entrance.taken] == [SLOT]


async def test_a_change_that_fails_harms_nothing(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.answers = True
    api.then("editMessageText", failed(400, "Bad Request: message can't be edited"))

    await patients.handle(tap())

    assert len(entrance.taken) == 1


async def test_a_tap_the_database_cannot_take_is_told_to_intake(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.failure = StorageBusyError("busy")

    with pytest.raises(StorageBusyError):
        await patients.handle(tap())

    assert api.of("editMessageText") == []


async def test_a_second_touch_of_one_press_is_answered_and_nothing_more(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.answers = True
    for update in (1, 2, 3):
        await patients.handle(tap() | {"update_id": update})
    assert len(entrance.taken) == 1
    assert [call.method for call in api.calls] == [
        "answerCallbackQuery",
        "editMessageText",
        *["answerCallbackQuery"] * 2,
    ]


async def test_a_press_that_had_no_effect_may_be_made_again_at_once(
    patients: PatientsBot, entrance: RecordingEntrance
) -> None:
    entrance.failure = StorageBusyError("busy")
    with pytest.raises(StorageBusyError):
        await patients.handle(tap() | {"update_id": 1})
    entrance.failure = None
    await patients.handle(tap() | {"update_id": 2})
    assert len(entrance.taken) == 1


async def test_what_comes_again_after_a_while_or_on_another_message_or_button_counts(
    patients: PatientsBot, entrance: RecordingEntrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    await patients.handle(tap() | {"update_id": 1})
    await patients.handle(tap(message=question(message_id=71)) | {"update_id": 2})
    await patients.handle(tap(data="1:slot:1:4") | {"update_id": 3})
    await patients.handle(tap() | {"update_id": 1})
    assert len(entrance.taken) == 4
    monkeypatch.setattr(double_taps, "AGAIN_SECONDS", 0.01)
    await asyncio.sleep(0.02)
    await patients.handle(tap() | {"update_id": 4})
    assert len(entrance.taken) == 5


async def test_while_the_bot_listens_nobody_waits_for_what_telegram_says_to_a_tap(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.answers = True
    await patients.start()
    api.then("answerCallbackQuery", HANG)
    api.then("editMessageText", HANG)

    async with asyncio.timeout(2):
        await patients.handle(tap())

    assert [arrival.content for arrival in entrance.taken] == [SLOT]
    api.released.set()
    await patients.stop()
    assert len(api.of("answerCallbackQuery", "editMessageText")) == 2
