"""Visits nobody marked, on both databases: those of the calendar and those that only a list told of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.repositories.unmarked import Unmarked
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import BookedBy
from tests.storage.calendar_world import ELSEWHERE, TODAY, World, slot, worlds
from tests.storage.planning_people import LATER, Person, add

DAY = timedelta(days=1)
AFTERWARDS = LATER + 9 * DAY


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def test_what_is_over_is_asked_about_the_longest_ago_first_until_it_is_marked(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        told = LATER + 2 * DAY
        listed = add(uow, "N1", replace(Person(), next_visit_at=told)).patient_id
        came, missed, ahead = (add(uow, f"N{number}", Person()).patient_id for number in (2, 3, 4))
        add(uow, "N5", Person())
        first, second = (
            uow.calendar.book(who, None, slot(TODAY + days * DAY, 9), LATER, BookedBy.STAFF)
            for who, days in ((came, 1), (missed, 3))
        )
        uow.calendar.book(ahead, None, slot(TODAY + 20 * DAY, 9), LATER, BookedBy.STAFF)
        assert first is not None
        assert second is not None
        found = uow.unmarked.all(AFTERWARDS, limit=9)
        assert [(each.patient_id, each.starts_at, each.appointment_id) for each in found] == [
            (came, first.slot.starts_at, first.appointment_id),
            (listed, told, None),
            (missed, second.slot.starts_at, second.appointment_id),
        ]
        assert uow.unmarked.all(AFTERWARDS, limit=1) == found[:1]
        assert uow.unmarked.all(first.slot.ends_at - timedelta(minutes=1), limit=9) == []
        assert uow.unmarked.find(listed, told, now=AFTERWARDS) == Unmarked(
            patient_id=listed, starts_at=told, appointment_id=None, provider_name=None
        )
        assert uow.unmarked.find(listed, told + DAY, now=AFTERWARDS) is None
        uow.visits.mark_visited(first.appointment_id, AFTERWARDS, None)
        uow.visits.mark_missed(second.appointment_id, AFTERWARDS)
        assert not uow.unmarked.take_off_list(listed, told + DAY)
        assert uow.unmarked.take_off_list(listed, told)
        assert not uow.unmarked.take_off_list(listed, told)
        assert uow.unmarked.all(AFTERWARDS, limit=9) == []

    world.work(work)


def test_a_visit_of_a_list_gives_way_to_the_one_that_is_booked(world: World) -> None:
    def work(uow: UnitOfWork) -> None:
        told = LATER + 2 * DAY
        patient_id = add(uow, "N1", replace(Person(), next_visit_at=told)).patient_id
        booked = uow.calendar.book(patient_id, None, slot(TODAY + 20 * DAY, 9), LATER, BookedBy.STAFF)
        assert booked is not None
        assert uow.unmarked.take_off_list(patient_id, told)
        assert uow.patients.get(patient_id).next_visit_at == booked.slot.starts_at

    world.work(work)


def test_another_clinics_visits_are_not_asked_about(world: World) -> None:
    told = replace(Person(), next_visit_at=LATER + DAY)
    world.work(lambda uow: add(uow, "N1", told))
    assert world.work(lambda uow: uow.unmarked.all(AFTERWARDS, limit=9), ELSEWHERE) == []
