"""The patient's page in a real browser: a messenger on a phone that loses nothing and doubles nothing."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, expect

from bot.services.views import Voice
from tests.e2e.conftest import Window
from tests.e2e.pages import Patient, overflows
from tests.e2e.scenes import ANSWERS, HOSTILE_NAME, HOSTILE_TEXT, invite, talk_at_length
from tests.web.world import Chat, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PatientOf = Callable[..., Awaitable[Patient]]


def said(chat: Chat) -> list[str]:
    """What the patient said."""
    return [line.text for line in chat.lines if line.voice is Voice.PATIENT]


async def test_a_patient_reads_presses_and_is_asked_the_next_question(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)
    await patient.sees("Which suits you better?")
    await patient.is_asked(*ANSWERS)
    await patient.press("Other times")
    await patient.sees("You chose: Other times.")
    await patient.is_asked("Other times", "Not now", "A person, please")
    await expect(patient.unsent).to_have_count(0)
    assert said(chat) == ["Other times"]


async def test_enter_sends_and_shift_enter_begins_a_line(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)
    field = patient.page.locator("#text")
    await field.press_sequentially("good morning")
    await field.press("Shift+Enter")
    await field.press_sequentially("there")
    await field.press("Enter")
    await patient.sees("good morning")
    await expect(field).to_have_value("")
    assert said(chat) == ["good morning\nthere"]
    await field.press("Enter")
    assert len(said(chat)) == 1


async def test_what_is_new_appears_by_itself_and_in_sight(patient_of: PatientOf, world: World) -> None:
    chat = talk_at_length(world)
    patient = await patient_of(chat)
    world.bot_says(chat, "A reminder of your visit.")
    await patient.sees("A reminder of your visit.")
    await expect(patient.page.get_by_text("A reminder of your visit.")).to_be_in_viewport()


async def test_who_reads_above_is_not_pulled_down(patient_of: PatientOf, world: World) -> None:
    chat = talk_at_length(world)
    patient = await patient_of(chat)
    await patient.page.locator(".scroll").evaluate("box => { box.scrollTop = 0; }")
    world.bot_says(chat, "A reminder of your visit.")
    jump = patient.page.locator(".jump")
    await expect(jump).to_be_visible()
    await expect(patient.page.get_by_text("A reminder of your visit.")).not_to_be_in_viewport()
    await jump.click()
    await expect(patient.page.get_by_text("A reminder of your visit.")).to_be_in_viewport()
    await expect(jump).to_be_hidden()


async def test_without_connection_nothing_is_lost_and_nothing_doubles(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)
    await patient.page.context.set_offline(offline=True)
    await patient.write("are you there")
    await expect(patient.unsent.locator(".failed")).to_be_visible()
    await patient.write("and this")
    await expect(patient.unsent.locator(".failed:visible")).to_have_count(2)
    await patient.page.context.set_offline(offline=False)
    await patient.sees("are you there")
    await expect(patient.unsent).to_have_count(0)
    await patient.sees("and this")
    assert said(chat) == ["are you there", "and this"]


async def test_an_answer_lost_on_the_way_back_is_repeated_without_doubling(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)
    lost: list[str] = []

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        lost.append(route.request.post_data or "")
        await route.abort("connectionreset")

    await patient.page.route("**/messages", lose_the_answer, times=1)
    await patient.write("only once")
    await expect(patient.unsent.locator(".failed")).to_be_visible()
    assert len(lost) == 1
    await patient.tries_again()
    await patient.sees("only once")
    await expect(patient.unsent).to_have_count(0)
    assert said(chat) == ["only once"]


async def test_what_was_not_sent_survives_a_reload(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)
    await patient.page.route("**/messages", lambda route: route.abort(), times=1)
    await patient.write("kept")
    await expect(patient.unsent.locator(".failed")).to_be_visible()
    await patient.page.reload()
    await patient.sees("kept")
    await expect(patient.unsent).to_have_count(0)
    assert said(chat) == ["kept"]


async def test_what_was_sent_too_fast_waits_its_turn_and_is_sent_by_itself(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)

    async def too_fast(route: Route) -> None:
        await route.fulfill(status=503, headers={"Retry-After": "1"}, json={"message": "in a minute"})

    await patient.page.route("**/messages", too_fast, times=1)
    await patient.write("first")
    await patient.write("second")
    await expect(patient.unsent.locator(".failed:visible")).to_have_count(0)
    await patient.sees("second")
    await expect(patient.unsent).to_have_count(0)
    assert said(chat) == ["first", "second"]


async def test_a_button_nobody_knows_is_refused_kindly(patient_of: PatientOf, world: World) -> None:
    patient = await patient_of(invite(world))
    await patient.page.locator(".choices button").first.evaluate("button => { button.value = 'made up'; }")
    await patient.page.locator(".choices button").first.click()
    await expect(patient.page.get_by_role("alert").filter(has_text="no longer valid")).to_be_visible()
    await expect(patient.unsent).to_have_count(0)


async def test_staff_who_take_over_are_named_and_the_buttons_leave(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)
    await patient.is_spoken_to_by("Automatic assistant")
    chat.holder = "Robin Example"
    world.staff_says(chat, "Robin Example", "Good morning Anna")
    await patient.is_spoken_to_by("Robin Example from our team is writing to you")
    await patient.is_asked()
    await patient.sees("Good morning Anna")


async def test_the_calendar_file_can_be_loaded(patient_of: PatientOf, world: World) -> None:
    chat = talk_at_length(world)
    patient = await patient_of(chat)
    async with patient.page.expect_download() as download:
        await patient.page.locator("a.file").click()
    file = await download.value
    assert file.suggested_filename == "visit.ics"
    assert (await file.path()).read_bytes() == chat.file


@pytest.mark.parametrize("width", [320, 360, 1280])
async def test_nothing_is_wider_than_the_screen(patient_of: PatientOf, world: World, width: int) -> None:
    chat = invite(world, HOSTILE_NAME)
    world.patient_says(chat, HOSTILE_TEXT)
    world.staff_says(chat, HOSTILE_NAME, HOSTILE_TEXT)
    world.bot_says(chat, HOSTILE_TEXT, "x" * 60, "Other times", file_name="y" * 90 + ".ics")
    patient = await patient_of(chat, {"width": width, "height": 640})
    assert not await overflows(patient.page)
    boxes = patient.page.locator(".bubble, .choices button, .head h1, .name")
    for box in [await one.bounding_box() for one in await boxes.all()]:
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


async def test_a_screen_reader_finds_the_log_the_choices_and_the_field(patient_of: PatientOf, world: World) -> None:
    page = (await patient_of(invite(world))).page
    await expect(page.get_by_role("log", name="Messages")).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_role("group", name="Your answer").get_by_role("button")).to_have_count(len(ANSWERS))
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    await expect(page.get_by_role("button", name="Send")).to_be_visible()
    await expect(page.get_by_role("link", name="Call +32 2 555 01 23")).to_have_attribute("href", "tel:+3225550123")


async def test_what_has_not_changed_is_left_as_it_stands(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)
    choice = patient.page.locator(".choices button").first
    await choice.focus()
    await choice.evaluate("button => { button.dataset.same = 'yes'; }")
    async with patient.page.expect_response("**/lines"):
        world.signal(chat)
    await expect(choice).to_have_attribute("data-same", "yes")
    await expect(choice).to_be_focused()


async def test_only_what_is_new_is_put_into_the_log(patient_of: PatientOf, world: World) -> None:
    chat = talk_at_length(world)
    patient = await patient_of(chat)
    await patient.page.evaluate(
        """() => {
          window.added = [];
          new MutationObserver((changes) => {
            for (const change of changes) window.added.push(...[...change.addedNodes].map((node) => node.textContent));
          }).observe(document.getElementById("log"), { childList: true });
        }"""
    )
    world.bot_says(chat, "A reminder of your visit.")
    await patient.sees("A reminder of your visit.")
    added = await patient.page.evaluate("window.added.map((text) => text.replace(/\\s+/g, ' ').trim())")
    assert added == ["A reminder of your visit. 9:30"]


async def test_without_scripts_the_page_still_works(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat, java_script_enabled=False)
    await patient.press("Not now")
    await patient.sees("You chose: Not now.")
    await patient.page.locator("#text").fill("written without scripts")
    await patient.page.locator(".composer button").click()
    await patient.sees("written without scripts")
    assert said(chat) == ["Not now", "written without scripts"]


async def test_a_session_that_ended_closes_the_page_kindly(patient_of: PatientOf, world: World) -> None:
    chat = invite(world)
    patient = await patient_of(chat)
    world.sessions.clear()
    world.signal(chat)
    await expect(patient.page.get_by_role("heading", name="closed on this device")).to_be_visible()


async def test_light_and_dark_follow_the_reader(window: Window, patient_of: PatientOf, world: World) -> None:
    del window
    grounds = set()
    for scheme in ("light", "dark"):
        page = (await patient_of(invite(world), color_scheme=scheme)).page
        grounds.add(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2


async def test_who_asks_for_calm_sees_no_motion(patient_of: PatientOf, world: World) -> None:
    page = (await patient_of(invite(world), reduced_motion="reduce")).page
    names = await page.locator(".choices button").first.evaluate("button => getComputedStyle(button).animationName")
    assert names == "none"
