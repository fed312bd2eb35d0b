"""Policy files: what may be said in one, and every way in which one is refused."""

import copy
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.outreach.ledger import Basis
from flows.outreach.policy import (
    AcceptedBasis,
    Automation,
    OnHolidays,
)
from flows.outreach.policy_fields import PolicyError
from flows.outreach.policy_reading import SCHEMA, parse_policy
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import rule_of, strictest, strictest_raw

ABSENT = object()


def paths(table: Mapping[str, object], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every key of the file, tables included."""
    found = []
    for key, value in table.items():
        found.append((*above, key))
        if isinstance(value, dict):
            found += paths(value, (*above, key))
    return found


PATHS = paths(strictest_raw())


def changed(path: str | tuple[str, ...], value: object) -> dict[str, object]:
    """The shipped file with one value replaced, added or (ABSENT) taken out."""
    raw = copy.deepcopy(strictest_raw())
    keys = path.split(".") if isinstance(path, str) else list(path)
    table: object = raw
    for key in keys[:-1]:
        assert isinstance(table, dict)
        table = table[key]
    assert isinstance(table, dict)
    if value is ABSENT:
        del table[keys[-1]]
    else:
        table[keys[-1]] = value
    return raw


def refusal(path: str | tuple[str, ...], value: object) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        parse_policy(changed(path, value), source="mine.toml")
    return caught.value


def test_channels_of_a_rule_are_read_as_a_set() -> None:
    raw = changed("purposes.recall.channels", ["email", "telegram", "email"])
    assert rule_of(Purpose.RECALL, parse_policy(raw, source="x")).channels == {Channel.EMAIL, Channel.TELEGRAM}


def test_a_ground_may_run_out_after_some_months() -> None:
    raw = changed("purposes.recall.bases", {"implied_consent": 24, "express_consent": "no_end"})
    rule = rule_of(Purpose.RECALL, parse_policy(raw, source="x"))
    assert rule.accepted(Basis.IMPLIED_CONSENT) == AcceptedBasis(basis=Basis.IMPLIED_CONSENT, months=24)
    assert rule.accepted(Basis.EXPRESS_CONSENT) == AcceptedBasis(basis=Basis.EXPRESS_CONSENT, months=None)
    assert rule.accepted(Basis.CARE_CONTRACT) is None


def test_release_by_a_person_and_sending_on_holidays_can_be_said() -> None:
    rule = rule_of(Purpose.RECALL, parse_policy(changed("purposes.recall.automation", "human_release"), source="x"))
    assert rule.automation is Automation.HUMAN_RELEASE
    rule = rule_of(Purpose.RECALL, parse_policy(changed("purposes.recall.hours.holidays", "send"), source="x"))
    assert rule.hours.on_holidays is OnHolidays.SEND


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_a_missing_field_is_refused_by_name(path: tuple[str, ...]) -> None:
    caught = refusal(path, ABSENT)
    if len(path) > 2 and path[-2] == "bases":
        assert (caught.path, caught.problem) == (".".join(path[:-1]), "names no ground")
    else:
        assert (caught.path, caught.problem) == (".".join(path), "is missing")
    assert caught.source == "mine.toml"
    assert caught.remedy
    assert str(caught) == f"mine.toml: {caught.path}: {caught.problem}; {caught.remedy}"


@pytest.mark.parametrize("path", PATHS, ids=".".join)
@pytest.mark.parametrize("value", [True, 1.5, -1, [1], None])
def test_a_wrong_type_is_refused_by_name(path: tuple[str, ...], value: object) -> None:
    caught = refusal(path, value)
    assert caught.path == ".".join(path)
    assert caught.remedy


@pytest.mark.parametrize("table", [(), *(path for path in PATHS if len(path) < 4)])
def test_an_unknown_field_is_refused_by_name(table: tuple[str, ...]) -> None:
    raw: object = strictest_raw()
    for key in table:
        raw = raw[key] if isinstance(raw, dict) else raw
    if not isinstance(raw, dict):
        return
    caught = refusal((*table, "surprise"), 1)
    assert (caught.path, caught.problem) == (".".join((*table, "surprise")), "is unknown here")


def test_a_rule_beside_forbidden_is_refused() -> None:
    assert refusal("purposes.offer.level", 0).path == "purposes.offer.level"


def test_a_newer_schema_is_refused_before_anything_else() -> None:
    raw = {**changed("id", ABSENT), "schema": SCHEMA + 1, "surprise": 1}
    with pytest.raises(PolicyError, match="newer than this recare understands") as caught:
        parse_policy(raw, source="mine.toml")
    assert caught.value.path == "schema"
    assert "newer recare" in caught.value.remedy


def test_an_older_schema_is_refused_with_what_to_do() -> None:
    caught = refusal("schema", SCHEMA - 1)
    assert caught.path == "schema"
    assert "docs/policies.md" in caught.remedy


@pytest.mark.parametrize("place", ["NL", "CA-QC", "US-CA", "*"])
def test_a_jurisdiction_is_a_country_a_part_of_one_or_everywhere(place: str) -> None:
    assert parse_policy(changed("jurisdiction", place), source="x").jurisdiction == place


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", " "),
        ("id", "Strictest"),
        ("id", "a" * 21),
        ("id", "fr+nl"),
        ("jurisdiction", "nl"),
        ("jurisdiction", "NLD"),
        ("jurisdiction", ""),
        ("jurisdiction", "CA-QUEBEC"),
        ("purposes.recall.must_say", ["everything"]),
        ("purposes.recall.must_say", "stop"),
        ("purposes.recall.caps.year", 0),
        ("purposes.recall.caps.household", 0),
        ("title", ""),
        ("version", 0),
        ("schema", 0),
        ("sources", []),
        ("sources", ["good", " "]),
        ("zone", "patient"),
        ("minor_age", 26),
        ("minor_age", 0),
        ("imported_yes", ["recall", "everything"]),
        ("imported_yes", "recall"),
        ("retention_months", 1201),
        ("purposes", []),
        ("purposes.recall.automation", "always"),
        ("purposes.recall.level", 3),
        ("purposes.recall.level", -1),
        ("purposes.recall.channels", []),
        ("purposes.recall.channels", ["pigeon"]),
        ("purposes.recall.bases", {}),
        ("purposes.recall.bases.express_consent", "for ever"),
        ("purposes.recall.bases.express_consent", 0),
        ("purposes.recall.bases.hearsay", 1),
        ("purposes.recall.hours.from", "9:00"),
        ("purposes.recall.hours.from", "ten"),
        ("purposes.recall.hours.from", "10:00:00"),
        ("purposes.recall.hours.from", "10"),
        ("purposes.recall.hours.from", "10:00+01:00"),
        ("purposes.recall.hours.to", "24:00"),
        ("purposes.recall.hours.to", "10:00"),
        ("purposes.recall.hours.to", "09:00"),
        ("purposes.recall.hours.days", []),
        ("purposes.recall.hours.days", ["someday"]),
        ("purposes.recall.hours.holidays", "maybe"),
        ("purposes.recall.caps.day", 0),
        ("purposes.recall.caps.week", 0),
        ("purposes.recall.caps.cycle", 0),
        ("purposes.recall.caps.cycle", 367),
        ("purposes.recall.caps.cycle_months", 0),
        ("purposes.recall.caps.gap_days", -1),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_name(path: str, value: object) -> None:
    caught = refusal(path, value)
    assert caught.path == path
    assert caught.remedy


@pytest.mark.parametrize("purpose", ["recall", "postvisit"])
def test_only_a_message_about_a_visit_can_rest_on_the_visit(purpose: str) -> None:
    caught = refusal(f"purposes.{purpose}.bases", {"booked_visit": "no_end"})
    assert caught.path == f"purposes.{purpose}.bases"


def test_one_changed_value_is_another_content() -> None:
    original = strictest().content_hash
    others = [
        parse_policy(changed(path, value), source="x").content_hash
        for path, value in (
            ("title", "Mine"),
            ("reviewed_by", "A lawyer"),
            ("purposes.recall.caps.cycle", 3),
            ("purposes.recall.hours.from", "10:30"),
        )
    ]
    assert len({original, *others}) == 5


@given(st.permutations(list(strictest_raw())))
def test_the_order_of_keys_is_no_content(keys: list[str]) -> None:
    raw = strictest_raw()
    reordered = parse_policy({key: raw[key] for key in keys}, source="other.toml")
    assert reordered == strictest()


def test_a_forbidden_purpose_may_be_any() -> None:
    raw = changed("purposes.postvisit", {"automation": "forbidden"})
    policy = parse_policy(raw, source="x")
    assert policy.rule(Purpose.POSTVISIT) is None
    assert replace(policy, rules=()).rule(Purpose.RECALL) is None
