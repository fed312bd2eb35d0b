"""The page that ends reminders: a scanner that fetches it ends nothing, a mail program that posts to it does, once."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.app import build_web_of
from bot.services.links import make_stop_link
from flows.ids import PatientId
from flows.outreach.ledger import Act
from flows.vocabulary import Language
from tests.house.records import Records
from tests.invites.post import PUBLIC, add_listed
from tests.world import World

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever comes without a cookie, over the public address."""
    transport = httpx.ASGITransport(build_web_of(world.house))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
        yield client


def link_for(world: World, patient_id: PatientId) -> str:
    """A link that ends a patient's reminders."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = make_stop_link(uow, patient_id, world.house.clinic.settings, world.clock.now())
        uow.commit()
    return link


def acts(records: Records) -> list[str]:
    """What the ledger holds."""
    return [row["act"] for row in records.of("ledger_event")]


STOPPED = [Act.PERMIT, Act.WITHDRAW, Act.WITHDRAW, Act.WITHDRAW]


async def test_a_scanner_that_fetches_the_link_unsubscribes_nobody(
    world: World, records: Records, stranger: httpx.AsyncClient
) -> None:
    link = link_for(world, add_listed(world, "1"))
    for method in ("GET", "HEAD", "GET"):
        answer = await stranger.request(method, link)
        assert answer.status_code == 200
        assert "Anna" not in answer.text
    assert (await stranger.request("OPTIONS", link)).status_code == 405
    assert acts(records) == [Act.PERMIT]


@pytest.mark.parametrize("how", ["form", "multipart", "nothing"])
async def test_a_mail_program_ends_them_with_one_post(
    world: World, records: Records, stranger: httpx.AsyncClient, how: str
) -> None:
    link = link_for(world, add_listed(world, "1", language=Language.FR))
    posted = {
        "form": {"data": ONE_CLICK},
        "multipart": {"files": {name: (None, value) for name, value in ONE_CLICK.items()}},
        "nothing": {},
    }[how]
    for _ in range(2):
        answer = await stranger.post(link, **posted)  # type: ignore[arg-type] # each kind has its own shape
        assert answer.status_code == 200
    assert acts(records) == STOPPED


async def test_a_person_reads_what_ends_and_presses_a_button(
    world: World, records: Records, stranger: httpx.AsyncClient
) -> None:
    link = link_for(world, add_listed(world, "1", language=Language.NL))
    page = await stranger.get(link)
    assert '<html lang="nl">' in page.text
    assert "Berichten stopzetten" in page.text
    done = await stranger.post(link, headers={"origin": "null", "sec-fetch-site": "same-origin"})
    assert "Deze berichten zijn stopgezet" in done.text
    assert acts(records) == STOPPED


async def test_a_wrong_link_says_whom_to_call(world: World, stranger: httpx.AsyncClient) -> None:
    for method in ("GET", "POST"):
        answer = await stranger.request(method, f"{PUBLIC}/u/nobodys", headers={"accept-language": "ru"})
        assert answer.status_code == 404
        assert world.house.clinic.settings.clinic.phone.replace(" ", "\u00a0") in answer.text


async def test_a_personal_link_ends_nothing_and_an_ending_link_opens_no_chat(
    world: World, records: Records, stranger: httpx.AsyncClient
) -> None:
    link = link_for(world, add_listed(world, "1"))
    assert (await stranger.get(link.replace("/u/", "/p/"))).status_code == 404
    assert acts(records) == [Act.PERMIT]


async def test_the_door_stays_shut_for_other_paths_and_large_bodies(world: World, stranger: httpx.AsyncClient) -> None:
    link = link_for(world, add_listed(world, "1"))
    assert (await stranger.post(f"{PUBLIC}/p/x", data=ONE_CLICK)).status_code == 403
    assert (await stranger.put(link, data=ONE_CLICK)).status_code == 403
    assert (await stranger.post(link, content=b"x" * 70_000)).status_code == 413
    assert (await stranger.post(link, headers={"host": "elsewhere.example"})).status_code == 400
