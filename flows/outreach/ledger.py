"""The consent ledger as data: events that are only ever added, and the rights that follow from them.

Content is pseudonymous (ids and keyed hashes), so that erasing a person's key leaves the chain whole.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.ids import AddressId, LedgerEventId, PatientId
from flows.vocabulary import Channel, Purpose


class ActedBy(StrEnum):
    """Who made the event happen."""

    SELF = "self"
    GUARDIAN = "guardian"
    STAFF = "staff"
    IMPORT = "import"
    SYSTEM = "system"


class Act(StrEnum):
    """What happened to the right."""

    PERMIT = "permit"
    DENY = "deny"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    OBJECT = "object"
    PAUSE = "pause"
    FREEZE = "freeze"
    CLEAR = "clear"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


class Basis(StrEnum):
    """On what ground a message may be sent."""

    EXPRESS_CONSENT = "express_consent"
    IMPLIED_CONSENT = "implied_consent"
    CARE_CONTRACT = "care_contract"
    BOOKED_VISIT = "booked_visit"


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEvent:
    """One entry of a person's chain, as decided; the store adds the previous hash and its own.

    address_id: the address it concerns; None concerns the person on every address. channel likewise.
    evidence: hash of the notice shown, reference of the message, or file hash and row of an import. valid_until: None
    means no end. at, valid_from, valid_until: aware UTC.
    """

    id: LedgerEventId
    patient_id: PatientId
    at: datetime
    acted_by: ActedBy
    act: Act
    purpose: Purpose | None
    basis: Basis | None
    address_id: AddressId | None
    channel: Channel | None
    policy: str
    policy_version: int
    collected: str
    evidence: str
    valid_from: datetime
    valid_until: datetime | None
