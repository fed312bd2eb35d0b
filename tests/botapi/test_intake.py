"""How updates reach a bot: by long poll, by webhook, twice, backwards, unreadable."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.botapi.api import BotApi
from tests.botapi.hub import BotAccount
from tests.botapi.people import Person
from tests.botapi.plain_http import Caller
from tests.botapi.server import serving


async def ids(call: Caller, **params: object) -> list[int]:
    _, answer = await call("getUpdates", **params)
    return [each["update_id"] for each in answer["result"]]


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


async def test_a_webhook_is_posted_to_until_it_takes_the_update(call: Caller, alice: Person) -> None:
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
        assert "503" in info["last_error_message"]
        assert (await call("deleteWebhook"))[0] == 200
    assert await ids(call) == []
