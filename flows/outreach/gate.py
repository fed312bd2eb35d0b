"""The gate: may this message go to this person at this moment? One pure function; unknown is no.

Asked when a message is planned and again when it is sent. Refusing beats deferring, and the first objection in the order of
`flows/outreach/checks.py` is the reason given.
"""

from datetime import datetime

from flows.outreach.checks import DELAYS, PERSON, RULED, Case, RuledCase, right_for
from flows.outreach.facts import Facts
from flows.outreach.hours import next_allowed
from flows.outreach.policy import Policy, PurposeRule
from flows.outreach.standing import Right
from flows.outreach.verdict import Defer, Permit, Refusal, Refuse, SendRequest, Stage, Verdict

__all__ = [
    "Defer",
    "Facts",
    "Permit",
    "Refusal",
    "Refuse",
    "SendRequest",
    "Stage",
    "Verdict",
    "judge",
    "objections",
]


def judge(request: SendRequest, facts: Facts, policy: Policy, now: datetime) -> Verdict:
    """May this message leave at `now` (aware UTC; when planning, the moment it is planned for)?

    Returns the right it rests on, or until when to wait, or the first reason against.
    """
    rule = policy.rule(request.purpose)
    against = objections(request, facts, policy, now)
    if against or rule is None:
        return Refuse(reason=next(iter(against), Refusal.PURPOSE_FORBIDDEN))
    return _when(RuledCase(request=request, facts=facts, policy=policy, now=now, rule=rule))


def objections(request: SendRequest, facts: Facts, policy: Policy, now: datetime) -> tuple[Refusal, ...]:
    """Every reason against, in the gate's order; empty where `judge` permits or defers. Tells staff why not."""
    case = Case(request=request, facts=facts, policy=policy, now=now)
    personal = tuple(reason for check in PERSON if (reason := check(case)) is not None)
    return personal + _of_the_policy(case, policy.rule(request.purpose))


def _of_the_policy(case: Case, rule: PurposeRule | None) -> tuple[Refusal, ...]:
    if rule is None:
        return (Refusal.PURPOSE_FORBIDDEN,)
    ruled = RuledCase(request=case.request, facts=case.facts, policy=case.policy, now=case.now, rule=rule)
    return tuple(reason for check in RULED if (reason := check(ruled)) is not None)


def _when(case: RuledCase) -> Verdict:
    """Now, or at the first moment inside the hours after everything that postpones."""
    clinic = case.facts.clinic
    waits = [until for delay in DELAYS if (until := delay(case)) is not None]
    earliest = max([case.now, *waits])
    until = next_allowed(earliest, case.rule.hours, clinic.zone, clinic.holidays)
    if until is None:
        return Refuse(reason=Refusal.PURPOSE_FORBIDDEN)
    if until > case.now:
        return Defer(until=until)
    right = right_for(case)
    return Permit(right=right.id if isinstance(right, Right) else None)
