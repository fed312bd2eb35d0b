"""What intake needs of a bot, and what it tells: raw updates in, handled one at a time in each chat.

Raw updates stay JSON data until the adapter's library reads them, so that one that cannot be read harms no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, TypeAlias

RawUpdate: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class BotIdentity:
    """Who a token belongs to. username: without "@"."""

    id: int
    username: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """Something that a person did in their own chat. account: the chat's id at the messenger. words: "" if none."""

    account: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookState:
    """What the messenger says of a webhook. url: "" if there is none. waiting: updates not delivered yet."""

    url: str
    waiting: int
    last_error: str = ""


class IntakeError(Exception):
    """A call to the messenger did not succeed; the subclass says what to do."""


class TokenRevokedError(IntakeError):
    """The messenger does not know the token: this bot stops, and says so."""


class PolledElsewhereError(IntakeError):
    """Somebody else fetches this bot's updates, or a webhook is set."""


class BusyError(IntakeError):
    """The messenger asks to wait."""

    def __init__(self, wait: timedelta) -> None:
        """Say how long."""
        super().__init__("busy")
        self.wait = wait


class OutOfReachError(IntakeError):
    """No answer, or none that makes sense: try again with growing pauses."""


class UnreadableUpdateError(Exception):
    """The library cannot read this update; it is put aside and never comes again."""


class Bot(Protocol):
    """A bot of a messenger, as its adapter speaks it."""

    @property
    def name(self) -> str:
        """Tell which of our bots this is: "patients" or "desk"."""
        ...

    async def identify(self) -> BotIdentity:
        """Ask the messenger who we are. Raises IntakeError."""
        ...

    async def fetch(self, offset: int | None, seconds: int) -> Sequence[RawUpdate]:
        """Fetch updates from `offset` on, waiting up to `seconds` for one. Raises IntakeError."""
        ...

    def lane(self, raw: RawUpdate) -> str:
        """Name the chat an update belongs to: what shares a name is handled in order. Any JSON object is accepted."""
        ...

    def said(self, raw: RawUpdate) -> Said | None:
        """Tell of an update that was not taken who said it to us, and what; any JSON object is accepted.

        None: that is not plain, or whoever talks with this bot is no patient.
        """
        ...

    async def handle(self, raw: RawUpdate) -> None:
        """Handle one update; returns once its effect is committed.

        Raises:
            UnreadableUpdateError: the library cannot read it.
            StorageError: nothing was taken; hand it in again later.
        """
        ...

    async def set_webhook(self, url: str, secret: str) -> None:
        """Let the messenger deliver updates to `url`, with the secret in a header. Raises IntakeError."""
        ...

    async def delete_webhook(self) -> None:
        """Fetch updates by long poll again; nothing that waits is dropped. Raises IntakeError."""
        ...

    async def webhook(self) -> WebhookState:
        """Ask what is set. Raises IntakeError."""
        ...

    async def start(self) -> None:
        """Open sessions; name commands. Raises IntakeError."""
        ...

    async def stop(self) -> None:
        """Close sessions."""
        ...
