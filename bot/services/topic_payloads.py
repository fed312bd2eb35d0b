"""Payloads of the buttons in a topic: which act, on which topic, with which time.

Invariant: at most 64 bytes, whatever the ids; what nobody here wrote is read as nothing.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from flows.ids import ProviderId, TopicId, VisitTypeId
from flows.slots import Slot

VERSION = "t1"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LARGEST_ID = 2**63
MOST_MINUTES = 200_000_000
"""Minutes since 1970 up to the year 2350."""

_PAYLOAD = re.compile(r"t1\.([a-z]+)\.([0-9a-z]{1,13})(?:\.([0-9a-z.]{1,45}))?")
_TIME = re.compile(r"([0-9a-z]{1,6})\.([0-9a-z]{1,3})\.([0-9a-z]{1,13})\.([0-9a-z]{1,13})")


class TopicAct(StrEnum):
    """What a button in a topic does. TIMES shows free times, NO_TIMES hides them, BOOK takes one."""

    TAKE = "take"
    HAND_BACK = "back"
    TIMES = "times"
    NO_TIMES = "notimes"
    BOOK = "book"
    NOTE = "note"
    CALLED = "called"
    ACKNOWLEDGE = "seen"
    CLEAR = "clear"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicPayload:
    """A button's meaning; slot: of BOOK alone."""

    act: TopicAct
    topic_id: TopicId
    slot: Slot | None = None

    def encode(self) -> str:
        """Write it as a button carries it."""
        parts = [VERSION, self.act.value, _short(self.topic_id)]
        if self.slot is not None:
            begins = int(self.slot.starts_at.timestamp()) // 60
            lasts = int((self.slot.ends_at - self.slot.starts_at).total_seconds()) // 60
            parts += [_short(number) for number in (begins, lasts, self.slot.provider_id, self.slot.visit_type_id)]
        return ".".join(parts)


def read_payload(raw: str) -> TopicPayload | None:
    """Read a payload that came from outside; None for what `encode` does not write."""
    found = _PAYLOAD.fullmatch(raw)
    if found is None or found[1] not in set(TopicAct):
        return None
    act, topic_id = TopicAct(found[1]), int(found[2], 36)
    slot = None if found[3] is None else _read_slot(found[3])
    if topic_id >= LARGEST_ID or (slot is None) == (act is TopicAct.BOOK):
        return None
    read = TopicPayload(act=act, topic_id=TopicId(topic_id), slot=slot)
    return read if read.encode() == raw else None


def _read_slot(raw: str) -> Slot | None:
    found = _TIME.fullmatch(raw)
    if found is None:
        return None
    begins, lasts, provider_id, visit_type_id = (int(part, 36) for part in found.groups())
    if begins > MOST_MINUTES or max(provider_id, visit_type_id) >= LARGEST_ID:
        return None
    starts_at = datetime.fromtimestamp(begins * 60, UTC)
    return Slot(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=lasts),
        provider_id=ProviderId(provider_id),
        visit_type_id=VisitTypeId(visit_type_id),
    )


def _short(number: int) -> str:
    digits = DIGITS[number % 36]
    while number := number // 36:
        digits = DIGITS[number % 36] + digits
    return digits
