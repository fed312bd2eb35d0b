"""What comes in on a messenger from an account, which may be anybody's, as its channel hands it over.

The channel and the messenger's own id make an arrival unique: delivered again, it has no second effect.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bot.services.updates import Opened, Pressed, SentFile, Taken, Wrote, mended
from flows.vocabulary import Channel, Language


@dataclass(frozen=True, kw_only=True, slots=True)
class CameByLink:
    """The chat was started by a personal link; token: its secret, as it came from outside."""

    token: str

    def __post_init__(self) -> None:
        """Mend what is no valid Unicode."""
        object.__setattr__(self, "token", mended(self.token))


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedPhone:
    """A contact was shared. own: the messenger vouches that it is the sender's own number, and it was not forwarded."""

    number: str
    own: bool

    def __post_init__(self) -> None:
        """Mend what is no valid Unicode."""
        object.__setattr__(self, "number", mended(self.number))


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited:
    """An earlier message of theirs was changed and reads `text` now; message_id: the messenger's, of that message."""

    text: str
    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatClosed:
    """The bot was blocked, or the account is no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatReopened:
    """The bot was unblocked."""


ArrivedContent: TypeAlias = (
    Wrote | Pressed | SentFile | Opened | CameByLink | SharedPhone | Edited | ChatClosed | ChatReopened
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One update of one account.

    external_id: unique in the channel, as "<bot id>:<update id>". account: the chat's id at the messenger. language:
    what the messenger says the person reads, a hint. message_id: the messenger's id of the message, "" where there is
    none; known again when it is edited.
    """

    channel: Channel
    external_id: str
    account: str
    language: Language | None
    content: ArrivedContent
    message_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """What became of an arrival. answered: it was a press, and it answered the question that was open."""

    taken: Taken
    answered: bool = False


class Entrance(Protocol):
    """Where messengers' channels bring what comes in."""

    async def take(self, arrival: Arrival) -> Arrived:
        """Let an arrival have its effect, once; what fails unforeseen is put aside for staff.

        Raises StorageError (a RecareError): nothing was taken; the messenger may deliver it again.
        """
        ...

    async def has_room(self, channel: Channel, account: str) -> bool:
        """Tell whether a file that came from an account would be kept now; asked before it is loaded.

        Raises StorageError: nobody knows; the messenger may deliver it again.
        """
        ...
