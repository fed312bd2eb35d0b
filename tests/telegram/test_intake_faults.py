"""Updates that come twice, reversed or unreadable, and bots whose messenger is in trouble."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.clocks import RehearsalClock
from bot.intake import Mode
from bot.services.views import Voice
from tests.botapi import errors
from tests.botapi.api import BotApi
from tests.botapi.faults import Fault, Trouble
from tests.botapi.people import Person
from tests.telegram.acts import comes_by_link, is_offered_times
from tests.telegram.clinic import Clinic
from tests.telegram.starting import house_on_telegram

pytestmark = pytest.mark.long


@pytest.fixture(params=Mode)
async def clinic(
    request: pytest.FixtureRequest, api: BotApi, folder: Path, clock: RehearsalClock
) -> AsyncIterator[Clinic]:
    """A running house, whether its updates are fetched or brought."""
    async with house_on_telegram(api, folder, clock, mode=request.param) as running:
        yield running


@pytest.fixture
async def anna(clinic: Clinic) -> Person:
    """A patient who came by their link."""
    return await comes_by_link(clinic, clinic.add_patient())


def is_met(fault: Fault) -> bool:
    """Whether a call met a trouble."""
    return fault.met > 0


async def heard_of(clinic: Clinic, person: Person) -> list[str]:
    """What staff see that a patient wrote."""
    view = await clinic.house.desk.conversation(clinic.add_staff(), clinic.talk_of(person))
    assert view is not None
    return [line.text for line in view.lines if line.voice is Voice.PATIENT]


async def standings(clinic: Clinic) -> dict[str, str]:
    """How the bots stand, as `/health` tells it."""
    async with httpx.AsyncClient(base_url=clinic.address) as browser:
        told: dict[str, str] = (await browser.get("/health")).json()["bots"]
    return told


async def until_stands(clinic: Clinic, bot: str, standing: str) -> None:
    """Wait until a bot stands like this."""
    await clinic.until(lambda: clinic.listening.intake.standings()[bot] == standing, f"{bot}: {standing}")


async def test_an_update_that_comes_again_has_no_second_effect(clinic: Clinic, api: BotApi, anna: Person) -> None:
    anna.write("look for a time please")
    await anna.until_sees("Which suits you better?")
    await clinic.until_quiet()
    for _ in range(3):
        api.repeat(clinic.bots.patients)
    anna.write("thank you")
    await anna.until_sees()
    await clinic.until_quiet()
    assert (await heard_of(clinic, anna)).count("look for a time please") == 1
    assert sum("Which suits you better?" in seen.text for seen in anna.sees()) == 1


async def test_updates_that_come_reversed_are_each_heard_once(clinic: Clinic, api: BotApi, anna: Person) -> None:
    api.hold(clinic.bots.patients)
    words = ["thank you", "one more thing", "that is all"]
    for each in words:
        anna.write(each)
    api.release_reversed(clinic.bots.patients)
    await clinic.until_quiet()
    assert sorted(await heard_of(clinic, anna)) == sorted(words)


async def test_a_stop_that_overtakes_holds(clinic: Clinic, api: BotApi, anna: Person) -> None:
    api.hold(clinic.bots.patients)
    anna.write("thank you")
    anna.write("stop")
    api.release_reversed(clinic.bots.patients)
    await anna.until_sees("no more of these messages")
    await clinic.until_quiet()
    assert clinic.records.of("patient")[0]["recall_ok"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"message": {"nonsense": 1}},
        {"message": "no message"},
        {"something_new": {"id": 1}},
        {"callback_query": {"id": "1", "from": {"id": 5}}},
    ],
    ids=["nonsense", "a text", "of a new kind", "half a press"],
)
async def test_an_update_that_cannot_be_read_is_put_aside_and_holds_up_nothing(
    clinic: Clinic, api: BotApi, anna: Person, body: dict[str, object]
) -> None:
    api.inject(clinic.bots.patients, body)
    assert await is_offered_times(anna)
    await clinic.until_quiet()
    assert len(clinic.records.of("quarantined_update")) == 1
    async with httpx.AsyncClient(base_url=clinic.address) as browser:
        assert (await browser.get("/health")).json()["updates_put_aside"] == 1


async def test_fetching_goes_on_after_any_trouble(api: BotApi, folder: Path, clock: RehearsalClock) -> None:
    async with house_on_telegram(api, folder, clock) as clinic:
        anna = await comes_by_link(clinic, clinic.add_patient())
        for trouble in (Trouble.PROXY_PAGE, Trouble.CUT_BEFORE, Trouble.SERVER, errors.too_many(1)):
            fault = api.fault(trouble, method="getUpdates")
            anna.write("thank you")
            await clinic.until(partial(is_met, fault), "the trouble is met")
        assert await is_offered_times(anna)
        await until_stands(clinic, "patients", "listening")
        assert (await heard_of(clinic, anna)).count("thank you") == 4


async def test_without_the_secret_nothing_is_brought(api: BotApi, folder: Path, clock: RehearsalClock) -> None:
    async with house_on_telegram(api, folder, clock, mode=Mode.WEBHOOK) as clinic:
        anna = await comes_by_link(clinic, clinic.add_patient())
        inbox = clinic.bots.patients.inbox
        assert inbox.webhook is not None
        update = inbox.delivered[-1] | {"update_id": 1}
        received = len(clinic.records.of("received"))
        async with httpx.AsyncClient() as stranger:
            for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}):
                assert (await stranger.post(inbox.webhook.url, json=update, headers=headers)).status_code == 401
        assert len(clinic.records.of("received")) == received
        assert clinic.records.of("quarantined_update") == []
        assert await is_offered_times(anna)


@pytest.mark.parametrize(("revoked", "other"), [("desk", "patients"), ("patients", "desk")])
async def test_a_revoked_token_stops_its_own_bot_only(
    api: BotApi, folder: Path, clock: RehearsalClock, revoked: str, other: str
) -> None:
    async with house_on_telegram(api, folder, clock) as clinic:
        anna = await comes_by_link(clinic, clinic.add_patient())
        account = clinic.bots.desk if revoked == "desk" else clinic.bots.patients
        account.is_revoked = True
        account.inbox.interrupt(errors.UNAUTHORIZED)
        await until_stands(clinic, revoked, "token revoked")
        assert (await standings(clinic))[other] == "listening"
        if other == "patients":
            assert await is_offered_times(anna)
