"""Cases by chance: a world in which the gate permits, and some departures from it, each in one respect.

A number makes a case, and the same number the same case; its departures are named, so that a broken law can be shown
with as few of them as break it.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tests.laws.case import Case, RawPolicy, Said, Sending

Departure: TypeAlias = Callable[[Random, Case], Case]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEDNESDAY = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
ZONES = tuple(map(ZoneInfo, ("Europe/Brussels", "Europe/London", "America/Montreal", "Europe/Moscow")))
ADDRESS, ANOTHER = 70, 71
MOST_DEPARTURES = 4
POLICIES_EACH = 12
PURPOSES = ("recall", "recall", "recall", "appointment", "postvisit", "offer")
ACTS = (
    *("permit", "permit", "deny", "withdraw", "object", "expire", "pause", "freeze", "clear", "blocked", "unblocked"),
    *("bounced", "wrong_person", "deceased", "corrected", "erased", "suppressed"),
)
ACTORS = ("self", "self", "guardian", "staff", "import", "system")
BASES = ("express_consent", "express_consent", "implied_consent", "care_contract", "booked_visit")
CHANNELS = ("webchat", "telegram", "email", "letter", "phone")
MUST_SAY = ("sender", "address", "stop", "automatic", "advertising", "risk_warning")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def case_of(number: int) -> Case:
    """The case of a number."""
    return case_with(number, departures_of(number))


def departures_of(number: int) -> tuple[str, ...]:
    """The names of the departures that the number draws."""
    random = Random(number)  # noqa: S311 - chance, no secret
    return tuple(random.choices(list(DEPARTURES), k=random.randint(0, MOST_DEPARTURES)))


def case_with(number: int, departures: Sequence[str]) -> Case:
    """The case of a number with only some of its departures."""
    case = permitted(Random(number).choice(PURPOSES))  # noqa: S311 - chance, no secret
    for name in departures:
        # Seeded by its own name: what one departure draws does not change when another is left out.
        case = DEPARTURES[name](Random(f"{number}:{name}"), case)  # noqa: S311 - chance, no secret
    return case


def smallest(number: int, breaks: Callable[[Case], bool]) -> tuple[str, ...]:
    """As few departures as still break a law."""
    departures = departures_of(number)
    for name in departures:
        fewer = tuple(other for other in departures if other != name)
        if breaks(case_with(number, fewer)):
            departures = fewer
    return departures


def permitted(purpose: str) -> Case:
    """A lapsed adult of band A who allowed it long ago, on a Wednesday at noon in Brussels; offers are allowed too."""
    long_ago = WEDNESDAY - 500 * DAY
    yes = Said(at=long_ago, act="permit", purpose=purpose, basis="express_consent", valid_from=long_ago)
    visits = {"appointment": WEDNESDAY + 2 * DAY, "postvisit": WEDNESDAY - 2 * DAY}
    return Case(
        now=WEDNESDAY,
        zone=ZONES[0],
        policy=policies()[0],
        purpose=purpose,
        channel="webchat",
        level=0,
        says=frozenset({"sender", "stop", "automatic"}),
        stage="sending",
        step=1,
        holidays=frozenset(),
        limit_months=12,
        grace_months=1,
        signed=True,
        stopped=False,
        rehearsal=False,
        status="active",
        language="en",
        born=date(1980, 5, 1),
        ledger=(yes,),
        ledger_whole=True,
        key_present=True,
        last_visit_on=date(2025, 9, 1),
        recall_months=6,
        next_visit_at=None,
        visit_at=visits.get(purpose),
        last_contacted_at=None,
        sent=(),
        household=(),
        address=ADDRESS,
        staff_owns=False,
        asked=False,
        heard_at=None,
        duplicate=False,
        released=False,
        free_times=2,
    )


@cache
def policies() -> tuple[RawPolicy, ...]:
    """A generous and a patient one, so that each cap and the gap can be what is full; those shipped; each changed."""
    folder = resources.files("flows.outreach") / "policies"
    shipped = [tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".toml")]
    strictest = next(raw for raw in shipped if raw["id"] == "strictest")
    generous = deepcopy(strictest)
    generous["purposes"]["offer"] = deepcopy(generous["purposes"]["recall"])
    for rule in generous["purposes"].values():
        rule["caps"] = {"day": 1, "week": 2, "cycle": 4, "cycle_months": 6, "gap_days": 0, "year": 5, "household": 3}
    patient = deepcopy(generous)
    for rule in patient["purposes"].values():
        rule["caps"]["gap_days"] = 9
    changed = [
        _changed(Random(f"{raw['id']}:{number}"), raw)  # noqa: S311 - chance, no secret
        for raw in (generous, *shipped)
        for number in range(POLICIES_EACH)
    ]
    return (generous, patient, *sorted(shipped, key=lambda raw: str(raw["id"])), *sorted(changed, key=str))


def _changed(random: Random, raw: RawPolicy) -> RawPolicy:
    """A policy with some fields of each rule drawn anew."""
    policy = deepcopy(dict(raw))
    policy["minor_age"] = random.choice([14, 16, 18])
    policy["imported_yes"] = random.sample(["recall", "postvisit", "appointment"], k=random.randint(0, 3))
    for name, rule in policy["purposes"].items():
        if rule["automation"] != "forbidden":
            rule |= _rule_by_chance(random, name)
            rule["caps"] |= _caps_by_chance(random)
    return policy


def _rule_by_chance(random: Random, purpose: str) -> dict[str, Any]:
    bases = {basis: random.choice(["no_end", "no_end", 6, 24]) for basis in random.sample(BASES[1:4], k=2)}
    if purpose == "appointment" and random.random() < 0.7:
        bases["booked_visit"] = "no_end"
    changes = {
        "automation": random.choice(["auto", "auto", "human_release"]),
        "level": random.choice([0, 0, 1, 2]),
        "channels": sorted({"webchat", *random.sample(CHANNELS, k=2)} - set(random.choices(["webchat", ""], [1, 5]))),
        "bases": bases,
        "hours": {
            "from": random.choice(["08:00", "10:00", "10:30"]),
            "to": random.choice(["13:00", "19:00", "20:30"]),
            "days": sorted(random.sample(WEEK, k=random.randint(2, 7)), key=WEEK.index),
            "holidays": random.choice(["rest", "send"]),
        },
        "must_say": sorted(random.sample(MUST_SAY[:4], k=random.choice([0, 0, 1, 2]))),
    }
    return {name: value for name, value in changes.items() if random.random() < 0.4}


def _caps_by_chance(random: Random) -> dict[str, int]:
    caps = {
        "day": random.randint(1, 3),
        "week": random.randint(1, 4),
        "cycle": random.randint(1, 4),
        "cycle_months": random.choice([1, 6, 12, 24]),
        "gap_days": random.choice([0, 3, 30]),
        "year": random.randint(1, 6),
        "household": random.randint(1, 4),
    }
    return {name: value for name, value in caps.items() if random.random() < 0.4}


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


def _set(name: str, *values: object) -> Departure:
    def depart(random: Random, case: Case) -> Case:
        return replace(case, **{name: random.choice(values)})  # type: ignore[arg-type]  # the table names fields

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
    "planned, not sent": _set("stage", "planned"),
    "another channel": _set("channel", *CHANNELS),
    "another level": _set("level", -1, 1, 2),
    "a text that says less": lambda random, case: replace(
        case, says=frozenset(random.sample(MUST_SAY, k=random.randint(0, 3)))
    ),
    "a later step": _set("step", 2, 3),
    "unsigned": _set("signed", False),
    "sending stopped": _set("stopped", True),
    "a rehearsal": _set("rehearsal", True),
    "released": _set("released", True),
    "another status": _set("status", "moved", "deceased", "left", "do_not_contact"),
    "no language": _set("language", None),
    "no birth date": _set("born", None),
    "a child": _child,
    "nothing said": _set("ledger", ()),
    "said otherwise": _given_again,
    "said more": _said_more,
    "said still more": _said_more,
    "changed their mind": _changed_mind,
    "asked to wait": _asked_to_wait,
    "a broken chain": _set("ledger_whole", False),
    "no key": _set("key_present", False),
    "another last visit": lambda random, case: replace(
        case, last_visit_on=random.choice([None, _months_ago(random, case, 6, 12, 13, 18, 24, 36, 37, 50)])
    ),
    "another interval": _set("recall_months", None, 3, 12, 18, 24),
    "another limit": _set("limit_months", 6, 12, 18),
    "booked": lambda random, case: replace(case, next_visit_at=_moment(random, case, 3)),
    "another visit": lambda random, case: replace(case, visit_at=random.choice([None, _moment(random, case, 10)])),
    "contacted": lambda random, case: replace(
        case,
        last_contacted_at=random.choice(
            [_moment(random, case, 60), case.now - (case.today - _months_ago(random, case, 12)).days * DAY]
        ),
    ),
    "sent before": _sent,
    "sent again before": _sent,
    "sent some days ago": _sent_some_days_ago,
    "the household was written to": lambda random, case: replace(case, household=_sendings(random, case, 4)),
    "no address": _set("address", None),
    "staff speaks": _set("staff_owns", True),
    "a question is open": lambda random, case: replace(
        case, asked=True, heard_at=random.choice([None, case.now - 26 * HOUR * random.random(), case.now - HOUR / 2])
    ),
    "they wrote": lambda random, case: replace(case, heard_at=case.now - 60 * DAY * random.random()),
    "sent already": _set("duplicate", True),
    "no free time": _set("free_times", 0),
}
"""Each draws from a world another world, different in one respect."""
