"""One slot, one patient: many want the same time at once, on both databases."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest

from flows.ids import AppointmentId
from flows.slots import BookedVisit, Slot
from storage.calendars.quarters import quarters
from storage.errors import StorageError
from storage.models import Appointment, ChairTime, Hold
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import BookedBy
from tests.storage.calendar_world import TODAY, World, slot, worlds

T = TypeVar("T")
WANTING = 12
ATTEMPTS = 20
ELEVEN = slot(TODAY, 11)
# Different lengths that overlap in one quarter, so that no two of them fit beside each other.
OVERLAPPING = [slot(TODAY, 10, 45), ELEVEN, slot(TODAY, 11, minutes=15), slot(TODAY, 10, 15, minutes=60)]


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def _at_once(world: World, works: list[Callable[[UnitOfWork], T]]) -> list[T]:
    """Do everything at the same moment, each in its own thread; what may succeed when repeated is repeated."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[UnitOfWork], T]) -> T:
        start.wait(timeout=30)
        for _ in range(ATTEMPTS):
            try:
                return world.work(work)
            except StorageError as busy:
                if not busy.retryable:
                    raise
        raise AssertionError(f"still busy after {ATTEMPTS} attempts")

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def _booking(world: World, wanted: Slot, held: list[Slot]) -> Callable[[UnitOfWork], BookedVisit | None]:
    patient, chat = world.guest()

    def work(uow: UnitOfWork) -> BookedVisit | None:
        if held:
            uow.calendar.hold(chat, held, 10, world.now)
        visit = uow.calendar.book(patient, chat, wanted, world.now, BookedBy.PATIENT)
        if visit is None:
            uow.calendar.release(chat)
        return visit

    return work


def _nobody_shares_a_quarter(world: World) -> bool:
    taken = [
        (row.provider_id, quarter)
        for row in world.all(Appointment)
        if row.status == "booked"
        for quarter in quarters(row.starts_at, row.ends_at)
    ]
    return sorted(taken) == sorted((row.provider_id, row.quarter) for row in world.all(ChairTime))


def test_of_many_who_book_one_time_exactly_one_gets_it(world: World) -> None:
    booked = _at_once(world, [_booking(world, ELEVEN, []) for _ in range(WANTING)])
    assert sum(visit is not None for visit in booked) == 1
    assert len(world.all(Appointment)) == 1
    assert len(world.all(ChairTime)) == 2


def test_of_many_who_want_overlapping_times_exactly_one_gets_any(world: World) -> None:
    wanted = [OVERLAPPING[index % len(OVERLAPPING)] for index in range(WANTING)]
    booked = _at_once(world, [_booking(world, each, []) for each in wanted])
    assert sum(visit is not None for visit in booked) == 1
    assert _nobody_shares_a_quarter(world)


def test_holding_in_any_order_and_booking_deadlocks_nobody(world: World) -> None:
    pair = [ELEVEN, slot(TODAY, 15)]
    works = [_booking(world, pair[index % 2], pair[:: (-1) ** index]) for index in range(WANTING)]
    booked = _at_once(world, works)
    assert sum(visit is not None for visit in booked) == 2
    assert _nobody_shares_a_quarter(world)
    assert world.all(Hold) == []


def test_of_many_who_hold_one_time_one_holds_it(world: World) -> None:
    chats = [world.guest()[1] for _ in range(WANTING)]
    held = _at_once(
        world,
        [lambda uow, chat=chat: uow.calendar.hold(chat, [ELEVEN], 10, world.now) for chat in chats],  # type: ignore[misc]  # bound at once
    )
    assert sorted(map(len, held)) == [0] * (WANTING - 1) + [1]


def test_of_many_who_find_an_expired_hold_exactly_one_books(world: World) -> None:
    _, late = world.guest()
    world.work(lambda uow: uow.calendar.hold(late, [ELEVEN], 10, world.now))
    world.now += timedelta(minutes=10)

    def sweep(uow: UnitOfWork) -> BookedVisit | None:
        uow.calendar.expire_holds(world.now)
        return None

    booked = _at_once(world, [sweep, *(_booking(world, ELEVEN, []) for _ in range(WANTING))])
    assert sum(visit is not None for visit in booked) == 1
    assert _nobody_shares_a_quarter(world)


def test_moving_cancelling_and_booking_at_once_leave_one_truth(world: World) -> None:
    patient, chat = world.guest()
    first = world.work(lambda uow: uow.calendar.book(patient, chat, ELEVEN, world.now, BookedBy.PATIENT))
    assert first is not None
    visit: AppointmentId = first.appointment_id
    places = [slot(TODAY, 13 + index // 2, 30 * (index % 2)) for index in range(6)]
    works: list[Callable[[UnitOfWork], BookedVisit | None]] = [
        lambda uow, to=to: uow.calendar.book(patient, chat, to, world.now, BookedBy.PATIENT, moving=visit)  # type: ignore[misc]  # bound at once
        for to in places
    ]
    works += [lambda uow: uow.calendar.cancel(visit, world.now)]
    works += [_booking(world, ELEVEN, []), _booking(world, places[0], [])]
    _at_once(world, works)
    assert _nobody_shares_a_quarter(world)
    starts = [row.starts_at for row in world.all(Appointment) if row.patient_id == patient and row.status == "booked"]
    assert world.next_visit_at(patient) == min(starts, default=None)
