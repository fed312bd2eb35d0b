"""The desk without scripts, and what its script asks for: list, alarm, acting, refusals, free times, hostile names."""

from datetime import timedelta

import pytest

from bot.desk.web import WebDesk
from bot.desk.web.board import lay_out
from bot.desk.web.times import read_slot, write_slot
from bot.services.live import DESK
from bot.services.views import Voice
from flows.vocabulary import Role, TicketReason, Urgency
from tests.web.browser import Browser
from tests.web.site import Site
from tests.web.staff import MemoryDesk
from tests.web.world import Chat, World


@pytest.fixture
async def chat(browser: Browser, world: World) -> Chat:
    """A conversation, open at the desk where Robin, a manager, is signed in."""
    await browser.sign_in(world.colleague("Robin Example", Role.MANAGER))
    chat = world.patient("Anna Example")
    world.patient_says(chat, "can I talk to somebody", "human")
    await browser.visit(f"/desk/c/{chat.id}")
    return chat


async def test_a_colleague_without_scripts_takes_answers_notes_and_hands_back(browser: Browser, chat: Chat) -> None:
    await browser.submit("take")
    assert "You answer. The assistant is silent." in browser.page.text
    await browser.submit("answer", text="Good morning Anna")
    await browser.submit("note", text="prefers mornings")
    assert "Good morning Anna" in browser.page.text
    assert "prefers mornings" in browser.page.text
    await browser.submit("hand-back")
    assert not chat.holder
    assert [line.text for line in chat.lines if line.voice is Voice.STAFF] == ["Good morning Anna"]


async def test_free_times_are_found_and_one_is_booked_and_marked(browser: Browser, world: World, chat: Chat) -> None:
    assert 'name="slot"' not in browser.page.text
    await browser.visit(f"/desk/c/{chat.id}?times=1")
    slot = world.slots()[0]
    await browser.submit("book", slot=write_slot(slot))
    assert chat.visit is not None
    assert chat.visit.slot == slot
    assert "visited" not in browser.page.text
    world.clock.at = slot.starts_at
    await browser.visit(f"/desk/c/{chat.id}")
    await browser.submit("visited")
    assert chat.visit is None


async def test_a_time_that_was_just_taken_is_refused_in_words(browser: Browser, world: World, chat: Chat) -> None:
    slot = world.slots()[0]
    await browser.visit(f"/desk/c/{chat.id}?times=1")
    world.taken.add(slot)
    await browser.submit("book", slot=write_slot(slot))
    assert browser.page.status_code == 409
    assert "This time was just taken. Please choose another." in browser.page.text
    assert chat.visit is None


async def test_two_colleagues_cannot_hold_one_chat(site: Site, browser: Browser, world: World, chat: Chat) -> None:
    async with Browser.on(site) as other:
        await other.sign_in(world.colleague("Sam Sample"))
        await other.visit(f"/desk/c/{chat.id}")
        await browser.submit("take")
        await other.submit("take")
        assert other.page.status_code == 409
        assert chat.holder == "Robin Example"
        assert "A colleague holds this chat." in other.page.text
        assert "/take" not in other.page.text
        assert "/answer" not in other.page.text


async def test_an_unacknowledged_emergency_stands_in_the_title_and_rings(
    browser: Browser, world: World, chat: Chat
) -> None:
    world.ticket(chat, TicketReason.EMERGENCY, Urgency.NOW)
    await browser.visit("/desk/")
    assert "<title>URGENT: Anna Example" in browser.page.text
    other = world.patient("Emma Sample")
    world.ticket(other, TicketReason.CRISIS, Urgency.NOW)
    await browser.visit(f"/desk/c/{other.id}")
    assert "<title>URGENT, not seen yet: 2" in browser.page.text
    await browser.submit("acknowledge")
    assert "<title>URGENT: Anna Example" in browser.page.text
    await browser.visit(f"/desk/c/{chat.id}")
    await browser.submit("acknowledge")
    assert "<title>Anna Example" in browser.page.text


async def test_a_freeze_is_cleared_by_dentist_or_manager_only(
    site: Site, browser: Browser, world: World, chat: Chat
) -> None:
    world.ticket(chat, TicketReason.EMERGENCY, Urgency.NOW)
    async with Browser.on(site) as reception:
        await reception.sign_in(world.colleague("Sam Sample", Role.RECEPTION))
        assert "/clear" not in (await reception.visit(f"/desk/c/{chat.id}")).text
        refused = await reception.send(f"/desk/c/{chat.id}/clear")
        assert refused.status_code == 403
        assert refused.json() == {"message": "Your role does not allow this."}
    assert chat.frozen
    await browser.visit(f"/desk/c/{chat.id}")
    await browser.submit("clear")
    assert not chat.frozen


@pytest.mark.parametrize(
    ("action", "fields", "status"),
    [
        ("answer", {"text": "  "}, 400),
        ("answer", {"text": "hello", "update_id": "x" * 65}, 400),
        ("note", {}, 400),
        ("book", {"slot": "tomorrow"}, 400),
        ("visited", {"appointment": "-1"}, 400),
        ("visited", {"appointment": str(2**63)}, 400),
        ("visited", {"appointment": "7"}, 409),
        ("missed", {}, 400),
        ("missed", {"appointment": "7"}, 409),
        ("promote", {}, 404),
    ],
)
async def test_what_the_desk_would_never_send_is_refused(
    browser: Browser, chat: Chat, action: str, fields: dict[str, str], status: int
) -> None:
    answer = await browser.send(f"/desk/c/{chat.id}/{action}", **fields)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert len(chat.lines) == 1


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 5000, "7", "x", "-1"])
async def test_a_conversation_that_cannot_be_is_not_found(browser: Browser, chat: Chat, number: str) -> None:
    del chat
    assert (await browser.visit(f"/desk/c/{number}")).status_code == 404
    assert (await browser.visit(f"/desk/look?open={number}")).status_code == 200


async def test_a_quiet_answer_says_in_words_what_was_done(browser: Browser, world: World, chat: Chat) -> None:
    answer = await browser.send(f"/desk/c/{chat.id}/answer", text="hello", update_id="update-0001")
    assert answer.json() == {"message": "Sent."}
    again = await browser.send(f"/desk/c/{chat.id}/answer", text="hello", update_id="update-0001")
    assert again.status_code == 200
    assert [line.text for line in chat.lines if line.voice is Voice.STAFF] == ["hello"]
    assert world.answers == [("update-0001", "hello")] * 2


async def test_the_list_is_grouped_by_urgency_and_searched_by_name(browser: Browser, world: World, chat: Chat) -> None:
    world.ticket(chat, TicketReason.WORRY, Urgency.TODAY)
    urgent = world.patient("Émile Urgent")
    world.ticket(urgent, TicketReason.EMERGENCY, Urgency.NOW)
    rows = await MemoryDesk(world).conversations(next(iter(world.staff_sessions.values())))
    board = lay_out(reversed(rows))
    assert [group.urgency for group in board.groups] == [Urgency.NOW, Urgency.TODAY]
    assert [row.patient_name for row in lay_out(rows, wanted="ANNA").groups[0].rows] == ["Anna Example"]
    assert lay_out(rows, wanted="ANNA").alarms == board.alarms
    page = await browser.visit("/desk/?q=<b>nobody</b>")
    assert "No conversation matches." in page.text
    assert "<b>nobody" not in page.text
    assert "URGENT: Émile Urgent" in page.text


async def test_who_did_not_come_is_recorded_once_the_time_has_come(browser: Browser, world: World, chat: Chat) -> None:
    await browser.visit(f"/desk/c/{chat.id}?times=1")
    slot = world.slots()[0]
    await browser.submit("book", slot=write_slot(slot))
    assert chat.visit is not None
    ahead = {"appointment": str(chat.visit.appointment_id)}
    world.clock.at = slot.starts_at - timedelta(minutes=5)
    assert "/missed" not in (await browser.visit(f"/desk/c/{chat.id}")).text
    assert (await browser.send(f"/desk/c/{chat.id}/missed", **ahead)).status_code == 409
    world.clock.at = slot.starts_at
    await browser.visit(f"/desk/c/{chat.id}")
    await browser.submit("missed")
    assert "Nothing booked." in browser.page.text
    assert "Did not come" not in browser.page.text


async def test_what_was_put_aside_is_marked_and_words_that_are_not_there_are_named(
    browser: Browser, world: World, chat: Chat
) -> None:
    world.put_aside(chat, "<i>help</i> me please")
    world.put_aside(chat, "")
    page = await browser.visit(f"/desk/c/{chat.id}")
    assert "&lt;i&gt;help&lt;/i&gt; me please" in page.text
    assert "(a button or a file, no words)" in page.text
    assert page.text.count("not handled by the assistant: please read") == 2


async def test_a_list_that_has_not_changed_is_not_sent_again(browser: Browser, world: World, chat: Chat) -> None:
    address = f"/desk/look?open={chat.id}&times=1"
    seen = {"if-none-match": (await browser.visit(address)).headers["etag"]}
    assert (await browser.client.get(address, headers=seen)).status_code == 304
    world.patient_says(chat, "are you there")
    assert (await browser.client.get(address, headers=seen)).status_code == 200


async def test_hostile_names_and_notes_stay_text(browser: Browser, world: World, chat: Chat) -> None:
    chat.name = "<script>alert('Anna')</script>\" onload=\"x"
    chat.concern = "<img src=x>"
    world.ticket(chat, TicketReason.EMERGENCY, Urgency.NOW)
    await browser.visit(f"/desk/c/{chat.id}")
    await browser.submit("note", text="</textarea><script>alert(2)</script>")
    for page in (browser.page, await browser.visit(f"/desk/look?open={chat.id}")):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert '" onload="' not in page.text


async def test_the_language_chosen_on_a_browser_stays_on_it(site: Site, browser: Browser, world: World) -> None:
    await browser.sign_in(world.colleague("Robin Example"))
    assert '<html lang="nl">' in (await browser.visit("/desk/?lang=nl")).text
    assert '<html lang="nl">' in (await browser.visit("/desk/")).text
    assert '<html lang="nl">' in (await browser.visit("/desk/?lang=tlh")).text
    async with Browser.on(site) as other:
        await other.sign_in(world.colleague("Sam Sample"))
        assert '<html lang="en">' in (await other.visit("/desk/")).text


async def test_open_desks_are_told_to_look(world: World) -> None:
    async with world.live.watch(DESK) as signal:
        await WebDesk(world.live).changed(7)
        assert signal.is_set()


def test_a_slot_comes_back_exactly_as_it_went(world: World) -> None:
    slot = world.slots()[0]
    raw = write_slot(slot)
    assert read_slot(raw) == slot
    others = (raw.replace("+00:00", ""), raw.replace("/11/", "/-11/"), raw.replace("/11/", "/011/"))
    for broken in ("", "a/b/c/d", raw + "/1", *others):
        assert read_slot(broken) is None
    start, end, *rest = raw.split("/")
    assert read_slot("/".join((end, start, *rest))) is None


async def test_the_card_says_how_and_how_often_and_on_which_text_they_agreed(browser: Browser, chat: Chat) -> None:
    page = (await browser.visit(f"/desk/c/{chat.id}")).text
    for shown in ("Contact by", "Letter", "Messages at most every", "12 months", "notice: en/recall@1#0123456789ab"):
        assert shown in page
