"""The gate over generated questions, people, ledgers and policies: it answers as the rules of the field page do.

The rules stand in `rulebook`, written anew; the cases are drawn by number, so that each can be looked at again.
"""

from collections import Counter
from collections.abc import Iterable

import pytest

from flows.outreach.verdict import Defer, Permit, Refusal, Refuse, Wait
from tests.laws.asking import ask
from tests.laws.chance import case_of, case_with, smallest
from tests.laws.law import broken_by

IN_PASSING = 10_000
FOR_LONG = 120_000
SEVERAL = 3
ENOUGH_PERMITTED = 0.2


def hold(numbers: Iterable[int]) -> None:
    """Judge cases; show the first that breaks the law with as little in it as breaks it."""
    for number in numbers:
        if broken_by(case_of(number)) is not None:
            least = smallest(number, lambda case: broken_by(case) is not None)
            case = case_with(number, least)
            pytest.fail(f"case {number} with {list(least)}: {broken_by(case)}\n{case}", pytrace=False)


def test_the_gate_says_what_the_rules_say() -> None:
    hold(range(IN_PASSING))


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_gate_says_what_the_rules_say_in_a_hundred_thousand_cases_and_more() -> None:
    hold(range(IN_PASSING, IN_PASSING + FOR_LONG))


def test_the_cases_meet_every_reason_and_every_wait_and_many_are_permitted() -> None:
    said = [ask(case_of(number)) for number in range(IN_PASSING)]
    refused = Counter(verdict.reason for verdict in said if isinstance(verdict, Refuse))
    deferred = Counter(verdict.reason for verdict in said if isinstance(verdict, Defer))
    assert {reason: refused[reason] for reason in Refusal if refused[reason] < SEVERAL} == {}
    assert {wait: deferred[wait] for wait in Wait if deferred[wait] < SEVERAL} == {}
    assert sum(isinstance(verdict, Permit) for verdict in said) > ENOUGH_PERMITTED * len(said)
