"""What the desk shows of batches that a person releases: plain values; instants in UTC, days of the clinic."""

from dataclasses import dataclass
from datetime import date, datetime

from flows.vocabulary import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchRow:
    """A batch that waits for a person: messages of one purpose that are to leave on one day of the clinic.

    leaves_at: when the first of them is due (UTC).
    """

    name: str
    purpose: str
    day: date
    count: int
    leaves_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldMessage:
    """A message of a batch. what: kind of its campaign. text: as it would be said now; None if that cannot be told."""

    id: int
    number: str
    name: str
    what: str
    step: int
    channel: Channel
    at: datetime
    text: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchView:
    """A batch, opened. `messages` are the first of `row.count`."""

    row: BatchRow
    messages: tuple[HeldMessage, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """What a release did. too_late: shown, but decided about, gone or under way before."""

    released: int
    left_out: int
    too_late: int
