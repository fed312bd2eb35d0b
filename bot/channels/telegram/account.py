"""Owns what can be asked and set of the patients' bot without anybody listening: who it is, its webhook."""

from typing import Any

from aiogram.enums import UpdateType
from aiogram.exceptions import AiogramError
from aiogram.methods import DeleteWebhook, GetMe, GetWebhookInfo, SetWebhook, TelegramMethod

from bot.channels.telegram.connection import Connection
from bot.channels.telegram.failures import intake_error
from bot.services.intake_ports import BotIdentity, OutOfReachError, WebhookState

HEARD = (UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER)
ALLOWED = [kind.value for kind in HEARD]
"""Named each time: without a list Telegram goes by the one it was given last."""


class PatientsAccount:
    """The patients' bot, as Telegram keeps it."""

    def __init__(self, connection: Connection) -> None:
        """Ask over a connection."""
        self._connection = connection

    @property
    def name(self) -> str:
        """Tell which of our bots this is."""
        return "patients"

    async def identify(self) -> BotIdentity:
        """Ask Telegram who we are. Raises IntakeError."""
        me = await self._ask(GetMe())
        try:
            return BotIdentity(id=int(me["id"]), username=str(me["username"]))
        except (KeyError, TypeError, ValueError) as nobody:
            raise OutOfReachError("getMe tells nobody") from nobody

    async def set_webhook(self, url: str, secret: str) -> None:
        """Let Telegram deliver updates to `url`, with the secret in a header. Raises IntakeError."""
        await self._ask(SetWebhook(url=url, secret_token=secret, allowed_updates=ALLOWED))

    async def delete_webhook(self) -> None:
        """Fetch updates by long poll again; nothing that waits is dropped. Raises IntakeError."""
        await self._ask(DeleteWebhook(drop_pending_updates=False))

    async def webhook(self) -> WebhookState:
        """Ask what is set. Raises IntakeError."""
        told = await self._ask(GetWebhookInfo())
        if not isinstance(told, dict):
            raise OutOfReachError("getWebhookInfo tells nothing")
        return WebhookState(
            url=str(told.get("url", "")),
            waiting=int(told.get("pending_update_count", 0)),
            last_error=str(told.get("last_error_message", "")),
        )

    async def close(self) -> None:
        """Close the session."""
        await self._connection.close()

    async def _ask(self, method: TelegramMethod[Any], longer: float = 0) -> Any:  # noqa: ANN401 - JSON
        try:
            return await self._connection.ask(method, longer)
        except AiogramError as failure:
            raise intake_error(failure) from failure
