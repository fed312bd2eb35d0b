"""What is sent, and what is known of it afterwards."""

import asyncio

import pytest

from bot.channels.telegram import TelegramChannel
from bot.services.ports import (
    ChannelError,
    Keyboard,
    OutcomeUnknownError,
    OutgoingButton,
    OutgoingFile,
    OutgoingMessage,
    OutgoingVenue,
    RefusedError,
)
from tests.channels.telegram.scripted import DROP, Called, ScriptedApi, failed

CHAT = "501"
INVITE = OutgoingFile(name="visit.ics", media_type="text/calendar", content=b"BEGIN:VCALENDAR")
PLACE = OutgoingVenue(name="Synthetic practice", address="Lindelaan 1", latitude=52.1, longitude=4.9)


def said(text: str = "Which suits you?", *labels: str) -> OutgoingMessage:
    buttons = tuple(OutgoingButton(label=label, payload=f"1:slot:{at}:4") for at, label in enumerate(labels))
    return OutgoingMessage(key="1", text=text, buttons=buttons)


async def outcome(channel: TelegramChannel, message: OutgoingMessage | None = None, chat: str = CHAT) -> ChannelError:
    with pytest.raises(ChannelError) as raised:
        await channel.send(chat, message or said())
    return raised.value


async def test_a_text_leaves_plain_and_its_message_is_named(channel: TelegramChannel, api: ScriptedApi) -> None:
    sent = await channel.send(CHAT, said("See https://example.org"))

    assert sent == "101"
    assert api.calls == [
        Called(
            method="sendMessage",
            fields={"chat_id": 501, "text": "See https://example.org", "link_preview_options": {"is_disabled": True}},
        )
    ]


async def test_short_labels_share_a_row_and_long_ones_do_not(channel: TelegramChannel, api: ScriptedApi) -> None:
    await channel.send(CHAT, said("Which?", "Yes", "No", "Tue 24 Nov, 9:30", "Later dates", "A person"))

    rows = api.calls[0].fields["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["Yes", "No"],
        ["Tue 24 Nov, 9:30"],
        ["Later dates", "A person"],
    ]
    assert rows[0][1]["callback_data"] == "1:slot:1:4"


@pytest.mark.parametrize(
    "message",
    [
        said(" \n"),
        said("x" * 4096 * 5),
        OutgoingMessage(key="1", text="a", buttons=(OutgoingButton(label="a", payload="я" * 33),)),
        OutgoingMessage(key="1", text="a", buttons=(OutgoingButton(label="a", payload=""),)),
        OutgoingMessage(key="1", text="a", buttons=(OutgoingButton(label=" ", payload="1:slot:0:4"),)),
        OutgoingMessage(key="1", text="a", buttons=(OutgoingButton(label="a", payload="1:slot:0:4"),) * 101),
        OutgoingMessage(key="1", text="a", keyboard=Keyboard.SHARE_PHONE),
        OutgoingMessage(key="1", text="a", file=OutgoingFile(name="a", media_type="text/plain", content=b"")),
    ],
    ids=["empty", "too long", "payload", "no payload", "label", "buttons", "keyboard", "file"],
)
async def test_what_telegram_would_refuse_for_its_form_never_leaves(
    channel: TelegramChannel, api: ScriptedApi, message: OutgoingMessage
) -> None:
    assert isinstance(await outcome(channel, message), RefusedError)
    assert api.calls == []


async def test_an_address_that_is_no_chat_is_refused(channel: TelegramChannel) -> None:
    assert isinstance(await outcome(channel, chat="somebody"), RefusedError)


async def test_a_long_text_leaves_in_parts_with_its_buttons_under_the_last(
    channel: TelegramChannel, api: ScriptedApi
) -> None:
    paragraphs = ["first " * 600, "second " * 500]

    sent = await channel.send(CHAT, said("\n\n".join(paragraphs), "Yes"))

    assert [call.fields["text"] for call in api.calls] == [paragraph.strip() for paragraph in paragraphs]
    assert ["reply_markup" in call.fields for call in api.calls] == [False, True]
    assert sent == "102"


async def test_a_part_that_left_makes_the_rest_unknown_not_unsent(channel: TelegramChannel, api: ScriptedApi) -> None:
    message = OutgoingMessage(key="1", text="Here", venue=PLACE)
    api.then("sendVenue", failed(429, "Too Many Requests: retry after 60", retry_after=60))

    assert isinstance(await outcome(channel, message), OutcomeUnknownError)


async def test_a_calendar_file_leaves_with_its_text_and_buttons(channel: TelegramChannel, api: ScriptedApi) -> None:
    buttons = said("", "My visit").buttons

    await channel.send(CHAT, OutgoingMessage(key="1", text="You are booked.", buttons=buttons, file=INVITE))

    (call,) = api.calls
    assert call.method == "sendDocument"
    assert call.fields["caption"] == "You are booked."
    assert call.fields["reply_markup"]["inline_keyboard"][0][0]["text"] == "My visit"
    assert call.files == {"visit.ics": b"BEGIN:VCALENDAR"}


async def test_a_text_too_long_for_a_caption_leaves_before_its_file(channel: TelegramChannel, api: ScriptedApi) -> None:
    await channel.send(CHAT, OutgoingMessage(key="1", text="word " * 300, file=INVITE))

    assert [call.method for call in api.calls] == ["sendMessage", "sendDocument"]
    assert "caption" not in api.calls[1].fields


@pytest.mark.parametrize(
    ("media_type", "method"),
    [("image/jpeg", "sendPhoto"), ("audio/ogg", "sendVoice"), ("application/pdf", "sendDocument")],
)
async def test_a_file_leaves_as_what_it_is(
    channel: TelegramChannel, api: ScriptedApi, media_type: str, method: str
) -> None:
    await channel.send(
        CHAT, OutgoingMessage(key="1", text="", file=OutgoingFile(name="a", media_type=media_type, content=b"1"))
    )

    assert [call.method for call in api.calls] == [method]
    assert "caption" not in api.calls[0].fields


async def test_a_picture_telegram_does_not_take_leaves_as_a_document(
    channel: TelegramChannel, api: ScriptedApi
) -> None:
    api.then("sendPhoto", failed(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    picture = OutgoingFile(name="a.png", media_type="image/png", content=b"1")

    await channel.send(CHAT, OutgoingMessage(key="1", text="Look", file=picture))

    document = api.calls[-1]
    assert (document.method, document.fields["caption"], document.files) == ("sendDocument", "Look", {"a.png": b"1"})


async def test_a_place_follows_its_text(channel: TelegramChannel, api: ScriptedApi) -> None:
    sent = await channel.send(CHAT, OutgoingMessage(key="1", text="Here we are.", venue=PLACE))

    assert [call.method for call in api.calls] == ["sendMessage", "sendVenue"]
    assert api.calls[1].fields == {
        "chat_id": 501,
        "latitude": 52.1,
        "longitude": 4.9,
        "title": "Synthetic practice",
        "address": "Lindelaan 1",
    }
    assert sent == "101"


async def test_the_phone_is_asked_for_on_the_keyboard_with_the_other_answers_below(
    channel: TelegramChannel, api: ScriptedApi
) -> None:
    message = OutgoingMessage(
        key="1",
        text="Who are you?",
        buttons=said("", "I am new here").buttons,
        keyboard=Keyboard.SHARE_PHONE,
        keyboard_label="Share my number",
    )

    await channel.send(CHAT, message)

    markup = api.calls[0].fields["reply_markup"]
    assert markup["keyboard"] == [
        [{"text": "Share my number", "request_contact": True}],
        [{"text": "I am new here"}],
    ]
    assert markup["resize_keyboard"] is True
    assert markup["one_time_keyboard"] is True


async def test_the_keyboard_goes_away(channel: TelegramChannel, api: ScriptedApi) -> None:
    await channel.send(CHAT, OutgoingMessage(key="1", text="Thank you.", keyboard=Keyboard.NONE))

    assert api.calls[0].fields["reply_markup"] == {"remove_keyboard": True}


async def test_an_earlier_message_is_changed(channel: TelegramChannel, api: ScriptedApi) -> None:
    sent = await channel.send(CHAT, OutgoingMessage(key="1", text="Better said.", edits="70"))

    (call,) = api.calls
    assert (call.method, call.fields["message_id"], call.fields["text"]) == ("editMessageText", 70, "Better said.")
    assert sent == "70"


async def test_a_change_that_changes_nothing_has_succeeded(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("editMessageText", failed(400, "Bad Request: message is not modified: specified new message content"))

    assert await channel.send(CHAT, OutgoingMessage(key="1", text="Same", edits="70")) == "70"


async def test_a_files_caption_is_changed(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("editMessageText", failed(400, "Bad Request: there is no text in the message to edit"))

    assert await channel.send(CHAT, OutgoingMessage(key="1", text="Better", edits="70")) == "70"
    assert api.calls[-1].method == "editMessageCaption"
    assert api.calls[-1].fields["caption"] == "Better"


async def test_what_cannot_be_changed_any_more_is_sent_anew(channel: TelegramChannel, api: ScriptedApi) -> None:
    gone = failed(400, "Bad Request: message to edit not found")
    api.then("editMessageText", gone)
    api.then("editMessageCaption", gone)

    assert await channel.send(CHAT, OutgoingMessage(key="1", text="Better", edits="70")) == "101"
    assert api.calls[-1].method == "sendMessage"


async def test_a_change_without_an_answer_is_unknown(channel: TelegramChannel, api: ScriptedApi) -> None:
    api.then("editMessageText", DROP)

    assert isinstance(await outcome(channel, OutgoingMessage(key="1", text="a", edits="70")), OutcomeUnknownError)


async def test_many_messages_share_a_few_connections(channel: TelegramChannel, api: ScriptedApi) -> None:
    ids = await asyncio.gather(*(channel.send(str(chat), said()) for chat in range(1, 61)))

    assert len(set(ids)) == 60
    assert len(api.calls) == 60


def test_the_channel_never_writes_first_and_never_repeats(channel: TelegramChannel) -> None:
    told = channel.capabilities

    assert (told.may_start, told.repeatable, told.can_edit) == (False, False, True)
    assert told.pace is not None
    assert told.pace.per_second == 29
