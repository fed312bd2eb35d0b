"""An e-mail in the body of its row in the outbox: written when it is worded, read when it leaves."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bot.services.ports import OutgoingMail
from flows.vocabulary import Language
from storage.sealing import Json

_PARAGRAPHS = frozenset({"before", "after", "small"})


def mail_body(mail: OutgoingMail, text: str, address_id: int) -> dict[str, Json]:
    """Write an e-mail as JSON data. address_id: where it goes, for when it comes back."""
    parts: dict[str, Json] = {
        name: list(value) if name in _PARAGRAPHS else str(value) for name, value in _values(mail).items()
    }
    return {"text": text, "buttons": [], "address_id": address_id, "mail": parts}


def read_mail(parts: Mapping[str, Any]) -> OutgoingMail:
    """Read what `mail_body` wrote of the e-mail."""
    values: dict[str, Any] = {name: tuple(value) if name in _PARAGRAPHS else value for name, value in parts.items()}
    values["language"] = Language(values["language"])
    return OutgoingMail(**values)


def _values(mail: OutgoingMail) -> dict[str, Any]:
    return {field.name: getattr(mail, field.name) for field in fields(mail)}
