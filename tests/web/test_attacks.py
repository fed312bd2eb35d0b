"""Attacks on the door: origins nobody sends, ids no database holds, bodies that never end, connections that stay."""

import asyncio
import re
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.desk.web.times import read_slot, write_slot
from bot.web import connections, guard
from bot.web.application import build_web
from bot.web.home import home_route
from bot.web.serving import closing, listen, serve_on
from flows.vocabulary import Role
from tests.web.browser import Browser
from tests.web.patients import MemoryPatients
from tests.web.site import Site
from tests.web.world import World

PUBLIC = "recall.example"


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//[x", "http://a]b"])
async def test_an_origin_that_cannot_be_read_is_a_foreign_one(stranger: httpx.AsyncClient, origin: str) -> None:
    headers = {"origin": origin, "x-recare": "page", "content-type": "application/json"}
    assert (await stranger.post("/p/x", content=b"{}", headers=headers)).status_code == 403


async def test_a_file_no_database_can_number_is_not_asked_for(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    async def load(_self: MemoryPatients, _session: object, line_id: int) -> None:
        asked.append(line_id)

    monkeypatch.setattr(MemoryPatients, "file", load)
    chat = world.patient("Anna Example")
    await browser.open_chat(chat.id)
    for number in (2**63 - 1, 2**63, 10**19 - 1, 10**19):
        assert (await browser.visit(f"/c/{chat.id}/files/{number}")).status_code == 404
    assert asked == [2**63 - 1]


async def test_a_time_in_another_zone_than_ours_is_none(browser: Browser, world: World) -> None:
    chat = world.patient("Anna Example")
    await browser.sign_in(world.colleague("Robin Example", Role.MANAGER))
    page = await browser.visit(f"/desk/c/{chat.id}?times=1")
    written = re.findall(r'name="slot" value="([^"]+)"', page.text)[0]
    slot = read_slot(written)
    assert slot is not None
    assert write_slot(slot) == written
    ends = "9999-12-31T23:00:00-14:00/9999-12-31T23:30:00-14:00"
    assert read_slot(f"{ends}/{slot.provider_id}/{slot.visit_type_id}") is None


async def test_a_body_that_does_not_come_is_not_waited_for(
    stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "SLOWEST_BODY_SECONDS", 0.01)

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    headers = {"x-recare": "page", "content-type": "application/json"}
    answer = await asyncio.wait_for(stranger.post("/p/x", content=slow(), headers=headers), timeout=5)
    assert answer.status_code == 408
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_cookies_are_secure_wherever_browsers_come_over_https(site: Site) -> None:
    app = build_web(
        routes=[home_route(site.pages)],
        pages=site.pages,
        health=site.health,
        allowed_hosts=[PUBLIC, "127.0.0.1"],
        https_hosts=[PUBLIC],
    )
    for host, secure in ((PUBLIC, True), ("127.0.0.1", False)):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{host}") as client:
            cookie = (await client.get("/")).headers["set-cookie"]
            assert cookie.endswith("; Secure") is secure


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    """A server of one short answer, on a port of its own."""

    async def answer(_request: object) -> Response:
        return PlainTextResponse("here")

    ready, application = asyncio.Event(), Starlette(routes=[Route("/", answer)])
    with closing(listen("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        async with asyncio.TaskGroup() as nursery:
            server = nursery.create_task(serve_on(taken, application, ready.set, ending=lambda: None))
            await asyncio.wait_for(ready.wait(), timeout=5)
            yield port
            server.cancel()


async def _is_open(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(1), timeout=0.3) != b""
    except TimeoutError:
        return True
    except ConnectionError:
        return False


async def test_connections_there_is_no_room_for_are_closed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "room", lambda: 4)
    async with serving() as port:
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(7)]
        await asyncio.sleep(0.1)
        still = [await _is_open(reader) for reader, _ in opened]
        assert still == [True] * 4 + [False] * 3
        for _, writer in opened:
            writer.close()
        await asyncio.sleep(0.1)
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{port}/")).text == "here"


async def test_who_connects_and_asks_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SILENT_SECONDS", 0.05)
    async with serving() as port:
        silent, silent_writer = await asyncio.open_connection("127.0.0.1", port)
        halting, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127")
        assert await asyncio.wait_for(silent.read(), timeout=5) == b""
        assert await asyncio.wait_for(halting.read(), timeout=5) == b""
        for each in (silent_writer, writer):
            each.close()
            await each.wait_closed()


def test_there_is_room_for_fewer_connections_than_files(monkeypatch: pytest.MonkeyPatch) -> None:
    for files, room in ((1024, 416), (100, connections.FEWEST)):
        monkeypatch.setattr(resource, "getrlimit", lambda _kind, files=files: (files, files))
        assert connections.room() == room
    endless = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (endless, endless))
    assert connections.room() == endless
