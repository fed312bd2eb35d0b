"""What came in from a patient, as channels hand it over; the channel and its own id make an update unique."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from flows.engine.choices import Payload
from flows.ids import ConversationId
from flows.vocabulary import AttachmentKind, Channel
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork

LONGEST_TEXT = 4096
MOST_PUT_ASIDE = 500
"""So many of the latest that were put aside are looked through; there are more only while something is badly broken."""
_SILENT = frozenset({"opened", "started", "missed"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrote:
    """A text; what is longer than 4,096 characters is cut. Half a character, which nothing can store, becomes "?"."""

    text: str

    def __post_init__(self) -> None:
        """Mend what is no valid Unicode."""
        object.__setattr__(self, "text", mended(self.text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """A button, or a command that means the same. words: what was written behind the command."""

    payload: Payload
    words: str = ""

    def __post_init__(self) -> None:
        """Mend what is no valid Unicode."""
        object.__setattr__(self, "words", mended(self.words))


@dataclass(frozen=True, kw_only=True, slots=True)
class SentFile:
    """Something that is not text, perhaps with a text beside it (the caption).

    content: None where it is too large, could not be loaded, or there is none, as of a place on the map.
    """

    kind: AttachmentKind = AttachmentKind.OTHER
    name: str = ""
    media_type: str = ""
    content: bytes | None = field(default=None, repr=False)
    caption: str = ""

    def __post_init__(self) -> None:
        """Mend what is no valid Unicode."""
        for name in ("name", "media_type", "caption"):
            object.__setattr__(self, name, mended(getattr(self, name)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """The chat was opened; who has been greeted there is not greeted again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """They asked to begin, perhaps anew: a messenger's own button for it was pressed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Corrected:
    """What they wrote earlier reads `text` now; the update's message_id says which of their messages."""

    text: str

    def __post_init__(self) -> None:
        """Mend what is no valid Unicode."""
        object.__setattr__(self, "text", mended(self.text))


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """We could not be reached for a while, and what they pressed meanwhile is lost."""


Content: TypeAlias = Wrote | Pressed | SentFile | Opened | Started | Corrected | Missed

NOT_THEIRS = (Opened, Started, Missed)
"""What leaves no line in the talk: a patient did nothing that staff would read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """One update of one conversation. message_id: the messenger's, of the message it is about; "" where it has none."""

    channel: Channel
    external_id: str
    conversation_id: ConversationId
    content: Content
    message_id: str = ""


class Taken(StrEnum):
    """What became of an update."""

    DONE = "done"
    REPEATED = "repeated"
    PUT_ASIDE = "put_aside"


@dataclass(frozen=True, kw_only=True, slots=True)
class Turned:
    """What became of an update. answered: it was a press of a button of the question that was open."""

    taken: Taken
    answered: bool = False


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
        if raw.get("conversation") == str(conversation_id) and raw.get("kind") not in _SILENT
    )


def mended(text: str) -> str:
    """The text with half characters, which nothing can store, turned into "?"."""
    return text.encode(errors="replace").decode()


def raw_of(update: Update) -> dict[str, Json]:
    """The update as it is put aside: all that came in, as JSON data; of a file, all but its bytes."""
    return {"conversation": str(update.conversation_id), **_plain(update.content)}


def _plain(content: Content) -> dict[str, Json]:
    match content:
        case Wrote(text=text):
            return {"kind": "wrote", "text": text}
        case Pressed(payload=payload, words=words):
            return {"kind": "pressed", "payload": payload.encode(), "text": words}
        case SentFile(kind=kind, name=name, caption=caption):
            return {"kind": "sent_file", "file": kind.value, "name": name, "text": caption}
        case Corrected(text=text):
            return {"kind": "corrected", "text": text}
        case Opened() | Started() | Missed():
            return {"kind": type(content).__name__.lower()}
