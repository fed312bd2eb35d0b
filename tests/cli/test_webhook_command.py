"""`recare webhook`: what is set at the messenger, shown and taken back, before a Bot API server of the tests."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.intake import webhook_of
from tests.botapi.api import BotApi, bot_api
from tests.botapi.errors import bad_request
from tests.botapi.hub import BotAccount
from tests.botapi.inbox import Webhook
from tests.cli.checkups import set_up
from tests.cli.shell import one_line, recare

SITE = "https://recall.example.com"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A clinic's folder, its two bots, and where they live."""

    folder: Path
    api: BotApi
    patients: BotAccount
    staff: BotAccount

    async def webhook(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call the command, while the server goes on."""
        tokens = {"RECARE_TELEGRAM_TOKEN": self.patients.token, "RECARE_DESK_TOKEN": self.staff.token}
        return await asyncio.to_thread(recare, "webhook", *arguments, folder=self.folder, environment=tokens)

    async def info(self) -> list[dict[str, object]]:
        """What the command tells programs."""
        ran = await self.webhook("info", "--json")
        assert (ran.returncode, ran.stderr) == (0, "")
        told = json.loads(ran.stdout)
        assert isinstance(told, list)
        return told

    def is_at(self, site: str) -> None:
        """Let the clinic be reached at this address."""
        file = self.folder / "clinic.toml"
        text = file.read_text(encoding="utf-8")
        assert text.count('"http://127.0.0.1:8080"') == 1
        file.write_text(text.replace('"http://127.0.0.1:8080"', f'"{site}"'), encoding="utf-8")


@pytest.fixture
async def desk(clinic: Path) -> AsyncIterator[Desk]:
    """The example's clinic with two bots; a call that is not as published fails the test."""
    async with bot_api() as api:
        set_up(clinic, f'[telegram]\napi_base = "{api.base}"\n')
        yield Desk(folder=clinic, api=api, patients=api.bot("clinic_bot"), staff=api.bot("clinic_desk_bot"))
    api.must_be_clean()


def state(bot: str, **changed: object) -> dict[str, object]:
    """What programs are told of a bot whose updates are fetched, but for what changed."""
    return {"bot": bot, "set": False, "ours": False, "waiting": 0, "last_error": "", **changed}


def lies_at(bot: BotAccount) -> tuple[str, str] | None:
    """Address and secret that are set."""
    hook = bot.inbox.webhook
    return None if hook is None else (hook.url, hook.secret)


async def test_set_leads_each_bot_to_its_own_address_with_its_own_secret(desk: Desk) -> None:
    desk.is_at(SITE)
    ran = await desk.webhook("set")
    assert (ran.returncode, ran.stderr) == (0, "")
    first, second, mode = ran.stdout.splitlines()
    assert (first, second) == (f"patients: updates are brought to {SITE}.", f"desk: updates are brought to {SITE}.")
    assert 'mode = "webhook"' in mode
    for bot in (desk.patients, desk.staff):
        own = webhook_of(bot.token)
        assert lies_at(bot) == (SITE + own.path, own.secret)
        assert own.path not in ran.stdout
        assert own.secret not in ran.stdout
    assert await desk.info() == [state("patients", set=True, ours=True), state("desk", set=True, ours=True)]


async def test_once_the_mode_is_set_it_is_not_asked_for(desk: Desk) -> None:
    set_up(desk.folder, 'mode = "webhook"\n')
    assert "mode" not in (await desk.webhook("set")).stdout


async def test_one_bot_alone_can_be_led_here_and_back(desk: Desk) -> None:
    await desk.webhook("set", "--bot", "desk")
    assert (lies_at(desk.patients) is None, lies_at(desk.staff) is None) == (True, False)
    await desk.webhook("set", "--bot", "patients")
    await desk.webhook("delete", "--bot", "desk")
    assert (lies_at(desk.patients) is None, lies_at(desk.staff) is None) == (False, True)


async def test_delete_takes_webhooks_away_and_nothing_that_waits(desk: Desk) -> None:
    for bot in (desk.patients, desk.staff):
        bot.inbox.set_webhook(Webhook(url="http://127.0.0.1:1/elsewhere", secret="", most_connections=40), allowed=None)
    desk.api.person("Alice").start(desk.patients)
    ran = await desk.webhook("delete")
    assert ran.stdout.splitlines() == ["patients: updates are fetched again.", "desk: updates are fetched again."]
    assert await desk.info() == [state("patients", waiting=1), state("desk")]


async def test_info_tells_ours_from_elsewhere_what_waits_and_what_went_wrong(desk: Desk) -> None:
    desk.is_at(SITE)
    await desk.webhook("set", "--bot", "patients")
    elsewhere = Webhook(url=f"{SITE}/somewhere/else", secret="", most_connections=40)
    elsewhere.last_error, elsewhere.last_error_at = "Connection refused", 1_790_000_000
    desk.staff.inbox.set_webhook(elsewhere, allowed=None)
    assert await desk.info() == [
        state("patients", set=True, ours=True),
        state("desk", set=True, last_error="Connection refused"),
    ]
    ran = await desk.webhook("info")
    assert ran.stdout.splitlines() == [
        "patients: a webhook here; 0 waiting",
        "desk: a webhook elsewhere; 0 waiting; last error: Connection refused",
    ]
    await desk.webhook("delete")
    assert (await desk.webhook("info")).stdout.splitlines()[0] == "patients: fetched, no webhook; 0 waiting"


@pytest.mark.parametrize(
    ("site", "says"),
    [("http://recall.example.com", "https://"), ("https://recall.example.com:9999", "443, 80, 88 and 8443")],
)
async def test_an_address_nothing_can_be_brought_to_is_refused_with_the_remedy(
    desk: Desk, site: str, says: str
) -> None:
    desk.is_at(site)
    one_line(await desk.webhook("set"), "clinic.toml", site, says, "let it")
    assert desk.api.calls_of("setWebhook") == []


@pytest.mark.parametrize("site", ["https://recall.example.com:8443", "http://localhost:9999", "http://[::1]:8080"])
async def test_an_address_of_a_port_telegram_takes_or_of_this_machine_is_set(desk: Desk, site: str) -> None:
    desk.is_at(site)
    assert (await desk.webhook("set")).returncode == 0
    assert await desk.info() == [state("patients", set=True, ours=True), state("desk", set=True, ours=True)]


@pytest.mark.parametrize("bot", ["patients", "desk"])
async def test_what_telegram_refuses_is_told_in_its_words(desk: Desk, bot: str) -> None:
    desk.is_at(SITE)
    why = "bad webhook: Failed to resolve host: Name or service not known"
    desk.api.fault(bad_request(why), method="setWebhook")
    one_line(await desk.webhook("set", "--bot", bot), bot, why)


async def test_a_revoked_token_and_silence_are_told_apart(desk: Desk, unused_tcp_port: int) -> None:
    desk.patients.is_revoked = True
    one_line(await desk.webhook("info"), "patients", "@BotFather")
    file = desk.folder / "clinic.toml"
    text = file.read_text(encoding="utf-8").replace(desk.api.base, f"http://127.0.0.1:{unused_tcp_port}")
    file.write_text(text, encoding="utf-8")
    one_line(await desk.webhook("info", "--bot", "desk"), "desk", "does not answer", "api_base")


async def test_a_bot_without_a_token_is_told(desk: Desk) -> None:
    tokens = {"RECARE_TELEGRAM_TOKEN": desk.patients.token}
    ran = await asyncio.to_thread(recare, "webhook", "set", "--bot", "desk", folder=desk.folder, environment=tokens)
    one_line(ran, "the desk bot has no token")
