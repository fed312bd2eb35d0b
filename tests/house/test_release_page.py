"""The desk's pages of batches, without scripts: seen, unticked and released by who may, refused to who may not."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.app import build_web_of
from bot.services.staff import add_namesake
from flows.ids import ConversationId
from flows.vocabulary import Role
from tests.house.acts import EVENING, comes, proactive
from tests.house.records import Records
from tests.web.browser import Browser
from tests.world import World

BATCH = "/desk/release/recall-2026-11-23"


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Browser]:
    """A browser without scripts before the real house."""
    transport = httpx.ASGITransport(build_web_of(world.house))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", follow_redirects=True) as client:
        yield Browser(client)


@pytest.fixture
async def talks(world: World) -> list[ConversationId]:
    """Two patients for whom a person has to release the invitation."""
    found = [world.add_patient(residence="BE")[1] for _ in range(2)]
    await world.house.ticks.run_all()
    return found


async def signs_in(world: World, browser: Browser, role: Role) -> None:
    """Let a colleague sign in by their link."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = add_namesake(uow, world.house.clinic.settings, "Robin Example", role, world.clock.now())
        uow.commit()
    await browser.sign_in(link.url.rpartition("/")[2])


async def test_a_manager_finds_the_batch_from_the_desk_unticks_one_and_releases_the_rest(
    world: World, browser: Browser, records: Records, talks: list[ConversationId]
) -> None:
    await signs_in(world, browser, Role.MANAGER)
    await browser.visit("/desk/")
    assert "To release: 2" in browser.page.text
    await browser.visit("/desk/release")
    assert f'href="{BATCH}"' in browser.page.text
    await browser.visit(BATCH)
    assert browser.page.text.count('type="checkbox"') == len(talks)
    assert "De Linde" in browser.page.text
    kept = records.of("outbox", conversation_id=talks[0])[0]["id"]
    await browser.submit("", ticked=str(kept))
    assert browser.page.url.path == "/desk/release"
    assert "Released: 1. Left out: 1." in browser.page.text
    assert "Nothing is waiting to be released." in browser.page.text
    await comes(world, EVENING)
    assert [proactive(records, talk)[0][1:] for talk in talks] == [("sent", None), ("withdrawn", "left_out")]


async def test_many_boxes_ticked_in_one_form_are_all_read(
    world: World, browser: Browser, records: Records, talks: list[ConversationId]
) -> None:
    await signs_in(world, browser, Role.DENTIST)
    await browser.visit(BATCH)
    ids = [str(row["id"]) for row in records.of("outbox")]
    assert len(ids) == len(talks)
    token = browser.page.text.partition('name="form_token" value="')[2].partition('"')[0]
    pairs = [("form_token", token), ("shown", " ".join(ids)), *(("ticked", each) for each in ids)]
    body = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in pairs)
    kind = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    answer = await browser.client.post(BATCH, content=body, headers=kind)
    assert "Released: 2. Left out: 0." in answer.text


async def test_the_back_button_and_a_second_click_release_nothing_more(
    world: World, browser: Browser, records: Records, talks: list[ConversationId]
) -> None:
    del talks
    await signs_in(world, browser, Role.MANAGER)
    page = await browser.visit(BATCH)
    ids = " ".join(str(row["id"]) for row in records.of("outbox"))
    await browser.submit("", ticked=ids)
    browser.page = page
    await browser.submit("", ticked="")
    assert "Released: 0. Left out: 0. Already decided or gone: 2." in browser.page.text
    assert {row["status"] for row in records.of("outbox")} == {"planned"}
    assert (await browser.visit(BATCH)).status_code == 404


@pytest.mark.parametrize(("shown", "ticked"), [("x", ""), ("1", "-1"), (str(2**63), "")])
async def test_what_is_no_id_is_refused(
    world: World, browser: Browser, talks: list[ConversationId], shown: str, ticked: str
) -> None:
    del talks
    await signs_in(world, browser, Role.MANAGER)
    await browser.visit(BATCH)
    assert (await browser.submit("", shown=shown, ticked=ticked)).status_code == 400


async def test_reception_sees_no_batches_and_nobody_does_without_signing_in(
    world: World, browser: Browser, records: Records, talks: list[ConversationId]
) -> None:
    del talks
    assert (await browser.visit("/desk/release")).status_code == 401
    await signs_in(world, browser, Role.RECEPTION)
    await browser.visit("/desk/")
    assert "/desk/release" not in browser.page.text
    for path in ("/desk/release", BATCH):
        assert (await browser.visit(path)).status_code == 403
    refused = await browser.send(BATCH, shown="1", ticked="1")
    assert refused.status_code == 403
    assert {row["status"] for row in records.of("outbox")} == {"planned"}


async def test_a_release_from_another_site_is_refused(
    world: World, browser: Browser, records: Records, talks: list[ConversationId]
) -> None:
    del talks
    await signs_in(world, browser, Role.MANAGER)
    ids = " ".join(str(row["id"]) for row in records.of("outbox"))
    forged = {"sec-fetch-site": "cross-site"}
    answer = await browser.client.post(BATCH, data={"shown": ids, "ticked": ids}, headers=forged)
    assert answer.status_code == 403
    assert len(await world.house.releasing.batches(world.add_staff())) == 1
