"""Webhooks: nothing without the secret, nothing twice, nothing lost; an answer comes once an update is safe."""

from collections.abc import AsyncIterator

import httpx

from bot.intake import Intake, Mode, way_in
from bot.services.acceptance import MOST_TRIES
from bot.web.application import build_web
from bot.web.hooks import LARGEST_UPDATE, SECRET_HEADER
from storage.errors import StorageBusyError
from tests.house.records import Records
from tests.intake.messenger import TOKEN, ToldBot
from tests.intake.test_polling import listens, nothing, taking_in
from tests.world import World

UPDATE = b'{"update_id": 5, "chat": 1}'


class Site:
    """A house's web with one bot's webhook, open."""

    def __init__(self, world: World, bot: ToldBot) -> None:
        """Build it."""
        house = world.house
        self.way_in = way_in(bot, TOKEN)
        self.intake = Intake(
            [self.way_in],
            mode=Mode.WEBHOOK,
            taking_in=taking_in(world),
            public_url="https://example.com",
            fetched=nothing,
        )
        self.app = build_web(
            routes=[],
            pages=house.pages,
            health=house.keeping,
            allowed_hosts=["testserver"],
            hooks=self.intake.hooks,
        )

    async def open(self, bot: ToldBot) -> None:
        """Let the bot start."""
        await listens(self.intake, lambda: bot.started == 1)

    async def bring(self, body: bytes, secret: str | None = None) -> int:
        """Bring an update as the messenger does; tells the answer's status."""
        return (await self.ask("POST", body, secret)).status_code

    async def ask(
        self, method: str, body: bytes, secret: str | None = None, *, host: str = "testserver"
    ) -> httpx.Response:
        """Ask something at the webhook's address."""
        said = self.way_in.webhook.secret if secret is None else secret
        headers = {SECRET_HEADER.encode(): said.encode()}
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, self.way_in.webhook.path, content=body, headers=headers)


async def test_an_update_is_taken_with_the_secret_alone(world: World, records: Records) -> None:
    bot = ToldBot()
    site = Site(world, bot)
    assert await site.bring(UPDATE) == 503, "not started yet"
    await site.open(bot)
    for wrong in ("", "guessed", site.way_in.webhook.secret + "x", "é"):
        assert await site.bring(UPDATE, wrong) == 401
        assert await site.bring(b"nonsense", wrong) == 401
    assert (bot.handled, records.of("quarantined_update")) == ([], [])
    assert await site.bring(UPDATE) == 200
    assert bot.handled == [5]
    assert TOKEN not in site.way_in.webhook.path


async def test_an_update_is_taken_by_whatever_name_and_answered_without_a_page(world: World) -> None:
    bot = ToldBot()
    site = Site(world, bot)
    await site.open(bot)
    taken = await site.ask("POST", UPDATE, host="10.0.0.7")
    assert (taken.status_code, taken.content, dict(taken.headers)) == (200, b"", {"content-length": "0"})
    assert bot.handled == [5]


async def test_a_browser_finds_nothing_where_a_webhook_lies(world: World) -> None:
    bot = ToldBot()
    site = Site(world, bot)
    await site.open(bot)
    looked = await site.ask("GET", b"")
    assert looked.status_code == 404
    assert "<h1>" in looked.text
    assert bot.handled == []


async def test_what_comes_without_the_secret_is_not_read(world: World) -> None:
    site = Site(world, ToldBot())
    read = []

    async def body() -> AsyncIterator[bytes]:
        read.append(UPDATE)
        yield UPDATE

    transport = httpx.ASGITransport(app=site.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        answer = await client.post(site.way_in.webhook.path, content=body())
    assert (answer.status_code, read) == (401, [])


async def test_what_is_no_update_is_put_aside_once_and_answered_well(world: World, records: Records) -> None:
    bot = ToldBot()
    site = Site(world, bot)
    await site.open(bot)
    for body in (b"nonsense", b"[]", b"\xff\xfe", b"[" * 100_000, b"nonsense"):
        assert await site.bring(body) == 200
    assert {row["error"] for row in records.of("quarantined_update")} == {"NotAnUpdate"}
    assert len(records.of("quarantined_update")) == 4
    assert await site.bring(b" " * (LARGEST_UPDATE + 1)) == 413


async def test_what_only_the_slower_reader_of_json_takes_is_an_update_too(world: World) -> None:
    bot = ToldBot()
    site = Site(world, bot)
    await site.open(bot)
    for number, part in enumerate((r'"\ud83d"', "NaN", "1e400"), start=5):
        assert await site.bring(b'{"update_id": %d, "chat": 1, "part": %s}' % (number, part.encode())) == 200
    assert await site.bring(b"\xef\xbb\xbf" + b'{"update_id": 8, "chat": 1}') == 200
    assert bot.handled == [5, 6, 7, 8]


async def test_what_the_database_refuses_comes_again_and_is_put_aside_at_last(world: World, records: Records) -> None:
    bot = ToldBot(failing={5: [StorageBusyError("try again")] * MOST_TRIES})
    site = Site(world, bot)
    await site.open(bot)
    assert [await site.bring(UPDATE) for _ in range(MOST_TRIES)] == [503] * (MOST_TRIES - 1) + [200]
    assert [row["error"] for row in records.of("quarantined_update")] == ["StorageBusyError"]
