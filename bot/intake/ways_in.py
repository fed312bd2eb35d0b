"""One bot's way in: who it is, and where its webhook lies.

Invariant: path and secret of a webhook follow from the bot's token alone, and the token from neither; a new token has
new ones.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from bot.services.bot_names import BotName
from bot.services.intake_ports import Bot

HOOKS = "/hooks/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """Where a webhook lies, and what the messenger says to be let in."""

    path: str = field(repr=False)
    secret: str = field(repr=False)

    def at(self, public_url: str) -> str:
        """Tell the whole address, of a house that is reached at `public_url`; it is half a key, and shown nowhere."""
        return public_url.rstrip("/") + self.path


@dataclass(frozen=True, kw_only=True, slots=True)
class WayIn:
    """A bot, and how updates reach it. account: its id at the messenger. name: how it is named here, if it is."""

    bot: Bot
    account: int
    webhook: Webhook
    name: BotName | None = None


def webhook_of(token: str) -> Webhook:
    """Tell where the webhook of the bot with this token lies."""
    return Webhook(path=HOOKS + _derived(token, "path"), secret=_derived(token, "secret"))


def way_in(bot: Bot, token: str, name: BotName | None = None) -> WayIn:
    """Make the way in of a bot. A token begins with the bot's id (core.telegram.org/bots/api#authorizing-your-bot)."""
    number = token.partition(":")[0]
    return WayIn(
        bot=bot,
        account=int(number) if number.isascii() and number.isdecimal() else 0,
        webhook=webhook_of(token),
        name=name,
    )


def _derived(token: str, purpose: str) -> str:
    """Hexadecimal digits, which both an address and `secret_token` (1-256 of A-Za-z0-9_-) may hold."""
    return hmac.digest(token.encode(), f"recare webhook {purpose}".encode(), hashlib.sha256).hex()
