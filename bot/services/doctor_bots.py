"""Checks what a messenger says of our bots: their tokens, webhooks, groups, and what time it is there.

Only asks: nothing is sent to anybody, fetched or set.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.services.bot_names import BotName
from bot.services.doctor_findings import Finding, broken, doubtful, fine
from bot.services.intake_ports import (
    BotIdentity,
    BusyError,
    IntakeError,
    OutOfReachError,
    TokenRevokedError,
    WebhookState,
)
from bot.services.topic_ports import BoardError, GroupMovedError, GroupState, NotAdminError

SLIGHTLY_WRONG = timedelta(seconds=5)
"""An HTTP date counts whole seconds and travels for some."""
BADLY_WRONG = timedelta(seconds=60)
MANY_WAITING = 100


class Account(Protocol):
    """A bot as the messenger keeps it."""

    @property
    def name(self) -> str:
        """Tell which of our bots this is: "patients" or "desk"."""
        ...

    async def identify(self) -> BotIdentity:
        """Ask the messenger who we are. Raises IntakeError."""
        ...

    async def webhook(self) -> WebhookState:
        """Ask what is set. Raises IntakeError."""
        ...


class Groups(Protocol):
    """Where groups are looked at."""

    async def look(self, group: int) -> GroupState:
        """Tell how a group stands. Raises BoardError."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookWanted:
    """Where updates are to be brought to.

    site: the address of this house. url: that of the bot's webhook there: half a key, and shown nowhere. wrong: why
    nothing can be brought to such a site, and what helps; None if it can.
    """

    site: str
    url: str = field(repr=False)
    wrong: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """How a bot is set up here. webhook: None where updates are fetched."""

    api_base: str
    name: BotName
    webhook: WebhookWanted | None


async def examine_bot(bot: Account, wanted: Wanted) -> Sequence[Finding]:
    """Check a bot's token, and its name and webhook if the token is good."""
    try:
        who = await bot.identify()
    except IntakeError as failure:
        return [_token(bot.name, failure, wanted)]
    known = _known(bot.name, who, wanted.name)
    try:
        return [known, _webhook(bot.name, await bot.webhook(), wanted)]
    except IntakeError as failure:
        return [known, _token(bot.name, failure, wanted)]


async def examine_groups(board: Groups, linked: Sequence[int]) -> Sequence[Finding]:
    """Check that the desk's bot can work in each linked group."""
    if not linked:
        remedy = "`recare desk link` prints a line; write that line into the group"
        return [doubtful("telegram.group", "no group is linked, so staff have the web desk alone", remedy)]
    return [await _group(board, group) for group in linked]


async def examine_clock(ask: Callable[[], Awaitable[datetime]], now: Callable[[], datetime]) -> Finding:
    """Compare this machine's clock with the messenger's server (both aware UTC)."""
    began = now()
    try:
        there = await ask()
    except OutOfReachError:
        remedy = "see what telegram.* says"
        return doubtful("clock", "the server of the Bot API did not tell the time", remedy)
    ended = now()
    # Their second may have been told at any moment between asking and hearing.
    early, late = began - there - timedelta(seconds=1), there - ended
    wrong = max(early, late, timedelta())
    remedy = "let the machine keep its time by NTP (timedatectl set-ntp true)"
    says = f"this machine's clock is {round(wrong.total_seconds())} s off"
    if wrong > BADLY_WRONG:
        return broken("clock", says, remedy)
    if wrong > SLIGHTLY_WRONG:
        return doubtful("clock", says, remedy)
    return fine("clock", "this machine's clock and the server of the Bot API agree")


def _known(bot: str, who: BotIdentity, name: BotName) -> Finding:
    check, mistake = f"telegram.{bot}", name.mistake(who)
    if mistake is not None:
        return broken(check, mistake, name.remedy)
    return fine(check, f"the bot of {name.token} is @{who.username}")


def _token(name: str, failure: IntakeError, wanted: Wanted) -> Finding:
    check = f"telegram.{name}"
    match failure:
        case TokenRevokedError():
            remedy = f"ask @BotFather for it (/mybots, API Token) and set {wanted.name.token} anew"
            return broken(check, f"Telegram does not know the token in {wanted.name.token}", remedy)
        case BusyError():
            wait = round(failure.wait.total_seconds())
            return doubtful(check, "Telegram asks to wait", f"check again in {wait} s")
        case OutOfReachError():
            remedy = "check this machine's way to the Internet, and [telegram] api_base"
            return broken(check, f"{wanted.api_base} gives no answer that makes sense", remedy)
        case _:
            return broken(check, f"Telegram refuses: {failure}", f"check the bot of {wanted.name.token} at @BotFather")


def _webhook(name: str, state: WebhookState, wanted: Wanted) -> Finding:
    check, here = f"webhook.{name}", wanted.webhook
    if here is None:
        if state.url:
            says = "a webhook is set, so nothing can be fetched"
            return broken(check, says, '`recare webhook delete`, or mode = "webhook" under [telegram]')
        return fine(check, "updates are fetched")
    if here.wrong is not None:
        says, remedy = here.wrong
        return broken(check, says, f'{remedy}; or mode = "polling" under [telegram]')
    if not state.url:
        says = "no webhook is set, so nothing comes in"
        return broken(check, says, '`recare webhook set`, or mode = "polling" under [telegram]')
    if state.url != here.url:
        says = f"updates are delivered elsewhere than to this bot's webhook at {here.site}"
        return broken(check, says, "`recare webhook set`, or correct [web] public_url")
    if state.last_error:
        remedy = f"see that {here.site} is reached from outside, over HTTPS"
        return doubtful(check, f"delivery failed lately ({state.last_error}); {state.waiting} updates wait", remedy)
    if state.waiting > MANY_WAITING:
        return doubtful(check, f"{state.waiting} updates wait to be delivered", "see that `recare run` runs")
    return fine(check, f"updates are delivered to {here.site}")


async def _group(board: Groups, group: int) -> Finding:
    check = "telegram.group"
    try:
        state = await board.look(group)
    except GroupMovedError:
        return doubtful(check, f"the group {group} became a supergroup", "nothing: `recare run` follows it")
    except NotAdminError:
        remedy = "add the bot to the group and make it an administrator, or link another with `recare desk link`"
        return broken(check, f"the bot is no member of the group {group} any more", remedy)
    except BoardError as failure:
        remedy = "check again; see what telegram.desk says"
        return doubtful(check, f"the group {group} could not be looked at ({type(failure).__name__})", remedy)
    if not state.is_forum:
        return broken(check, f"topics are switched off in {state.title!r}", "switch them on in the group's settings")
    if not state.may_manage:
        remedy = 'make the bot an administrator with the right to "Manage topics"'
        return broken(check, f"the bot may not manage topics in {state.title!r}", remedy)
    if not state.may_delete:
        remedy = 'give the bot the right to "Delete messages", too'
        return doubtful(check, f"what stands of erased patients in {state.title!r} cannot be deleted", remedy)
    return fine(check, f"the bot manages the topics of {state.title!r}")
