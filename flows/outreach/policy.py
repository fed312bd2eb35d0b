"""What a clinic's rules allow, as data: who may be written to, on what ground, when, how often and saying what.

What a policy does not name is forbidden; policies of one patient are combined by `merging`, which only ever narrows.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from flows.outreach.ledger import Basis
from flows.vocabulary import Channel, Purpose

EVERYWHERE = "*"
"""The jurisdiction of rules that belong to no country."""

LONGEST_ID = 20
"""Characters of a policy's id; the ids of all that are merged for one patient stand together in one column of 64."""


class Automation(StrEnum):
    """Whether the programme may send by itself, or a person releases each batch, or nothing is sent."""

    AUTO = "auto"
    HUMAN_RELEASE = "human_release"
    FORBIDDEN = "forbidden"


class OnHolidays(StrEnum):
    """What happens on a public holiday."""

    REST = "rest"
    SEND = "send"


class ZoneSource(StrEnum):
    """Whose clock the hours are read on."""

    CLINIC = "clinic"


class MustSay(StrEnum):
    """What a text has to contain.

    SENDER: the clinic's name. ADDRESS: where it can be written to or called. STOP: how messages end. AUTOMATIC: that
    no person writes. ADVERTISING: that it is advertising. RISK_WARNING: that treatment can have contraindications.
    """

    SENDER = "sender"
    ADDRESS = "address"
    STOP = "stop"
    AUTOMATIC = "automatic"
    ADVERTISING = "advertising"
    RISK_WARNING = "risk_warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """When a message may leave, in local time: from `opens` to before `closes`, on ISO weekdays (1 is Monday)."""

    opens: time
    closes: time
    days: frozenset[int]
    on_holidays: OnHolidays


@dataclass(frozen=True, kw_only=True, slots=True)
class Caps:
    """How many messages of the purpose at most.

    To one person on a local day, in the last seven days, in the last `cycle_months` calendar months (`cycle`), in the
    last twelve calendar months (`year`); to all members of one household together in the last seven days (`household`).
    gap_days: at least so many times 24 hours from one message to the next.
    """

    day: int
    week: int
    cycle: int
    cycle_months: int
    gap_days: int
    year: int
    household: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedBasis:
    """A ground the policy accepts and for how many calendar months from the day it holds; None: without end."""

    basis: Basis
    months: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PurposeRule:
    """The rule of a purpose that is not forbidden; `automation` is AUTO or HUMAN_RELEASE, bases in Basis's order."""

    purpose: Purpose
    automation: Automation
    bases: tuple[AcceptedBasis, ...]
    hours: Hours
    caps: Caps
    highest_level: int
    channels: frozenset[Channel]
    must_say: frozenset[MustSay]

    def accepted(self, basis: Basis) -> AcceptedBasis | None:
        """How the rule accepts a ground; None: not at all."""
        return next((accepted for accepted in self.bases if accepted.basis is basis), None)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class PolicyPart:
    """A file a policy was read from. content_hash: hex SHA-256 of its content; what a signature is given for."""

    id: str
    version: int
    content_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The rules for some patients: one file's, or the strictest of several. A purpose without a rule is forbidden.

    jurisdiction: ISO 3166-1 alpha-2, or with "-" and a subdivision, or EVERYWHERE; of several, joined by "+" like `id`.
    reviewed_by: empty unless every part was reviewed. minor_age: years from which a person decides for themselves.
    imported_yes: purposes for which an imported yes counts. parts: the files, one or several, in order; all must be
    signed before anything is sent. content_hash: hex SHA-256, of the file's content or of the parts' hashes.
    """

    id: str
    version: int
    title: str
    jurisdiction: str
    reviewed_by: str
    sources: tuple[str, ...]
    zone: ZoneSource
    minor_age: int
    imported_yes: frozenset[Purpose]
    retention_months: int
    rules: tuple[PurposeRule, ...]
    parts: tuple[PolicyPart, ...]
    content_hash: str

    def rule(self, purpose: Purpose) -> PurposeRule | None:
        """The rule of a purpose; None: forbidden."""
        return next((rule for rule in self.rules if rule.purpose is purpose), None)
