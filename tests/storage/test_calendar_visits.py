"""Visits: kept or missed, what follows for the patient, check-ins and the day's returning patients."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.ids import AppointmentId, PatientId
from flows.outreach.cadence import Care
from flows.slots import Slot
from flows.vocabulary import StayingAway
from storage.models import Appointment, ChairTime, Patient, Visit
from storage.vocabulary import AppointmentStatus, BookedBy
from tests.storage.calendar_world import (
    ELEVEN_TODAY,
    ELSEWHERE,
    EXTRACTION,
    NOW,
    RECEPTION,
    TODAY,
    World,
    slot,
    worlds,
)

AFTERWARDS = NOW + timedelta(hours=3)


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def _booked(world: World, patient: PatientId, wanted: Slot = ELEVEN_TODAY) -> AppointmentId:
    visit = world.work(lambda uow: uow.calendar.book(patient, None, wanted, world.now, BookedBy.STAFF))
    assert visit is not None
    return visit.appointment_id


def test_a_kept_visit_is_the_last_one_and_leads_to_a_check_in(world: World) -> None:
    patient = world.patient(last_visit_on=date(2024, 5, 1), staying_away=StayingAway.FEAR, rested_at=NOW)
    visit = _booked(world, patient)
    made = world.work(lambda uow: uow.visits.mark_visited(visit, AFTERWARDS, RECEPTION))
    assert made is not None
    assert (made.patient_id, made.visited_on, made.care) == (patient, TODAY, Care.PLAIN)
    # Two days later, from its first moment in Amsterdam.
    assert made.check_in_due_at == datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    (stored,) = world.all(Patient)
    assert stored.last_visit_on == TODAY
    assert stored.next_visit_at is None
    assert stored.staying_away is None
    assert stored.rested_at is None
    assert [row.status for row in world.all(Appointment)] == [AppointmentStatus.KEPT]
    assert [row.marked_by for row in world.all(Visit)] == [RECEPTION]
    assert len(world.all(ChairTime)) == 2


def test_a_visit_is_marked_once(world: World) -> None:
    visit = _booked(world, world.patient())
    assert world.work(lambda uow: uow.visits.mark_visited(visit, AFTERWARDS, None)) is not None
    assert world.work(lambda uow: uow.visits.mark_visited(visit, AFTERWARDS, None)) is None
    assert world.work(lambda uow: uow.visits.mark_missed(visit, AFTERWARDS)) is None
    assert len(world.all(Visit)) == 1


def test_the_day_after_surgery_is_early_enough_for_its_check_in(world: World) -> None:
    patient = world.patient()
    by_type = slot(TODAY, 14)
    surgery = Slot(
        starts_at=by_type.starts_at, ends_at=by_type.ends_at, provider_id=by_type.provider_id, visit_type_id=EXTRACTION
    )
    visit, plain = _booked(world, patient, surgery), _booked(world, patient)
    evening = NOW + timedelta(hours=9)
    made = world.work(lambda uow: uow.visits.mark_visited(visit, evening, None))
    said = world.work(lambda uow: uow.visits.mark_visited(plain, evening, None, care=Care.SURGERY))
    assert made is not None
    assert said is not None
    assert made.care is said.care is Care.SURGERY
    assert made.check_in_due_at == said.check_in_due_at == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


def test_an_older_visit_marked_late_is_not_the_last_one(world: World) -> None:
    patient = world.patient(last_visit_on=TODAY + timedelta(days=3))
    visit = _booked(world, patient)
    world.work(lambda uow: uow.visits.mark_visited(visit, AFTERWARDS + timedelta(days=4), None))
    assert world.all(Patient)[0].last_visit_on == TODAY + timedelta(days=3)


def test_nobody_has_come_before_the_day(world: World) -> None:
    visit = _booked(world, world.patient(), slot(TODAY + timedelta(days=1), 9))
    assert world.work(lambda uow: uow.visits.mark_visited(visit, NOW, None)) is None
    assert world.work(lambda uow: uow.visits.mark_missed(visit, NOW)) is None
    assert world.work(lambda uow: uow.visits.mark_visited(AppointmentId(5), NOW, None)) is None


def test_an_unmarked_visit_stays_open_until_somebody_says_what_became_of_it(world: World) -> None:
    patient = world.patient()
    visit = _booked(world, patient)
    later = _booked(world, patient, slot(TODAY + timedelta(days=7), 9))
    assert world.next_visit_at(patient) == ELEVEN_TODAY.starts_at
    assert world.work(lambda uow: uow.visits.mark_missed(visit, AFTERWARDS)) == patient
    assert world.next_visit_at(patient) == slot(TODAY + timedelta(days=7), 9).starts_at
    assert {row.status for row in world.all(Appointment)} == {AppointmentStatus.MISSED, AppointmentStatus.BOOKED}
    assert world.work(lambda uow: uow.calendar.appointment(later)) is not None


def test_a_check_in_is_due_from_its_day_until_it_is_settled(world: World) -> None:
    visit = _booked(world, world.patient())
    made = world.work(lambda uow: uow.visits.mark_visited(visit, AFTERWARDS, None))
    assert made is not None
    due = made.check_in_due_at
    assert due is not None
    assert world.work(lambda uow: uow.visits.check_ins_due(due - timedelta(seconds=1), limit=9)) == ()
    assert world.work(lambda uow: uow.visits.check_ins_due(due, limit=9)) == (made,)
    assert world.work(lambda uow: uow.visits.check_ins_due(due, limit=9), ELSEWHERE) == ()
    assert made.visit_at == ELEVEN_TODAY.starts_at
    world.work(lambda uow: uow.visits.check_in_settled([made.visit_id]))
    world.work(lambda uow: uow.visits.check_in_settled([]))
    assert world.work(lambda uow: uow.visits.check_ins_due(due + timedelta(days=99), limit=9)) == ()


def test_the_huddle_gets_those_who_return_after_long(world: World) -> None:
    back = world.patient(last_visit_on=date(2025, 11, 23))
    regular = world.patient(last_visit_on=date(2026, 5, 1))
    new = world.patient()
    visits = [_booked(world, patient, slot(TODAY, hour)) for patient, hour in ((regular, 13), (back, 15), (new, 16))]
    _booked(world, back, slot(TODAY + timedelta(days=1), 9))
    (returning,) = world.work(lambda uow: uow.visits.returning(TODAY, away_since=date(2025, 11, 23)))
    assert (returning.patient_id, returning.last_visit_on) == (back, date(2025, 11, 23))
    assert returning.visit.appointment_id == visits[1]
    assert returning.visit.provider_name == "Dr Vos"
