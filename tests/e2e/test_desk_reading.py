"""What was understood stands quietly beside a message; one press opens the list, one more puts it right."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.pages import LAPTOP, PHONE, overflows
from tests.e2e.scenes import invite
from tests.e2e.test_desk_page import ColleagueOf
from tests.web.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
async def test_a_reading_is_put_right_in_two_presses(
    colleague_of: ColleagueOf, world: World, size: dict[str, int]
) -> None:
    chat = invite(world)
    world.patient_says(chat, "honestly its the money at the moment", "money", "price_question")
    world.patient_says(chat, "hm, what would that be", "price_question", "money", "info_question", sure=False)
    robin = await colleague_of("Robin Example", size)
    await robin.open("Anna Example")
    unsure = robin.page.locator(".understood.is-unsure")
    await expect(unsure).to_contain_text("or: money is the reason")
    await unsure.get_by_role("link").click()
    asked = robin.page.get_by_role("form", name="What did the patient mean?")
    await expect(asked.get_by_role("button")).to_have_text(
        ["asks for a price", "money is the reason", "asks a question"]
    )
    await expect(asked).to_be_in_viewport()
    assert not await overflows(robin.page)
    await asked.get_by_text("All meanings").click()
    await asked.get_by_role("button", name="is afraid").click()
    await robin.is_told("Thank you, noted.")
    await expect(robin.page.locator(".understood.is-put-right")).to_have_text(re.compile("Put right: is afraid"))
    await expect(asked).to_have_count(0)


async def test_the_list_is_put_away_and_stays_open_while_others_write(colleague_of: ColleagueOf, world: World) -> None:
    chat = invite(world)
    world.patient_says(chat, "hm, what would that be", "price_question", "money", sure=False)
    robin = await colleague_of("Robin Example")
    await robin.open("Anna Example")
    await robin.page.locator(".understood").get_by_role("link").click()
    asked = robin.page.get_by_role("form", name="What did the patient mean?")
    await asked.get_by_text("All meanings").click()
    world.patient_says(chat, "are you there?", "human")
    await robin.sees("are you there?")
    await expect(asked.get_by_role("button", name="is afraid")).to_be_visible()
    await asked.get_by_role("link", name="Close").click()
    await expect(asked).to_have_count(0)
