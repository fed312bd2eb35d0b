"""Calendar files: one appointment as iCalendar (RFC 5545), for the patient's own calendar.

The same appointment always has the same UID, and a later change a higher SEQUENCE: importing again moves the entry
instead of adding one. Its words come from the caller; here stands none.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from flows.ids import AppointmentId

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
LINE_OCTETS = 75
CONTINUES, CONTINUED = 0b1100_0000, 0b1000_0000
"""How an octet is told that continues a character of UTF-8."""

UNWRITABLE = frozenset({"Cc", "Cs"})  # control characters and halves of surrogate pairs
PRODUCT = "-//recare//recall programme//EN"


class EntryStatus(StrEnum):
    """Whether the visit takes place; the value is RFC 5545's (3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Organiser:
    """Who invites: the clinic, and the e-mail address it is written to."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEntry:
    """A visit as a calendar shows it.

    uid: see `uid_of`. sequence: 0 at booking, one more at each change. starts_at, ends_at, stamped_at: aware UTC; the
    last is when the entry became what it is. summary, location, description: plain text, line breaks allowed, may be
    empty.
    """

    uid: str
    sequence: int
    status: EntryStatus
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    organiser: Organiser | None = None


def uid_of(clinic_slug: str, appointment_id: AppointmentId) -> str:
    """Return the identifier of an appointment in all calendars of the world, for ever."""
    return f"{appointment_id}@{clinic_slug}.recare"


def calendar_file(entry: CalendarEntry) -> str:
    """Write a calendar file with one entry.

    Args:
        entry: the visit.

    Returns:
        the file's text with CRLF line ends, lines folded at 75 octets of UTF-8 (RFC 5545, 3.1); encode it as UTF-8.
    """
    properties = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_instant(entry.stamped_at)}",
        f"LAST-MODIFIED:{_instant(entry.stamped_at)}",
        f"DTSTART:{_instant(entry.starts_at)}",
        f"DTEND:{_instant(entry.ends_at)}",
        f"SUMMARY:{_text(entry.summary)}",
        *([f"LOCATION:{_text(entry.location)}"] if entry.location else []),
        *([f"DESCRIPTION:{_text(entry.description)}"] if entry.description else []),
        *([_organiser(entry.organiser)] if entry.organiser else []),
        f"STATUS:{entry.status}",
        f"TRANSP:{'OPAQUE' if entry.status is EntryStatus.CONFIRMED else 'TRANSPARENT'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in properties)


def _instant(instant: datetime) -> str:
    """Write an instant in UTC form (RFC 5545, 3.3.5): nobody's calendar can read it in a wrong zone."""
    written = instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{written.replace('-', '').replace(':', '')}Z"


def _text(value: str) -> str:
    """Escape a text value (RFC 5545, 3.3.11); control characters, which the format forbids, are left out."""
    if not value.isprintable():
        lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
        value = "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in UNWRITABLE)
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _organiser(organiser: Organiser) -> str:
    """Write the organiser; the name is a quoted parameter, which can hold neither quotes nor line breaks (3.2)."""
    name = "".join(sign for sign in organiser.name.replace('"', "'") if unicodedata.category(sign) not in UNWRITABLE)
    return f'ORGANIZER;CN="{name}":mailto:{organiser.email}'


def _folded(line: str) -> str:
    """Fold a line so that none is longer than 75 octets, never inside a character."""
    if len(line) <= LINE_OCTETS and line.isascii():
        return line
    octets, pieces = line.encode(), []
    while len(octets) > LINE_OCTETS:
        end = LINE_OCTETS
        while octets[end] & CONTINUES == CONTINUED:
            end -= 1
        pieces.append(octets[:end])
        octets = b" " + octets[end:]
    return b"\r\n".join([*pieces, octets]).decode()
