"""How a case can depart from the world in which the gate permits: each in one respect, drawn by chance."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeAlias
from zoneinfo import ZoneInfo

from tests.laws.case import Case, Said, Sending
from tests.laws.policies_by_chance import CHANNELS, MUST_SAY, policies

Departure: TypeAlias = Callable[[Random, Case], Case]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONES = tuple(map(ZoneInfo, ("Europe/Brussels", "Europe/London", "America/Montreal", "Europe/Moscow")))
ADDRESS, ANOTHER = 70, 71
ACTS = (
    *("permit", "permit", "deny", "withdraw", "object", "expire", "pause", "freeze", "clear", "blocked", "unblocked"),
    *("bounced", "wrong_person", "deceased", "corrected", "erased", "suppressed"),
)
ACTORS = ("self", "self", "guardian", "staff", "import", "system")
BASES = ("express_consent", "express_consent", "implied_consent", "care_contract", "booked_visit")


def _said(random: Random, case: Case) -> Said:
    at = _moment(random, case, random.choice([3, 60, 900]))
    return Said(
        at=at,
        act=random.choice(ACTS),
        acted_by=random.choice(ACTORS),
        purpose=random.choice([case.purpose, case.purpose, case.purpose, None, "recall", "appointment"]),
        basis=random.choice([*BASES, None]),
        address=random.choice([None, None, ADDRESS, ANOTHER]),
        channel=random.choice([None, None, case.channel, "telegram"]),
        evidence=random.choice(["paper:1", "paper:1", " "]),
        collected=random.choice(["chat", "complaint", "complaint", "emergency"]),
        valid_from=random.choice([at, at, _moment(random, case, 60)]),
        valid_until=random.choice([None, None, None, _moment(random, case, 60)]),
    )


def _moment(random: Random, case: Case, days: int) -> datetime:
    """Mostly before now, sometimes a little after, sometimes exactly when something else was said."""
    if random.random() < 0.15:
        return random.choice([case.now, *(said.at for said in case.ledger)])
    return case.now - timedelta(days=random.randint(-2, days), minutes=random.randint(0, 24 * 60))


def _sendings(random: Random, case: Case, most: int) -> tuple[Sending, ...]:
    """Lately, or over a long time, or spread over more than half a year."""
    since, until = random.choice([(0, 0.4), (1, 7), (0, 32), (0, 400), (190, 360), (190, 360)])
    past = (case.now - timedelta(days=random.uniform(since, until)) for _ in range(random.randint(1, most)))
    return tuple(Sending(at=at, left=random.random() < 0.9) for at in past)


def _months_ago(random: Random, case: Case, *months: int) -> date:
    """Within three days of so many months ago, where most rules have their edge."""
    days = random.choice(months) * 365.25 / 12
    return case.today - timedelta(days=int(days) + random.randint(-3, 3))


def _one_of(**choices: tuple[object, ...]) -> Departure:
    """Draw a field's value."""

    def depart(random: Random, case: Case) -> Case:
        drawn = {name: random.choice(values) for name, values in choices.items()}
        return replace(case, **drawn)  # type: ignore[arg-type]  # the table names fields and their types

    return depart


def _given_again(random: Random, case: Case) -> Case:
    """Their yes was given otherwise."""
    first, *rest = case.ledger or (_said(random, case),)
    other = _said(random, case)
    name = random.choice(["acted_by", "basis", "address", "channel", "evidence", "valid_from", "valid_until", "at"])
    return replace(case, ledger=(replace(first, **{name: getattr(other, name)}), *rest))


def _said_more(random: Random, case: Case) -> Case:
    return replace(case, ledger=(*case.ledger, *(_said(random, case) for _ in range(random.randint(1, 3)))))


def _changed_mind(random: Random, case: Case) -> Case:
    """A no, and a yes again: by whomever, at the same moment or later."""
    at = _moment(random, case, 90)
    no = Said(at=at, act=random.choice(["deny", "withdraw", "object"]), purpose=case.purpose, valid_from=at)
    again = at + random.choice([0, 0, 1, 9]) * DAY
    yes = Said(
        at=again,
        act="permit",
        acted_by=random.choice(ACTORS),
        purpose=case.purpose,
        basis="express_consent",
        valid_from=again,
    )
    return replace(case, ledger=(*case.ledger, no, yes))


def _sent_some_days_ago(random: Random, case: Case) -> Case:
    """The step before left, and a policy that wants some days between two."""
    at = case.now - random.uniform(1, 20) * DAY
    return replace(case, sent=(Sending(at=at),), last_contacted_at=at, step=2, policy=policies()[1])


def _wants_a_rhythm(random: Random, case: Case) -> Case:
    """They want to hear seldom, and did hear some time ago."""
    contacted = case.last_contacted_at or case.now - random.uniform(1, 300) * DAY
    return replace(case, rhythm_months=random.choice([1, 6, 12]), last_contacted_at=contacted, step=2)


def _sent(random: Random, case: Case) -> Case:
    """Written to before: mostly as the next step of the same campaign."""
    sent = (*case.sent, *_sendings(random, case, 5))
    contacted = max((message.at for message in sent if message.left), default=None)
    step, policy = random.choice([1, 2, 2, 2]), random.choice([case.policy, case.policy, policies()[1]])
    return replace(case, sent=sent, last_contacted_at=contacted, step=step, policy=policy)


def _child(random: Random, case: Case) -> Case:
    years = random.choice([10, 14, 16, 18])
    born = case.today - timedelta(days=int(years * 365.25) + random.randint(-3, 3))
    by = random.choice(["guardian", "guardian", "self"])
    return replace(case, born=born, ledger=tuple(replace(said, acted_by=by) for said in case.ledger))


def _another_minute(random: Random, case: Case) -> Case:
    return replace(case, now=case.now + timedelta(minutes=random.randint(-14 * 24 * 60, 14 * 24 * 60)))


def _asked_to_wait(random: Random, case: Case) -> Case:
    """They asked for silence, once or twice, and were written to before or after."""
    at = _moment(random, case, 60)
    pause = Said(at=at, act="pause", purpose=random.choice([case.purpose, None]), valid_from=at)
    ends = random.choice([None, _moment(random, case, 20), case.now])
    contacted = random.choice([None, _moment(random, case, 90)])
    return replace(case, ledger=(*case.ledger, replace(pause, valid_until=ends)), last_contacted_at=contacted)


def _holidays(random: Random, case: Case) -> Case:
    first = case.today - random.randint(0, 3) * DAY
    return replace(case, holidays=frozenset(first + n * DAY for n in range(random.choice([1, 2, 5, 90]))))


DEPARTURES: Mapping[str, Departure] = {
    "another policy": lambda random, case: replace(case, policy=random.choice(policies())),
    "another zone": lambda random, case: replace(case, zone=random.choice(ZONES)),
    "another minute": _another_minute,
    "a holiday": _holidays,
    "planned, not sent": _one_of(stage=("planned",)),
    "another channel": _one_of(channel=CHANNELS),
    "another level": _one_of(
        level=(
            -1,
            1,
            2,
        )
    ),
    "a text that says less": lambda random, case: replace(
        case, says=frozenset(random.sample(MUST_SAY, k=random.randint(0, 3)))
    ),
    "a later step": _one_of(
        step=(
            2,
            3,
        )
    ),
    "unsigned": _one_of(signed=(False,)),
    "sending stopped": _one_of(stopped=(True,)),
    "a rehearsal": _one_of(rehearsal=(True,)),
    "released": _one_of(released=(True,)),
    "another status": _one_of(
        status=(
            "moved",
            "deceased",
            "left",
            "do_not_contact",
        )
    ),
    "no language": _one_of(language=(None,)),
    "no birth date": _one_of(born=(None,)),
    "a child": _child,
    "nothing said": _one_of(ledger=((),)),
    "said otherwise": _given_again,
    "said more": _said_more,
    "said still more": _said_more,
    "changed their mind": _changed_mind,
    "asked to wait": _asked_to_wait,
    "a broken chain": _one_of(ledger_whole=(False,)),
    "no key": _one_of(key_present=(False,)),
    "another last visit": lambda random, case: replace(
        case, last_visit_on=random.choice([None, _months_ago(random, case, 6, 12, 13, 18, 24, 36, 37, 50)])
    ),
    "another interval": _one_of(
        recall_months=(
            None,
            3,
            12,
            18,
            24,
        )
    ),
    "another limit": _one_of(
        limit_months=(
            6,
            12,
            18,
        )
    ),
    "booked": lambda random, case: replace(case, next_visit_at=_moment(random, case, 3)),
    "another visit": lambda random, case: replace(case, visit_at=random.choice([None, _moment(random, case, 10)])),
    "contacted": lambda random, case: replace(
        case,
        last_contacted_at=random.choice(
            [_moment(random, case, 60), case.now - (case.today - _months_ago(random, case, 12)).days * DAY]
        ),
    ),
    "wants a rhythm": _wants_a_rhythm,
    "left alone by the programme": _one_of(
        withheld=(
            "held_out",
            "off_list",
            "reason_given",
        )
    ),
    "sent before": _sent,
    "sent again before": _sent,
    "sent some days ago": _sent_some_days_ago,
    "the household was written to": lambda random, case: replace(case, household=_sendings(random, case, 4)),
    "no address": _one_of(address=(None,)),
    "staff speaks": _one_of(staff_owns=(True,)),
    "a question is open": lambda random, case: replace(
        case, asked=True, heard_at=random.choice([None, case.now - 26 * HOUR * random.random(), case.now - HOUR / 2])
    ),
    "they wrote": lambda random, case: replace(case, heard_at=case.now - 60 * DAY * random.random()),
    "sent already": _one_of(duplicate=(True,)),
    "no free time": _one_of(free_times=(0,)),
}
"""Each draws from a world another world, different in one respect."""
