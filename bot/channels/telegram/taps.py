"""Owns how a tap on a button is read: straight from what came in, for nothing comes in as often.

Invariant: what the Bot API promises of a tap is there and of its kind, or the update is unreadable, which is told
without its words (core.telegram.org/bots/api#callbackquery).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aiogram.enums import ChatType

from bot.services.intake_ports import RawUpdate, UnreadableUpdateError

TAP = "callback_query"
OUT_OF_REACH = 0
"""The date of a message that Telegram knows of and no longer shows (core.telegram.org/bots/api#inaccessiblemessage)."""

Kind = TypeVar("Kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tapped:
    """The message a button stood under. label: what the button says, "" if it is not there any more.

    is_within_reach: whether it can still be changed; if not, nothing is known of what it says.
    """

    chat: int
    is_private: bool
    id: int
    is_within_reach: bool
    text: str | None
    caption: str | None
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tap:
    """A tap. person: who pressed; data: what the button carries. message: None if Telegram has forgotten it.

    is_inline: it stood under a message that somebody sent by way of a bot.
    """

    update: int
    id: str
    person: int
    language_code: str | None
    data: str
    message: Tapped | None
    is_inline: bool


def read_tap(raw: RawUpdate) -> Tap | None:
    """Read a tap; None if an update is none. Raises UnreadableUpdateError."""
    if TAP not in raw:
        return None
    query = _part(raw, TAP, dict)
    person = _part(query, "from", dict)
    _part(query, "chat_instance", str)
    data = _part_if_any(query, "data", str) or ""
    message = _part_if_any(query, "message", dict)
    return Tap(
        update=_part(raw, "update_id", int),
        id=_part(query, "id", str),
        person=_part(person, "id", int),
        language_code=_part_if_any(person, "language_code", str),
        data=data,
        message=None if message is None else _read_message(message, data),
        is_inline="inline_message_id" in query,
    )


def _read_message(message: Mapping[str, Any], data: str) -> Tapped:
    chat = _part(message, "chat", dict)
    markup = _part_if_any(message, "reply_markup", dict)
    return Tapped(
        chat=_part(chat, "id", int),
        is_private=_part(chat, "type", str) == ChatType.PRIVATE,
        id=_part(message, "message_id", int),
        is_within_reach=_part(message, "date", int) != OUT_OF_REACH,
        text=_part_if_any(message, "text", str),
        caption=_part_if_any(message, "caption", str),
        label="" if markup is None else _label(markup, data),
    )


def _label(markup: Mapping[str, Any], data: str) -> str:
    for row in _part_if_any(markup, "inline_keyboard", list) or ():
        for button in _checked(row, "inline_keyboard", list):
            if _checked(button, "inline_keyboard", dict).get("callback_data") == data:
                return _part(button, "text", str)
    return ""


def _part(whole: Mapping[str, Any], name: str, kind: type[Kind]) -> Kind:
    return _checked(whole.get(name), name, kind)


def _part_if_any(whole: Mapping[str, Any], name: str, kind: type[Kind]) -> Kind | None:
    value = whole.get(name)
    return None if value is None else _checked(value, name, kind)


def _checked(value: object, name: str, kind: type[Kind]) -> Kind:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise UnreadableUpdateError(f"{TAP}: {name}")
    return value
