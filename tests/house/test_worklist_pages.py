"""The worklist in the browser, on the real house: who sees what, and that only our own page changes anything."""

import re
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from bot.app import build_web_of
from bot.desk.web.session import NAME
from bot.services.views import StaffMember
from flows.ids import PatientId, StaffId
from flows.vocabulary import Channel, Language, Role
from storage.records.worklist import NewWork
from storage.vocabulary import WorkKind
from tests.house.acts import HOUR, books
from tests.house.records import Records
from tests.world import World

SITE = "http://127.0.0.1"


@pytest.fixture(name="browser")
async def _browser(world: World) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=build_web_of(world.house)), base_url=SITE) as client:
        yield client


async def sign_in(world: World, browser: AsyncClient, role: Role) -> StaffMember:
    """Sign somebody in with this browser."""
    staff = world.add_staff(role)
    browser.cookies.set(NAME, await world.house.staff.sign_in(StaffId(staff.staff_id)), domain="127.0.0.1")
    return staff


def have_work(world: World, kind: WorkKind, step: int) -> PatientId:
    """Put work about a new patient on the list."""
    patient_id, _ = world.add_patient()
    now = world.clock.now()
    work = NewWork(patient_id=patient_id, kind=kind, campaign="reactivation:2026-10-01", step=step, due_at=now)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        if kind is not WorkKind.DENTIST:
            channel = Channel.PHONE if kind is WorkKind.CALL else Channel.LETTER
            uow.addresses.add(patient_id, channel, "+31612345678", verified_how=None, now=now)
        uow.worklist.put([work], now=now)
        uow.commit()
    return patient_id


def token_of(page: str) -> str:
    """The token of the page's forms."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("language", Language)
async def test_a_call_is_begun_and_told_of_in_each_language(
    world: World, browser: AsyncClient, records: Records, language: Language
) -> None:
    have_work(world, WorkKind.CALL, 4)
    # From nine o'clock in the morning to noon, when calls may be made.
    world.clock.move_to(world.clock.now() + 3 * HOUR)
    await sign_in(world, browser, Role.RECEPTION)
    page = (await browser.get(f"/desk/worklist?lang={language}")).text
    item = records.of("worklist_item")[0]["id"]
    assert f"/desk/worklist/{item}/begin" in page
    fields = {"form_token": token_of(page)}
    begun = await browser.post(f"/desk/worklist/{item}/begin", data=fields, headers={"origin": SITE})
    assert (begun.status_code, begun.headers["location"]) == (303, "/desk/worklist")
    page = (await browser.get(f"/desk/worklist?lang={language}")).text
    assert f"/desk/worklist/{item}/called" in page
    told = await browser.post(
        f"/desk/worklist/{item}/called",
        data={**fields, "outcome": "reached_later", "months": "3"},
        headers={"origin": SITE},
    )
    assert told.status_code == 303
    assert records.of("worklist_item")[0]["outcome"] == "reached_later"


async def test_whoever_calls_is_told_what_the_law_of_the_patients_place_has_them_say(
    world: World, browser: AsyncClient, records: Records
) -> None:
    patient_id = have_work(world, WorkKind.CALL, 4)
    await sign_in(world, browser, Role.RECEPTION)
    assert "Also say" not in (await browser.get("/desk/worklist")).text
    records.change("UPDATE patient SET residence = 'RU' WHERE id = :id", id=patient_id)
    page = (await browser.get("/desk/worklist")).text
    assert "Also say" in page
    assert "That this is advertising. That contraindications are possible" in page
    assert "Where we can be reached." not in page, "who calls says so anyway"


async def test_nonsense_is_refused(world: World, browser: AsyncClient, records: Records) -> None:
    have_work(world, WorkKind.CALL, 4)
    await sign_in(world, browser, Role.MANAGER)
    item = records.of("worklist_item")[0]["id"]
    fields = {"form_token": token_of((await browser.get("/desk/worklist")).text)}
    asked = {
        f"/desk/worklist/{item}/called": {"outcome": "reached_later", "months": "5"},
        f"/desk/worklist/{item}/decide": {"decision": "forget"},
        f"/desk/worklist/{item}/surprise": {},
        "/desk/worklist/none/begin": {},
    }
    answers = [
        (await browser.post(path, data={**fields, **more}, headers={"origin": SITE})).status_code
        for path, more in asked.items()
    ]
    assert answers == [400, 400, 404, 404]
    assert records.of("worklist_item")[0]["outcome"] is None


async def test_the_dentists_list_is_not_for_reception(world: World, browser: AsyncClient, records: Records) -> None:
    patient_id = have_work(world, WorkKind.DENTIST, 6)
    item = records.of("worklist_item")[0]["id"]
    await sign_in(world, browser, Role.RECEPTION)
    page = (await browser.get("/desk/worklist")).text
    assert "/desk/dentist" not in page
    assert (await browser.get("/desk/dentist")).status_code == 403
    fields = {"form_token": token_of(page), "decision": "take_off"}
    path = f"/desk/worklist/{item}/decide"
    assert (await browser.post(path, data=fields, headers={"origin": SITE})).status_code == 403
    await sign_in(world, browser, Role.DENTIST)
    assert path in (await browser.get("/desk/dentist")).text
    assert (await browser.post(path, data=fields, headers={"origin": SITE})).status_code == 303
    assert records.of("patient", id=patient_id)[0]["off_list_at"] is not None


async def test_nobody_unknown_sees_or_changes_anything(world: World, browser: AsyncClient, records: Records) -> None:
    have_work(world, WorkKind.LETTER, 5)
    item = records.of("worklist_item")[0]["id"]
    shown = await browser.get("/desk/worklist")
    assert (shown.status_code, shown.headers["location"]) == (303, "/desk/")
    await sign_in(world, browser, Role.MANAGER)
    elsewhere = await browser.post(f"/desk/worklist/{item}/posted", headers={"origin": "http://elsewhere.example"})
    assert elsewhere.status_code == 403
    assert records.of("worklist_item")[0]["outcome"] is None


@pytest.mark.parametrize("language", Language)
async def test_a_visit_that_nobody_marked_is_asked_about_in_each_language(
    world: World, browser: AsyncClient, records: Records, language: Language
) -> None:
    _, talk = world.add_patient()
    visit = await books(world, records, talk)
    await sign_in(world, browser, Role.RECEPTION)
    before = (await browser.get(f"/desk/worklist?lang={language}")).text
    assert "/desk/worklist/visits" not in before
    world.clock.move_to(visit["ends_at"])
    await sign_in(world, browser, Role.RECEPTION)
    page = (await browser.get(f"/desk/worklist?lang={language}")).text
    (form,) = re.findall(r'<form method="post" action="/desk/worklist/visits">.*?</form>', page, re.DOTALL)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]+)"', form)) | {"came": "came"}
    assert re.findall(r'name="came" value="(\w+)"', form) == ["came", "missed"]
    marked = await browser.post("/desk/worklist/visits", data=fields, headers={"origin": SITE})
    assert (marked.status_code, marked.headers["location"]) == (303, "/desk/worklist")
    assert records.of("appointment")[0]["status"] == "kept"
    again = await browser.post("/desk/worklist/visits", data=fields, headers={"origin": SITE})
    assert again.status_code == 409
    assert "/desk/worklist/visits" not in (await browser.get("/desk/worklist")).text


@pytest.mark.parametrize(
    "wrong", [{"came": "perhaps"}, {"patient": "x"}, {"starts_at": "soon"}, {"starts_at": "2026-11-23T10:00:00"}]
)
async def test_a_visit_is_not_marked_by_nonsense(world: World, browser: AsyncClient, wrong: dict[str, str]) -> None:
    patient_id, _ = world.add_patient()
    await sign_in(world, browser, Role.RECEPTION)
    fields = {
        "form_token": token_of((await browser.get("/desk/worklist")).text),
        "patient": str(patient_id),
        "starts_at": world.clock.now().isoformat(),
        "came": "came",
    }
    refused = await browser.post("/desk/worklist/visits", data=fields | wrong, headers={"origin": SITE})
    assert refused.status_code == 400
    gone = await browser.post("/desk/worklist/visits", data=fields, headers={"origin": SITE})
    assert gone.status_code == 409
