"""The desk's page on which staff say who somebody is, and the files patients send, without scripts."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from bot.app import build_web_of
from bot.services.staff import add_namesake
from bot.services.updates import SentFile
from flows.ids import ConversationId
from flows.vocabulary import AttachmentKind, Role
from tests.house.records import Records
from tests.house.telephone import Phone, comes_by_link, talk_of, whose
from tests.house.test_identifying import patient
from tests.web.browser import Browser
from tests.world import World


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Browser]:
    """A browser without scripts before the real house; a receptionist has signed in."""
    transport = httpx.ASGITransport(build_web_of(world.house))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", follow_redirects=True) as client:
        with world.house.database.unit_of_work(world.house.clinic.id) as uow:
            link = add_namesake(uow, world.house.clinic.settings, "Robin Example", Role.RECEPTION, world.clock.now())
            uow.commit()
        found = Browser(client)
        await found.sign_in(link.url.rpartition("/")[2])
        yield found


@pytest.fixture
async def stranger(world: World, phone: Phone) -> ConversationId:
    """The talk of somebody who has written who they are."""
    await phone.writes("hello")
    await phone.writes("Mia Sample, 02.05.1984")
    return talk_of(world, phone.account)


async def test_staff_are_led_from_the_chat_to_who_it_is(
    world: World, phone: Phone, records: Records, browser: Browser, stranger: ConversationId
) -> None:
    who = patient(world, "Mia", "Sample", date(1984, 5, 2))
    await browser.visit(f"/desk/c/{stranger}")
    assert "Not known yet" in browser.page.text
    assert f'href="/desk/c/{stranger}/who"' in browser.page.text
    await browser.visit(f"/desk/c/{stranger}/who")
    assert "Mia Sample, 02.05.1984" in browser.page.text
    await browser.submit("", patient=str(who))
    talk = talk_of(world, phone.account)
    assert browser.page.url.path == f"/desk/c/{talk}"
    assert whose(records, talk) == who
    await browser.visit(f"/desk/c/{talk}/who")
    assert browser.page.url.path == f"/desk/c/{talk}"


async def test_a_wrong_number_is_refused_on_the_page(
    world: World, phone: Phone, browser: Browser, stranger: ConversationId
) -> None:
    await browser.visit(f"/desk/c/{stranger}/who")
    await browser.submit("", number="nobody has this")
    assert browser.page.status_code == 409
    assert "There is no patient with that number." in browser.page.text
    assert talk_of(world, phone.account) == stranger


async def test_nobody_of_ours_leads_back_to_the_chat(browser: Browser, stranger: ConversationId) -> None:
    await browser.visit(f"/desk/c/{stranger}/who")
    await browser.submit("", nobody="1")
    assert browser.page.url.path == f"/desk/c/{stranger}"


async def test_a_picture_is_shown_and_anything_else_is_saved(world: World, phone: Phone, browser: Browser) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    sent = ((AttachmentKind.PICTURE, "image/png", b"\x89PNG"), (AttachmentKind.DOCUMENT, "text/html", b"<script>"))
    for kind, media_type, content in sent:
        await phone.does(SentFile(kind=kind, name="été.x", media_type=media_type, content=content))
    view = await world.house.desk.conversation(world.add_staff(), talk)
    assert view is not None
    picture, document = (line.attachment for line in view.lines if line.attachment is not None)
    await browser.visit(f"/desk/c/{talk}")
    assert f'<img src="/desk/c/{talk}/file/{picture}"' in browser.page.text
    shown = await browser.client.get(f"/desk/c/{talk}/file/{picture}")
    assert (shown.headers["content-type"], shown.content) == ("image/png", b"\x89PNG")
    saved = await browser.client.get(f"/desk/c/{talk}/file/{document}")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")
    assert "%C3%A9t%C3%A9.x" in saved.headers["content-disposition"]
    assert (await browser.client.get(f"/desk/c/{talk}/file/17")).status_code == 404


async def test_nothing_is_shown_to_whoever_is_not_signed_in(
    world: World, browser: Browser, stranger: ConversationId
) -> None:
    del world
    browser.client.cookies.clear()
    assert (await browser.client.get(f"/desk/c/{stranger}/who")).status_code == 401
    assert (await browser.client.get(f"/desk/c/{stranger}/file/1")).status_code == 401
