"""What a check-up asks of others: the mail server, and the Bot API. Nothing is sent to anybody."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from bot.channels import email
from bot.channels import telegram as patients_telegram
from bot.desk import telegram as desk_telegram
from bot.errors import RecareError
from bot.intake import out_of_bounds, webhook_of
from bot.services.bot_names import BotName, desk_name, patients_name
from bot.services.doctor_bots import Wanted, WebhookWanted, examine_bot, examine_clock, examine_groups
from bot.services.doctor_findings import Finding, broken, doubtful, fine
from bot.services.ports import ChannelError
from bot.settings import ClinicSettings, read_bot_tokens, read_smtp_password
from bot.settings.clinic import MailPart, TelegramPart
from bot.settings.reading import DESK_TOKEN_VARIABLE, PATIENTS_TOKEN_VARIABLE


async def ask_around(
    settings: ClinicSettings,
    environment: Mapping[str, str],
    *,
    groups: Sequence[int] | None,
    now: Callable[[], datetime],
) -> Sequence[Finding]:
    """Ask whoever this clinic works with. groups: linked to the desk, None where that is not known; now: aware UTC."""
    found = [await _mail(settings, settings.mail, environment) if settings.mail else fine("mail", "not set up")]
    part = settings.telegram
    if part is None:
        return [*found, fine("telegram", "not set up: patients and staff use the web pages")]
    try:
        tokens = read_bot_tokens(environment, settings)
    except RecareError as wrong:
        return [*found, broken("telegram", str(wrong), "")]
    if tokens.patients is None:
        found.append(_no_token("patients", PATIENTS_TOKEN_VARIABLE, "patients have the web page alone"))
    else:
        found += await _patients(tokens.patients, part, settings.web.public_url)
    if tokens.desk is None:
        found.append(_no_token("desk", DESK_TOKEN_VARIABLE, "staff have the web desk alone"))
    else:
        found += await _desk(tokens.desk, part, settings.web.public_url, groups)
    return [*found, await examine_clock(partial(desk_telegram.server_time, part.api_base), now)]


async def _patients(token: str, part: TelegramPart, public_url: str) -> Sequence[Finding]:
    account = patients_telegram.PatientsAccount(patients_telegram.Connection(token, part.api_base))
    try:
        return await examine_bot(account, _wanted(token, patients_name(part), part, public_url))
    finally:
        await account.close()


async def _desk(token: str, part: TelegramPart, public_url: str, groups: Sequence[int] | None) -> Sequence[Finding]:
    client = desk_telegram.connect(token=token, api_base=part.api_base)
    account = desk_telegram.DeskAccount(client)
    try:
        found = await examine_bot(account, _wanted(token, desk_name(part), part, public_url))
        if groups is None:
            return found
        return [*found, *await examine_groups(desk_telegram.ForumBoard(client), groups)]
    finally:
        await account.close()


async def _mail(settings: ClinicSettings, part: MailPart, environment: Mapping[str, str]) -> Finding:
    where = f"{part.host}:{part.port}"
    try:
        password = read_smtp_password(environment, settings)
        postbox = email.Postbox(
            host=part.host, port=part.port, security=email.Security(part.security), user=part.user, password=password
        )
        await postbox.knock(sender=part.sender)
    except RecareError as wrong:
        return broken("mail", str(wrong), "")
    except ChannelError as failure:
        remedy = "see host, port, security and user under [mail], and RECARE_SMTP_PASSWORD"
        return broken("mail", f"the mail server {where} cannot be used ({failure})", remedy)
    return fine("mail", f"the mail server {where} lets us in")


def _wanted(token: str, name: BotName, part: TelegramPart, public_url: str) -> Wanted:
    webhook = _webhook(token, part, public_url) if part.mode == "webhook" else None
    return Wanted(api_base=part.api_base, name=name, webhook=webhook)


def _webhook(token: str, part: TelegramPart, public_url: str) -> WebhookWanted:
    wrong = out_of_bounds(public_url, part.api_base)
    return WebhookWanted(
        site=public_url,
        url=webhook_of(token).at(public_url),
        wrong=None if wrong is None else (wrong.says, wrong.remedy),
    )


def _no_token(name: str, variable: str, so: str) -> Finding:
    return doubtful(f"telegram.{name}", f"{variable} is not set: {so}", f"make a bot at @BotFather, set {variable}")
