"""The strictest of several policies: what is allowed where each of them counts.

The merge never allows what one part forbids, and neither order, grouping nor repetition of the parts changes it.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from flows.outreach.ledger import Basis
from flows.outreach.policy import (
    AcceptedBasis,
    Automation,
    Caps,
    Hours,
    OnHolidays,
    Policy,
    PolicyPart,
    PurposeRule,
    ZoneSource,
)
from flows.vocabulary import Purpose

_JOINS_IDS = "+"
_JOINS_NAMES = "; "


def merge(policies: Sequence[Policy]) -> Policy:
    """The strictest of all, field by field; at least one policy.

    Counts, months and levels are the least, gaps and the age of deciding for oneself the highest, grounds, days,
    channels and imported yeses those that all accept, what must be said all that any asks for. Where nothing is left
    that all accept, the purpose is forbidden. Between two ages of deciding for oneself a guardian decides.
    """
    if len(set(policies)) == 1:
        return policies[0]
    parts = tuple(sorted({part for policy in policies for part in policy.parts}))
    ids = _JOINS_IDS.join(sorted({part.id for part in parts}))
    return Policy(
        id=ids,
        version=max(part.version for part in parts),
        title=f"The strictest of {ids}",
        jurisdiction=_joined((policy.jurisdiction for policy in policies), _JOINS_IDS),
        reviewed_by=_reviewers(policies),
        sources=tuple(sorted({source for policy in policies for source in policy.sources})),
        zone=ZoneSource.CLINIC,
        minor_age=max(policy.minor_age for policy in policies),
        imported_yes=frozenset[Purpose].intersection(*(policy.imported_yes for policy in policies)),
        retention_months=min(policy.retention_months for policy in policies),
        rules=_rules(policies),
        parts=parts,
        content_hash=_digest(parts),
    )


def narrows(policy: Policy, other: Policy) -> bool:
    """Whether `other` forbids anything that `policy` allows."""
    return _substance(merge([policy, other])) != _substance(policy)


def _substance(policy: Policy) -> tuple[object, ...]:
    """What a policy allows, apart from what it is called."""
    return policy.rules, policy.zone, policy.minor_age, policy.imported_yes, policy.retention_months


def _rules(policies: Sequence[Policy]) -> tuple[PurposeRule, ...]:
    merged = []
    for purpose in Purpose:
        rules = [rule for policy in policies if (rule := policy.rule(purpose)) is not None]
        if len(rules) == len(policies) and (rule := _rule(rules)) is not None:
            merged.append(rule)
    return tuple(merged)


def _rule(rules: Sequence[PurposeRule]) -> PurposeRule | None:
    """The strictest rule of one purpose; None: nothing is left that all of them allow."""
    bases = _bases(rules)
    hours = _hours([rule.hours for rule in rules])
    channels = rules[0].channels.intersection(*(rule.channels for rule in rules))
    if not bases or hours is None or not channels:
        return None
    by_hand = any(rule.automation is Automation.HUMAN_RELEASE for rule in rules)
    return PurposeRule(
        purpose=rules[0].purpose,
        automation=Automation.HUMAN_RELEASE if by_hand else Automation.AUTO,
        bases=bases,
        hours=hours,
        caps=_caps([rule.caps for rule in rules]),
        highest_level=min(rule.highest_level for rule in rules),
        channels=channels,
        must_say=rules[0].must_say.union(*(rule.must_say for rule in rules)),
    )


def _bases(rules: Sequence[PurposeRule]) -> tuple[AcceptedBasis, ...]:
    """The grounds all rules accept, each for the shortest time."""
    merged = []
    for basis in Basis:
        found = [accepted for rule in rules if (accepted := rule.accepted(basis)) is not None]
        if len(found) == len(rules):
            months = min((each.months for each in found if each.months is not None), default=None)
            merged.append(AcceptedBasis(basis=basis, months=months))
    return tuple(merged)


def _hours(all_hours: Sequence[Hours]) -> Hours | None:
    """When every rule lets messages leave; None: never."""
    opens, closes = max(each.opens for each in all_hours), min(each.closes for each in all_hours)
    days = all_hours[0].days.intersection(*(each.days for each in all_hours))
    if opens >= closes or not days:
        return None
    rests = any(each.on_holidays is OnHolidays.REST for each in all_hours)
    return Hours(opens=opens, closes=closes, days=days, on_holidays=OnHolidays.REST if rests else OnHolidays.SEND)


def _caps(all_caps: Sequence[Caps]) -> Caps:
    """The least of each; a cycle counts few messages in many months, which no part allows more of."""

    def of(choose: Callable[[Iterable[int]], int], read: Callable[[Caps], int]) -> int:
        return choose(read(caps) for caps in all_caps)

    return Caps(
        day=of(min, lambda caps: caps.day),
        week=of(min, lambda caps: caps.week),
        cycle=of(min, lambda caps: caps.cycle),
        cycle_months=of(max, lambda caps: caps.cycle_months),
        gap_days=of(max, lambda caps: caps.gap_days),
        year=of(min, lambda caps: caps.year),
        household=of(min, lambda caps: caps.household),
    )


def _reviewers(policies: Sequence[Policy]) -> str:
    """Everybody who reviewed a part; nobody while one part is not reviewed."""
    if not all(policy.reviewed_by for policy in policies):
        return ""
    return _joined((policy.reviewed_by for policy in policies), _JOINS_NAMES)


def _joined(texts: Iterable[str], by: str) -> str:
    return by.join(sorted({part for text in texts for part in text.split(by)}))


def _digest(parts: Sequence[PolicyPart]) -> str:
    return hashlib.sha256("\n".join(part.content_hash for part in parts).encode()).hexdigest()
