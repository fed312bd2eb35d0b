"""What intake, doctor and the command line ask of the bot itself."""

from datetime import timedelta

import pytest

from bot.channels.telegram import PatientsAccount, PatientsBot
from bot.services.intake_ports import (
    BotIdentity,
    BusyError,
    IntakeError,
    OutOfReachError,
    PolledElsewhereError,
    TokenRevokedError,
    WebhookState,
)
from flows.vocabulary import Language
from tests.channels.telegram.scripted import BOT_ID, BOT_NAME, DROP, Answer, ScriptedApi, failed

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_the_bot_knows_who_it_is(patients: PatientsBot) -> None:
    assert patients.name == "patients"
    assert await patients.identify() == BotIdentity(id=BOT_ID, username=BOT_NAME)


async def test_updates_are_fetched_raw_also_those_nobody_can_read(patients: PatientsBot, api: ScriptedApi) -> None:
    api.results["getUpdates"] = [{"update_id": 5, "message": {"nonsense": True}}, {"update_id": 6}]

    assert await patients.fetch(5, 0) == api.results["getUpdates"]
    assert api.calls[0].fields == {"offset": 5, "limit": 100, "timeout": 0, "allowed_updates": ALLOWED}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (failed(401, "Unauthorized"), TokenRevokedError),
        (failed(404, "Not Found"), TokenRevokedError),
        (failed(409, "Conflict: terminated by other getUpdates request"), PolledElsewhereError),
        (failed(500, "Internal Server Error"), OutOfReachError),
        (Answer(body="<html>", status=502, kind="text/html"), OutOfReachError),
        (Answer(body='{"ok": true, "result": {}}'), OutOfReachError),
        (Answer(body='{"ok": true, "result": [1]}'), OutOfReachError),
        (DROP, OutOfReachError),
    ],
)
async def test_each_failure_to_fetch_says_what_to_do(
    patients: PatientsBot, api: ScriptedApi, answer: Answer, error: type[IntakeError]
) -> None:
    api.then("getUpdates", answer)

    with pytest.raises(error):
        await patients.fetch(None, 0)


async def test_being_asked_to_wait_says_how_long(patients: PatientsBot, api: ScriptedApi) -> None:
    api.then("getUpdates", failed(429, "Too Many Requests: retry after 9", retry_after=9))

    with pytest.raises(BusyError) as told:
        await patients.fetch(None, 0)

    assert told.value.wait == timedelta(seconds=9)


async def test_a_webhook_is_set_told_and_deleted(patients: PatientsBot, api: ScriptedApi) -> None:
    account: PatientsAccount = patients
    api.results["getWebhookInfo"] = {
        "url": "https://example.org/x",
        "pending_update_count": 3,
        "last_error_message": "?",
    }

    await account.set_webhook("https://example.org/x", "secret")
    told = await account.webhook()
    await account.delete_webhook()

    assert [(call.method, call.fields) for call in api.calls] == [
        ("setWebhook", {"url": "https://example.org/x", "secret_token": "secret", "allowed_updates": ALLOWED}),
        ("getWebhookInfo", {}),
        ("deleteWebhook", {"drop_pending_updates": False}),
    ]
    assert told == WebhookState(url="https://example.org/x", waiting=3, last_error="?")


async def test_a_webhook_telegram_does_not_like_is_told_in_its_words(patients: PatientsBot, api: ScriptedApi) -> None:
    api.then("setWebhook", failed(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook"))

    with pytest.raises(IntakeError, match="HTTPS url"):
        await patients.set_webhook("http://example.org", "secret")


async def test_commands_stand_in_every_language(patients: PatientsBot, api: ScriptedApi) -> None:
    await patients.start()

    named = {call.fields.get("language_code"): call.fields["commands"] for call in api.of("setMyCommands")}
    assert set(named) == {None, *(language.value for language in Language)}
    assert named[None] == named["nl"]
    assert len({str(commands) for commands in named.values()}) == len(Language)
    for commands in named.values():
        assert [each["command"] for each in commands] == [
            "book",
            "visit",
            "details",
            "settings",
            "family",
            "person",
            "stop",
            "help",
        ]
        assert all(1 <= len(each["description"]) <= 256 for each in commands)
    assert {call.fields["scope"]["type"] for call in api.of("setMyCommands")} == {"all_private_chats"}
    assert all(len(call.fields["short_description"]) <= 120 for call in api.of("setMyShortDescription"))
    assert all(len(call.fields["description"]) <= 512 for call in api.of("setMyDescription"))
    assert api.of("setChatMenuButton")[0].fields == {"menu_button": {"type": "commands"}}


async def test_starting_again_writes_only_what_differs(patients: PatientsBot, api: ScriptedApi) -> None:
    await patients.start()
    first = api.of("setMyCommands")[0].fields
    api.results["getMyCommands"] = first["commands"]
    api.calls.clear()

    await patients.start()

    again = [call.fields.get("language_code") for call in api.of("setMyCommands")]
    assert again == [language.value for language in Language if language is not Language.NL]


async def test_a_revoked_token_is_told_at_the_start(patients: PatientsBot, api: ScriptedApi) -> None:
    api.then("getMyCommands", failed(401, "Unauthorized"))

    with pytest.raises(TokenRevokedError):
        await patients.start()


@pytest.mark.parametrize(
    ("method", "refused"),
    [
        ("getMyDescription", failed(404, "Not Found: method not found")),
        ("getMyCommands", failed(404, "Not Found")),
        ("setMyShortDescription", failed(400, "Bad Request: about is too long")),
    ],
)
async def test_a_server_that_does_not_let_it_introduce_itself_is_listened_to(
    patients: PatientsBot, api: ScriptedApi, method: str, refused: Answer
) -> None:
    api.then(method, refused)

    await patients.start()

    assert len(api.of(method)) == 1
    await patients.stop()


async def test_an_unknown_token_is_told_at_the_start(patients: PatientsBot, api: ScriptedApi) -> None:
    for method in ("getMyCommands", "getMe"):
        api.then(method, failed(404, "Not Found"))

    with pytest.raises(TokenRevokedError):
        await patients.start()


async def test_after_its_end_nothing_is_open(patients: PatientsBot) -> None:
    await patients.identify()

    await patients.stop()
    await patients.stop()
