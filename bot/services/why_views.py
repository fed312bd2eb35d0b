"""What the desk's card tells of messages that leave by themselves: plain values; instants in UTC."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LastMessage:
    """The last message that left by itself (at: UTC).

    what: kind of its campaign. basis: the ground it rested on, None if nobody can tell any more; since: from when it is
    given, None for a booked visit.
    """

    what: str
    at: datetime
    basis: str | None
    since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AgainstView:
    """What speaks against a message now, and until when by itself (UTC); None: until somebody does something."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WhyView:
    """What left by itself, and why no message comes now. Instants in UTC.

    planned_at: when the next one is planned for. held, held_until: somebody held one back (a word of
    `desk.why.left_out`, `desk.why.not_released`). wait, not_before: if nothing speaks against it.
    """

    last: LastMessage | None
    planned_at: datetime | None
    held: str | None
    held_until: datetime | None
    against: tuple[AgainstView, ...]
    wait: str | None
    not_before: datetime | None
