"""Reads delivery reports (RFC 3464) that came back to the sender's mailbox, from files a mail program wrote.

Nothing in a report is believed but its mark, which the services check, and its status.
"""

import contextlib
import mailbox
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from bot.channels.email.marks import mark_of_envelope_id, mark_of_message_id
from bot.errors import RecareError
from bot.services.bouncing import Bounce, Reported

LARGEST = 10 * 1024 * 1024
FAILED = "failed"
DELAYED = "delayed"
# RFC 3463: full, too large, or not about the mailbox at all: another e-mail may arrive another time.
NOT_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3.", "5.5.", "5.6.", "5.7.")
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?!\S)")


class UnreadableReportsError(RecareError):
    """The path holds no mail."""


def read_reports(path: Path) -> Iterator[tuple[Bounce, ...]]:
    """Read each mail at a path: what it reports, nothing if it is no report.

    path: an mbox file, one mail in a file, a Maildir, or a folder of `.eml` files. Raises UnreadableReportsError.
    """
    try:
        for raw in _mails(path):
            yield _read(raw)
    except OSError as failure:
        message = f"{path}: cannot be read: {failure.strerror or type(failure).__name__}; name a file you may read"
        raise UnreadableReportsError(message) from failure


def _read(raw: bytes) -> tuple[Bounce, ...]:
    if len(raw) > LARGEST:
        return ()
    try:
        return tuple(_reported(message_from_bytes(raw)))
    except RecursionError:
        # Nested deeper than any report is: whoever sent it shall not keep the others from being read.
        return ()


def _mails(path: Path) -> Iterator[bytes]:
    if (path / "cur").is_dir() and (path / "new").is_dir():
        box = mailbox.Maildir(path, create=False)
        yield from (box.get_bytes(key) for key in sorted(box.keys()))
    elif path.is_dir():
        files = sorted(path.glob("*.eml"))
        if not files:
            raise UnreadableReportsError(f"{path}: no mail in this folder; name a Maildir, or a folder of .eml files")
        yield from (file.read_bytes() for file in files)
    elif _begins_as_mbox(path):
        with contextlib.closing(mailbox.mbox(path, create=False)) as mbox:
            yield from (mbox.get_bytes(key) for key in mbox.iterkeys())
    else:
        yield path.read_bytes()


def _begins_as_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _reported(mail: Message) -> Iterator[Bounce]:
    status = next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return
    payload = status.get_payload()
    fields = [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
    mark = _mark(mail, fields)
    if mark is None:
        return
    for block in fields:
        told = _told(block)
        if told is not None:
            yield Bounce(mark=mark, reported=told, status=_status(block))


def _mark(mail: Message, fields: list[Message]) -> str | None:
    envelope = (mark_of_envelope_id(str(block["Original-Envelope-Id"] or "")) for block in fields)
    returned = (mark_of_message_id(str(part["Message-ID"] or "")) for part in _returned(mail))
    return next((mark for mark in (*envelope, *returned) if mark is not None), None)


def _returned(mail: Message) -> Iterator[Message]:
    """The headers of what came back: as a whole mail, or as lines of text."""
    for part in mail.walk():
        kind, payload = part.get_content_type(), part.get_payload(decode=True)
        if kind == "message/rfc822":
            yield from (inner for inner in part.get_payload() if isinstance(inner, Message))
        elif kind == "text/rfc822-headers" and isinstance(payload, bytes):
            yield message_from_bytes(payload)


def _told(block: Message) -> Reported | None:
    action = str(block["Action"] or "").strip().lower()
    if action == DELAYED:
        return Reported.LATE
    if action != FAILED:
        return None
    status = _status(block)
    about_the_address = status.startswith("5.") and not status.startswith(NOT_THE_ADDRESS)
    return Reported.GONE if about_the_address else Reported.NOT_TAKEN


def _status(block: Message) -> str:
    found = _STATUS.match(str(block["Status"] or "").strip())
    return found[0] if found else ""
