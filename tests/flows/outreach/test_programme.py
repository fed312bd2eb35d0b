"""The programme as data: what its file may say, and whom it leaves alone."""

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import flows.outreach
from flows.outreach.policy_fields import PolicyError
from flows.outreach.programme import Next, Programme, StepKind
from flows.outreach.programme_reading import parse_programme
from flows.outreach.verdict import Refusal
from flows.outreach.withholding import Place, withheld
from flows.vocabulary import Purpose, StayingAway
from tests.flows.outreach.given import BRUSSELS, WEDNESDAY

FILE = Path(flows.outreach.__path__[0]) / "programmes" / "standard.toml"
DAY = timedelta(days=1)


def raw() -> dict[str, Any]:
    """The content of the standard programme's file."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def read(content: dict[str, Any]) -> Programme:
    return parse_programme(content, source="standard.toml")


STANDARD = read(raw())


def test_the_standard_programme_goes_from_messages_to_rest() -> None:
    assert [step.kind for step in STANDARD.steps] == [
        *(StepKind.MESSAGE,) * 3,
        StepKind.CALL,
        StepKind.LETTER_OR_EMAIL,
        StepKind.DENTIST_LIST,
        StepKind.OFF_LIST,
    ]
    assert all(len(step.wordings) >= 2 for step in STANDARD.messages[:2])
    assert {step.purpose for step in STANDARD.steps} == {Purpose.RECALL}
    assert set(STANDARD.after) == set(StayingAway)


def test_steps_are_found_by_number_and_kind() -> None:
    assert STANDARD.step(0) is None
    assert STANDARD.step(len(STANDARD.steps) + 1) is None
    assert [STANDARD.step(step.number) for step in STANDARD.steps] == list(STANDARD.steps)
    first_call = STANDARD.first(StepKind.CALL)
    assert first_call is not None
    assert (first_call.number, first_call.planned_as.number, first_call.planned_as.days) == (4, 4, 7)
    assert STANDARD.next_for(None) is Next.INVITE


def _without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda content: content.pop(key)


def _with(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content.update({key: value})


def _step(number: int, **values: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["step"][number].update(values)


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "no schema": (_without("schema"), "schema"),
    "a newer schema": (_with("schema", 2), "schema"),
    "no version": (_without("version"), "version"),
    "a version of text": (_with("version", "1"), "version"),
    "an unknown field": (_with("surprise", 1), "surprise"),
    "no steps": (_with("step", []), "step"),
    "steps of text": (_with("step", "message"), "step"),
    "an end left out": (_with("ends", ["answer", "booking", "stop"]), "ends"),
    "an unknown kind": (_step(0, kind="pigeon"), "step.1.kind"),
    "an unknown wording": (_step(1, wordings=["recall.surprise"]), "step.2.wordings"),
    "a wording twice": (_step(1, wordings=["recall.second", "recall.second"]), "step.2.wordings"),
    "no wording": (_step(2, wordings=[]), "step.3.wordings"),
    "no time between": (_step(1, days=0), "step.2.days"),
    "an offer too early": (_step(1, purpose="offer"), "step.2.purpose"),
    "another purpose": (_step(0, purpose="appointment"), "step.1.purpose"),
    "a call with words": (_step(3, wordings=["recall.third"]), "step.4.wordings"),
    "two calls": (_step(4, kind="call"), "step.5.kind"),
    "a message after a call": (
        _step(4, kind="message", purpose="recall", wordings=["recall.third"]),
        "step.5.kind",
    ),
    "a reason left out": (lambda content: content["after"].pop("fear"), "after.fear"),
    "an unknown reason": (lambda content: content["after"].update(weather="rest"), "after.weather"),
    "an unknown answer to a reason": (lambda content: content["after"].update(fear="argue"), "after.fear"),
}


@pytest.mark.parametrize(("breaking", "place"), BROKEN.values(), ids=BROKEN)
def test_a_broken_programme_is_refused_with_its_place(breaking: Callable[[dict[str, Any]], None], place: str) -> None:
    content = raw()
    breaking(content)
    with pytest.raises(PolicyError) as refused:
        read(content)
    assert refused.value.path == place
    assert refused.value.remedy


def test_a_programme_begins_with_a_message() -> None:
    content = raw()
    content["step"] = content["step"][3:]
    with pytest.raises(PolicyError, match="begin with a message"):
        read(content)


def test_an_offer_comes_after_two_messages_without_one() -> None:
    content = raw()
    content["step"][2]["purpose"] = "offer"
    assert read(content).messages[2].purpose is Purpose.OFFER


def left_alone(now: datetime = WEDNESDAY, held_out: int = 0, **changes: object) -> Refusal | None:
    """Why the standard programme leaves somebody alone: an ordinary person, but for the changes."""
    plain: dict[str, Any] = {
        "lot": 5000,
        "staying_away": None,
        "staying_away_at": None,
        "off_list_at": None,
        "heard_at": None,
    }
    place = Place(**(plain | changes))
    return withheld(place, STANDARD, held_out=held_out, now=now, zone=BRUSSELS)


def test_nobody_is_left_alone_without_a_reason() -> None:
    assert left_alone() is None
    assert left_alone(held_out=5000) is None


def test_lots_below_the_share_are_held_out() -> None:
    assert left_alone(held_out=5001) is Refusal.HELD_OUT
    assert left_alone(lot=0, held_out=1) is Refusal.HELD_OUT


def test_who_is_off_the_list_stays_off_until_they_write() -> None:
    assert left_alone(off_list_at=WEDNESDAY) is Refusal.OFF_LIST
    assert left_alone(off_list_at=WEDNESDAY, heard_at=WEDNESDAY - DAY) is Refusal.OFF_LIST
    assert left_alone(off_list_at=WEDNESDAY - DAY, heard_at=WEDNESDAY) is None


@pytest.mark.parametrize("reason", StayingAway)
def test_each_reason_has_its_consequence(reason: StayingAway) -> None:
    silent = STANDARD.after[reason] in {Next.REST, Next.NOTHING, Next.UNTIL_CLEARED}
    found = left_alone(staying_away=reason, staying_away_at=WEDNESDAY - DAY)
    assert found is (Refusal.REASON_GIVEN if silent else None)


def test_a_rest_ends_after_its_months_and_one_without_a_date_does_not() -> None:
    elsewhere = StayingAway.OTHER_DENTIST
    assert left_alone(staying_away=elsewhere, staying_away_at=WEDNESDAY - 729 * DAY) is Refusal.REASON_GIVEN
    assert left_alone(staying_away=elsewhere, staying_away_at=WEDNESDAY - 732 * DAY) is None
    assert left_alone(staying_away=elsewhere) is Refusal.REASON_GIVEN
    assert left_alone(staying_away=StayingAway.MOVED, staying_away_at=WEDNESDAY - 9999 * DAY) is Refusal.REASON_GIVEN
