"""The desk on small screens: what must be read and pressed has room, whatever else is open."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.pages import LAPTOP, PHONE
from tests.e2e.scenes import busy_morning, invite
from tests.e2e.test_desk_page import ColleagueOf
from tests.web.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("size", [PHONE, {"width": 853, "height": 800}, LAPTOP], ids=["phone", "stage", "laptop"])
async def test_an_open_card_and_an_alert_leave_room_for_the_conversation(
    colleague_of: ColleagueOf, world: World, size: dict[str, int]
) -> None:
    chat = busy_morning(world)["emma"]
    robin = await colleague_of("Robin Example", size)
    await robin.page.goto(re.sub(r"/desk/.*", f"/desk/c/{chat.id}", robin.page.url))
    await robin.show_card()
    talk = await robin.page.locator(".talk-scroll").bounding_box()
    assert talk is not None
    assert talk["height"] >= 150
    await expect(robin.page.locator(".line").last).to_be_in_viewport()
    await expect(robin.page.locator("#answer")).to_be_in_viewport()
    await expect(robin.page.locator("#do-acknowledge")).to_be_in_viewport()


async def test_a_telephone_number_stands_on_one_line(colleague_of: ColleagueOf, world: World) -> None:
    chat = invite(world)
    world.bot_says(chat, "If it cannot wait, please call us on the number that you know: +32 2 555 01 23.")
    robin = await colleague_of("Robin Example", PHONE)
    await robin.open("Anna Example")
    last = robin.page.locator(".line .text").last
    assert "+32\N{NO-BREAK SPACE}2\N{NO-BREAK SPACE}555\N{NO-BREAK SPACE}01\N{NO-BREAK SPACE}23." in (
        await last.text_content() or ""
    )
