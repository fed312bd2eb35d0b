"""What is due is read page by page on both databases: each once, in order, also where many are due at one instant."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest

from flows.ids import PatientId
from flows.outreach.cadence import FIRST_INVITATION
from flows.vocabulary import Channel
from storage.records.outgoing import Lease
from storage.records.planning import Candidate, CheckInDue, ReminderDue
from storage.records.worklist import IN_PLACE_OF_A_LETTER, NewWork, Silent
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import BookedBy, WorkKind, WorkOutcome
from tests.storage.calendar_world import BERG, TODAY, VOS, World, slot, worlds
from tests.storage.planning_people import EARLIER, LATER, Person, add, query, waiting

DAY = timedelta(days=1)
CHANNELS = (Channel.WEBCHAT,)
MANY = 5
PAGES = [1, 2, 3, MANY, 9]
LETTER_STEP = 5

T = TypeVar("T")
Read = Callable[[int, T | None], Sequence[T]]


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def by_pages(read: Read[T], size: int) -> list[T]:
    """Read everything, so many at a time."""
    found: list[T] = []
    while page := read(size, found[-1] if found else None):
        assert len(page) <= size
        found += page
        assert len(found) <= MANY, "a page repeats what was on the one before"
    return found


def people(uow: UnitOfWork) -> list[PatientId]:
    return [add(uow, f"N{number}", Person()).patient_id for number in range(MANY)]


def visits(uow: UnitOfWork, day: date) -> None:
    """Give everybody a visit: two and two at the same time, with one dentist and the other."""
    for number, patient_id in enumerate(people(uow)):
        at = slot(day, 9 + number // 2, provider=(VOS, BERG)[number % 2])
        assert uow.calendar.book(patient_id, None, at, LATER, BookedBy.STAFF) is not None


def invited(uow: UnitOfWork, campaign: str = EARLIER) -> list[PatientId]:
    """Let everybody have got a first invitation, the last two at one instant."""
    everybody = people(uow)
    for number, patient_id in enumerate(everybody):
        at = LATER - 40 * DAY + timedelta(minutes=min(number, MANY - 2))
        lease = Lease(token="t", until=at + DAY)  # noqa: S106  # no secret here
        (outbox_id,) = uow.outbox.put([replace(waiting(patient_id, at, campaign), lease=lease)], now=at)
        assert uow.outbox.mark_sent({outbox_id: None}, "t", at) == 1
    return everybody


def on_the_list(uow: UnitOfWork, kind: WorkKind, outcome: WorkOutcome) -> list[PatientId]:
    """Let the same step have come to nothing for everybody, at one instant."""
    everybody, at = people(uow), LATER - 20 * DAY
    work = [
        NewWork(patient_id=each, kind=kind, campaign=EARLIER, step=LETTER_STEP, due_at=at, outcome=outcome)
        for each in everybody
    ]
    assert uow.worklist.put(work, now=at) == MANY
    return everybody


@pytest.mark.parametrize("size", PAGES)
def test_reminders_are_read_page_by_page(world: World, size: int) -> None:
    def work(uow: UnitOfWork) -> None:
        visits(uow, TODAY + 2 * DAY)

        def read(limit: int, after: ReminderDue | None) -> Sequence[ReminderDue]:
            return uow.planning.reminders_due(
                LATER,
                until=LATER + 9 * DAY,
                channels=CHANNELS,
                limit=limit,
                after=after,
            )

        everything = read(99, None)
        assert len(everything) == MANY
        assert by_pages(read, size) == everything

    world.work(work)


@pytest.mark.parametrize("size", PAGES)
def test_check_ins_are_read_page_by_page(world: World, size: int) -> None:
    def work(uow: UnitOfWork) -> None:
        visits(uow, TODAY + DAY)
        for each in uow.calendar.over(LATER + 2 * DAY):
            assert uow.visits.mark_visited(each.visit.appointment_id, LATER + 2 * DAY, None) is not None

        def read(limit: int, after: CheckInDue | None) -> Sequence[CheckInDue]:
            return uow.planning.check_ins_due(
                LATER + 9 * DAY,
                channels=CHANNELS,
                limit=limit,
                after=after,
            )

        everything = read(99, None)
        assert len(everything) == MANY
        assert by_pages(read, size) == everything

    world.work(work)


@pytest.mark.parametrize("size", PAGES)
def test_who_gets_a_further_step_is_read_page_by_page(world: World, size: int) -> None:
    def work(uow: UnitOfWork) -> None:
        invited(uow)

        def read(limit: int, after: Candidate | None) -> Sequence[Candidate]:
            return uow.planning.follow_ups(
                query(),
                step=2,
                sent_before=LATER - 30 * DAY,
                limit=limit,
                after=after,
            )

        everything = read(99, None)
        assert len(everything) == MANY
        assert by_pages(read, size) == everything

    world.work(work)


@pytest.mark.parametrize("size", PAGES)
def test_who_did_not_answer_the_last_message_is_read_page_by_page(world: World, size: int) -> None:
    def work(uow: UnitOfWork) -> None:
        everybody = invited(uow)

        def read(limit: int, after: Silent | None) -> Sequence[Silent]:
            return uow.worklist.silent_after_messages(
                query(),
                last_step=FIRST_INVITATION.number,
                sent_before=LATER - 30 * DAY,
                given_up_before=LATER - 90 * DAY,
                limit=limit,
                after=after,
            )

        assert {each.patient_id for each in read(99, None)} == set(everybody)
        assert by_pages(read, size) == read(99, None)

    world.work(work)


@pytest.mark.parametrize("size", PAGES)
def test_whose_call_came_to_nothing_is_read_page_by_page(world: World, size: int) -> None:
    def work(uow: UnitOfWork) -> None:
        everybody = on_the_list(uow, WorkKind.CALL, WorkOutcome.NOT_REACHED)

        def read(limit: int, after: Silent | None) -> Sequence[Silent]:
            return uow.worklist.silent_after(
                query(), step=LETTER_STEP, closed_before=LATER - DAY, limit=limit, after=after
            )

        assert {each.patient_id for each in read(99, None)} == set(everybody)
        assert by_pages(read, size) == read(99, None)

    world.work(work)


@pytest.mark.parametrize("size", PAGES)
def test_whose_mail_reached_nobody_is_read_page_by_page(world: World, size: int) -> None:
    def work(uow: UnitOfWork) -> None:
        everybody = on_the_list(uow, WorkKind.LETTER, WorkOutcome.MAILED)
        at: datetime = LATER - 20 * DAY
        for each in everybody:
            mail = waiting(each, at, f"{EARLIER}{IN_PLACE_OF_A_LETTER}", LETTER_STEP)
            lease = Lease(token="t", until=at + DAY)  # noqa: S106  # no secret here
            (outbox_id,) = uow.outbox.put([replace(mail, lease=lease)], now=at)
            assert uow.outbox.refuse([outbox_id], "t", reason="bounced") == 1

        def read(limit: int, after: Silent | None) -> Sequence[Silent]:
            return uow.worklist.unmailed(query(), step=LETTER_STEP, limit=limit, after=after)

        assert {each.patient_id for each in read(99, None)} == set(everybody)
        assert by_pages(read, size) == read(99, None)

    world.work(work)
