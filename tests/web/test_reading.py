"""What was understood of a message, at the desk: shown quietly, put right from a short list, without scripts too."""

import re

import pytest

from flows.meaning import Intent
from flows.vocabulary import Role
from tests.web.browser import Browser
from tests.web.world import Chat, World


@pytest.fixture
async def chat(browser: Browser, world: World) -> Chat:
    """A conversation, open at the desk where Robin, of the reception, is signed in."""
    await browser.sign_in(world.colleague("Robin Example", Role.RECEPTION))
    chat = world.patient("Anna Example")
    world.patient_says(chat, "can I talk to somebody", "human")
    await browser.visit(f"/desk/c/{chat.id}")
    return chat


async def test_what_was_understood_is_shown_and_put_right_from_a_short_list(
    browser: Browser, world: World, chat: Chat
) -> None:
    world.patient_says(chat, "hm, what would that be", "money", "price_question", sure=False)
    line = chat.lines[-1]
    await browser.visit(f"/desk/c/{chat.id}")
    assert "Understood: wants a person" in browser.page.text
    assert "Unsure: money is the reason" in browser.page.text
    assert "or: asks for a price" in browser.page.text
    assert 'name="meant"' not in browser.page.text
    await browser.visit(f"/desk/c/{chat.id}?reading={line.id}")
    offered = re.findall(r'name="meant" value="(\w+)"', browser.page.text)
    assert offered[:2] == ["money", "price_question"]
    assert sorted(offered) == sorted(Intent)
    await browser.submit("correct", line=str(line.id), meant="price_question")
    assert "Put right: asks for a price" in browser.page.text
    assert "or: asks" not in browser.page.text


@pytest.mark.parametrize(
    "fields", [{"meant": "stop"}, {"line": "x", "meant": "stop"}, {"line": "1", "meant": "of_old"}]
)
async def test_a_correction_of_nothing_is_refused(browser: Browser, chat: Chat, fields: dict[str, str]) -> None:
    await browser.visit(f"/desk/c/{chat.id}?reading={chat.lines[0].id}")
    await browser.submit("correct", **{"line": "", "meant": "", **fields})
    assert browser.page.status_code == 400


async def test_a_correction_of_a_line_that_is_not_there_is_refused_in_words(browser: Browser, chat: Chat) -> None:
    await browser.visit(f"/desk/c/{chat.id}?reading={chat.lines[0].id}")
    await browser.submit("correct", line="4711", meant="stop")
    assert browser.page.status_code == 409
