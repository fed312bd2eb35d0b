"""Owns what is asked of Telegram about the desk's bot, whether or not anybody listens to it: who it is, its webhook."""

from bot.desk.telegram.client import KINDS, DeskClient
from bot.desk.telegram.failures import as_intake_errors
from bot.services.intake_ports import BotIdentity, WebhookState

WEBHOOK_CONNECTIONS = 8


class DeskAccount:
    """The desk's bot as Telegram keeps it."""

    def __init__(self, client: DeskClient) -> None:
        """Ask by a connection."""
        self._client = client

    @property
    def name(self) -> str:
        """Tell which of our bots this is."""
        return "desk"

    async def identify(self) -> BotIdentity:
        """Ask Telegram who we are. Raises IntakeError."""
        with as_intake_errors():
            me = await self._client.get_me()
        return BotIdentity(id=me.id, username=me.username or "")

    async def set_webhook(self, url: str, secret: str) -> None:
        """Let Telegram deliver updates to `url`, with the secret in a header. Raises IntakeError."""
        with as_intake_errors():
            await self._client.set_webhook(
                url, secret_token=secret, allowed_updates=KINDS, max_connections=WEBHOOK_CONNECTIONS
            )

    async def delete_webhook(self) -> None:
        """Fetch updates by long poll again; nothing that waits is dropped. Raises IntakeError."""
        with as_intake_errors():
            await self._client.delete_webhook(drop_pending_updates=False)

    async def webhook(self) -> WebhookState:
        """Ask what is set. Raises IntakeError."""
        with as_intake_errors():
            info = await self._client.get_webhook_info()
        return WebhookState(url=info.url, waiting=info.pending_update_count, last_error=info.last_error_message or "")

    async def close(self) -> None:
        """Close sessions."""
        await self._client.close_sessions()
