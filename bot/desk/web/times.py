"""Owns how ids and free times travel through forms and addresses, and how free times are laid out by day.

What comes back is exactly the slot that was shown, or nothing; whether it is still free, the service decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from flows.ids import ProviderId, VisitTypeId
from flows.slots import Slot

PARTS = 4
LARGEST_ID = 2**63
LONGEST_ID = 19


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The free times of one day."""

    day: date
    slots: tuple[Slot, ...]


def read_id(raw: str) -> int | None:
    """Read an id that came from outside; None for anything that cannot be one."""
    known = raw.isdecimal() and len(raw) <= LONGEST_ID and int(raw) < LARGEST_ID
    return int(raw) if known else None


def read_instant(raw: str) -> datetime | None:
    """Read an instant that came from outside, as UTC; None for anything that cannot be one."""
    try:
        instant = datetime.fromisoformat(raw)
        return None if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def by_day(slots: Iterable[Slot], zone: str) -> tuple[Day, ...]:
    """Group free times by their day in a zone (an IANA name)."""
    there = ZoneInfo(zone)

    def day(slot: Slot) -> date:
        return slot.starts_at.astimezone(there).date()

    return tuple(Day(day=key, slots=tuple(members)) for key, members in groupby(sorted(slots), key=day))


def write_slot(slot: Slot) -> str:
    """Write a slot as the value of a button."""
    return f"{slot.starts_at.isoformat()}/{slot.ends_at.isoformat()}/{slot.provider_id}/{slot.visit_type_id}"


def read_slot(raw: str) -> Slot | None:
    """Read a slot; None for anything that `write_slot` does not write."""
    parts = raw.split("/")
    if len(parts) != PARTS:
        return None
    try:
        starts_at, ends_at = (datetime.fromisoformat(part) for part in parts[:2])
    except ValueError:
        return None
    provider_id, visit_type_id = (read_id(part) for part in parts[2:])
    if provider_id is None or visit_type_id is None:
        return None
    slot = Slot(
        starts_at=starts_at,
        ends_at=ends_at,
        provider_id=ProviderId(provider_id),
        visit_type_id=VisitTypeId(visit_type_id),
    )
    # Ours are written in UTC; another zone can name an instant that no calendar holds.
    whole = starts_at.tzinfo == ends_at.tzinfo == UTC and starts_at < ends_at
    return slot if whole and write_slot(slot) == raw else None
