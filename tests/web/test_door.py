"""The door: hosts, forged requests, sizes, kinds of bodies, headers, and what is said when nothing can be served."""

import logging
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.headers import FramePolicy, security_headers
from tests.web.browser import PAGE_HEADERS, Browser
from tests.web.site import Front, Site, build_site
from tests.web.world import World

INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


async def test_every_answer_carries_the_security_headers(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    await browser.sign_in(world.colleague("Robin Example"))
    chat_pages = (f"/c/{chat.id}/", f"/c/{chat.id}/lines")
    for path in (*chat_pages, "/", "/desk/", "/desk/look", "/nothing", "/health", "/p/wrong"):
        headers = (await browser.visit(path)).headers
        for name, value in security_headers(FramePolicy.NOBODY).items():
            assert headers[name] == value, (path, name)


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    policy = security_headers(FramePolicy.NOBODY)["content-security-policy"].split("; ")
    assert policy == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    staged = security_headers(FramePolicy.SELF)["content-security-policy"]
    assert staged.endswith("frame-ancestors 'self'; frame-src 'self'")


async def test_pages_hold_no_inline_script_or_style_and_load_only_from_here(world: World) -> None:
    chat = world.patient("Anna Example")
    world.bot_says(chat, "Hello", "Yes", file_name="visit.ics")
    async with Browser.on(build_site(world, front=Front.REHEARSAL)) as browser:
        pages = [await browser.open_chat(chat.id), await browser.visit("/"), await browser.visit("/nothing")]
        pages.append(await browser.sign_in(world.colleague("Robin Example")))
        pages.append(await browser.visit(f"/desk/c/{chat.id}?times=1"))
        for page in pages:
            assert not INLINE.search(page.text)
            assert not re.search(r'(src|href|action)="(https?:)?//', page.text)


async def test_static_files_may_be_kept_for_ever_and_an_old_address_is_gone(browser: Browser) -> None:
    page = await browser.visit("/")
    address = re.search(r'href="(/static/[^"]+base\.css)"', page.text)
    assert address is not None
    file = await browser.visit(address[1])
    assert file.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in file.headers["cache-control"]
    assert "set-cookie" not in file.headers
    for wrong in ("/static/0123456789abcdef/web/base.css", address[1] + ".map", "/static/x/web/..%2f..%2fpages.py"):
        assert (await browser.visit(wrong)).status_code == 404


async def test_a_static_file_nobody_has_cannot_be_named_in_a_page(site: Site) -> None:
    with pytest.raises(KeyError):
        site.pages.assets.url("web/none.css")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", ""])
async def test_a_request_for_another_host_is_refused(stranger: httpx.AsyncClient, host: str) -> None:
    answer = await stranger.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1"])
async def test_our_own_hosts_are_answered_on_any_port(stranger: httpx.AsyncClient, host: str) -> None:
    assert (await stranger.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "foreign",
    [
        {"sec-fetch-site": "cross-site", "x-recare": "page"},
        {"sec-fetch-site": "same-site", "x-recare": "page"},
        {"sec-fetch-site": "none", "x-recare": "page"},
        {"origin": "https://evil.example", "x-recare": "page"},
        {"origin": "null"},
        {"sec-fetch-site": "same-origin"},
        {},
    ],
)
async def test_a_request_that_another_site_forged_changes_nothing(
    browser: Browser, world: World, foreign: dict[str, str]
) -> None:
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    fields = {"update_id": "forged-0001", "text": "forged"}
    answer = await browser.client.post(f"/c/{chat.id}/messages", json=fields, headers=foreign)
    form = await browser.client.post(f"/c/{chat.id}/messages", data=fields, headers=foreign)
    assert (answer.status_code, form.status_code) == (403, 403)
    assert chat.lines == []


async def test_a_browser_without_fetch_metadata_still_sends_our_forms(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    token = browser.client.cookies["recare_form"]
    fields = {"update_id": "old-phone-1", "text": "from an old phone", "form_token": token}
    answer = await browser.client.post(f"/c/{chat.id}/messages", data=fields, headers={"origin": "null"})
    assert answer.status_code == 200
    own = {"origin": "http://127.0.0.1", "x-recare": "page"}
    await browser.client.post(f"/c/{chat.id}/messages", json={"update_id": "old-phone-2", "text": "again"}, headers=own)
    assert [line.text for line in chat.lines if line.voice == "patient"] == ["from an old phone", "again"]


async def test_a_form_with_another_browsers_token_is_refused(site: Site, browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    async with Browser.on(site) as other:
        await other.visit("/")
        token = other.client.cookies["recare_form"]
    fields = {"update_id": "forged-0001", "text": "forged", "form_token": token}
    answer = await browser.client.post(f"/c/{chat.id}/messages", data=fields, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 403
    assert chat.lines == []


async def test_a_body_over_64_kilobytes_is_refused_before_it_is_read(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    address = f"/c/{chat.id}/messages"
    announced = await browser.send(address, update_id="large-0001", text="x" * 70_000)
    assert announced.status_code == 413
    assert announced.json()["message"]

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 10_000

    streamed = await browser.client.post(
        address, content=endless(), headers={**PAGE_HEADERS, "content-type": "application/json"}
    )
    assert streamed.status_code == 413
    assert chat.lines == []


async def test_the_longest_message_a_patient_may_write_passes_in_any_script(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    await browser.submit("messages", text="🙂" * 4096)
    assert chat.lines[0].text == "🙂" * 4096


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{", 400),
        ("application/json", b"[]", 400),
        ("application/json", b'{"text": 1}', 400),
        ("application/json", b'{"text": "\\ud800"}', 400),
        ("application/json", b'{"text": "\\u0000"}', 400),
        ("application/json", b"[" * 60_000, 400),
        ("application/json", b"\xff", 400),
        ("application/json", b"{" + b",".join(b'"%d": ""' % n for n in range(30)) + b"}", 400),
        ("application/x-www-form-urlencoded", b"text=%FF", 400),
        ("application/x-www-form-urlencoded", b"\xc3\xa9=1", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(30)), 400),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("text/plain", b'{"text": "x"}', 415),
        ("", b"", 415),
    ],
)
async def test_a_body_we_cannot_read_is_refused(
    browser: Browser, world: World, kind: str, body: bytes, status: int
) -> None:
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    headers = {**PAGE_HEADERS, "content-type": kind}
    answer = await browser.client.post(f"/c/{chat.id}/messages", content=body, headers=headers)
    assert answer.status_code == status
    assert chat.lines == []


async def test_errors_are_pages_of_ours_without_details(world: World) -> None:
    async def broken(_request: Request) -> Response:
        raise RuntimeError("secret detail")

    site = build_site(world, routes=(Route("/broken", broken),))
    transport = httpx.ASGITransport(site.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        failed = await client.get("/broken")
        missing = await client.get("/nothing")
        wrong_method = await client.get("/desk/sign-out")
    assert (failed.status_code, missing.status_code, wrong_method.status_code) == (500, 404, 405)
    assert wrong_method.headers["allow"] == "POST"
    for answer in (failed, missing, wrong_method):
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert "<h1>" in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_no_token_and_no_text_is_ever_logged(
    browser: Browser, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    await browser.submit("messages", text="a private matter")
    await browser.visit("/p/wrong-token")
    refused = await browser.client.post("/p/another-token", data={"text": "a private matter"})
    assert refused.status_code == 403
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert ours == ["request refused: neither our header nor our form's token"]


async def test_health_answers_200_when_well_and_503_when_not(site: Site, browser: Browser) -> None:
    assert (await browser.visit("/health")).json() == {"status": "ok"}
    site.health.status = "failing"
    assert (await browser.visit("/health")).status_code == 503


async def test_the_front_door_names_the_clinic_and_nobody_else(browser: Browser, world: World) -> None:
    world.patient("Anna Example")
    page = await browser.visit("/")
    assert "De Linde dental practice" in page.text
    assert "Anna" not in page.text
    assert "/desk" not in page.text
