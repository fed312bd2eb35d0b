"""What came in from a patient, as channels hand it over; the channel and its own id make an update unique."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from flows.engine.choices import Payload
from flows.ids import ConversationId
from flows.vocabulary import Channel
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork

LONGEST_TEXT = 4096
MOST_PUT_ASIDE = 500
"""So many of the latest that were put aside are looked through; there are more only while something is badly broken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrote:
    """A text; what is longer than 4,096 characters is cut. Half a character, which nothing can store, becomes "?"."""

    text: str

    def __post_init__(self) -> None:
        """Mend what is no valid Unicode."""
        object.__setattr__(self, "text", self.text.encode(errors="replace").decode())


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """A button."""

    payload: Payload


@dataclass(frozen=True, kw_only=True, slots=True)
class SentFile:
    """Something that is not text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """The chat was opened."""


Content: TypeAlias = Wrote | Pressed | SentFile | Opened


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """One update of one conversation."""

    channel: Channel
    external_id: str
    conversation_id: ConversationId
    content: Content


@dataclass(frozen=True, kw_only=True, slots=True)
class PutAside:
    """What a patient did that could not be handled. text: their words; empty for a button or a file. at: UTC."""

    id: int
    at: datetime
    text: str


def put_aside_in(uow: UnitOfWork, conversation_id: ConversationId) -> tuple[PutAside, ...]:
    """What of a conversation lies in quarantine and had no effect later either, the oldest first."""
    kept = uow.updates.unhandled(MOST_PUT_ASIDE)
    theirs = ((each, each.raw) for each in kept if isinstance(each.raw, Mapping))
    return tuple(
        PutAside(id=each.id, at=each.at, text=str(raw.get("text", "")))
        for each, raw in theirs
        if raw.get("conversation") == str(conversation_id) and raw.get("kind") != "opened"
    )


def raw_of(update: Update) -> dict[str, Json]:
    """The update as it is put aside: all that came in, as JSON data."""
    return {"conversation": str(update.conversation_id), **_plain(update.content)}


def _plain(content: Content) -> dict[str, Json]:
    match content:
        case Wrote(text=text):
            return {"kind": "wrote", "text": text}
        case Pressed(payload=payload):
            return {"kind": "pressed", "payload": payload.encode()}
        case SentFile():
            return {"kind": "sent_file"}
        case Opened():
            return {"kind": "opened"}
