"""Owns how a message becomes calls of the Bot API, in order; nearly always one.

Invariant: what the API would refuse for its form is refused here, before anything leaves.
"""

from dataclasses import dataclass, replace

from bot.channels.telegram.calls import Call, Method, Upload, make_call
from bot.channels.telegram.keyboards import Markup, sharing_phone, under_message
from bot.channels.telegram.splitting import LONGEST_CAPTION, LONGEST_TEXT, split, units
from bot.services.ports import Keyboard, OutgoingFile, OutgoingMessage, OutgoingVenue, RefusedError

MOST_PARTS = 4
LARGEST_FILE = 50 * 1024 * 1024
"""The most a bot may upload."""

NO_PREVIEW = {"is_disabled": True}
NO_KEYBOARD: Markup = {"remove_keyboard": True}

PHOTOS = frozenset({"image/jpeg", "image/png"})
LARGEST_PHOTO = 10 * 1024 * 1024
VOICES = frozenset({"audio/ogg"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """The calls a message takes. main: which of them, counted from 0, is the message others refer to."""

    calls: tuple[Call, ...]
    main: int


def compose(chat: int, message: OutgoingMessage) -> Composed:
    """Write a message as calls for a chat. Raises RefusedError."""
    markup = _markup(message)
    if message.file is not None and units(message.text) <= LONGEST_CAPTION:
        texts = [_file(chat, message.file, message.text, markup)]
        tail = []
    else:
        texts = _texts(chat, message.text, markup)
        tail = [] if message.file is None else [_file(chat, message.file, "", None)]
    if message.venue is not None:
        tail.append(_venue(chat, message.venue))
    return Composed(calls=(*texts, *tail), main=len(texts) - 1)


def compose_edits(chat: int, message: OutgoingMessage) -> tuple[Call, ...]:
    """Write a message as the change of an earlier one, a text or a caption: what fits counts.

    Empty where it can only be sent anew. Raises RefusedError.
    """
    plain = message.file is None and message.venue is None and message.keyboard is None
    if message.edits is None or not message.edits.isdecimal() or not plain or units(message.text) > LONGEST_TEXT:
        return ()
    _check_text(message.text)
    number, markup = int(message.edits), under_message(message.buttons)
    text = make_call(
        Method.EDIT_TEXT,
        chat_id=chat,
        message_id=number,
        text=message.text,
        reply_markup=markup,
        link_preview_options=NO_PREVIEW,
    )
    if units(message.text) > LONGEST_CAPTION:
        return (text,)
    caption = make_call(Method.EDIT_CAPTION, chat_id=chat, message_id=number, caption=message.text, reply_markup=markup)
    return (text, caption)


def as_document(photo: Call) -> Call:
    """Write a picture's call as a document's."""
    upload = replace(photo.upload, field="document") if photo.upload is not None else None
    return replace(photo, method=Method.SEND_DOCUMENT, upload=upload)


def _markup(message: OutgoingMessage) -> Markup | None:
    """The one markup a message may have: buttons come before taking the keyboard away, which is folded by its use."""
    if message.keyboard is Keyboard.SHARE_PHONE:
        return sharing_phone(message.keyboard_label, message.buttons)
    return under_message(message.buttons) or (NO_KEYBOARD if message.keyboard is Keyboard.NONE else None)


def _texts(chat: int, text: str, markup: Markup | None) -> list[Call]:
    _check_text(text)
    parts = split(text)
    if len(parts) > MOST_PARTS:
        raise RefusedError("text_too_long")
    *before, last = parts
    return [*(_text(chat, part, None) for part in before), _text(chat, last, markup)]


def _text(chat: int, text: str, markup: Markup | None) -> Call:
    return make_call(Method.SEND_TEXT, chat_id=chat, text=text, reply_markup=markup, link_preview_options=NO_PREVIEW)


def _file(chat: int, file: OutgoingFile, caption: str, markup: Markup | None) -> Call:
    if not 0 < len(file.content) <= LARGEST_FILE:
        raise RefusedError("file_size")
    method, field = _taken_as(file)
    upload = Upload(field=field, name=file.name, content=file.content)
    return make_call(method, upload, chat_id=chat, caption=caption.strip() or None, reply_markup=markup)


def _taken_as(file: OutgoingFile) -> tuple[Method, str]:
    """Tell by which method a file goes, and under which name that looks for it."""
    if file.media_type in PHOTOS and len(file.content) <= LARGEST_PHOTO:
        return Method.SEND_PHOTO, "photo"
    if file.media_type in VOICES:
        return Method.SEND_VOICE, "voice"
    return Method.SEND_DOCUMENT, "document"


def _venue(chat: int, venue: OutgoingVenue) -> Call:
    return make_call(
        Method.SEND_VENUE,
        chat_id=chat,
        latitude=venue.latitude,
        longitude=venue.longitude,
        title=venue.name,
        address=venue.address,
    )


def _check_text(text: str) -> None:
    if not text.strip():
        raise RefusedError("text_empty")
