"""One question to the gate as plain data: words, numbers and moments, no type of the gate or of the fold.

Closed sets stand here as their stored words, so that the rulebook reads what a stranger would read in the tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

RawPolicy: TypeAlias = Mapping[str, Any]
"""A policy as its file writes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A row of a person's ledger. address, channel: None is everywhere; purpose: None is not named."""

    at: datetime
    act: str
    acted_by: str = "self"
    purpose: str | None = "recall"
    basis: str | None = None
    address: int | None = None
    channel: str | None = None
    evidence: str = "paper:1"
    collected: str = "chat"
    valid_from: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """A message of the same purpose, to the person or to somebody of their household: it left, or waits to leave."""

    at: datetime
    left: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A message that wants to leave, all that is known of the person, the clinic and its policy, and the moment."""

    now: datetime
    zone: ZoneInfo
    policy: RawPolicy
    purpose: str
    channel: str
    level: int
    says: frozenset[str]
    stage: str
    step: int
    holidays: frozenset[date]
    limit_months: int
    grace_months: int
    signed: bool
    stopped: bool
    rehearsal: bool
    status: str
    language: str | None
    born: date | None
    ledger: tuple[Said, ...]
    ledger_whole: bool
    key_present: bool
    last_visit_on: date | None
    recall_months: int | None
    next_visit_at: datetime | None
    visit_at: datetime | None
    last_contacted_at: datetime | None
    rhythm_months: int | None
    withheld: str | None
    sent: tuple[Sending, ...]
    household: tuple[Sending, ...]
    address: int | None
    staff_owns: bool
    asked: bool
    heard_at: datetime | None
    duplicate: bool
    released: bool
    free_times: int

    @property
    def rule(self) -> RawPolicy | None:
        """What the policy's file says of the purpose; None where it forbids it."""
        rule: RawPolicy = self.policy["purposes"][self.purpose]
        return None if rule["automation"] == "forbidden" else rule

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        """The clinic's day of a moment."""
        return at.astimezone(self.zone).date()
