"""Reads a policy from the data of its TOML file.

A policy is whole or it is nothing: whatever is missing, unknown, malformed, or of another schema than this code's
refuses the file. docs/policies.md describes the schema.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from enum import StrEnum

from flows.outreach.ledger import Basis
from flows.outreach.policy import (
    EVERYWHERE,
    LONGEST_ID,
    AcceptedBasis,
    Automation,
    Caps,
    Hours,
    MustSay,
    OnHolidays,
    Policy,
    PolicyPart,
    PurposeRule,
    ZoneSource,
)
from flows.outreach.policy_fields import Fields
from flows.vocabulary import Channel, Purpose

SCHEMA = 2
"""The schema of policy files this code understands."""

_ID = re.compile(rf"[a-z][a-z0-9_-]{{0,{LONGEST_ID - 1}}}")
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_MOST_MONTHS = 1200
_MOST_SENT = 366
_MOST_LEVEL = 2
_MOST_AGE = 25


class Weekday(StrEnum):
    """A day of the week as a policy file writes it; in ISO order."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


def parse_policy(raw: Mapping[str, object], *, source: str) -> Policy:
    """Read a policy from the data of its TOML file; `source` names the file in errors.

    Raises PolicyError, with the key and the remedy, on the first thing that is not exactly as it must be.
    """
    with Fields(raw, source=source).complete() as fields:
        _check_schema(fields)
        with fields.table("purposes").complete() as purposes:
            rules = [_purpose(purposes, purpose) for purpose in Purpose]
        part = PolicyPart(id=_id(fields), version=fields.whole("version", least=1, most=9999), content_hash=digest(raw))
        return Policy(
            id=part.id,
            version=part.version,
            title=fields.filled("title"),
            jurisdiction=_jurisdiction(fields),
            reviewed_by=fields.text("reviewed_by"),
            sources=fields.some_texts("sources"),
            zone=fields.word("zone", ZoneSource),
            minor_age=fields.whole("minor_age", least=1, most=_MOST_AGE),
            imported_yes=fields.words("imported_yes", Purpose),
            retention_months=fields.whole("retention_months", least=1, most=_MOST_MONTHS),
            rules=tuple(rule for rule in rules if rule is not None),
            parts=(part,),
            content_hash=part.content_hash,
        )


def digest(raw: Mapping[str, object]) -> str:
    """Hex SHA-256 of a policy's content; comments, spacing and the order of keys do not count."""
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _check_schema(fields: Fields) -> None:
    schema = fields.whole("schema", least=1, most=9999)
    if schema > SCHEMA:
        remedy = f"use a newer recare, or a file of schema {SCHEMA}"
        fields.refuse("schema", f"is {schema}, newer than this recare understands", remedy)
    if schema < SCHEMA:
        remedy = f"bring the file to schema {SCHEMA} as docs/policies.md describes it, and have it signed anew"
        fields.refuse("schema", f"is {schema}, older than this recare understands", remedy)


def _id(fields: Fields) -> str:
    name = fields.text("id")
    if not _ID.fullmatch(name):
        fields.refuse(
            "id", f'is "{name}"', f"give at most {LONGEST_ID} lower-case letters, digits, - and _, a letter first"
        )
    return name


def _jurisdiction(fields: Fields) -> str:
    place = fields.text("jurisdiction")
    if place != EVERYWHERE and not _JURISDICTION.fullmatch(place):
        fields.refuse("jurisdiction", f'is "{place}"', f'give an ISO code like "NL" or "CA-QC", or "{EVERYWHERE}"')
    return place


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
            must_say=fields.words("must_say", MustSay),
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
            year=caps.whole("year", least=1, most=_MOST_SENT),
            household=caps.whole("household", least=1, most=_MOST_SENT),
        )
