"""The rehearsal's stage: labelled in every language, for this machine only, with real pages in its frames."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from flows.vocabulary import Language
from tests.web.browser import Browser
from tests.web.site import Front, Site, build_site
from tests.web.world import MONDAY, World


@pytest.fixture
def site(world: World) -> Site:
    """The clinic's site with the stage at its front."""
    return build_site(world, front=Front.REHEARSAL)


@pytest.fixture
async def browser(site: Site) -> AsyncIterator[Browser]:
    """A browser without scripts, on the stage."""
    async with Browser.on(site) as browser:
        yield browser


def frames(page: httpx.Response) -> list[str]:
    """The addresses of a page's frames."""
    return [html.unescape(address) for address in re.findall(r'<iframe src="([^"]+)"', page.text)]


@pytest.mark.parametrize("language", Language)
async def test_the_stage_says_in_every_language_that_nothing_is_real(site: Site, language: Language) -> None:
    async with Browser.on(site) as browser:
        page = await browser.visit(f"/?lang={language}")
        label = site.pages.words(language)("demo.label")
    assert label in html.unescape(page.text)
    assert f'<html lang="{language}">' in page.text


async def test_each_frame_opens_its_own_page_at_once(browser: Browser, world: World) -> None:
    anna, luc = world.patient("Anna Example"), world.patient("Luc Exemple", Language.FR)
    world.bot_says(anna, "Hello Anna")
    phone_of_anna, phone_of_luc, desk = frames(await browser.visit("/?lang=ru"))
    page = await browser.visit(phone_of_anna)
    assert page.url.path == f"/c/{anna.id}/"
    assert "Hello Anna" in page.text
    assert (await browser.visit(phone_of_luc)).url.path == f"/c/{luc.id}/"
    page = await browser.visit(desk)
    assert page.url.path == "/desk/"
    assert "Robin Example" in page.text
    assert '<html lang="ru">' in page.text
    assert (await browser.visit(f"/c/{anna.id}/")).status_code == 200


async def test_the_pages_may_be_framed_by_the_stage_and_by_nobody_else(browser: Browser) -> None:
    headers = (await browser.visit("/")).headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"


async def test_the_clock_moves_with_and_without_scripts(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    world.due.append((MONDAY + timedelta(days=3), chat, "How are you?"))
    await browser.visit("/?lang=en")
    assert (await browser.submit("move?lang=en", by="hour")).status_code == 200
    assert world.clock.at == MONDAY + timedelta(hours=1)
    told = await browser.send("/rehearsal/move?lang=en", by="next")
    assert "26 Nov" in told.json()["message"]
    assert chat.lines[-1].text == "How are you?"
    assert "Nothing is due" in (await browser.send("/rehearsal/move?lang=en", by="next")).json()["message"]
    assert "Thursday 26 November" in (await browser.visit("/rehearsal/clock?lang=en")).text


@pytest.mark.parametrize("by", ["", "year", "-1"])
async def test_the_clock_makes_no_other_steps(browser: Browser, world: World, by: str) -> None:
    assert (await browser.send("/rehearsal/move", by=by)).status_code == 400
    assert world.clock.at == MONDAY


@pytest.mark.parametrize("client", [("192.0.2.7", 1), ("fe80::1", 1), ("unknown", 1)])
async def test_only_this_machine_sees_the_stage(site: Site, world: World, client: tuple[str, int]) -> None:
    world.patient("Anna Example")
    transport = httpx.ASGITransport(site.app, client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as other:
        for path in ("/", "/rehearsal/desk", "/rehearsal/phone/x", "/rehearsal/events", "/rehearsal/clock"):
            answer = await other.get(path)
            assert answer.status_code == 403
            assert "Anna" not in answer.text


async def test_without_a_rehearsal_there_is_no_stage(world: World) -> None:
    async with Browser.on(build_site(world)) as browser:
        for path in ("/rehearsal/desk", "/rehearsal/clock", "/rehearsal/events"):
            assert (await browser.visit(path)).status_code == 404
