"""What a clinic's rules allow, as data: who may be written to, on what ground, when and how often.

A policy is whole or it is nothing: whatever is missing, unknown, malformed or newer than this code refuses the file.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from flows.outreach.ledger import Basis
from flows.outreach.policy_fields import Fields, PolicyError
from flows.vocabulary import Channel, Purpose

__all__ = [
    "SCHEMA",
    "AcceptedBasis",
    "Automation",
    "Caps",
    "Hours",
    "OnHolidays",
    "Policy",
    "PolicyError",
    "PurposeRule",
    "ZoneSource",
    "parse_policy",
]

SCHEMA = 1
"""The newest schema of policy files this code understands."""

_MOST_MONTHS = 1200
_MOST_SENT = 366
_MOST_LEVEL = 2
_MOST_AGE = 25


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


class Weekday(StrEnum):
    """A day of the week as a policy file writes it; in ISO order."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """When a message may leave, in local time: from `opens` to before `closes`, on ISO weekdays (1 is Monday)."""

    opens: time
    closes: time
    days: frozenset[int]
    on_holidays: OnHolidays


@dataclass(frozen=True, kw_only=True, slots=True)
class Caps:
    """How often at most: a local day, the last seven days, the last `cycle_months` calendar months.

    gap_days: at least so many times 24 hours from one message to the next.
    """

    day: int
    week: int
    cycle: int
    cycle_months: int
    gap_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedBasis:
    """A ground the policy accepts and for how many calendar months from the day it holds; None: without end."""

    basis: Basis
    months: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PurposeRule:
    """The rule of a purpose that is not forbidden; `automation` is AUTO or HUMAN_RELEASE."""

    purpose: Purpose
    automation: Automation
    bases: tuple[AcceptedBasis, ...]
    hours: Hours
    caps: Caps
    highest_level: int
    channels: frozenset[Channel]

    def accepted(self, basis: Basis) -> AcceptedBasis | None:
        """How the rule accepts a ground; None: not at all."""
        return next((accepted for accepted in self.bases if accepted.basis is basis), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """A jurisdiction's rules, read and whole. A purpose without a rule is forbidden.

    minor_age: years from which a person decides for themselves. imported_yes: purposes for which an imported yes
    counts. content_hash: hex SHA-256 of the content; what a signature is given for.
    """

    id: str
    version: int
    title: str
    reviewed_by: str
    sources: tuple[str, ...]
    zone: ZoneSource
    minor_age: int
    imported_yes: frozenset[Purpose]
    retention_months: int
    rules: tuple[PurposeRule, ...]
    content_hash: str

    def rule(self, purpose: Purpose) -> PurposeRule | None:
        """The rule of a purpose; None: forbidden."""
        return next((rule for rule in self.rules if rule.purpose is purpose), None)


def parse_policy(raw: Mapping[str, object], *, source: str) -> Policy:
    """Read a policy from the data of its TOML file; `source` names the file in errors.

    Raises PolicyError, with the key and the remedy, on the first thing that is not exactly as it must be.
    """
    with Fields(raw, source=source).complete() as fields:
        _check_schema(fields)
        with fields.table("purposes").complete() as purposes:
            rules = [_purpose(purposes, purpose) for purpose in Purpose]
        return Policy(
            id=fields.filled("id"),
            version=fields.whole("version", least=1, most=9999),
            title=fields.filled("title"),
            reviewed_by=fields.text("reviewed_by"),
            sources=fields.some_texts("sources"),
            zone=fields.word("zone", ZoneSource),
            minor_age=fields.whole("minor_age", least=1, most=_MOST_AGE),
            imported_yes=fields.words("imported_yes", Purpose),
            retention_months=fields.whole("retention_months", least=1, most=_MOST_MONTHS),
            rules=tuple(rule for rule in rules if rule is not None),
            content_hash=content_hash(raw),
        )


def content_hash(raw: Mapping[str, object]) -> str:
    """Hex SHA-256 of a policy's content; comments, spacing and the order of keys do not count."""
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _check_schema(fields: Fields) -> None:
    schema = fields.whole("schema", least=1, most=9999)
    if schema > SCHEMA:
        remedy = f"use a newer recare, or a file of schema {SCHEMA}"
        fields.refuse("schema", f"is {schema}, newer than this recare understands", remedy)


def _purpose(purposes: Fields, purpose: Purpose) -> PurposeRule | None:
    with purposes.table(purpose.value).complete() as fields:
        automation = fields.word("automation", Automation)
        if automation is Automation.FORBIDDEN:
            return None
        return PurposeRule(
            purpose=purpose,
            automation=automation,
            bases=_bases(fields, purpose),
            hours=_hours(fields),
            caps=_caps(fields),
            highest_level=fields.whole("level", least=0, most=_MOST_LEVEL),
            channels=fields.some_words("channels", Channel),
        )


def _bases(fields: Fields, purpose: Purpose) -> tuple[AcceptedBasis, ...]:
    with fields.table("bases").complete() as bases:
        known = [basis for basis in Basis if basis.value in bases.names]
        accepted = tuple(
            AcceptedBasis(basis=basis, months=bases.months(basis.value, most=_MOST_MONTHS)) for basis in known
        )
    if not accepted:
        fields.refuse("bases", "names no ground", 'name one, or set automation = "forbidden"')
    if purpose is not Purpose.APPOINTMENT and Basis.BOOKED_VISIT in known:
        fields.refuse("bases", "names booked_visit", "only the purpose appointment can rest on a booked visit")
    return accepted


def _hours(fields: Fields) -> Hours:
    with fields.table("hours").complete() as hours:
        opens, closes = hours.clock("from"), hours.clock("to")
        if closes <= opens:
            hours.refuse("to", "is not later than from", "give a later time of the same day")
        iso = {day: number for number, day in enumerate(Weekday, start=1)}
        return Hours(
            opens=opens,
            closes=closes,
            days=frozenset(iso[day] for day in hours.some_words("days", Weekday)),
            on_holidays=hours.word("holidays", OnHolidays),
        )


def _caps(fields: Fields) -> Caps:
    with fields.table("caps").complete() as caps:
        return Caps(
            day=caps.whole("day", least=1, most=_MOST_SENT),
            week=caps.whole("week", least=1, most=_MOST_SENT),
            cycle=caps.whole("cycle", least=1, most=_MOST_SENT),
            cycle_months=caps.whole("cycle_months", least=1, most=_MOST_MONTHS),
            gap_days=caps.whole("gap_days", least=0, most=_MOST_SENT),
        )
