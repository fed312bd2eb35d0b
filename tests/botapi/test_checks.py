"""What the server does not let pass: calls that differ from what is published, whatever trouble they meet besides."""

from collections.abc import Mapping

import httpx
import pytest

from tests.botapi import errors
from tests.botapi.api import BotApi
from tests.botapi.errors import ApiError, too_many
from tests.botapi.faults import Trouble
from tests.botapi.files import MediaKind
from tests.botapi.hub import BotAccount
from tests.botapi.model import Json
from tests.botapi.people import Person
from tests.botapi.plain_http import Caller

ASKS_PHONE = {"keyboard": [[{"text": "Share", "request_contact": True}]]}


def buttons(number: int, *, in_a_row: int) -> Json:
    all_of_them = [{"text": str(each), "callback_data": str(each)} for each in range(number)]
    return {"inline_keyboard": [all_of_them[at : at + in_a_row] for at in range(0, number, in_a_row)]}


def noted(api: BotApi, words: str) -> bool:
    """Whether something was noted as not published, in these words; forgets what was."""
    found = any(words in each for each in api.violations)
    api.violations.clear()
    return found


@pytest.mark.parametrize("in_a_row", [1, 8])
async def test_a_message_has_a_hundred_buttons_at_most(call: Caller, api: BotApi, alice: Person, in_a_row: int) -> None:
    keys = buttons(100, in_a_row=in_a_row)
    assert (await call("sendMessage", chat_id=alice.id, text="x", reply_markup=keys))[0] == 200
    keys = buttons(101, in_a_row=in_a_row)
    assert (await call("sendMessage", chat_id=alice.id, text="x", reply_markup=keys))[0] == 400
    assert noted(api, "101 buttons")


async def test_a_phone_is_asked_for_in_private_only(
    call: Caller, api: BotApi, account: BotAccount, alice: Person
) -> None:
    group = api.group("Desk", alice)
    group.add(account)
    assert (await call("sendMessage", chat_id=alice.id, text="x", reply_markup=ASKS_PHONE))[0] == 200
    status, answer = await call("sendMessage", chat_id=group.id, text="x", reply_markup=ASKS_PHONE)
    assert (status, answer["description"]) == (
        400,
        "Bad Request: phone number can be requested in private chats only",
    )
    assert noted(api, "private chats only")
    plain = {"keyboard": [["Yes", {"text": "No", "request_contact": False}]]}
    assert (await call("sendMessage", chat_id=group.id, text="x", reply_markup=plain))[0] == 200


@pytest.mark.parametrize("port", ["", ":443", ":80", ":88", ":8443"])
async def test_a_webhook_is_set_on_the_ports_that_are_published(call: Caller, port: str) -> None:
    assert (await call("setWebhook", url=f"https://recall.example.org{port}/hook"))[0] == 200


@pytest.mark.parametrize("port", ["9999", "8080", "0", "99999"])
async def test_a_webhook_on_another_port_is_refused(call: Caller, api: BotApi, port: str) -> None:
    status, answer = await call("setWebhook", url=f"https://recall.example.org:{port}/hook")
    assert (status, answer["description"]) == (400, errors.WEBHOOK_PORT.description)
    assert noted(api, "ports")
    assert (await call("getWebhookInfo"))[1]["result"]["url"] == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
async def test_on_this_machine_a_webhook_may_have_any_port(call: Caller, host: str) -> None:
    assert (await call("setWebhook", url=f"http://{host}:9999/hook"))[0] == 200


WRONG: list[tuple[str, Mapping[str, object], str]] = [
    ("sendMessage", {"text": "x", "colour": "red"}, "colour"),
    ("sendMessage", {}, "lacks text"),
    ("sendMessage", {"text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"text": " "}, "message text is empty"),
    ("sendVenue", {"latitude": 91.0, "longitude": 4.9, "title": "a", "address": "b"}, "91"),
    ("sendDocument", {"document": "a", "caption": "x" * 1025}, "message caption is too long"),
    ("sendMessage", {"text": "x", "reply_markup": buttons(101, in_a_row=1)}, "101 buttons"),
]


@pytest.mark.parametrize("trouble", [too_many(3), Trouble.SERVER], ids=str)
@pytest.mark.parametrize(("method", "params", "words"), WRONG, ids=[words for *_, words in WRONG])
async def test_a_call_that_would_meet_a_trouble_is_checked_first(
    call: Caller,
    api: BotApi,
    alice: Person,
    trouble: ApiError | Trouble,
    method: str,
    params: Mapping[str, object],
    words: str,
) -> None:
    fault = api.fault(trouble, method=method)
    assert (await call(method, chat_id=alice.id, **params))[0] == 400
    assert noted(api, words)
    assert fault.met == 0, "the trouble waits for a call that is as published"


async def test_a_method_nobody_has_a_use_for_is_told_whatever_it_meets(call: Caller, api: BotApi) -> None:
    api.fault(too_many(3))
    assert (await call("sendDice", chat_id=1))[0] == 404
    assert noted(api, "senddice")


async def test_a_call_as_published_meets_its_trouble(call: Caller, api: BotApi, alice: Person) -> None:
    api.fault(too_many(3), method="sendMessage")
    assert (await call("sendMessage", chat_id=alice.id, text="x"))[0] == 429
    assert [each.outcome for each in api.calls_of("sendMessage")] == ["Too Many Requests: retry after 3"]
    assert alice.news() == ()


async def test_an_update_that_is_not_as_published_is_noted(api: BotApi, alice: Person) -> None:
    alice.account.first_name = ""
    alice.write("hello")
    assert noted(api, "first_name")
    alice.account.first_name = "Alice"
    alice.write("hello")
    assert api.violations == []


async def test_an_edit_and_a_press_that_are_not_as_published_are_noted(
    call: Caller, api: BotApi, alice: Person
) -> None:
    await call("sendMessage", chat_id=alice.id, text="x", reply_markup=buttons(1, in_a_row=1))
    written = alice.write("hello")
    alice.account.language_code = 3  # type: ignore[assignment]  # the server's own mistake, made on purpose
    alice.edit(written, "hello again")
    assert noted(api, "language_code")
    alice.press("0")
    assert noted(api, "language_code")
    alice.block()
    assert noted(api, "language_code")


async def test_an_answer_that_is_not_as_published_is_noted(
    call: Caller, api: BotApi, account: BotAccount, alice: Person
) -> None:
    account.account.first_name = ""
    assert (await call("getMe"))[0] == 200
    assert noted(api, "answer of getMe")
    assert (await call("sendMessage", chat_id=alice.id, text="x"))[0] == 200
    assert noted(api, "answer of sendMessage")


async def test_an_answer_that_gets_lost_is_checked_too(
    call: Caller, api: BotApi, account: BotAccount, alice: Person
) -> None:
    account.account.first_name = ""
    api.fault(Trouble.CUT_AFTER, method="sendMessage")
    with pytest.raises(httpx.TransportError):
        await call("sendMessage", chat_id=alice.id, text="x")
    assert noted(api, "answer of sendMessage")


async def test_a_file_whose_details_are_wrong_is_noted(api: BotApi, alice: Person) -> None:
    message = alice.send(MediaKind.VOICE)
    assert api.violations == []
    message.details = {"duration": "long"}
    alice.edit(message, "listen")
    assert noted(api, "duration")
