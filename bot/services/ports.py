"""What services need from the outside world: a clock, channels to patients, desks for staff.

A channel turns every failure of its library into one of the errors below; nothing else may leave `send`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from flows.vocabulary import Channel, Language


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Tell the time as an aware UTC datetime."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast a messenger takes messages: so many a second in all, so many seconds between two in one chat."""

    per_second: float
    chat_seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a channel can do.

    may_start: may write to somebody who has not opened the chat. repeatable: sending one message twice shows it once.
    pace: None where messages may leave as fast as they can.
    """

    may_start: bool
    repeatable: bool
    buttons: int
    text_length: int
    can_edit: bool
    pace: Pace | None = None


class OutgoingButton(NamedTuple):
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
class OutgoingVenue:
    """A place on the map; latitude and longitude in degrees (WGS 84)."""

    name: str
    address: str
    latitude: float
    longitude: float


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


class Keyboard(StrEnum):
    """What the patient's keyboard offers beside writing, where the channel has such a thing.

    SHARE_PHONE: a button that shares the own phone number, under the label of the message. NONE: what was there goes.
    """

    SHARE_PHONE = "share_phone"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingMessage:
    """A message as it leaves: worded, permitted, and known to the outbox under `key`.

    edits: the channel's id of an earlier message that this one replaces, where the channel can. keyboard,
    keyboard_label: as for Keyboard; None: the keyboard stays as it is. venue: the address to show on a map.
    """

    key: str
    text: str
    buttons: tuple[OutgoingButton, ...] = ()
    file: OutgoingFile | None = None
    mail: OutgoingMail | None = None
    edits: str | None = None
    keyboard: Keyboard | None = None
    keyboard_label: str = ""
    venue: OutgoingVenue | None = None


class ChannelError(Exception):
    """Sending did not succeed; the subclass says what is known."""


class Busy(StrEnum):
    """Who has to wait: only this chat, or everything that goes by the channel."""

    CHAT = "chat"
    CHANNEL = "channel"


class NotSentError(ChannelError):
    """The message surely did not go out; it may be tried again after `wait`.

    busy: set where the messenger asked to wait, which is no failure of the message.
    """

    def __init__(self, why: str, *, wait: timedelta = timedelta(minutes=1), busy: Busy | None = None) -> None:
        """Say why in one word, how long to wait, and who."""
        super().__init__(why)
        self.wait = wait
        self.busy = busy


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
