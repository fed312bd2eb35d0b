"""Webhooks: nothing without the secret, nothing twice, nothing lost; an answer comes once an update is safe."""

import httpx

from bot.intake import Intake, Mode, way_in
from bot.services.acceptance import MOST_TRIES, TakingIn
from bot.web.application import build_web
from bot.web.hooks import LARGEST_UPDATE, SECRET_HEADER, hook_routes
from flows.vocabulary import Channel
from storage.errors import StorageBusyError
from tests.house.records import Records
from tests.intake.messenger import TOKEN, ToldBot
from tests.intake.test_polling import listens, nothing
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
            taking_in=TakingIn(
                database=house.database, clinic=house.clinic, clock=house.clock, channel=Channel.TELEGRAM
            ),
            public_url="https://example.com",
            fetched=nothing,
        )
        self._app = build_web(
            routes=hook_routes(self.intake.hooks),
            pages=house.pages,
            health=house.keeping,
            allowed_hosts=["testserver"],
            hooks=[hook.path for hook in self.intake.hooks],
        )

    async def open(self, bot: ToldBot) -> None:
        """Let the bot start."""
        await listens(self.intake, lambda: bot.started == 1)

    async def bring(self, body: bytes, secret: str | None = None) -> int:
        """Bring an update as the messenger does; tells the answer's status."""
        said = self.way_in.webhook.secret if secret is None else secret
        headers = {SECRET_HEADER.encode(): said.encode()}
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return (await client.post(self.way_in.webhook.path, content=body, headers=headers)).status_code


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


async def test_what_is_no_update_is_put_aside_once_and_answered_well(world: World, records: Records) -> None:
    bot = ToldBot()
    site = Site(world, bot)
    await site.open(bot)
    for body in (b"nonsense", b"[]", b"\xff\xfe", b"[" * 100_000, b"nonsense"):
        assert await site.bring(body) == 200
    assert {row["error"] for row in records.of("quarantined_update")} == {"NotAnUpdate"}
    assert len(records.of("quarantined_update")) == 4
    assert await site.bring(b" " * (LARGEST_UPDATE + 1)) == 413


async def test_what_the_database_refuses_comes_again_and_is_put_aside_at_last(world: World, records: Records) -> None:
    bot = ToldBot(failing={5: [StorageBusyError("try again")] * MOST_TRIES})
    site = Site(world, bot)
    await site.open(bot)
    assert [await site.bring(UPDATE) for _ in range(MOST_TRIES)] == [503] * (MOST_TRIES - 1) + [200]
    assert [row["error"] for row in records.of("quarantined_update")] == ["StorageBusyError"]
