"""Files: what is kept of them, and how each bot calls them.

A file id belongs to one bot and tells nothing; the unique id is the same for all and opens nothing.
"""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

MOST_DOWNLOADED = 20 << 20
MOST_UPLOADED = 50 << 20
MOST_UPLOADED_PHOTO = 10 << 20


class MediaKind(StrEnum):
    """What a message can carry, by the name of its field."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    VIDEO = "video"
    AUDIO = "audio"
    STICKER = "sticker"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """A file that somebody sent."""

    kind: MediaKind
    name: str
    media_type: str
    content: bytes
    number: int
    unique_id: str
    size: int

    @property
    def path(self) -> str:
        """Where it is downloaded from, below the bot's own address."""
        ending = self.name.rpartition(".")[2] if "." in self.name else "bin"
        return f"{self.kind}s/file_{self.number}.{ending}"


@dataclass(kw_only=True)
class Shelf:
    """All files, and the ids by which bots know them."""

    numbers: "count[int]" = field(default_factory=lambda: count(1))
    ids: dict[tuple[int, str], str] = field(default_factory=dict)
    known: dict[tuple[int, str], StoredFile] = field(default_factory=dict)
    paths: dict[tuple[int, str], StoredFile] = field(default_factory=dict)

    def keep(
        self, kind: MediaKind, *, name: str, media_type: str, content: bytes, size: int | None = None
    ) -> StoredFile:
        """Keep a file. size: says more than there is, so that nobody must hold a huge file in memory."""
        return StoredFile(
            kind=kind,
            name=name,
            media_type=media_type,
            content=content,
            number=next(self.numbers),
            unique_id=secrets.token_urlsafe(9),
            size=len(content) if size is None else size,
        )

    def id_for(self, bot_id: int, file: StoredFile) -> str:
        """Tell the id by which a bot knows a file."""
        key = (bot_id, file.unique_id)
        if key not in self.ids:
            self.ids[key] = secrets.token_urlsafe(24)
            self.known[bot_id, self.ids[key]] = file
        return self.ids[key]

    def find(self, bot_id: int, file_id: str) -> StoredFile | None:
        """Find a file by the id that this bot was given."""
        return self.known.get((bot_id, file_id))

    def opened(self, bot_id: int, file: StoredFile) -> str:
        """Make a file downloadable for a bot; gives its path."""
        self.paths[bot_id, file.path] = file
        return file.path
