"""Owns what is in the things people send beside words: which file there is to load, and what words stand there.

Words are found wherever a person can have written them: tasks of a list, a poll, a gift, a formatted page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aiogram.types import (
    ChecklistTask,
    LivePhoto,
    Message,
    PaidMediaInfo,
    PaidMediaLivePhoto,
    PaidMediaPhoto,
    PaidMediaVideo,
    PhotoSize,
    Video,
    VideoNote,
)

from flows.vocabulary import AttachmentKind

SAID = frozenset({"text", "summary", "caption", "credit", "expression"})
"""Under these names stand the words of a formatted page; whatever else is a string there says how, or where, it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentThing:
    """Something that is not text. file_id: "" where there is nothing to load; size in bytes, 0 if not told."""

    kind: AttachmentKind
    file_id: str = ""
    size: int = 0
    name: str = ""
    media_type: str = ""
    caption: str = ""


def picture(sizes: Sequence[PhotoSize], caption: str) -> SentThing:
    """Tell of a picture, in the largest of its sizes."""
    largest = sizes[-1]
    return SentThing(
        kind=AttachmentKind.PICTURE,
        file_id=largest.file_id,
        size=largest.file_size or 0,
        media_type="image/jpeg",
        caption=caption,
    )


def film(moving: Video | VideoNote | LivePhoto, caption: str) -> SentThing:
    """Tell of a film."""
    return SentThing(
        kind=AttachmentKind.VIDEO,
        file_id=moving.file_id,
        size=moving.file_size or 0,
        media_type="video/mp4",
        caption=caption,
    )


def read_paid_media(paid: PaidMediaInfo, caption: str) -> SentThing:
    """Tell of the first that can be seen; what nobody has paid for is a closed door, and nothing to look at."""
    for each in paid.paid_media:
        match each:
            case PaidMediaPhoto(photo=[_, *_] as sizes):
                return picture(sizes, caption)
            case PaidMediaLivePhoto(live_photo=LivePhoto(photo=[_, *_] as sizes)):
                return picture(sizes, caption)
            case PaidMediaLivePhoto(live_photo=moving) | PaidMediaVideo(video=moving):
                return film(moving, caption)
            case _:
                continue
    return SentThing(kind=AttachmentKind.STICKER, caption=caption)


def words_of_checklist(message: Message) -> str:
    """Return a list with its tasks, or the tasks that were added to one: words like any others; "" where none are."""
    if message.checklist is not None:
        return _lines(message.checklist.title, *_texts(message.checklist.tasks))
    if message.checklist_tasks_added is not None:
        return _lines(*_texts(message.checklist_tasks_added.tasks))
    return ""


def words_beside(message: Message) -> str:
    """Return the words of a poll, a gift, an invoice or a formatted page; "" where none are."""
    if message.poll is not None:
        return _lines(message.poll.question, *(option.text for option in message.poll.options))
    if (gift := message.gift or message.unique_gift) is not None:
        return gift.text or ""
    if message.invoice is not None:
        return _lines(message.invoice.title, message.invoice.description)
    if message.rich_message is not None:
        return " ".join(_said_in(message.rich_message.model_dump()))
    return ""


def _texts(tasks: Sequence[ChecklistTask]) -> Iterator[str]:
    return (task.text for task in tasks)


def _lines(*words: str) -> str:
    return "\n".join(line for line in words if line.strip())


def _said_in(value: object, *, said: bool = False) -> Iterator[str]:
    """Find the words in what a formatted page is made of; said: whether a string here is one."""
    if isinstance(value, str):
        if said and value.strip():
            yield value.strip()
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _said_in(part, said=name in SAID)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _said_in(part, said=said)
