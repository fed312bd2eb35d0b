"""What comes in, and what it is taken for."""

from typing import Any

import pytest

from bot.channels.telegram import PatientsBot
from bot.services.arriving import Arrival, ArrivedContent, CameByLink, ChatClosed, ChatReopened, Edited, SharedPhone
from bot.services.intake_ports import UnreadableUpdateError
from bot.services.updates import Opened, Pressed, Wrote
from flows.engine.choices import STANDING, Choice, Payload
from flows.vocabulary import Channel, Language
from storage.errors import StorageBusyError
from tests.channels.telegram.conftest import RecordingEntrance
from tests.channels.telegram.scripted import BOT_ID, ScriptedApi
from tests.channels.telegram.updates import AT, PERSON, group, membership, message, private, question, tap, update, user

CARRIED = "abc_-9"


async def heard(patients: PatientsBot, entrance: RecordingEntrance, raw: dict[str, Any]) -> ArrivedContent:
    await patients.handle(raw)
    return entrance.taken[-1].content


async def test_words_arrive_with_all_that_makes_them_one_update(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi
) -> None:
    raw = message(text="Bonjour")

    await patients.handle(raw)

    assert entrance.taken == [
        Arrival(
            channel=Channel.TELEGRAM,
            external_id=f"{BOT_ID}:{raw['update_id']}",
            account=str(PERSON),
            language=Language.FR,
            content=Wrote(text="Bonjour"),
            message_id="77",
        )
    ]
    assert api.calls == []


@pytest.mark.parametrize(
    ("code", "language"),
    [("nl-BE", Language.NL), ("RU", Language.RU), ("en", Language.EN), ("uk", None), ("", None), (None, None)],
)
async def test_the_language_is_a_hint(
    patients: PatientsBot, entrance: RecordingEntrance, code: str | None, language: Language | None
) -> None:
    raw = message(text="?")
    raw["message"]["from"] = user(language=code)

    await patients.handle(raw)

    assert entrance.taken[0].language is language


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (f"/start {CARRIED}", CameByLink(token=CARRIED)),
        ("/start", Opened()),
        ("/START@recare_test_bot", Opened()),
        ("/help", Opened()),
        ("/book", Pressed(payload=Payload(choice=Choice.LOOK_FOR_TIME, argument=0, asked=0))),
        ("/visit", Pressed(payload=Payload(choice=Choice.MY_VISIT, argument=0, asked=0))),
        ("/details", Pressed(payload=Payload(choice=Choice.MY_DETAILS, argument=0, asked=0))),
        ("/settings", Pressed(payload=Payload(choice=Choice.SETTINGS, argument=0, asked=0))),
        ("/family", Pressed(payload=Payload(choice=Choice.FAMILY, argument=0, asked=0))),
        ("/person please", Pressed(payload=Payload(choice=Choice.PERSON, argument=0, asked=0), words="please")),
        ("/person\nplease", Pressed(payload=Payload(choice=Choice.PERSON, argument=0, asked=0), words="please")),
        ("/stop@recare_test_bot", Pressed(payload=Payload(choice=Choice.STOP, argument=0, asked=0))),
        ("/unheard of", Wrote(text="/unheard of")),
        ("/start it bleeds", Wrote(text="it bleeds")),
        ("/help it bleeds", Wrote(text="it bleeds")),
        ("/", Wrote(text="/")),
        ("stop", Wrote(text="stop")),
    ],
)
async def test_commands_are_presses_of_what_can_be_pressed_at_any_time(
    patients: PatientsBot, entrance: RecordingEntrance, text: str, content: ArrivedContent
) -> None:
    said = await heard(patients, entrance, message(text=text))

    assert said == content
    assert not isinstance(said, Pressed) or said.payload.choice in STANDING


@pytest.mark.parametrize(
    ("contact", "extra", "own"),
    [
        ({"user_id": PERSON}, {}, True),
        ({"user_id": PERSON + 1}, {}, False),
        ({}, {}, False),
        (
            {"user_id": PERSON},
            {"forward_origin": {"type": "hidden_user", "date": AT, "sender_user_name": "Synthetic"}},
            False,
        ),
        (
            {"user_id": PERSON},
            {"via_bot": {"id": 9, "is_bot": True, "first_name": "Synthetic", "username": "synthetic_bot"}},
            False,
        ),
    ],
    ids=["own", "another's", "from a list", "forwarded", "by another bot"],
)
async def test_a_phone_is_own_only_if_telegram_says_so(
    patients: PatientsBot, entrance: RecordingEntrance, contact: dict[str, Any], extra: dict[str, Any], own: object
) -> None:
    card = {"phone_number": "31600000001", "first_name": "Synthetic", **contact}

    assert await heard(patients, entrance, message(contact=card, **extra)) == SharedPhone(
        number="31600000001", own=own is True
    )


async def test_an_edit_tells_which_message_it_changes(patients: PatientsBot, entrance: RecordingEntrance) -> None:
    said = await heard(patients, entrance, message("edited_message", text="It bleeds", edit_date=AT))

    assert said == Edited(text="It bleeds", message_id="77")
    assert entrance.taken[0].message_id == "77"


@pytest.mark.parametrize(
    "raw",
    [
        message("edited_message", location={"latitude": 52.0, "longitude": 4.9}, edit_date=AT),
        message("edited_message", text="changed", chat=group()),
        message(pinned_message={"message_id": 3, "date": 0, "chat": private()}),
        message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
        update(
            "poll",
            {
                "id": "1",
                "question": "?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": True,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            },
        ),
    ],
    ids=["moving place", "edit in a group", "pin", "timer", "of another kind"],
)
async def test_what_nobody_says_to_us_is_let_be(
    patients: PatientsBot, entrance: RecordingEntrance, api: ScriptedApi, raw: dict[str, Any]
) -> None:
    await patients.handle(raw)

    assert entrance.taken == []
    assert api.calls == []


@pytest.mark.parametrize(
    ("before", "after", "content"),
    [("member", "kicked", ChatClosed()), ("kicked", "member", ChatReopened())],
)
async def test_a_block_and_its_end_arrive(
    patients: PatientsBot, entrance: RecordingEntrance, before: str, after: str, content: ArrivedContent
) -> None:
    assert await heard(patients, entrance, membership(private(), before, after)) == content
    assert entrance.taken[0].account == str(PERSON)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": 5},
        {"update_id": "five", "message": {}},
        {"update_id": 5, "message": {"text": "my secret"}},
        {"update_id": 5, "message": "my secret"},
        {"update_id": 5, "mind_reading": {"text": "my secret"}},
        {"update_id": 5, "callback_query": "my secret"},
        {"update_id": 5, "callback_query": {"id": "9", "from": user()}},
        tap(id=["my secret"]),
        tap(message=question(reply_markup={"inline_keyboard": ["my secret"]})),
    ],
)
async def test_what_the_library_cannot_read_is_told_without_its_words(
    patients: PatientsBot, entrance: RecordingEntrance, raw: dict[str, Any]
) -> None:
    with pytest.raises(UnreadableUpdateError) as told:
        await patients.handle(raw)

    assert "secret" not in str(told.value)
    assert told.value.__cause__ is None
    assert entrance.taken == []


async def test_a_database_out_of_reach_is_told_to_intake(patients: PatientsBot, entrance: RecordingEntrance) -> None:
    entrance.failure = StorageBusyError("busy")

    with pytest.raises(StorageBusyError):
        await patients.handle(message(text="Bonjour"))


@pytest.mark.parametrize(
    ("raw", "lane"),
    [
        (message(text="a"), "501"),
        (membership(private(), "member", "kicked"), "501"),
        ({"update_id": 1, "callback_query": {"message": {"chat": {"id": 7}}, "from": {"id": 8}}}, "7"),
        ({"update_id": 1, "callback_query": {"from": {"id": 8}}}, "8"),
        ({"update_id": 1, "message": {"chat": {"id": True}, "from": "nobody"}}, ""),
        ({"update_id": 1, "message": [1]}, ""),
        ({}, ""),
    ],
)
def test_an_update_belongs_to_a_chat_whatever_it_is(patients: PatientsBot, raw: dict[str, Any], lane: str) -> None:
    assert patients.lane(raw) == lane
