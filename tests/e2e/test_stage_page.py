"""The rehearsal's stage in a real browser: phones and desk side by side, live, with a clock one can move."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import expect

from flows.vocabulary import Language
from tests.e2e.conftest import Window, in_session
from tests.e2e.pages import LAPTOP, Stage, overflows
from tests.e2e.scenes import invite
from tests.e2e.server import serving
from tests.web.site import Front, build_site
from tests.web.world import MONDAY, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@in_session
async def site(world: World) -> AsyncIterator[str]:
    """The address of the clinic's site, with the stage at its front."""
    built = build_site(world, front=Front.REHEARSAL)
    async with serving(built.app, built.signals) as address:
        yield address


async def test_phones_and_desk_are_live_together(window: Window, site: str, world: World) -> None:
    for name in ("Anna Example", "Emma Sample", "Luc Exemple", "Vera Sample", "Piet Sample", "Olga Sample"):
        invite(world, name)
    stage = await Stage.set(await window(LAPTOP), site)
    anna, emma = stage.phone("Anna Example"), stage.phone("Emma Sample")
    await anna.press("Other times")
    await anna.sees("You chose: Other times.")
    await emma.write("my cheek is swollen")
    await expect(stage.desk.view.locator(".alarm")).to_contain_text("URGENT: Emma Sample")
    await stage.desk.take_over("Emma Sample")
    await stage.desk.answer("We are calling you now")
    await emma.sees("We are calling you now")


async def test_moving_the_clock_brings_what_is_due(window: Window, site: str, world: World) -> None:
    chat = invite(world)
    world.due.append((MONDAY + timedelta(days=3), chat, "How are you after your visit?"))
    stage = await Stage.set(await window(LAPTOP), site)
    await expect(stage.page.locator(".hour")).to_have_text("9:30")
    await stage.move("hour")
    await expect(stage.page.locator(".hour")).to_have_text("10:30")
    await stage.move("next")
    await stage.phone("Anna Example").sees("How are you after your visit?")
    await expect(stage.page.locator(".clock .date")).to_have_text("Thursday 26 November")
    await stage.move("day")
    await expect(stage.page.locator(".clock .date")).to_have_text("Friday 27 November")


@pytest.mark.parametrize("language", Language)
async def test_the_stage_and_its_desk_speak_the_chosen_language(
    window: Window, site: str, world: World, language: Language
) -> None:
    invite(world)
    stage = await Stage.set(await window(LAPTOP), site)
    await stage.page.locator(f'.languages a[lang="{language}"]').click()
    await expect(stage.page.locator("html")).to_have_attribute("lang", language.value)
    await expect(stage.page.locator(".synthetic strong")).to_be_in_viewport()
    await expect(stage.desk.view.locator("html")).to_have_attribute("lang", language.value)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1280, 800), (1920, 1080)])
async def test_nothing_is_wider_than_the_screen(
    window: Window, site: str, world: World, width: int, height: int
) -> None:
    for name in ("Anna Example", "Emma Sample", "x" * 90, "Luc Exemple"):
        invite(world, name)
    stage = await Stage.set(await window({"width": width, "height": height}), site)
    assert not await overflows(stage.page)


@pytest.mark.parametrize("width", [360, 1280])
async def test_every_phone_is_named_and_brought_into_sight_by_its_name(
    window: Window, site: str, world: World, width: int
) -> None:
    people = ("Anna Example", "Emma Sample", "Luc Exemple", "Vera Sample")
    for name in people:
        invite(world, name)
    stage = await Stage.set(await window({"width": width, "height": 800}), site)
    names = stage.page.get_by_role("navigation", name="Patients’ phones").get_by_role("link")
    await expect(names).to_have_text(list(people))
    await expect(names.first).to_have_attribute("aria-current", "true")
    last = stage.page.locator(".phones li").last
    await expect(last).not_to_be_in_viewport(ratio=0.3)
    await names.last.click()
    await expect(last).to_be_in_viewport(ratio=0.6)
    await expect(names.last).to_have_attribute("aria-current", "true")


async def test_who_signs_out_of_the_rehearsals_desk_is_signed_in_again(window: Window, site: str, world: World) -> None:
    invite(world)
    stage = await Stage.set(await window(LAPTOP), site)
    sessions = set(world.staff_sessions)
    await stage.desk.view.get_by_role("button", name="Sign out").click()
    await expect(stage.desk.row("Anna Example")).to_be_visible()
    await stage.desk.take_over("Anna Example")
    assert not sessions & set(world.staff_sessions)


async def test_a_phone_can_be_opened_alone(window: Window, site: str, world: World) -> None:
    chat = invite(world)
    stage = await Stage.set(await window(LAPTOP), site)
    async with stage.page.context.expect_page() as opened:
        await stage.page.locator(".whose .alone").click()
    page = await opened.value
    await expect(page.locator(".lines")).to_contain_text("Which suits you better?")
    assert page.url.endswith(f"/c/{chat.id}/")
