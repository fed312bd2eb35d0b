"""Owns which chat a raw update belongs to; any JSON object has an answer, also one nobody can read."""

from collections.abc import Mapping
from typing import Any

NOWHERE = ""


def lane_of(raw: Mapping[str, Any]) -> str:
    """Name the chat, or the person where there is none; "" if neither is told."""
    for event in raw.values():
        if isinstance(event, Mapping):
            message = event.get("message")
            chat = _id(event.get("chat")) or (_id(message.get("chat")) if isinstance(message, Mapping) else None)
            found = chat or _id(event.get("from"))
            if found is not None:
                return found
    return NOWHERE


def _id(value: object) -> str | None:
    number = value.get("id") if isinstance(value, Mapping) else None
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else None
