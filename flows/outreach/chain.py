"""The chain of a person's ledger: an event's canonical bytes, the hash that follows, the check of a whole chain.

One event has one canonical form, for ever: a change of the form gets a new leading version.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime

from flows.outreach.ledger import LedgerEvent

HASH_BYTES = 32
START = bytes(HASH_BYTES)
"""What stands in place of the previous hash before the first event."""

_FORM = b"1:"


def canonical(event: LedgerEvent) -> bytes:
    """The bytes of an event that are hashed: JSON in UTF-8, keys sorted, times in UTC to the microsecond.

    Raises ValueError if a time has no zone: the same event could then be read as two.
    """
    content = {field.name: _plain(getattr(event, field.name)) for field in fields(event)}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _FORM + text.encode()


def chain(previous: bytes, event: LedgerEvent) -> bytes:
    """The hash (SHA-256) of an event that follows the one whose hash is `previous` (START for the first).

    Raises ValueError if `previous` is no such hash.
    """
    if len(previous) != HASH_BYTES:
        raise ValueError(f"a previous hash has {HASH_BYTES} bytes, this one {len(previous)}")
    return hashlib.sha256(previous + canonical(event)).digest()


def verify(entries: Iterable[tuple[LedgerEvent, bytes]]) -> int | None:
    """The index of the first entry, in chain order, whose stored hash does not follow; None if the chain is whole."""
    previous = START
    for index, (event, stored) in enumerate(entries):
        if chain(previous, event) != stored:
            return index
        previous = stored
    return None


def _plain(value: object) -> object:
    """A time as text; everything else an event holds is JSON already (its enums are strings)."""
    if not isinstance(value, datetime):
        return value
    if value.utcoffset() is None:
        raise ValueError("a time in the ledger needs a zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
