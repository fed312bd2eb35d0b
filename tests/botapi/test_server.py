"""The server over plain HTTP: checks, troubles, limits, files, presses and topics."""

import math

import httpx
import pytest

from tests.botapi import errors
from tests.botapi.api import BotApi, bot_api
from tests.botapi.faults import Limits, Trouble
from tests.botapi.files import MOST_DOWNLOADED, MediaKind
from tests.botapi.hub import BotAccount
from tests.botapi.people import Person
from tests.botapi.plain_http import Caller


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
    file_id = updates[-1]["message"]["document"]["file_id"]
    file = (await call("getFile", file_id=file_id))[1]["result"]
    async with httpx.AsyncClient(base_url=api.base) as client:
        assert (await client.get(f"/file/bot{account.token}/{file['file_path']}")).content == b"content"
    other = Caller(api, api.bot("desk_bot"))
    assert (await other("getFile", file_id=file_id))[0] == 400
    await other.client.aclose()


async def test_a_huge_file_cannot_be_loaded(call: Caller, alice: Person) -> None:
    alice.send(MediaKind.VIDEO, size=MOST_DOWNLOADED + 1)
    updates = (await call("getUpdates"))[1]["result"]
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
    assert updates[-1]["callback_query"]["message"]["date"] == 0


async def test_the_own_phone_is_shared_by_a_key(call: Caller, alice: Person) -> None:
    keys = {"keyboard": [[{"text": "Share", "request_contact": True}]]}
    await call("sendMessage", chat_id=alice.id, text="Who?", reply_markup=keys)
    alice.tap("Share")
    updates = (await call("getUpdates"))[1]["result"]
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
