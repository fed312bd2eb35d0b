"""Who is signed in at the desk: told of changes for as long as they are, and known by more than a name."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse

from bot.services.live import DESK
from bot.web.stream import CHANGED, OPENING
from flows.vocabulary import Role
from tests.web.browser import Browser
from tests.web.site import Site
from tests.web.world import Chat, World

SOON = 5


@pytest.fixture
async def chat(browser: Browser, world: World) -> Chat:
    """A conversation, open at the desk where Robin, a manager, is signed in."""
    await browser.sign_in(world.colleague("Robin Example", Role.MANAGER))
    chat = world.patient("Anna Example")
    world.patient_says(chat, "can I talk to somebody", "human")
    await browser.visit(f"/desk/c/{chat.id}")
    return chat


async def test_a_colleague_of_the_same_name_holds_a_chat_that_is_not_mine(
    site: Site, browser: Browser, world: World, chat: Chat
) -> None:
    await browser.submit("take")
    assert 'class="chip mine"' in browser.page.text
    async with Browser.on(site) as other:
        await other.sign_in(world.colleague("Robin Example"))
        page = await other.visit(f"/desk/c/{chat.id}")
        assert 'class="chip mine"' not in page.text
        assert "/answer" not in page.text


async def test_the_desk_is_told_of_changes_only_while_its_member_is_signed_in(
    site: Site, browser: Browser, world: World, chat: Chat
) -> None:
    del chat
    assert isinstance(site.app.behind, Starlette)
    routes = [route for route in site.app.behind.routes if getattr(route, "path", "") == "/desk/events"]
    listening = await routes[0].endpoint(_asking(browser))  # type: ignore[attr-defined]  # a Route
    assert isinstance(listening, StreamingResponse)
    stream: AsyncIterator[bytes] = listening.body_iterator  # type: ignore[assignment]  # ours yields bytes only
    assert await asyncio.wait_for(anext(stream), SOON) == OPENING
    world.live.signal(DESK)
    assert await asyncio.wait_for(anext(stream), SOON) == CHANGED
    world.staff_sessions.clear()
    world.live.signal(DESK)
    assert await asyncio.wait_for(anext(stream, b"ended"), SOON) == b"ended"


def _asking(browser: Browser) -> Request:
    """What a signed-in browser asks with."""
    cookies = "; ".join(f"{each.name}={each.value}" for each in browser.client.cookies.jar)
    return Request({"type": "http", "headers": [(b"cookie", cookies.encode())]})
