"""Fixtures of the browser's tests: one Chromium a session, one site a test, and no error that passes unseen."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, async_playwright

from tests.e2e.pages import LAPTOP, PHONE, Colleague, Patient, context_of
from tests.e2e.server import serving
from tests.web.site import build_site
from tests.web.world import Chat, World

in_session = pytest_asyncio.fixture(loop_scope="session")

Window = Callable[..., Awaitable[BrowserContext]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(chromium_options: dict[str, Any]) -> AsyncIterator[Browser]:
    """The machine's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium_options)
        yield browser
        await browser.close()


@in_session
async def window(chromium: Browser) -> AsyncIterator[Window]:
    """Opens browser windows; fails the test when a page breaks its own policy or its script fails."""
    opened: list[BrowserContext] = []
    broken: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            broken.append(message.text)

    async def open_window(size: dict[str, int] = PHONE, **options: Any) -> BrowserContext:  # noqa: ANN401  # as Playwright names them
        context = await context_of(chromium, size, **options)
        context.set_default_timeout(10_000)
        context.on("console", listen)
        context.on("weberror", lambda error: broken.append(str(error.error)))
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        await context.close()
    assert broken == []


@pytest.fixture
def world() -> World:
    """An empty small clinic."""
    return World()


@in_session
async def site(world: World) -> AsyncIterator[str]:
    """The address of the clinic's site."""
    built = build_site(world)
    async with serving(built.app, built.signals) as address:
        yield address


@pytest.fixture
def patient_of(window: Window, site: str) -> Callable[..., Awaitable[Patient]]:
    """Opens a chat on a phone of its own."""

    async def open_phone(chat: Chat, size: dict[str, int] = PHONE, **options: Any) -> Patient:  # noqa: ANN401
        return await Patient.opening(await window(size, **options), f"{site}/p/link-{chat.id}")

    return open_phone


@pytest.fixture
def colleague_of(window: Window, site: str, world: World) -> Callable[..., Awaitable[Colleague]]:
    """Signs in a member of staff in a window of their own."""

    async def sit_down(name: str, size: dict[str, int] = LAPTOP, **options: Any) -> Colleague:  # noqa: ANN401
        token = world.colleague(name)
        return await Colleague.signing_in(await window(size, **options), f"{site}/desk/sign-in/{token}")

    return sit_down
