"""`recare webhook`: where the messenger brings updates to, and taking that back."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import click

from bot.channels import telegram as patients_telegram
from bot.cli.opening import clinic_option, json_option
from bot.desk import telegram as desk_telegram
from bot.errors import RecareError
from bot.intake import out_of_bounds, webhook_of
from bot.services.intake_ports import BusyError, IntakeError, OutOfReachError, TokenRevokedError, WebhookState
from bot.settings import ClinicSettings, read_bot_tokens, read_clinic

T = TypeVar("T")


class Account(Protocol):
    """A bot as the messenger keeps it."""

    @property
    def name(self) -> str:
        """Tell which of our bots this is: "patients" or "desk"."""
        ...

    async def set_webhook(self, url: str, secret: str) -> None:
        """Let the messenger bring updates to `url`, with the secret in a header. Raises IntakeError."""
        ...

    async def delete_webhook(self) -> None:
        """Let updates be fetched again. Raises IntakeError."""
        ...

    async def webhook(self) -> WebhookState:
        """Ask what is set. Raises IntakeError."""
        ...

    async def close(self) -> None:
        """Close sessions."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A bot, and the webhook that is its own here."""

    account: Account
    url: str
    secret: str


@click.group(name="webhook", epilog="Example: recare webhook set")
def command() -> None:
    """Say whether the messenger brings updates to [web] public_url, or recare fetches them."""


bot_option = click.option(
    "--bot", "only", type=click.Choice(["patients", "desk"]), help="Only this one; default: each that has a token."
)


@command.command(name="set", epilog="Example: recare webhook set --bot patients")
@bot_option
@clinic_option
def set_(only: str | None, clinic_file: Path) -> None:
    """Let updates be brought to [web] public_url; clinic.toml then has [telegram] mode = "webhook".

    Address and secret follow from the bot's token. Telegram reaches ports 443, 80, 88 and 8443, over HTTPS; a Bot API
    server on this machine also reaches any http:// address of this machine.
    """
    settings = read_clinic(clinic_file)
    if settings.telegram is not None:
        wrong = out_of_bounds(settings.web.public_url, settings.telegram.api_base)
        if wrong is not None:
            raise RecareError(f"{clinic_file}: {wrong.says}; {wrong.remedy}")

    async def lead_here(bot: Named) -> None:
        await bot.account.set_webhook(bot.url, bot.secret)

    for name in _for_each(settings, only, lead_here):
        click.echo(f"{name}: updates are brought to {settings.web.public_url}.")
    if settings.telegram is not None and settings.telegram.mode != "webhook":
        click.echo('Set mode = "webhook" under [telegram] and restart recare: it still tries to fetch them.')


@command.command(epilog="Example: recare webhook delete")
@bot_option
@clinic_option
def delete(only: str | None, clinic_file: Path) -> None:
    """Let updates be fetched again; nothing that waits is lost. clinic.toml then has [telegram] mode = "polling"."""

    async def take_away(bot: Named) -> None:
        await bot.account.delete_webhook()

    for name in _for_each(read_clinic(clinic_file), only, take_away):
        click.echo(f"{name}: updates are fetched again.")


@command.command(epilog="Example: recare webhook info --json")
@bot_option
@json_option
@clinic_option
def info(only: str | None, clinic_file: Path, *, as_json: bool) -> None:
    """Show what is set, how many updates wait, and what went wrong last. Addresses are not shown: they are half a key.

    With --json: a list of {"bot", "set", "ours", "waiting", "last_error"}.
    """

    async def ask(bot: Named) -> dict[str, object]:
        state = await bot.account.webhook()
        return {
            "bot": bot.account.name,
            "set": bool(state.url),
            "ours": state.url == bot.url,
            "waiting": state.waiting,
            "last_error": state.last_error,
        }

    found = _for_each(read_clinic(clinic_file), only, ask)
    if as_json:
        click.echo(json.dumps(list(found.values()), indent=2, ensure_ascii=False))
        return
    for name, state in found.items():
        where = "a webhook here" if state["ours"] else "a webhook elsewhere" if state["set"] else "fetched, no webhook"
        wrong = f"; last error: {state['last_error']}" if state["last_error"] else ""
        click.echo(f"{name}: {where}; {state['waiting']} waiting{wrong}")


def _for_each(settings: ClinicSettings, only: str | None, do: Callable[[Named], Awaitable[T]]) -> Mapping[str, T]:
    """Do something with each bot; what came of it, by the bot's name. Raises RecareError."""
    part, tokens = settings.telegram, read_bot_tokens(os.environ, settings)
    if part is None:
        raise RecareError("clinic.toml has no [telegram]; add it to use bots")
    given = {"patients": tokens.patients, "desk": tokens.desk}
    wanted = {name: token for name, token in given.items() if token is not None and only in {None, name}}
    if not wanted:
        raise RecareError(f"the {only} bot has no token in the environment")

    async def one(name: str, token: str) -> T:
        where = webhook_of(token)
        account = _account(name, token, part.api_base)
        try:
            return await do(Named(account=account, url=where.at(settings.web.public_url), secret=where.secret))
        except IntakeError as trouble:
            raise RecareError(f"{name}: {_explained(trouble)}") from trouble
        finally:
            await account.close()

    async def all_of_them() -> dict[str, T]:
        return {name: await one(name, token) for name, token in wanted.items()}

    return asyncio.run(all_of_them())


def _account(name: str, token: str, api_base: str) -> Account:
    if name == "patients":
        return patients_telegram.PatientsAccount(patients_telegram.Connection(token, api_base))
    return desk_telegram.DeskAccount(desk_telegram.connect(token=token, api_base=api_base))


def _explained(trouble: IntakeError) -> str:
    if isinstance(trouble, TokenRevokedError):
        return "Telegram does not know this token; @BotFather shows the one that holds"
    if isinstance(trouble, BusyError):
        return f"Telegram asks to wait {trouble.wait.total_seconds():.0f} seconds; try again then"
    if isinstance(trouble, OutOfReachError):
        return "Telegram does not answer, or not as it should; see [telegram] api_base, and try again"
    return f"Telegram refuses: {trouble}"
