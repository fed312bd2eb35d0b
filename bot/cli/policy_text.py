"""Policies as lines and tables on the command line, in docs/policies.md, and as JSON."""

from collections.abc import Sequence

from bot.cli.counts import counted
from flows.outreach.policy import Policy, PurposeRule
from flows.outreach.policy_comparison import ASPECTS, DAYS, Difference, Stricter, automation_of, months_of
from flows.vocabulary import Purpose

_WIDEST = 24
_MOST_HOURS = 72
"""The bar of a chart is as wide as this many signs for as many hours a week."""


def shown(policy: Policy) -> str:
    """What a policy allows, in a few lines."""
    reviewed = f"reviewed by {policy.reviewed_by}" if policy.reviewed_by else "not reviewed by a lawyer"
    head = (
        f"{policy.title} ({policy.id}, version {policy.version}; {policy.jurisdiction}; {reviewed})",
        f"  minors         below {policy.minor_age} a guardian decides",
        f"  patient lists  a yes counts for {', '.join(sorted(policy.imported_yes)) or 'nothing'}",
        f"  kept           {policy.retention_months} months",
    )
    rules = (line for rule in policy.rules for line in _rule_lines(rule))
    return "\n".join((*head, *rules, "  Whatever is not listed is forbidden.", *_sources(policy)))


def _rule_lines(rule: PurposeRule) -> tuple[str, ...]:
    bases = ", ".join(
        basis.basis.value if basis.months is None else f"{basis.basis.value} for {months_of(basis.months)}"
        for basis in rule.bases
    )
    days = ", ".join(DAYS[day - 1].capitalize() for day in sorted(rule.hours.days))
    hours, caps = rule.hours, rule.caps
    apart = counted(caps.gap_days, "day")
    said = (
        f"{rule.automation.value}; on {bases}; level {rule.highest_level}",
        f"{days} {hours.opens:%H:%M}-{hours.closes:%H:%M}, public holidays: {hours.on_holidays.value}",
        f"at most {caps.day} a day, {caps.week} a week, {caps.cycle} in {months_of(caps.cycle_months)}",
        f"at most {caps.year} a year, {apart} apart; to a household together {caps.household} a week",
        f"by {', '.join(sorted(rule.channels))}",
        f"says {', '.join(sorted(rule.must_say)) or 'nothing in particular'}",
    )
    return tuple(f"  {'' if line else rule.purpose.value:<14} {text}" for line, text in enumerate(said))


def _sources(policy: Policy) -> tuple[str, ...]:
    return ("  Sources:", *(f"    {source}" for source in policy.sources))


def compared(first: Policy, second: Policy, found: Sequence[Difference]) -> str:
    """A table of the differences; a star stands beside the stricter of the two."""
    if not found:
        return f"{first.id} and {second.id} allow the same."
    rows = [("", first.id, second.id), *(_compared_row(difference) for difference in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join((*lines, "* the stricter; ** each forbids something the other allows"))


def _compared_row(difference: Difference) -> tuple[str, str, str]:
    both = "**" if difference.stricter is Stricter.EACH else ""
    first = both or "*" * (difference.stricter is Stricter.FIRST)
    second = both or "*" * (difference.stricter is Stricter.SECOND)
    return difference.field, f"{difference.first} {first}".strip(), f"{difference.second} {second}".strip()


def table(policies: Sequence[Policy]) -> str:
    """A Markdown table of what policies allow: a row for each field, a column for each policy."""
    rows = [
        ("field", *(policy.id for policy in policies)),
        ("---", *("---" for _ in policies)),
        ("jurisdiction", *(f"`{policy.jurisdiction}`" for policy in policies)),
        ("minor_age", *(str(policy.minor_age) for policy in policies)),
        ("imported_yes", *(", ".join(sorted(policy.imported_yes)) or "nothing" for policy in policies)),
        ("retention_months", *(str(policy.retention_months) for policy in policies)),
        *(row for purpose in Purpose for row in _purpose_rows(purpose, policies)),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _purpose_rows(purpose: Purpose, policies: Sequence[Policy]) -> list[tuple[str, ...]]:
    rules = [policy.rule(purpose) for policy in policies]
    rows = [(f"**{purpose.value}**", *(f"**{automation_of(rule).value}**" for rule in rules))]
    if not any(rules):
        return rows
    for aspect in ASPECTS:
        cells = ["" if rule is None else aspect.written(rule) for rule in rules]
        if set(cells) - {"", "no"}:
            rows.append((aspect.name, *cells))
    return rows


def chart(policies: Sequence[Policy]) -> str:
    """How much of a week each policy leaves for each purpose: a bar of hours in a Markdown code block."""
    lines = []
    for purpose in Purpose:
        lines.append(f"{purpose.value}")
        for policy in policies:
            rule = policy.rule(purpose)
            hours = 0 if rule is None else _hours_a_week(rule)
            bar = "█" * round(hours / _MOST_HOURS * _WIDEST)
            lines.append(f"  {policy.id:<10} {bar:<{_WIDEST}} {hours:>2} h  {automation_of(rule).value}")
    return "```text\n" + "\n".join(lines) + "\n```\n"


def _hours_a_week(rule: PurposeRule) -> int:
    opens, closes = rule.hours.opens, rule.hours.closes
    return len(rule.hours.days) * (closes.hour * 60 + closes.minute - opens.hour * 60 - opens.minute) // 60


def as_data(policy: Policy) -> dict[str, object]:
    """A policy as JSON data."""
    return {
        "id": policy.id,
        "version": policy.version,
        "title": policy.title,
        "jurisdiction": policy.jurisdiction,
        "reviewed_by": policy.reviewed_by,
        "sources": list(policy.sources),
        "content_hash": policy.content_hash,
        "parts": [{"id": part.id, "version": part.version, "content_hash": part.content_hash} for part in policy.parts],
        "minor_age": policy.minor_age,
        "imported_yes": sorted(policy.imported_yes),
        "retention_months": policy.retention_months,
        "purposes": {rule.purpose.value: _rule_data(rule) for rule in policy.rules},
    }


def _rule_data(rule: PurposeRule) -> dict[str, object]:
    return {
        "automation": rule.automation.value,
        "bases": [{"basis": basis.basis.value, "months": basis.months} for basis in rule.bases],
        "opens": f"{rule.hours.opens:%H:%M}",
        "closes": f"{rule.hours.closes:%H:%M}",
        "days": sorted(rule.hours.days),
        "holidays": rule.hours.on_holidays.value,
        "per_day": rule.caps.day,
        "per_week": rule.caps.week,
        "per_cycle": rule.caps.cycle,
        "cycle_months": rule.caps.cycle_months,
        "per_year": rule.caps.year,
        "household_per_week": rule.caps.household,
        "gap_days": rule.caps.gap_days,
        "highest_level": rule.highest_level,
        "channels": sorted(rule.channels),
        "must_say": sorted(rule.must_say),
    }
