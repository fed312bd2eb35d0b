"""A passing no is no end: messages try again, reminders keep to their patient's hours, letters replace lost e-mails."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.services import candidates
from bot.services.candidates import Turns
from flows.meaning import ANY_TIME
from flows.outreach.policy import Automation
from flows.vocabulary import Purpose
from storage.vocabulary import BookedBy
from tests.house.acts import days_pass, invites
from tests.house.records import Records
from tests.house.test_programme import with_clinic, with_generous_caps
from tests.house.test_review_planning import visited
from tests.world import World


def with_release(world: World, automation: Automation) -> None:
    """Let the policy say whether a person releases what invites."""
    clinic = world.house.planning._clinic  # noqa: SLF001 - the clinic of the test
    book = clinic.policies
    rules = tuple(
        replace(rule, automation=automation) if rule.purpose is Purpose.RECALL else rule for rule in book.own.rules
    )
    own = replace(book.own, rules=rules)
    with_clinic(world, policies=replace(book, own=own, fallback=own))


async def test_a_further_step_that_a_passing_reason_kept_back_leaves_another_time(
    world: World, records: Records
) -> None:
    with_generous_caps(world)
    world.add_patient()
    await invites(world)
    with_release(world, Automation.HUMAN_RELEASE)
    await days_pass(world, 9)
    (second,) = records.of("outbox", step=2)
    assert (second["status"], second["status_reason"]) == ("planned", "not_released")
    with_release(world, Automation.AUTO)
    await days_pass(world, 9)
    assert records.of("outbox", step=2)[0]["status"] == "sent"


@pytest.mark.long
async def test_a_further_step_that_is_kept_back_for_a_month_is_given_up(world: World, records: Records) -> None:
    with_generous_caps(world)
    world.add_patient()
    await invites(world)
    with_release(world, Automation.HUMAN_RELEASE)
    await days_pass(world, 45)
    (second,) = records.of("outbox", step=2)
    assert (second["status"], second["status_reason"]) == ("refused", "not_released")


async def test_a_reminder_comes_two_days_before_in_the_hours_of_the_patients_place(
    world: World, records: Records
) -> None:
    book = world.house.clinic.policies
    rules = tuple(replace(rule, hours=replace(rule.hours, closes=time(16))) for rule in book.own.rules)
    with_clinic(world, policies=replace(book, by_residence={"BE": replace(book.own, rules=rules)}))
    patient_id, talk = world.add_patient(residence="BE")
    soon = world.clock.now() + timedelta(days=10)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        free = uow.calendar.free_slots(
            ANY_TIME,
            count=1,
            visit_type_id=world.house.clinic.recall_type,
            provider_ids=world.house.clinic.providers,
            now=soon,
        ).slots
        assert uow.calendar.book(patient_id, talk, free[0], world.clock.now(), booked_by=BookedBy.STAFF) is not None
        uow.commit()
    (visit,) = records.of("appointment", patient_id=patient_id)
    await world.house.planning.plan_due()
    (reminder,) = records.of("outbox", patient_id=patient_id, purpose="appointment", kind="proactive")
    assert reminder["not_before"].astimezone(world.house.clinic.zone).hour < 16
    assert visit["starts_at"] - reminder["not_before"] > timedelta(hours=12)


def test_whoever_keeps_their_place_keeps_nobody_from_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "PAGE", 2)
    monkeypatch.setattr(candidates, "MOST_PAGES", 2)

    def read(limit: int, after: int | None) -> Sequence[int]:
        return [one for one in range(1, 12) if after is None or one > after][:limit]

    turns = Turns[int]()
    seen = {one for _ in range(6) for page in turns.pages(read) for one in page}
    assert seen == set(range(1, 12))


async def test_check_ins_that_staff_hold_up_do_not_hold_up_those_behind_them(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "PAGE", 1)
    monkeypatch.setattr(candidates, "MOST_PAGES", 2)
    staff = world.add_staff()
    for _ in range(4):
        patient_id, talk = world.add_patient()
        visited(world, records, patient_id, 3)
        await world.house.desk.take(staff, talk)
    patient_id, _ = world.add_patient()
    visited(world, records, patient_id, 3)
    for _ in range(5):
        await world.house.planning.plan_due()
    assert [row["patient_id"] for row in records.of("outbox", purpose="postvisit", kind="proactive")] == [patient_id]
