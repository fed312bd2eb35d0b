"""Personal links and sign-in links: a look uses nothing up, a press opens once, another's cookie opens nothing."""

import pytest

from flows.vocabulary import Language
from tests.web.browser import Browser
from tests.web.site import Site, build_site
from tests.web.world import PHONE, World

NBSP_PHONE = PHONE.replace(" ", "\u00a0")


async def test_a_scanner_that_fetches_a_personal_link_uses_nothing_up(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    for _ in range(3):
        page = await browser.visit(f"/p/link-{chat.id}")
        assert page.status_code == 200
        assert "Anna" not in page.text
    assert (await browser.submit("")).url.path == f"/c/{chat.id}/"


async def test_a_personal_link_opens_once_and_the_page_stays_open(site: Site, browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    world.bot_says(chat, "Hello Anna")
    assert "Hello Anna" in (await browser.open_chat(chat.id)).text
    assert "Hello Anna" in (await browser.visit(f"/c/{chat.id}/")).text
    async with Browser.on(site) as other:
        page = await other.visit(f"/p/link-{chat.id}")
        assert page.status_code == 404
        assert NBSP_PHONE in page.text


async def test_two_browsers_that_hold_one_link_do_not_both_open_it(site: Site, world: World) -> None:
    chat = world.patient("Anna Example")
    async with Browser.on(site) as first, Browser.on(site) as second:
        await first.visit(f"/p/link-{chat.id}")
        await second.visit(f"/p/link-{chat.id}")
        assert (await first.submit("")).status_code == 200
        assert (await second.submit("")).status_code == 404


async def test_the_session_cookie_belongs_to_one_conversation_and_to_no_script(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    await browser.visit(f"/p/link-{chat.id}")
    browser.client.follow_redirects = False
    cookie = (await browser.submit("")).headers["set-cookie"]
    assert f"Path=/c/{chat.id};" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


async def test_over_https_cookies_are_secure(site: Site, world: World) -> None:
    chat = world.patient("Anna Example")
    async with Browser.on(site) as browser:
        browser.client.base_url = "https://127.0.0.1"
        browser.client.follow_redirects = False
        assert "Secure" in (await browser.visit(f"/p/link-{chat.id}")).headers["set-cookie"]
        assert "Secure" in (await browser.submit("")).headers["set-cookie"]


async def test_a_cookie_of_one_conversation_opens_no_other(browser: Browser, world: World) -> None:
    mine, other = world.patient("Anna Example"), world.patient("Emma Sample")
    world.bot_says(other, "Hello Emma")
    await browser.open_chat(mine.id)
    secret = browser.client.cookies["recare_chat"]
    browser.client.cookies.set("recare_chat", secret, path=f"/c/{other.id}")
    for part in ("", "lines", "events", "files/1"):
        page = await browser.visit(f"/c/{other.id}/{part}")
        assert page.status_code == 401
        assert "Emma" not in page.text


async def test_without_a_session_the_page_says_kindly_what_to_do(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    page = await browser.visit(f"/c/{chat.id}/")
    assert page.status_code == 401
    assert NBSP_PHONE in page.text


async def test_a_stranger_is_answered_in_the_language_the_browser_prefers(site: Site, world: World) -> None:
    chat = world.patient("Anna Example", Language.NL)
    async with Browser.on(site, accept_language="tlh;q=0.9, fr-BE;q=0.8, en;q=0.5, *;q=0.1, nonsense;q=x") as browser:
        assert '<html lang="fr">' in (await browser.visit("/p/wrong")).text
        assert '<html lang="ru">' in (await browser.visit("/p/wrong?lang=ru")).text
        assert '<html lang="nl">' in (await browser.visit(f"/p/link-{chat.id}")).text


@pytest.mark.parametrize("header", ["", "xx", "en;q=0", ","])
async def test_a_stranger_without_wishes_reads_the_clinics_language(world: World, header: str) -> None:
    async with Browser.on(build_site(world), accept_language=header) as browser:
        assert '<html lang="en">' in (await browser.visit("/")).text


async def test_a_sign_in_link_opens_the_desk_once(site: Site, browser: Browser, world: World) -> None:
    token = world.colleague("Robin Example")
    assert "Robin" not in (await browser.visit(f"/desk/sign-in/{token}")).text
    assert "Robin Example" in (await browser.sign_in(token)).text
    async with Browser.on(site) as other:
        assert (await other.sign_in(token)).status_code == 404


async def test_the_desks_cookie_travels_to_the_desk_only(browser: Browser, world: World) -> None:
    token = world.colleague("Robin Example")
    await browser.visit(f"/desk/sign-in/{token}")
    browser.client.follow_redirects = False
    cookie = (await browser.submit("")).headers["set-cookie"]
    assert "Path=/desk;" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


async def test_who_signs_out_is_out_with_every_copy_of_the_cookie(browser: Browser, world: World) -> None:
    await browser.sign_in(world.colleague("Robin Example"))
    secret = browser.client.cookies["recare_desk"]
    await browser.submit("sign-out")
    assert browser.page.status_code == 401
    browser.client.cookies.set("recare_desk", secret, path="/desk")
    assert (await browser.visit("/desk/")).status_code == 401


@pytest.mark.parametrize("path", ["/desk/", "/desk/c/7", "/desk/look?open=7", "/desk/events"])
async def test_the_desk_shows_nothing_without_a_session(browser: Browser, world: World, path: str) -> None:
    world.patient("Anna Example")
    page = await browser.visit(path)
    assert page.status_code == 401
    assert "Anna" not in page.text
