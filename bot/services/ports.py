"""What services need from the outside world: a clock, channels to patients, desks for staff.

A channel turns every failure of its library into one of the errors below; nothing else may leave `send`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from flows.vocabulary import Channel, Language


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Tell the time as an aware UTC datetime."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a channel can do.

    may_start: may write to somebody who has not opened the chat. repeatable: sending one message twice shows it once.
    """

    may_start: bool
    repeatable: bool
    buttons: int
    text_length: int
    can_edit: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingButton:
    """A button as it leaves."""

    label: str
    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingFile:
    """A small file as it leaves."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingMail:
    """What an e-mail has beside its text, which holds all of it in plain lines.

    before, after: paragraphs around the button; button: its label, link: where it leads. small: lines at the foot.
    stop: label of the link that ends such messages, stop_link: where it leads; both "" where the reader just asked for
    this one and there is nothing to end. mark: by which we know it when it comes back.
    """

    language: Language
    subject: str
    before: tuple[str, ...]
    button: str
    link: str
    after: tuple[str, ...]
    small: tuple[str, ...]
    stop: str = ""
    stop_link: str = ""
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingMessage:
    """A message as it leaves: worded, permitted, and known to the outbox under `key`."""

    key: str
    text: str
    buttons: tuple[OutgoingButton, ...] = ()
    file: OutgoingFile | None = None
    mail: OutgoingMail | None = None


class ChannelError(Exception):
    """Sending did not succeed; the subclass says what is known."""


class NotSentError(ChannelError):
    """The message surely did not go out; it may be tried again after `wait`."""

    def __init__(self, why: str, *, wait: timedelta = timedelta(minutes=1)) -> None:
        """Say why in one word, and how long to wait."""
        super().__init__(why)
        self.wait = wait


class AddressClosedError(ChannelError):
    """The message did not go out and never will at this address."""


class RefusedError(ChannelError):
    """The channel refuses this message as it is; repeating it is no use."""


class OutcomeUnknownError(ChannelError):
    """The message may or may not have arrived; it is never repeated blindly."""


class PatientChannel(Protocol):
    """A way of reaching patients."""

    @property
    def name(self) -> Channel:
        """Tell which channel this is."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """Tell what the channel can do."""
        ...

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Send to an address; return the channel's own id of the message. Raises ChannelError."""
        ...


class Desk(Protocol):
    """A place where staff see tickets."""

    async def changed(self, conversation_id: int) -> None:
        """Show what has changed in a conversation. Must not raise."""
        ...


Channels = Mapping[Channel, PatientChannel]
