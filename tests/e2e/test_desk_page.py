"""The desk in a real browser: live for two, by keyboard and on a phone, with an emergency nobody can miss."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, expect

from flows.vocabulary import TicketReason, Urgency
from tests.e2e.pages import LAPTOP, PHONE, Colleague, Patient, overflows
from tests.e2e.scenes import busy_morning, invite
from tests.web.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

ColleagueOf = Callable[..., Awaitable[Colleague]]
PatientOf = Callable[..., Awaitable[Patient]]


async def test_two_colleagues_see_each_others_acts_without_reloading(colleague_of: ColleagueOf, world: World) -> None:
    invite(world)
    robin, sam = await colleague_of("Robin Example"), await colleague_of("Sam Sample")
    await sam.open("Anna Example")
    await robin.take_over("Anna Example")
    await expect(sam.row("Anna Example")).to_contain_text("with Robin Example")
    await expect(sam.page.locator("#do-take")).to_have_count(0)
    await expect(sam.page.locator("#answer")).to_have_count(0)
    await robin.answer("Good morning Anna")
    await sam.sees("Good morning Anna")
    await robin.hand_back()
    await expect(sam.page.locator("#do-take")).to_be_visible()


async def test_a_patient_and_a_colleague_talk(patient_of: PatientOf, colleague_of: ColleagueOf, world: World) -> None:
    patient, robin = await patient_of(invite(world)), await colleague_of("Robin Example")
    await robin.take_over("Anna Example")
    await robin.answer("Good morning Anna")
    await patient.sees("Good morning Anna")
    await patient.write("good morning Robin")
    await robin.sees("good morning Robin")


async def test_the_slower_of_two_who_take_is_told(colleague_of: ColleagueOf, world: World) -> None:
    chat = invite(world)
    sam = await colleague_of("Sam Sample")
    await sam.open("Anna Example")
    chat.holder = "Robin Example"
    await sam.page.locator("#do-take").click()
    await sam.is_told("A colleague holds this chat.")
    await expect(sam.page.locator("#do-take")).to_have_count(0)


async def test_an_emergency_rings_wherever_one_is_until_it_is_acknowledged(
    patient_of: PatientOf, colleague_of: ColleagueOf, world: World
) -> None:
    invite(world, "Emma Sample")
    patient, robin = await patient_of(invite(world)), await colleague_of("Robin Example")
    await robin.open("Emma Sample")
    await expect(robin.page.locator(".alarm")).to_be_hidden()
    await patient.write("my cheek is swollen")
    alarm = robin.page.get_by_role("alert").filter(has_text="URGENT: Anna Example")
    await expect(alarm).to_be_in_viewport()
    await expect(robin.page).to_have_title(re.compile("^URGENT: Anna Example"))
    await alarm.get_by_role("link", name="Open").click()
    await robin.sees("my cheek is swollen")
    await robin.acknowledge()
    await expect(robin.page.locator(".alarm")).to_be_hidden()
    await expect(robin.page).to_have_title(re.compile("^Anna Example"))


async def test_everything_is_done_by_keyboard(colleague_of: ColleagueOf, world: World) -> None:
    chat = invite(world)
    world.ticket(chat, TicketReason.QUESTION, Urgency.TODAY)
    invite(world, "Emma Sample")
    robin = await colleague_of("Robin Example")
    keys = robin.page.keyboard
    for key in ("j", "j", "k"):
        await keys.press(key)
    await expect(robin.row("Anna Example")).to_be_focused()
    await keys.press("Enter")
    await expect(robin.page.locator(".talk-head h2")).to_have_text("Anna Example")
    await keys.press("t")
    await expect(robin.page.locator("#do-hand-back")).to_be_visible()
    await keys.press("r")
    await keys.type("jkt? is only text here")
    await keys.press("Enter")
    await robin.sees("jkt? is only text here")
    await keys.press("Escape")
    await expect(robin.page.locator("#answer")).not_to_be_focused()
    await keys.press("Escape")
    await expect(robin.page).to_have_url(re.compile("/desk/$"))
    await expect(robin.row("Anna Example")).to_be_focused()
    await keys.press("?")
    await expect(robin.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await keys.press("Escape")
    await expect(robin.page.get_by_role("dialog")).to_be_hidden()
    await keys.press("/")
    await keys.type("emma")
    await expect(robin.row("Anna Example")).to_be_hidden()
    await expect(robin.row("Emma Sample")).to_be_visible()


async def test_a_half_written_answer_survives_what_others_do(colleague_of: ColleagueOf, world: World) -> None:
    chat = invite(world)
    robin = await colleague_of("Robin Example")
    await robin.take_over("Anna Example")
    await robin.page.locator("#answer").press_sequentially("Good mor")
    world.patient_says(chat, "hello?")
    await robin.sees("hello?")
    await robin.page.locator("#note").fill("half a note")
    chat.visit = None
    world.ticket(chat, TicketReason.WORRY, Urgency.TODAY)
    await expect(robin.page.locator(".ticket")).to_be_visible()
    await expect(robin.page.locator("#note")).to_have_value("half a note")
    await robin.page.locator("#answer").focus()
    await robin.page.keyboard.press("End")
    await robin.page.keyboard.type("ning")
    await expect(robin.page.locator("#answer")).to_have_value("Good morning")


async def test_an_answer_lost_on_the_way_back_is_repeated_without_doubling(
    colleague_of: ColleagueOf, world: World
) -> None:
    invite(world)
    robin = await colleague_of("Robin Example")
    await robin.take_over("Anna Example")

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort("connectionreset")

    await robin.page.route("**/answer", lose_the_answer, times=1)
    await robin.page.locator("#answer").fill("only once")
    await robin.page.keyboard.press("Enter")
    await robin.is_told("That did not work. Please try again.")
    await expect(robin.page.locator("#answer")).to_have_value("only once")
    await robin.answer("only once")
    assert len(world.answers) == 2
    assert len(set(world.answers)) == 1


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_a_visit_is_booked_and_marked(colleague_of: ColleagueOf, world: World, size: dict[str, int]) -> None:
    chat = invite(world)
    robin = await colleague_of("Robin Example", size)
    await robin.open("Anna Example")
    assert "Book Tue" in await robin.book_first_time()
    await robin.is_told("Booked; the patient has been told.")
    await expect(robin.page.locator(".times")).to_have_count(0)
    assert chat.visit is not None
    world.clock.at = chat.visit.slot.starts_at
    world.signal(chat)
    await robin.mark_visited()
    await robin.note("came in good time")


@pytest.mark.parametrize("width", [360, *(pytest.param(width, marks=pytest.mark.long) for width in (768, 1280, 1920))])
async def test_nothing_is_wider_than_the_screen(colleague_of: ColleagueOf, world: World, width: int) -> None:
    chats = busy_morning(world)
    robin = await colleague_of("Robin Example", {"width": width, "height": 800})
    assert not await overflows(robin.page)
    for chat in chats.values():
        await robin.page.goto(re.sub(r"/desk/.*", f"/desk/c/{chat.id}?times=1", robin.page.url))
        assert not await overflows(robin.page)
        for box in [
            await one.bounding_box() for one in await robin.page.locator(".bubble, .talk-head *, .row:visible").all()
        ]:
            assert box is None or box["x"] + box["width"] <= width + 1


async def test_on_a_phone_list_and_conversation_are_two_views(colleague_of: ColleagueOf, world: World) -> None:
    invite(world)
    robin = await colleague_of("Robin Example", PHONE)
    await expect(robin.page.locator(".open")).to_be_hidden()
    await robin.open("Anna Example")
    await expect(robin.page.locator(".side")).to_be_hidden()
    await robin.page.get_by_role("link", name="All conversations").click()
    await expect(robin.page.locator(".side")).to_be_visible()
    await robin.page.go_back()
    await expect(robin.page.locator(".talk-head h2")).to_be_visible()


async def test_on_a_wide_screen_list_conversation_and_card_stand_side_by_side(
    colleague_of: ColleagueOf, world: World
) -> None:
    invite(world)
    robin = await colleague_of("Robin Example", {"width": 1920, "height": 1080})
    await robin.open("Anna Example")
    columns = [robin.page.locator(part) for part in (".side", ".talk-scroll", "details.card")]
    lefts = [box["x"] for box in [await column.bounding_box() for column in columns] if box]
    assert lefts == sorted(set(lefts))
    assert len(lefts) == 3


async def test_a_name_is_found_without_its_accents(colleague_of: ColleagueOf, world: World) -> None:
    invite(world, "Émile Exemple")
    invite(world, "Anna Example")
    robin = await colleague_of("Robin Example")
    await robin.page.get_by_role("searchbox", name="Search by name").fill("emile")
    await expect(robin.row("Anna Example")).to_be_hidden()
    await expect(robin.row("Émile Exemple")).to_be_visible()
    world.patient_says(invite(world, "Luc Exemple"), "hello")
    await expect(robin.row("Luc Exemple")).to_have_count(1)
    await expect(robin.row("Luc Exemple")).to_be_hidden()
    await robin.page.get_by_role("searchbox").fill("nobody")
    await expect(robin.page.get_by_text("No conversation matches.")).to_be_visible()


async def test_a_screen_reader_finds_its_way(colleague_of: ColleagueOf, world: World) -> None:
    invite(world)
    page = (await colleague_of("Robin Example")).page
    await page.get_by_role("navigation", name="Conversations").get_by_role("link", name="Anna Example").click()
    await expect(page.get_by_role("log", name="Conversation with Anna Example")).to_be_visible()
    await expect(page.get_by_role("complementary", name="Patient")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Answer to Anna Example")).to_be_visible()
    await expect(page.get_by_role("textbox", name="A note for the team")).to_be_visible()
    await expect(page.get_by_role("button", name="Take over")).to_be_visible()


async def test_without_scripts_the_desk_still_works(colleague_of: ColleagueOf, world: World) -> None:
    chat = invite(world)
    robin = await colleague_of("Robin Example", java_script_enabled=False)
    await robin.take_over("Anna Example")
    await robin.page.locator("#answer").fill("written without scripts")
    await robin.page.locator(".answer button").click()
    await robin.sees("written without scripts")
    assert chat.lines[-1].speaker == "Robin Example"


async def test_who_signs_out_elsewhere_is_out_here(colleague_of: ColleagueOf, world: World) -> None:
    chat = invite(world)
    robin = await colleague_of("Robin Example")
    world.staff_sessions.clear()
    world.signal(chat)
    await expect(robin.page.get_by_role("heading", name="Please sign in")).to_be_visible()
