"""Owns what a message of aiogram's means to us: words, a command, a phone, a file, or nothing at all.

Invariants: a phone counts as the sender's own only if Telegram says whose it is and they sent it themselves; words are
read wherever they stand, for they may tell of danger.
"""

import re
from collections.abc import Mapping

from aiogram.enums import ContentType
from aiogram.types import Message, User

from bot.channels.telegram.sent_things import (
    SentThing,
    film,
    picture,
    read_paid_media,
    words_beside,
    words_of_checklist,
)
from bot.services.arriving import ArrivedContent, CameByLink, SharedPhone
from bot.services.updates import Opened, Pressed, Wrote
from flows.engine.choices import Choice, Payload
from flows.vocabulary import AttachmentKind, Language

START = "start"
HELP = "help"
CHOICES: Mapping[str, Choice] = {
    "book": Choice.LOOK_FOR_TIME,
    "visit": Choice.MY_VISIT,
    "details": Choice.MY_DETAILS,
    "settings": Choice.SETTINGS,
    "family": Choice.FAMILY,
    "person": Choice.PERSON,
    "stop": Choice.STOP,
}
"""What each command stands for: a standing choice, which means the same at any time."""

SENT_BY_PEOPLE = frozenset({ContentType.INVOICE, ContentType.RICH_MESSAGE})
"""What else a person can send, and staff must look at; what is neither here nor read is a note of Telegram's own."""

LIKE_A_STICKER = frozenset(
    {
        ContentType.DICE,
        ContentType.GAME,
        ContentType.GIFT,
        ContentType.GIVEAWAY,
        ContentType.GIVEAWAY_WINNERS,
        ContentType.POLL,
        ContentType.STORY,
        ContentType.UNIQUE_GIFT,
    }
)
"""What a person sends that has nothing in it to be looked at; the words beside it are read."""


def read(message: Message) -> ArrivedContent | SentThing | None:
    """Read a message of a private chat; None for what Telegram itself notes there."""
    if message.text is not None:
        return _read_text(message.text)
    if message.contact is not None:
        own = message.from_user is not None and message.contact.user_id == message.from_user.id
        # What another bot wrote in their name may hold any number.
        own = own and message.forward_origin is None and message.via_bot is None
        return SharedPhone(number=message.contact.phone_number, own=own)
    if listed := words_of_checklist(message):
        return Wrote(text=listed)
    return _read_thing(message)


def language_of(user: User | None) -> Language | None:
    """Tell what language somebody's Telegram is set to, if we speak it: a hint, no more."""
    return language_called(user.language_code if user is not None else None)


def language_called(code: str | None) -> Language | None:
    """Tell which language of ours a code means, as "pt-br"; None if we speak none of that name."""
    return _LANGUAGES.get((code or "").partition("-")[0].lower())


def _read_text(text: str) -> ArrivedContent:
    if not text.startswith("/") or not text[1:].strip():
        return Wrote(text=text)
    command, *rest = text[1:].split(maxsplit=1)
    name, words = command.partition("@")[0].lower(), "".join(rest).strip()
    if name == START and _TOKEN.fullmatch(words):
        return CameByLink(token=words)
    if name in {START, HELP}:
        return Wrote(text=words) if words else Opened()
    if name in CHOICES:
        return Pressed(payload=Payload(choice=CHOICES[name], argument=0, asked=0), words=words)
    return Wrote(text=text)


def _read_thing(message: Message) -> SentThing | None:
    caption = message.caption or ""
    if message.photo:
        return picture(message.photo, caption)
    # What moves comes with a document, too, for older apps; so it is looked at first.
    if message.sticker is not None or message.animation is not None:
        return SentThing(kind=AttachmentKind.STICKER, caption=caption)
    if message.location is not None:
        return SentThing(kind=AttachmentKind.PLACE)
    if message.paid_media is not None:
        return read_paid_media(message.paid_media, caption)
    if message.content_type in LIKE_A_STICKER:
        return SentThing(kind=AttachmentKind.STICKER, caption=words_beside(message))
    return _read_file(message, caption)


def _read_file(message: Message, caption: str) -> SentThing | None:
    if message.document is not None:
        media_type = message.document.mime_type or ""
        return SentThing(
            kind=AttachmentKind.PICTURE if media_type.startswith("image/") else AttachmentKind.DOCUMENT,
            file_id=message.document.file_id,
            size=message.document.file_size or 0,
            name=message.document.file_name or "",
            media_type=media_type,
            caption=caption,
        )
    if sound := message.voice or message.audio:
        return SentThing(
            kind=AttachmentKind.VOICE,
            file_id=sound.file_id,
            size=sound.file_size or 0,
            media_type=sound.mime_type or "audio/ogg",
            caption=caption,
        )
    if moving := message.video or message.video_note:
        return film(moving, caption)
    # A kind that is newer than we are has a caption only if a person wrote one.
    if message.content_type in SENT_BY_PEOPLE or caption:
        return SentThing(kind=AttachmentKind.OTHER, caption=caption or words_beside(message))
    return None


_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a link can carry (core.telegram.org/bots/features#deep-linking); anything else are words."""

_LANGUAGES: Mapping[str, Language] = {language.value: language for language in Language}
