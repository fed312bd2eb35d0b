"""Owns what can be told of an update that was not taken: who said something to us in private, and their words.

Invariants: any JSON object has an answer; what was said in a group, or where Telegram does not say where, is nobody's.
"""

from collections.abc import Mapping
from typing import Any

from aiogram.enums import ChatType, UpdateType

from bot.channels.telegram.reading import START
from bot.channels.telegram.taps import TAP
from bot.services.intake_ports import Said

SPOKEN = (UpdateType.MESSAGE.value, UpdateType.EDITED_MESSAGE.value)


def said_in(raw: Mapping[str, Any]) -> Said | None:
    """Who said something in their private chat, and what of it can be read; None if that is not plain."""
    for kind in SPOKEN:
        message = raw.get(kind)
        if isinstance(message, Mapping):
            account = _private(message.get("chat"))
            return None if account is None else Said(account=str(account), words=_words(message))
    tap = raw.get(TAP)
    return _pressed(tap) if isinstance(tap, Mapping) else None


def _pressed(tap: Mapping[str, Any]) -> Said | None:
    """Who pressed: whoever's private chat it was in; without a message only its own reader can have kept the button."""
    person, message = _id(tap.get("from")), tap.get("message")
    if person is None or "inline_message_id" in tap:
        return None
    if message is not None and (not isinstance(message, Mapping) or _private(message.get("chat")) != person):
        return None
    return Said(account=str(person))


def _private(chat: object) -> int | None:
    return _id(chat) if isinstance(chat, Mapping) and chat.get("type") == ChatType.PRIVATE else None


def _words(message: Mapping[str, Any]) -> str:
    text = next((each for each in (message.get("text"), message.get("caption")) if isinstance(each, str)), "")
    # A start may carry the secret of a personal link, which is nobody's to read.
    return "" if text.startswith(f"/{START}") else text


def _id(value: object) -> int | None:
    number = value.get("id") if isinstance(value, Mapping) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None
