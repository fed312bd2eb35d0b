"""Owns what a call of the Bot API is that a turn makes: a method and its fields as they leave, and a file at most.

Invariant: what stands in the fields is JSON already. aiogram's own methods are made where their types help and their
cost does not matter: for what is asked and set up once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from aiogram.methods import TelegramMethod

Json: TypeAlias = str | float | Sequence["Json"] | Mapping[str, "Json"]


class Method(StrEnum):
    """What may be called; the value is the Bot API's name (core.telegram.org/bots/api#available-methods)."""

    ANSWER_TAP = "answerCallbackQuery"
    EDIT_BUTTONS = "editMessageReplyMarkup"
    EDIT_CAPTION = "editMessageCaption"
    EDIT_TEXT = "editMessageText"
    SEND_DOCUMENT = "sendDocument"
    SEND_PHOTO = "sendPhoto"
    SEND_TEXT = "sendMessage"
    SEND_VENUE = "sendVenue"
    SEND_VOICE = "sendVoice"


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file that leaves with a call. field: under which name the method looks for it."""

    field: str
    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call."""

    method: Method
    fields: Mapping[str, Json]
    upload: Upload | None = None


def make_call(method: Method, upload: Upload | None = None, /, **fields: Json | None) -> Call:
    """Make a call; a field that is None is left out."""
    given = {name: value for name, value in fields.items() if value is not None}
    return Call(method=method, fields=given, upload=upload)


Asked: TypeAlias = Call | TelegramMethod[Any]
"""What can be asked of the Bot API; of aiogram's methods those that bring no file."""
