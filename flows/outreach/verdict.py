"""What the gate is asked and what it answers.

Every refusal has a reason of its own; its value is the key of the words that staff read.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from flows.ids import LedgerEventId, PatientId
from flows.vocabulary import Channel, Purpose


class Refusal(StrEnum):
    """Why a message may not be sent."""

    NO_RIGHT = "no_right"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    PAUSED = "paused"
    PURPOSE_FORBIDDEN = "purpose_forbidden"
    BASIS_EXPIRED = "basis_expired"
    CAP_REACHED = "cap_reached"
    RESTING = "resting"
    BOOKED = "booked"
    NO_VISIT = "no_visit"
    NOT_DUE = "not_due"
    LAPSED_OUT = "lapsed_out"
    NEVER_VISITED = "never_visited"
    IN_CONVERSATION = "in_conversation"
    STAFF_OWNS = "staff_owns"
    FROZEN = "frozen"
    NEVER_CONTACT = "never_contact"
    MINOR = "minor"
    UNKNOWN_AGE = "unknown_age"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNREACHED = "unreached"
    CHANNEL_CLOSED = "channel_closed"
    CONTENT_LEVEL = "content_level"
    POLICY_UNSIGNED = "policy_unsigned"
    NOT_RELEASED = "not_released"
    LEDGER_BROKEN = "ledger_broken"
    KEY_MISSING = "key_missing"
    DUPLICATE = "duplicate"
    NO_FREE_TIME = "no_free_time"


@dataclass(frozen=True, kw_only=True, slots=True)
class Permit:
    """Yes; `right` is the ledger event it rests on, None where a booked visit is the right."""

    right: LedgerEventId | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Defer:
    """Not now; earliest at `until` (UTC)."""

    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Refuse:
    """No."""

    reason: Refusal


Verdict: TypeAlias = Permit | Defer | Refuse


class Stage(StrEnum):
    """When the gate is asked."""

    PLANNED = "planned"
    SENDING = "sending"


@dataclass(frozen=True, kw_only=True, slots=True)
class SendRequest:
    """A message that wants to leave. level: the content level of its text. step: 1 for the first of a campaign."""

    patient_id: PatientId
    purpose: Purpose
    channel: Channel
    level: int
    stage: Stage
    step: int = 1
