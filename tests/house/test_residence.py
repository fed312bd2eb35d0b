"""Where a patient lives: whose policy counts beside the clinic's, whose holidays, and what has to be signed."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import pytest

from bot.services.clinic import _left_in_peace
from flows.meaning import TimeWish
from flows.outreach.facts import Mode
from flows.vocabulary import Channel
from tests.house.acts import days_pass, proactive, said
from tests.house.records import Records
from tests.house.test_outreach import sign
from tests.world import World, make_world

ARMISTICE_DAY = datetime(2026, 11, 11, 8, 0, tzinfo=UTC)
"""A Wednesday; a public holiday in France and not in the Netherlands, where the clinic is."""


def test_people_are_left_in_peace_on_holidays_here_and_where_they_live(world: World) -> None:
    clinic = world.house.clinic
    kings_day, national_day = date(2027, 4, 27), date(2027, 7, 14)
    assert kings_day in clinic.holidays_for(None)
    assert national_day not in clinic.holidays_for(None)
    assert clinic.holidays_for("FR") >= {kings_day, national_day, *clinic.settings.clinic.closed}
    assert clinic.calendar.holidays == clinic.holidays_for("NL") == clinic.holidays_for(None)


def test_the_holidays_where_the_clinic_is_are_looked_up_before_the_first_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look_up(residence: str) -> frozenset[date]:
        asked.append(residence)
        return frozenset()

    monkeypatch.setattr("bot.services.clinic.public_holidays", look_up)
    monkeypatch.setattr("bot.services.clinic._left_in_peace", cache(_left_in_peace.__wrapped__))
    clinic = world.house.clinic
    replace(clinic, policies=replace(clinic.policies, home="XX"))
    assert set(asked) == {"XX"}


async def test_an_invitation_waits_for_the_day_after_a_holiday_of_where_the_patient_lives(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'house.sqlite'}"
    world = make_world(url, start=ARMISTICE_DAY)
    with Records(url) as records:
        (_, here), (_, there) = world.add_patient(), world.add_patient(residence="FR")
        await days_pass(world, 1)
        assert ("recall", "sent", None) in proactive(records, here)
        assert ("recall", "sent", None) not in proactive(records, there)
        await days_pass(world, 2)
        assert ("recall", "sent", None) in proactive(records, there)
    world.house.database.close_now()


async def test_a_reminder_is_promised_by_the_policy_of_where_the_patient_lives(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'house.sqlite'}"
    world = make_world(url, start=ARMISTICE_DAY)
    staff, house = world.add_staff(), world.house
    (_, here), (_, there) = world.add_patient(), world.add_patient(residence="FR")
    tomorrow = TimeWish(dates=(date(2026, 11, 12),), latest=time(11))
    with Records(url) as records:
        for talk in (here, there):
            with house.database.reading(house.clinic.id) as uow:
                found = uow.calendar.free_slots(
                    tomorrow,
                    count=1,
                    visit_type_id=house.clinic.recall_type,
                    provider_ids=house.clinic.providers,
                    now=world.clock.now(),
                )
            await house.desk.book(staff, talk, found.slots[0])
        await days_pass(world, 1)
        told = {talk: [key for key, _ in said(records, talk)] for talk in (here, there)}
    assert told[here][0] in {"booking.booked", "booking.booked_bring"}
    assert "visit.reminder" in told[here][1]
    assert told[there][0] in {"booking.booked_soon", "booking.booked_bring_soon"}
    assert len(told[there]) == 1, "on a holiday of where they live nothing leaves"
    house.database.close_now()


async def test_each_patient_is_judged_by_the_strictest_of_the_clinics_policy_and_their_own(world: World) -> None:
    lives = {place: world.add_patient(residence=place)[0] for place in (None, "NL", "FR", "CA-QC", "DE")}
    await days_pass(world, 1)
    with world.house.database.reading(world.house.clinic.id) as uow:
        judged = {place: {row.policy for row in uow.decisions.of_patient(who, 9)} for place, who in lives.items()}
    at_home = {"strictest"}
    assert judged == {None: at_home, "NL": at_home, "FR": at_home, "CA-QC": {"ca-qc+strictest"}, "DE": at_home}


async def test_who_lives_under_a_policy_that_nobody_signed_is_not_written_to(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'live.sqlite'}"
    world = make_world(url, mode=Mode.LIVE)
    with Records(url) as records:
        (_, here), (abroad, there) = world.add_patient(), world.add_patient(residence="US")
        sign(world)
        await days_pass(world, 2)
        assert ("recall", "sent", None) in proactive(records, here)
        assert not [row for row in proactive(records, there) if row[1] == "sent"]
        needed = world.house.clinic.policy_for("US", Channel.WEBCHAT).parts
        with world.house.database.reading(world.house.clinic.id) as uow:
            assert not uow.decisions.signatures().issuperset(needed)
        leaving = records.of("gate_decision", patient_id=abroad, stage="sending")
        assert {(row["verdict"], row["reason"]) for row in leaving} == {("refuse", "policy_unsigned")}
    world.house.database.close_now()


async def test_an_erased_patient_leaves_no_residence_behind(world: World) -> None:
    patient_id, _ = world.add_patient(residence="FR")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        assert uow.patients.residences() == {"FR"}
        uow.patients.erase(patient_id, now=world.clock.now())
        assert uow.patients.residences() == frozenset()
