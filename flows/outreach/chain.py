"""The chain of a person's ledger: an event's canonical bytes, the hash that follows, the check of a whole chain.

One event has one canonical form, for ever: a change of the form gets a new leading version, and the old one stays
verifiable. No field an event holds is outside of its form.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from flows.outreach.ledger import LedgerEvent

HASH_BYTES = 32
START = bytes(HASH_BYTES)
"""What stands in place of the previous hash before the first event."""

NEWEST_FORM = 2
_LATER = {"address_hash": None, "key_version": 1, "notice": "", "withdraw_by": "", "source_system": ""}
"""What form 1 did not know, and what events of it therefore hold."""

_FIELDS = {
    1: tuple(field.name for field in fields(LedgerEvent) if field.name not in _LATER),
    2: tuple(field.name for field in fields(LedgerEvent)),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An event in its chain: its place, from 1, the form it was hashed in, and the hash stored with it."""

    seq: int
    event: LedgerEvent
    form: int
    hash: bytes


def canonical(event: LedgerEvent, form: int = NEWEST_FORM) -> bytes:
    """The bytes of an event that are hashed: JSON in UTF-8, keys sorted, times in UTC to the microsecond.

    Raises ValueError if a time has no zone (the same event could then be read as two), if this code does not know the
    form, or if the event says what the form cannot hold.
    """
    known = _FIELDS.get(form)
    if known is None:
        raise ValueError(f"no form {form} of ledger events is known here")
    if form == 1 and any(getattr(event, name) != nothing for name, nothing in _LATER.items()):
        raise ValueError("an event of form 1 cannot hold what only later forms know")
    content = {name: _plain(getattr(event, name)) for name in known}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{form}:{text}".encode()


def chain(previous: bytes, event: LedgerEvent, form: int = NEWEST_FORM) -> bytes:
    """The hash (SHA-256) of an event that follows the one whose hash is `previous` (START for the first).

    Raises ValueError if `previous` is no such hash, or as `canonical` does.
    """
    if len(previous) != HASH_BYTES:
        raise ValueError(f"a previous hash has {HASH_BYTES} bytes, this one {len(previous)}")
    return hashlib.sha256(previous + canonical(event, form)).digest()


def follows(link: Link, before: Link | None) -> bool:
    """Whether a link stands next after the one before (None: it is the first), and its hash follows from both."""
    place, previous = (1, START) if before is None else (before.seq + 1, before.hash)
    try:
        return link.seq == place and chain(previous, link.event, link.form) == link.hash
    except ValueError:
        return False


def verify(links: Iterable[Link]) -> int | None:
    """The index of the first link, in chain order, that does not follow; None if the chain is whole."""
    before = None
    for index, link in enumerate(links):
        if not follows(link, before):
            return index
        before = link
    return None


def _plain(value: object) -> object:
    """A time and bytes as text; everything else an event holds is JSON already (its enums are strings)."""
    if isinstance(value, bytes):
        return value.hex()
    if not isinstance(value, datetime):
        return value
    if value.utcoffset() is None:
        raise ValueError("a time in the ledger needs a zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
