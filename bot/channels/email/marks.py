"""How the mark of an e-mail travels: in its Message-ID and in the id of its envelope; reports bring both back."""

import re

_MARK = re.compile(r"[0-9a-f]+\.[A-Za-z0-9_-]+")
_MESSAGE_ID = re.compile(rf"\s*<({_MARK.pattern})@[^<>@\s]+>\s*")


def message_id(mark: str, domain: str) -> str:
    """Make a Message-ID (RFC 5322, 3.6.4) that holds a mark."""
    return f"<{mark}@{domain}>"


def mark_of_message_id(value: str) -> str | None:
    """Find the mark in a Message-ID; None if it holds none of ours."""
    found = _MESSAGE_ID.fullmatch(value)
    return found[1] if found else None


def mark_of_envelope_id(value: str) -> str | None:
    """Find the mark in an Original-Envelope-Id (RFC 3464, 2.2.1); None if it is none of ours."""
    return value.strip() if _MARK.fullmatch(value.strip()) else None
