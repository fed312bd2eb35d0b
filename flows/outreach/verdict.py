"""What the gate is asked and what it answers.

Every refusal and every wait has a reason of its own; its value is the key of the words that staff read.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from flows.ids import LedgerEventId, PatientId
from flows.outreach.policy import MustSay
from flows.vocabulary import Channel, Purpose


class Refusal(StrEnum):
    """Why a message may not be sent."""

    NO_RIGHT = "no_right"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    PAUSED = "paused"
    PURPOSE_FORBIDDEN = "purpose_forbidden"
    BASIS_EXPIRED = "basis_expired"
    CAP_CYCLE = "cap_cycle"
    CAP_YEAR = "cap_year"
    CAP_HOUSEHOLD = "cap_household"
    RESTING = "resting"
    HELD_OUT = "held_out"
    OFF_LIST = "off_list"
    REASON_GIVEN = "reason_given"
    BOOKED = "booked"
    NO_VISIT = "no_visit"
    NOT_DUE = "not_due"
    LAPSED_OUT = "lapsed_out"
    NEVER_VISITED = "never_visited"
    IN_CONVERSATION = "in_conversation"
    STAFF_OWNS = "staff_owns"
    FROZEN = "frozen"
    COMPLAINT_OPEN = "complaint_open"
    DECEASED = "deceased"
    SUPPRESSED = "suppressed"
    NEVER_CONTACT = "never_contact"
    MINOR = "minor"
    UNKNOWN_AGE = "unknown_age"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNREACHED = "unreached"
    CHANNEL_CLOSED = "channel_closed"
    CONTENT_LEVEL = "content_level"
    MUST_SAY = "must_say"
    SENDING_STOPPED = "sending_stopped"
    POLICY_UNSIGNED = "policy_unsigned"
    NOT_RELEASED = "not_released"
    LEDGER_BROKEN = "ledger_broken"
    KEY_MISSING = "key_missing"
    DUPLICATE = "duplicate"
    NO_FREE_TIME = "no_free_time"


class Wait(StrEnum):
    """Why a message that may be sent may not be sent yet."""

    TALKING = "talking"
    CAP_DAY = "cap_day"
    CAP_WEEK = "cap_week"
    GAP = "gap"
    RHYTHM = "rhythm"
    HOLIDAY = "holiday"
    WEEKDAY = "weekday"
    QUIET_HOURS = "quiet_hours"


@dataclass(frozen=True, kw_only=True, slots=True)
class Permit:
    """Yes; `right` is the ledger event it rests on, None where a booked visit is the right."""

    right: LedgerEventId | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Defer:
    """Not now; earliest at `until` (UTC), for this reason."""

    until: datetime
    reason: Wait


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
    """A message that wants to leave.

    level: the content level of its text; says: what the text surely holds. step: 1 for the first of a campaign.
    """

    patient_id: PatientId
    purpose: Purpose
    channel: Channel
    level: int
    says: frozenset[MustSay]
    stage: Stage
    step: int = 1
