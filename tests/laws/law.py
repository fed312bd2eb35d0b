"""The law of the gate over cases: it says what the rulebook says."""

from flows.outreach.verdict import Defer, Permit, Refuse
from tests.laws.asking import ask, row_of
from tests.laws.case import Case
from tests.laws.rulebook import Expected, expected


def broken_by(case: Case) -> str | None:
    """How the gate's answer contradicts the rules; None if it does not."""
    return answer_breaks(case, expected(case))


def answer_breaks(case: Case, rules: Expected) -> str | None:
    """How the gate's answer contradicts what the rules expect of this case; None if it does not."""
    match ask(case):
        case Refuse(reason=reason):
            return None if reason.value in rules.against else f"refused as {reason.value}, but {rules}"
        case _ if rules.against:
            return f"not refused, but {rules}"
        case Defer(until=until, reason=wait):
            right = until == rules.until and wait.value in rules.waits
            return None if right else f"put off until {until} ({wait.value}), but {rules}"
        case Permit() if rules.until is not None:
            return f"permitted, but {rules}"
        case Permit(right=right):
            rests = not rules.rows if right is None else row_of(right) in rules.rows
            return None if rests else f"rests on {right}, but {rules}"
