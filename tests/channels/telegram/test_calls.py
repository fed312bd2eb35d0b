"""What a turn calls is written without aiogram's methods, and is what they would write."""

import asyncio
from collections.abc import Iterator

import pytest
from aiogram import methods
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import TelegramMethod
from pydantic import BaseModel

from bot.channels.telegram import Connection, PatientsBot
from bot.channels.telegram.calls import Call, Method, make_call
from bot.channels.telegram.composing import as_document, compose, compose_edits
from bot.channels.telegram.wire import MOST_AT_ONCE
from bot.intake import lanes
from bot.services.ports import Keyboard, OutgoingButton, OutgoingFile, OutgoingMessage, OutgoingVenue
from bot.web.connections import KEPT_FILES
from tests.channels.telegram.conftest import RecordingEntrance
from tests.channels.telegram.scripted import HANG, Answer, ScriptedApi
from tests.channels.telegram.updates import question, tap

BUTTONS = (OutgoingButton(label="Yes", payload="1:yes:0:4"), OutgoingButton(label="No", payload="1:no:0:4"))
FILES = [
    OutgoingFile(name="file", media_type=kind, content=b"1") for kind in ("image/png", "audio/ogg", "application/pdf")
]
VENUE = OutgoingVenue(name="Synthetic practice", address="Lindelaan 1", latitude=52.1, longitude=4.9)
MESSAGES = (
    OutgoingMessage(key="1", text="Which suits you?", buttons=BUTTONS),
    OutgoingMessage(
        key="1", text="Who are you?", keyboard=Keyboard.SHARE_PHONE, keyboard_label="Mine", buttons=BUTTONS
    ),
    OutgoingMessage(key="1", text="Thank you.", keyboard=Keyboard.NONE, venue=VENUE),
    *(OutgoingMessage(key="1", text="Here", file=file, buttons=BUTTONS) for file in FILES),
    OutgoingMessage(key="1", text="Better said.", edits="70", buttons=BUTTONS),
)
AIOGRAMS = {
    kind.__api_method__: kind
    for kind in vars(methods).values()
    if isinstance(kind, type) and issubclass(kind, TelegramMethod) and kind is not TelegramMethod
}


@pytest.fixture
def calls() -> list[Call]:
    """Everything that sending can call."""
    made = [call for each in MESSAGES for call in (*compose(501, each).calls, *compose_edits(501, each))]
    return [*made, *(as_document(call) for call in made if call.method is Method.SEND_PHOTO)]


def unknown(value: object) -> Iterator[str]:
    """Name what stands in a method, however deep, that the API does not have there."""
    if isinstance(value, BaseModel):
        yield from value.model_extra or ()
        value = [each for _, each in value]
    if isinstance(value, list):
        for each in value:
            yield from unknown(each)


async def test_a_call_is_what_aiograms_own_method_would_write(connection: Connection, calls: list[Call]) -> None:
    for call in calls:
        upload = {} if call.upload is None else {call.upload.field: "a file"}
        method = AIOGRAMS[call.method].model_validate({**call.fields, **upload})
        written = method.model_dump(exclude_none=True, warnings=False)
        assert list(unknown(method)) == []
        assert connection.wire.prepare_value(written, connection.bot, {}, _dumps_json=False) == {
            **call.fields,
            **upload,
        }


async def test_an_answer_to_a_tap_is_what_aiograms_own_method_would_write(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.answers = True
    file = {"file_id": "f", "file_unique_id": "u"}

    asked = (
        question(),
        question(message_id=71, text=None, caption="Booked.", document=file),
        question(message_id=72, reply_markup=None),
    )
    for number, each in enumerate(asked):
        await patients.handle(tap(message=each) | {"update_id": number})

    methods_called = {call.method for call in api.calls}
    assert methods_called == {Method.ANSWER_TAP, Method.EDIT_TEXT, Method.EDIT_CAPTION, Method.EDIT_BUTTONS}
    for call in api.calls:
        assert list(unknown(AIOGRAMS[call.method].model_validate(call.fields))) == []


def test_every_method_is_tried_here(calls: list[Call]) -> None:
    to_taps = {Method.ANSWER_TAP, Method.EDIT_BUTTONS}

    assert {call.method for call in calls} | to_taps == set(Method)


async def test_half_a_character_leaves_as_it_came(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    entrance.answers = True

    await patients.handle(tap(message=question(text="Which \ud83d?")))

    assert api.calls[1].fields["text"] == "Which \ud83d?\n\n→ Tue 24 Nov, 9:30"


async def test_an_answer_with_a_broken_byte_is_still_an_answer(connection: Connection, api: ScriptedApi) -> None:
    api.then(
        "answerCallbackQuery",
        Answer(body='{"ok": true, "result": {"text": "\udcff"}}'.encode(errors="surrogateescape")),
    )

    assert await connection.ask(make_call(Method.ANSWER_TAP, callback_query_id="9")) == {"text": "\ufffd"}


async def test_an_answer_nested_without_end_is_no_answer_of_a_bot_api(connection: Connection, api: ScriptedApi) -> None:
    api.then("answerCallbackQuery", Answer(body="[" * 300_000))

    with pytest.raises(ClientDecodeError):
        await connection.ask(make_call(Method.ANSWER_TAP, callback_query_id="9"))


async def test_all_calls_of_the_updates_handled_at_once_leave_at_once(connection: Connection, api: ScriptedApi) -> None:
    api.then("answerCallbackQuery", *[HANG] * MOST_AT_ONCE)
    call = make_call(Method.ANSWER_TAP, callback_query_id="9")

    async def release() -> None:
        while len(api.calls) < MOST_AT_ONCE:  # noqa: ASYNC110 - the server's doing
            await asyncio.sleep(0.01)
        api.released.set()

    async with asyncio.timeout(10):
        await asyncio.gather(release(), *(connection.ask(call) for _ in range(MOST_AT_ONCE)), return_exceptions=True)

    assert len(api.calls) == MOST_AT_ONCE


async def test_calls_that_are_cut_short_give_their_connections_back(connection: Connection, api: ScriptedApi) -> None:
    api.then("answerCallbackQuery", *[HANG] * MOST_AT_ONCE)
    call = make_call(Method.ANSWER_TAP, callback_query_id="9")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3):
            await asyncio.gather(*(connection.ask(call) for _ in range(MOST_AT_ONCE)))

    async with asyncio.timeout(3):
        assert await connection.ask(call) is True


def test_there_are_connections_and_files_for_the_three_calls_of_each_tap() -> None:
    assert MOST_AT_ONCE == 3 * lanes.MOST_AT_ONCE
    assert KEPT_FILES > MOST_AT_ONCE
