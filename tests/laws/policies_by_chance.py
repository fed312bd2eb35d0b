"""Policies by chance: those shipped, and each of them with some of its fields drawn anew."""

import tomllib
from copy import deepcopy
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from tests.laws.case import RawPolicy

POLICIES_EACH = 12
CHANNELS = ("webchat", "telegram", "email", "letter", "phone")
CONSENTS = ("implied_consent", "care_contract", "express_consent")
MUST_SAY = ("sender", "address", "stop", "automatic", "advertising", "risk_warning")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
            caps = rule["caps"] | _caps_by_chance(random)
            rule.update(_rule_by_chance(random, name) | {"caps": caps})
    return policy


def _rule_by_chance(random: Random, purpose: str) -> dict[str, Any]:
    bases = {basis: random.choice(["no_end", "no_end", 6, 24]) for basis in random.sample(CONSENTS, k=2)}
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
