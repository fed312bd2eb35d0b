"""The server over plain HTTP: intake, troubles, limits, files; what a bot must be able to rely on in its own tests."""

import asyncio
import math
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.botapi import errors
from tests.botapi.api import BotApi, bot_api
from tests.botapi.faults import Limits, Trouble
from tests.botapi.files import MOST_DOWNLOADED, MediaKind
from tests.botapi.hub import BotAccount
from tests.botapi.people import Person
from tests.botapi.server import serving


class Caller:
    """Calls methods with JSON; gives the status and the answer."""

    def __init__(self, api: BotApi, account: BotAccount) -> None:
        self.client = httpx.AsyncClient(base_url=f"{api.base}/bot{account.token}/", timeout=1)

    async def __call__(self, method: str, **params: object) -> tuple[int, dict[str, object]]:
        answer = await self.client.post(method, json=params)
        return answer.status_code, answer.json()


@pytest.fixture
def account(api: BotApi) -> BotAccount:
    return api.bot("clinic_bot")


@pytest.fixture
def alice(api: BotApi, account: BotAccount) -> Person:
    person = api.person("Alice", phone="+32470000001")
    person.start(account)
    return person


@pytest_asyncio.fixture
async def call(api: BotApi, account: BotAccount) -> AsyncIterator[Caller]:
    caller = Caller(api, account)
    yield caller
    await caller.client.aclose()


async def ids(call: Caller, **params: object) -> list[int]:
    _, answer = await call("getUpdates", **params)
    updates = answer["result"]
    assert isinstance(updates, list)
    return [each["update_id"] for each in updates]


async def test_an_update_comes_again_until_it_is_confirmed(call: Caller, alice: Person) -> None:
    alice.write("one")
    first = await ids(call)
    assert len(first) == 2
    assert await ids(call) == first
    assert await ids(call, offset=first[0] + 1) == first[1:]
    assert await ids(call, offset=first[1] + 1) == []


async def test_a_long_poll_ends_when_something_comes(call: Caller, alice: Person) -> None:
    last = (await ids(call))[-1]
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(ids(call, offset=last + 1, timeout=50))
        await asyncio.sleep(0.05)
        alice.write("now")
    assert len(poll.result()) == 1


async def test_a_second_poll_ends_the_first(call: Caller, alice: Person) -> None:
    last = (await ids(call))[-1]
    async with asyncio.TaskGroup() as group:
        first = group.create_task(call("getUpdates", offset=last + 1, timeout=50))
        await asyncio.sleep(0.05)
        second = group.create_task(call("getUpdates", offset=last + 1, timeout=50))
        await asyncio.sleep(0.05)
        alice.write("now")
    assert first.result()[0] == 409
    assert second.result()[0] == 200


async def test_a_revoked_token_is_unauthorized(call: Caller, account: BotAccount) -> None:
    account.is_revoked = True
    assert (await call("getMe"))[0] == 401


async def test_what_is_not_published_is_refused_and_noted(call: Caller, api: BotApi, alice: Person) -> None:
    status, _ = await call("sendMessage", chat_id=alice.id, text="x", colour="red")
    assert status == 400
    assert any("colour" in each for each in api.violations)
    api.violations.clear()
    keys = {"inline_keyboard": [[{"text": "x", "callback_data": "я" * 40}]]}
    assert (await call("sendMessage", chat_id=alice.id, text="x", reply_markup=keys))[0] == 400
    assert api.violations
    api.violations.clear()
    assert (await call("sendMessage", chat_id=alice.id, text="x" * 4097))[0] == 400
    assert api.violations
    api.violations.clear()
    assert (await call("sendMessage", chat_id=alice.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML"))[0] == 200


@pytest.mark.parametrize(
    "trouble", [Trouble.CUT_BEFORE, Trouble.SILENT_BEFORE, Trouble.CUT_AFTER, Trouble.SILENT_AFTER]
)
async def test_a_lost_answer_may_have_had_its_effect(
    call: Caller, api: BotApi, alice: Person, trouble: Trouble
) -> None:
    api.fault(trouble, method="sendMessage")
    with pytest.raises(httpx.TransportError):
        await call("sendMessage", chat_id=alice.id, text="x")
    assert len(alice.news()) == (1 if "after" in trouble else 0)


async def test_a_proxys_page_is_no_json(call: Caller, api: BotApi, alice: Person) -> None:
    api.fault(Trouble.PROXY_PAGE, chat=alice.id)
    with pytest.raises(ValueError, match="Expecting value"):
        await call("sendMessage", chat_id=alice.id, text="x")
    api.fault(errors.too_many(7), times=math.inf)
    status, answer = await call("getMe")
    assert (status, answer["parameters"]) == (429, {"retry_after": 7})
    api.heal()
    assert (await call("getMe"))[0] == 200


async def test_limits_ask_to_wait(call: Caller, api: BotApi, alice: Person) -> None:
    moments = [0.0]
    api.limit(Limits(clock=lambda: moments[0]))
    assert (await call("sendMessage", chat_id=alice.id, text="x"))[0] == 200
    assert (await call("sendMessage", chat_id=alice.id, text="x"))[0] == 429
    moments[0] = 1.0
    assert (await call("sendMessage", chat_id=alice.id, text="x"))[0] == 200


async def test_who_blocked_or_left_is_not_reached(call: Caller, api: BotApi, alice: Person) -> None:
    alice.block()
    assert (await call("sendMessage", chat_id=alice.id, text="x"))[1]["description"] == errors.BLOCKED.description
    alice.unblock()
    assert (await call("sendMessage", chat_id=alice.id, text="x"))[0] == 200
    alice.delete_account()
    assert (await call("sendMessage", chat_id=alice.id, text="x"))[1]["description"] == errors.DEACTIVATED.description
    stranger = api.person("Bob")
    assert (await call("sendMessage", chat_id=stranger.id, text="x"))[0] == 403


async def test_a_file_id_belongs_to_one_bot(call: Caller, api: BotApi, account: BotAccount, alice: Person) -> None:
    alice.send(MediaKind.DOCUMENT, b"content")
    updates = (await call("getUpdates"))[1]["result"]
    assert isinstance(updates, list)
    file_id = updates[-1]["message"]["document"]["file_id"]
    file = (await call("getFile", file_id=file_id))[1]["result"]
    assert isinstance(file, dict)
    async with httpx.AsyncClient(base_url=api.base) as client:
        assert (await client.get(f"/file/bot{account.token}/{file['file_path']}")).content == b"content"
    other = Caller(api, api.bot("desk_bot"))
    assert (await other("getFile", file_id=file_id))[0] == 400
    await other.client.aclose()


async def test_a_huge_file_cannot_be_loaded(call: Caller, alice: Person) -> None:
    alice.send(MediaKind.VIDEO, size=MOST_DOWNLOADED + 1)
    updates = (await call("getUpdates"))[1]["result"]
    assert isinstance(updates, list)
    status, answer = await call("getFile", file_id=updates[-1]["message"]["video"]["file_id"])
    assert (status, answer["description"]) == (400, errors.FILE_TOO_BIG.description)


async def test_a_press_is_answered_once_and_in_time(call: Caller, alice: Person) -> None:
    keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await call("sendMessage", chat_id=alice.id, text="Come?", reply_markup=keys)
    press = alice.press("Yes").press
    assert (await call("answerCallbackQuery", callback_query_id=press.id))[0] == 200
    assert (await call("answerCallbackQuery", callback_query_id=press.id))[0] == 400
    late = alice.press("Yes")
    late.expire()
    assert (await call("answerCallbackQuery", callback_query_id=late.press.id))[0] == 400
    alice.forget_history()
    alice.press("Yes")
    updates = (await call("getUpdates"))[1]["result"]
    assert isinstance(updates, list)
    assert updates[-1]["callback_query"]["message"]["date"] == 0


async def test_the_own_phone_is_shared_by_a_key(call: Caller, alice: Person) -> None:
    keys = {"keyboard": [[{"text": "Share", "request_contact": True}]]}
    await call("sendMessage", chat_id=alice.id, text="Who?", reply_markup=keys)
    alice.tap("Share")
    updates = (await call("getUpdates"))[1]["result"]
    assert isinstance(updates, list)
    assert updates[-1]["message"]["contact"]["user_id"] == alice.id


async def test_topics_close_vanish_and_are_switched_off(call: Caller, api: BotApi, account: BotAccount) -> None:
    group = api.group("Desk", api.person("Olga"))
    group.add(account)
    mia = group.member(api.person("Mia").account)
    topic = mia.open_topic("Anna")
    place = {"chat_id": group.id, "message_thread_id": topic.id}
    assert (await call("closeForumTopic", **place))[0] == 200
    assert (await call("closeForumTopic", **place))[1]["description"] == errors.TOPIC_NOT_MODIFIED.description
    assert (await call("sendMessage", **place, text="x"))[0] == 200
    group.demote(account)
    assert (await call("sendMessage", **place, text="x"))[1]["description"] == errors.TOPIC_CLOSED.description
    group.add(account)
    mia.delete_topic(topic)
    assert (await call("sendMessage", **place, text="x"))[1]["description"] == errors.THREAD_NOT_FOUND.description
    group.switch_topics("off")
    assert (await call("sendMessage", **place, text="in the main chat"))[0] == 200
    assert [each.text for each in group.sees()][-1] == "in the main chat"
    new = group.become_supergroup()
    answer = (await call("sendMessage", chat_id=group.id, text="x"))[1]
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    new.kick(account)
    assert (await call("sendMessage", chat_id=new.id, text="x"))[1]["description"] == errors.KICKED.description


async def test_updates_come_twice_backwards_and_unreadable(
    call: Caller, api: BotApi, account: BotAccount, alice: Person
) -> None:
    (first,) = await ids(call)
    api.hold(account)
    alice.write("one")
    alice.write("two")
    api.release_reversed(account)
    assert await ids(call, offset=first + 1) == [first + 2, first + 1]
    api.repeat(account)
    assert (await ids(call, offset=first + 3)) == [first + 1]
    bad = api.inject(account, {"message": {"message_id": "no number"}})
    assert await ids(call) == [bad["update_id"]]


async def test_a_webhook_is_posted_to_until_it_takes_the_update(call: Caller, api: BotApi, alice: Person) -> None:
    came: list[tuple[str, str]] = []
    answers = [503, 503]

    async def take(request: Request) -> Response:
        body = await request.json()
        came.append((body["message"]["text"], request.headers["x-telegram-bot-api-secret-token"]))
        return Response(status_code=answers.pop() if answers else 200)

    async with serving(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as base:
        assert (await call("setWebhook", url=f"{base}/hook", secret_token="s3cret"))[0] == 200  # noqa: S106  # a test's
        alice.write("two")
        async with asyncio.timeout(5):
            while len(came) < 4:  # noqa: ASYNC110  # what comes from outside
                await asyncio.sleep(0.01)
        assert [text for text, _ in came] == ["/start", "/start", "/start", "two"]
        assert {secret for _, secret in came} == {"s3cret"}
        assert (await call("getUpdates"))[0] == 409
        info = (await call("getWebhookInfo"))[1]["result"]
        assert isinstance(info, dict)
        assert "503" in info["last_error_message"]
        assert (await call("deleteWebhook"))[0] == 200
    assert await ids(call) == []


async def test_in_lean_mode_nothing_is_checked_or_kept() -> None:
    async with bot_api(lean=True, latency=0.001) as api:
        account = api.bot("clinic_bot")
        alice = api.person("Alice")
        alice.start(account)
        caller = Caller(api, account)
        assert (await caller("sendMessage", chat_id=alice.id, text="x", colour="red"))[0] == 200
        await caller.client.aclose()
        assert api.calls == []
        assert api.hub.call_count == 1
        api.must_be_clean()
