"""What a page sends too fast waits there and is taken later; nothing is lost, and nobody else waits."""

from datetime import timedelta

from bot.channels.webchat import Pace
from bot.channels.webchat.pace import MOST_A_MINUTE
from tests.web.browser import Browser
from tests.web.site import Site
from tests.web.world import World


class Watch:
    """A clock that is set."""

    def __init__(self) -> None:
        """Begin anywhere."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def test_a_minute_has_room_for_so_many_and_says_when_there_is_room_again() -> None:
    watch = Watch()
    pace = Pace(seconds=watch)
    for _ in range(MOST_A_MINUTE):
        assert pace.wait(1) == 0
        watch.now += 0.5
    assert pace.wait(1) == 60 - MOST_A_MINUTE // 2
    assert pace.wait(2) == 0, "another conversation"
    watch.now += 60 - MOST_A_MINUTE // 2
    assert pace.wait(1) == 0
    assert pace.wait(1) == 1


def test_a_refusal_does_not_count() -> None:
    watch = Watch()
    pace = Pace(seconds=watch)
    for _ in range(3 * MOST_A_MINUTE):
        pace.wait(1)
    watch.now += 60
    assert [pace.wait(1) for _ in range(MOST_A_MINUTE)] == [0] * MOST_A_MINUTE


async def test_what_comes_too_fast_is_refused_for_some_seconds_and_taken_once_then(
    browser: Browser, world: World
) -> None:
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    address = f"/c/{chat.id}/messages"
    for number in range(MOST_A_MINUTE):
        assert (await browser.send(address, update_id=f"update-{number}", text="fast")).status_code == 204
    refused = await browser.send(address, update_id="update-last", text="and this")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    assert "and this" not in [line.text for line in chat.lines]
    world.clock.at += timedelta(seconds=60)
    for _ in range(2):
        assert (await browser.send(address, update_id="update-last", text="and this")).status_code == 204
    assert [line.text for line in chat.lines].count("and this") == 1


async def test_a_patient_without_scripts_is_told_so_on_a_page(site: Site, world: World) -> None:
    chat = world.patient("Anna Example")
    async with Browser.on(site) as browser:
        await browser.open_chat(chat.id)
        for number in range(MOST_A_MINUTE):
            await browser.send(f"/c/{chat.id}/messages", update_id=f"update-{number}", text="fast")
        told = await browser.submit("messages", text="and this")
    assert told.status_code == 503
    assert "try again in a minute" in told.text
