"""Two policies side by side: in which fields they differ, and which of the two is the stricter there.

What is stricter is written down here once more, apart from the merge, so that each can be held against the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from flows.outreach.ledger import Basis
from flows.outreach.policy import Automation, Caps, MustSay, OnHolidays, Policy, PurposeRule
from flows.vocabulary import Purpose

Worth: TypeAlias = int | frozenset[str]
"""What of a field is compared: an amount, or a set of words."""

NO_END = 10**6
"""A ground without end, as months."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Stricter(StrEnum):
    """Which of two is the stricter. EACH: each forbids something that the other allows."""

    FIRST = "first"
    SECOND = "second"
    EACH = "each"
    SAME = "same"


@dataclass(frozen=True, kw_only=True, slots=True)
class Aspect:
    """A field of a purpose's rule. allows: what it allows, where more is less strict."""

    name: str
    allows: Callable[[PurposeRule], Worth]
    written: Callable[[PurposeRule], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A field in which two policies differ, as their files write it."""

    field: str
    first: str
    second: str
    stricter: Stricter


def differences(first: Policy, second: Policy) -> tuple[Difference, ...]:
    """Everything in which two policies differ, apart from what they are called; in the order of the schema."""
    general = (
        _difference("minor_age", (-first.minor_age, -second.minor_age), (str(first.minor_age), str(second.minor_age))),
        _difference(
            "imported_yes",
            (_words(first.imported_yes), _words(second.imported_yes)),
            (_listed(first.imported_yes), _listed(second.imported_yes)),
        ),
        _difference(
            "retention_months",
            (first.retention_months, second.retention_months),
            (str(first.retention_months), str(second.retention_months)),
        ),
    )
    ruled = (found for purpose in Purpose for found in _of_purpose(purpose, first, second))
    return tuple(found for found in (*general, *ruled) if found.stricter is not Stricter.SAME)


def _of_purpose(purpose: Purpose, first: Policy, second: Policy) -> tuple[Difference, ...]:
    one, other = first.rule(purpose), second.rule(purpose)
    automation = _difference(
        f"{purpose.value}.automation",
        (-_hand(one), -_hand(other)),
        (automation_of(one).value, automation_of(other).value),
    )
    if one is None or other is None:
        return (automation,)
    return (
        automation,
        *(
            _difference(
                f"{purpose.value}.{aspect.name}",
                (aspect.allows(one), aspect.allows(other)),
                (aspect.written(one), aspect.written(other)),
            )
            for aspect in ASPECTS
        ),
    )


def automation_of(rule: PurposeRule | None) -> Automation:
    """Whether the programme sends by itself under a rule; without one it does not send."""
    return Automation.FORBIDDEN if rule is None else rule.automation


def stricter_of(first: Worth, second: Worth) -> Stricter:
    """Which of two worths allows less."""
    if first == second:
        return Stricter.SAME
    if _less(first, second):
        return Stricter.FIRST
    return Stricter.SECOND if _less(second, first) else Stricter.EACH


def _less(first: Worth, second: Worth) -> bool:
    if isinstance(first, int) and isinstance(second, int):
        return first < second
    return isinstance(first, frozenset) and isinstance(second, frozenset) and first < second


def _difference(field: str, worths: tuple[Worth, Worth], written: tuple[str, str]) -> Difference:
    return Difference(field=field, first=written[0], second=written[1], stricter=stricter_of(*worths))


def _hand(rule: PurposeRule | None) -> int:
    return list(Automation).index(automation_of(rule))


def _words(words: frozenset[Purpose]) -> frozenset[str]:
    return frozenset(word.value for word in words)


def _listed(words: frozenset[Purpose]) -> str:
    return ", ".join(sorted(word.value for word in words)) or "nothing"


def months_of(number: int) -> str:
    """A number of months in words."""
    return f"{number} month" if number == 1 else f"{number} months"


def _ground(basis: Basis) -> Aspect:
    def months(rule: PurposeRule) -> int:
        accepted = rule.accepted(basis)
        return 0 if accepted is None else accepted.months or NO_END

    def written(rule: PurposeRule) -> str:
        accepted = rule.accepted(basis)
        return "no" if accepted is None else "no_end" if accepted.months is None else months_of(accepted.months)

    return Aspect(name=f"bases.{basis.value}", allows=months, written=written)


def _cap(name: str, read: Callable[[Caps], int]) -> Aspect:
    return Aspect(name=f"caps.{name}", allows=lambda rule: read(rule.caps), written=lambda rule: str(read(rule.caps)))


def _gap(name: str, read: Callable[[Caps], int]) -> Aspect:
    """A number that is the stricter the higher it is."""
    return Aspect(name=f"caps.{name}", allows=lambda rule: -read(rule.caps), written=lambda rule: str(read(rule.caps)))


ASPECTS: tuple[Aspect, ...] = (
    *(_ground(basis) for basis in Basis),
    Aspect(
        name="hours.from",
        allows=lambda rule: -(rule.hours.opens.hour * 60 + rule.hours.opens.minute),
        written=lambda rule: f"{rule.hours.opens:%H:%M}",
    ),
    Aspect(
        name="hours.to",
        allows=lambda rule: rule.hours.closes.hour * 60 + rule.hours.closes.minute,
        written=lambda rule: f"{rule.hours.closes:%H:%M}",
    ),
    Aspect(
        name="hours.days",
        allows=lambda rule: frozenset(DAYS[day - 1] for day in rule.hours.days),
        written=lambda rule: ", ".join(DAYS[day - 1] for day in sorted(rule.hours.days)),
    ),
    Aspect(
        name="hours.holidays",
        allows=lambda rule: int(rule.hours.on_holidays is OnHolidays.SEND),
        written=lambda rule: rule.hours.on_holidays.value,
    ),
    _cap("day", lambda caps: caps.day),
    _cap("week", lambda caps: caps.week),
    _cap("cycle", lambda caps: caps.cycle),
    _gap("cycle_months", lambda caps: caps.cycle_months),
    _gap("gap_days", lambda caps: caps.gap_days),
    _cap("year", lambda caps: caps.year),
    _cap("household", lambda caps: caps.household),
    Aspect(name="level", allows=lambda rule: rule.highest_level, written=lambda rule: str(rule.highest_level)),
    Aspect(
        name="channels",
        allows=lambda rule: frozenset(channel.value for channel in rule.channels),
        written=lambda rule: ", ".join(sorted(channel.value for channel in rule.channels)),
    ),
    Aspect(
        name="must_say",
        allows=lambda rule: frozenset(say.value for say in MustSay if say not in rule.must_say),
        written=lambda rule: ", ".join(say.value for say in MustSay if say in rule.must_say) or "nothing",
    ),
)
"""Every field of a purpose's rule but its automation, in the order of the schema."""
