"""The desk's forms over the real house: posted twice, as by a double click or a page loaded again, they act once."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.app import build_web_of
from bot.services.staff import add_staff
from flows.ids import ConversationId
from flows.vocabulary import Role
from tests.house.line import Line
from tests.house.records import Records
from tests.web.browser import Browser, Forms
from tests.world import World


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Browser]:
    """A browser without scripts, signed in at the desk."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = add_staff(uow, world.house.clinic.settings, "Robin Example", Role.RECEPTION, world.clock.now())
        uow.commit()
    transport = httpx.ASGITransport(build_web_of(world.house))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", follow_redirects=True) as client:
        browser = Browser(client)
        await browser.sign_in(link.url.rpartition("/")[2])
        yield browser


async def post(browser: Browser, talk: ConversationId, form: dict[str, str]) -> httpx.Response:
    """Post a filled form of the opened conversation, as a browser does."""
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    return await browser.client.post(f"/desk/c/{talk}/answer", data=form, headers=headers)


@pytest.mark.parametrize("way", ["together", "one after the other"])
async def test_the_same_answer_posted_twice_is_written_once_and_audited_once(
    world: World, records: Records, line: Line, browser: Browser, way: str
) -> None:
    _, talk = world.add_patient()
    page = await browser.visit(f"/desk/c/{talk}")
    hidden = next(fields for action, fields in Forms(page.text).found if action.endswith("/answer"))
    filled = {**hidden, "text": "Good morning"}
    if way == "together":
        answers = list(await asyncio.gather(post(browser, talk, filled), post(browser, talk, filled)))
    else:
        answers = [await post(browser, talk, filled) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [each.text for each in line.arrived] == ["Good morning"]
    assert len(records.of("outbox", conversation_id=talk, kind="staff")) == 1
    assert [row["action"] for row in records.of("staff_action", action="answered")] == ["answered"]


async def test_two_answers_of_the_same_words_are_two(
    world: World, records: Records, line: Line, browser: Browser
) -> None:
    _, talk = world.add_patient()
    await browser.visit(f"/desk/c/{talk}")
    for _ in range(2):
        await browser.submit("answer", text="Are you still there?")
    assert [each.text for each in line.arrived] == ["Are you still there?"] * 2
    assert len(records.of("staff_action", action="answered")) == 2
