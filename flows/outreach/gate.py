"""The gate: may this message go to this person at this moment? One pure function; unknown is no.

Asked when a message is planned and again when it is sent. Refusing beats deferring. The reason given is the first
objection of the tables PERSON, then MESSAGE; what only postpones (DELAYS, then the hours) is asked if nothing objects.
"""

from collections.abc import Iterator
from datetime import datetime

from flows.outreach.case import Case, RuledCase
from flows.outreach.delays import DELAYS
from flows.outreach.facts import Facts
from flows.outreach.hours import closed_by, next_allowed
from flows.outreach.message_checks import MESSAGE
from flows.outreach.person_checks import PERSON
from flows.outreach.policy import Policy, PurposeRule
from flows.outreach.right_checks import right_for
from flows.outreach.standing import Right
from flows.outreach.verdict import Defer, Permit, Refusal, Refuse, SendRequest, Stage, Verdict, Wait

__all__ = [
    "Defer",
    "Facts",
    "Permit",
    "Refusal",
    "Refuse",
    "SendRequest",
    "Stage",
    "Verdict",
    "Wait",
    "judge",
    "objections",
]


def judge(request: SendRequest, facts: Facts, policy: Policy, now: datetime) -> Verdict:
    """May this message leave at `now` (aware UTC; when planning, the moment it is planned for)?

    Returns the right it rests on, or until when to wait, or the first reason against.
    """
    case = Case(request=request, facts=facts, policy=policy, now=now)
    rule = policy.rule(request.purpose)
    first = next(_against(case, rule), None)
    if first is not None or rule is None:
        return Refuse(reason=first or Refusal.PURPOSE_FORBIDDEN)
    return _when(_ruled(case, rule))


def objections(request: SendRequest, facts: Facts, policy: Policy, now: datetime) -> tuple[Refusal, ...]:
    """Every reason against once, in the gate's order; empty where `judge` permits or defers. Tells staff why not."""
    case = Case(request=request, facts=facts, policy=policy, now=now)
    return tuple(dict.fromkeys(_against(case, policy.rule(request.purpose))))


def _against(case: Case, rule: PurposeRule | None) -> Iterator[Refusal]:
    yield from (reason for check in PERSON if (reason := check(case)) is not None)
    if rule is None:
        yield Refusal.PURPOSE_FORBIDDEN
        return
    ruled = _ruled(case, rule)
    yield from (reason for check in MESSAGE if (reason := check(ruled)) is not None)


def _ruled(case: Case, rule: PurposeRule) -> RuledCase:
    return RuledCase(request=case.request, facts=case.facts, policy=case.policy, now=case.now, rule=rule)


def _when(case: RuledCase) -> Verdict:
    """Now, or at the first moment inside the hours after everything that postpones."""
    clinic, hours = case.facts.clinic, case.rule.hours
    waits = {reason: until for reason, delay in DELAYS.items() if (until := delay(case)) is not None}
    longest = max(waits, key=waits.__getitem__, default=None)
    earliest = case.now if longest is None else max(case.now, waits[longest])
    until = next_allowed(earliest, hours, clinic.zone, clinic.holidays)
    if until is None:
        return Refuse(reason=Refusal.PURPOSE_FORBIDDEN)
    # A delay that would keep it back even at a good hour says more than the hour does.
    reason = longest if earliest > case.now else closed_by(case.now, hours, clinic.zone, clinic.holidays)
    if reason is not None:
        return Defer(until=until, reason=reason)
    right = right_for(case)
    return Permit(right=right.id if isinstance(right, Right) else None)
