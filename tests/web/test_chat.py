"""The patient's page without scripts, and what its script asks for: lines, presses, repeats, files, hostile texts."""

from datetime import timedelta

import pytest

from bot.channels.webchat import WebChat
from bot.channels.webchat.bubbles import bubbles, writing_now
from bot.services.desk_ports import ChatSession
from bot.services.ports import OutgoingMessage
from bot.services.views import Voice
from flows.vocabulary import Channel, Language
from tests.web.browser import PAGE_HEADERS, Browser
from tests.web.patients import MemoryPatients
from tests.web.world import Chat, World

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 1234 * 4321 }} {% raw %}",
    "\u202egnp.exe\u202c \u05e9\u05dc\u05d5\u05dd",
    "🙂" * 4096,
    "W" * 4096,
]


@pytest.fixture
async def chat(browser: Browser, world: World) -> Chat:
    """A patient whose page is open in the browser."""
    chat = world.patient("Anna Example")
    world.bot_says(chat, "Which suits you better?", "Tuesday", "Other times")
    await browser.open_chat(chat.id)
    return chat


async def test_a_patient_without_scripts_writes_and_presses(browser: Browser, chat: Chat) -> None:
    await browser.submit("messages", payload=chat.buttons[0].payload)
    assert "You chose: Tuesday." in browser.page.text
    await browser.submit("messages", text="good morning\r\nthere")
    assert [line.text for line in chat.lines if line.voice is Voice.PATIENT] == ["Tuesday", "good morning\nthere"]


async def test_reloading_after_sending_sends_nothing_again(browser: Browser, chat: Chat) -> None:
    assert browser.page.request.method == "GET"
    await browser.submit("messages", text="once")
    assert browser.page.request.method == "GET"
    await browser.visit(f"/c/{chat.id}/")
    assert sum(line.text == "once" for line in chat.lines) == 1


async def test_an_empty_message_is_not_sent(browser: Browser, chat: Chat) -> None:
    assert (await browser.submit("messages", text="  \n ")).status_code == 200
    assert len(chat.lines) == 1


async def test_the_same_update_has_its_effect_once(browser: Browser, chat: Chat) -> None:
    for _ in range(3):
        answer = await browser.send(f"/c/{chat.id}/messages", update_id="update-0001", text="once")
        assert answer.status_code == 204
    assert sum(line.text == "once" for line in chat.lines) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"update_id": "update-0001", "payload": "made up"},
        {"update_id": "update-0001", "payload": ""},
        {"update_id": "update-0001", "payload": "1:0:0", "text": "both"},
        {"update_id": "update-0001"},
        {"update_id": "short", "text": "hello"},
        {"update_id": "x" * 65, "text": "hello"},
        {"update_id": "with space", "text": "hello"},
        {"text": "hello"},
    ],
)
async def test_what_the_page_would_never_send_is_refused(browser: Browser, chat: Chat, fields: dict[str, str]) -> None:
    answer = await browser.send(f"/c/{chat.id}/messages", **fields)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert len(chat.lines) == 1


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_texts_and_names_stay_text(browser: Browser, world: World, chat: Chat, text: str) -> None:
    await browser.send(f"/c/{chat.id}/messages", update_id="hostile-0001", text=text)
    world.staff_says(chat, text[:60], text)
    world.bot_says(chat, text, text[:40])
    page = (await browser.visit(f"/c/{chat.id}/")).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert str(1234 * 4321) not in page
    assert 'dir="auto"' in page


async def test_lines_that_have_not_changed_are_not_sent_again(browser: Browser, world: World, chat: Chat) -> None:
    first = await browser.visit(f"/c/{chat.id}/lines")
    assert first.status_code == 200
    assert "<html" not in first.text
    seen = {**PAGE_HEADERS, "if-none-match": first.headers["etag"]}
    again = await browser.client.get(f"/c/{chat.id}/lines", headers=seen)
    assert (again.status_code, again.text) == (304, "")
    world.bot_says(chat, "something new")
    fresh = await browser.client.get(f"/c/{chat.id}/lines", headers=seen)
    assert "something new" in fresh.text


async def test_a_calendar_file_comes_with_its_name(browser: Browser, world: World, chat: Chat) -> None:
    line = world.bot_says(chat, "Booked.", file_name='Besuch "é"\r\n.ics')
    file = await browser.visit(f"/c/{chat.id}/files/{line.id}")
    assert file.content == chat.file
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''Besuch%20%22%C3%A9%22%0D%0A.ics"
    for wrong in (chat.lines[0].id, "9" * 5000, "x", "-1"):
        assert (await browser.visit(f"/c/{chat.id}/files/{wrong}")).status_code == 404
    assert (await browser.visit(f"/c/{'9' * 5000}/")).status_code == 401


async def test_a_receipt_comes_as_plain_text_under_words_of_its_own(browser: Browser, world: World, chat: Chat) -> None:
    line = world.bot_says(chat, "Noted.", file_name="messages.txt")
    file = await browser.visit(f"/c/{chat.id}/files/{line.id}")
    assert file.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Keep this copy" in (await browser.visit(f"/c/{chat.id}/lines")).text
    other = world.bot_says(chat, "Noted.", file_name="page.html")
    file = await browser.visit(f"/c/{chat.id}/files/{other.id}")
    assert file.headers["content-type"] == "application/octet-stream; charset=utf-8"


async def test_the_page_says_who_is_speaking(browser: Browser, world: World, chat: Chat) -> None:
    assert "Automatic assistant</p>" in (await browser.visit(f"/c/{chat.id}/lines")).text
    chat.holder = "Robin Example"
    assert "Our team is writing to you" in (await browser.visit(f"/c/{chat.id}/lines")).text
    world.staff_says(chat, "Robin Example", "Good morning")
    page = await browser.visit(f"/c/{chat.id}/lines")
    assert "Robin Example from our team is writing to you" in page.text
    assert 'name="payload"' not in page.text


async def test_a_new_day_or_another_speaker_begins_a_new_run(world: World) -> None:
    chat = world.patient("Anna Example")
    patients = MemoryPatients(world)
    session = ChatSession(conversation_id=chat.id, language=Language.EN)
    assert list(bubbles(await patients.chat(session))) == []
    world.bot_says(chat, "one")
    world.bot_says(chat, "two")
    world.patient_says(chat, "three")
    world.clock.at += timedelta(days=1)
    world.patient_says(chat, "four")
    view = await patients.chat(session)
    runs = [(bubble.new_day, bubble.opens) for bubble in bubbles(view)]
    assert runs == [(True, True), (False, False), (False, True), (True, True)]
    assert writing_now(view) is None


async def test_days_are_named_as_people_name_them(browser: Browser, world: World, chat: Chat) -> None:
    for days in (1, 1, 30):
        world.clock.at += timedelta(days=days)
        world.bot_says(chat, "hello again")
    page = await browser.visit(f"/c/{chat.id}/lines")
    assert "<span>Today</span>" in page.text
    assert "<span>Monday 23 November 2026</span>" in page.text or "<span>Monday 23 November</span>" in page.text
    assert "<span>Yesterday</span>" not in page.text


async def test_the_channel_leaves_what_it_is_given_on_the_page() -> None:
    channel = WebChat()
    assert channel.name is Channel.WEBCHAT
    assert channel.capabilities.repeatable
    assert await channel.send("page:1", OutgoingMessage(key="outbox-1", text="hello")) == "outbox-1"
