"""The consent ledger as data: events that are only ever added, and the rights that follow from them.

Content is pseudonymous (ids and keyed hashes), so that erasing a person's key leaves the chain whole.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.ids import AddressId, LedgerEventId, PatientId
from flows.vocabulary import Channel, Purpose

OURSELVES = "recare"
"""The source system of what was first recorded here."""

PRACTICE = "practice software"
"""The source system of what a list told."""


class ActedBy(StrEnum):
    """Who made the event happen."""

    SELF = "self"
    GUARDIAN = "guardian"
    STAFF = "staff"
    IMPORT = "import"
    SYSTEM = "system"


class Act(StrEnum):
    """What happened to the right.

    BOUNCED, WRONG_PERSON: the address reaches nobody, or somebody else. CORRECTED: staff take back a death, a wrong
    person or a bounce. ERASED: the person asked to be erased; the entry keeps the hash of an address. SUPPRESSED: who
    came later by an address of somebody erased.
    """

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
    BOUNCED = "bounced"
    WRONG_PERSON = "wrong_person"
    DECEASED = "deceased"
    CORRECTED = "corrected"
    ERASED = "erased"
    SUPPRESSED = "suppressed"


class Basis(StrEnum):
    """On what ground a message may be sent."""

    EXPRESS_CONSENT = "express_consent"
    IMPLIED_CONSENT = "implied_consent"
    CARE_CONTRACT = "care_contract"
    BOOKED_VISIT = "booked_visit"


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEvent:
    """One entry of a person's chain, as decided; the store adds the previous hash and its own.

    address_id: the address it concerns; None concerns the person on every address. channel likewise. evidence:
    reference of the message, hash of a form, or file hash and row of an import. valid_until: None means no end. at,
    valid_from, valid_until: aware UTC. What follows came with the second form and is empty in events of the first.
    address_hash: keyed hash of the address it concerns or came by; key_version: of that key. notice: what was shown
    when it was asked, as "<language>/<name>@<version>#<hash>". withdraw_by: how it can be taken back. source_system:
    where it was first recorded.
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
    address_hash: bytes | None = None
    key_version: int = 1
    notice: str = ""
    withdraw_by: str = ""
    source_system: str = ""
