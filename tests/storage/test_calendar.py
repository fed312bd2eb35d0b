"""The calendar on both databases: what is offered, held, booked, moved and cancelled.

Longer than other files: all ways in which one slot changes hands, over one calendar.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from flows.ids import AppointmentId
from flows.meaning import ANY_TIME, TimeWish
from flows.slots import Slot
from storage.calendars.offers import FoundSlots
from storage.calendars.search import OfferRules
from storage.errors import NotFoundError
from storage.models import Appointment, ChairTime, Hold, Patient
from storage.vocabulary import AppointmentStatus, BookedBy
from tests.storage.calendar_world import (
    BERG,
    CHECK_UP,
    CLINIC,
    ELSEWHERE,
    GONE,
    NOW,
    TODAY,
    VOS,
    World,
    slot,
    worlds,
)

TOMORROW = TODAY + timedelta(days=1)
WEDNESDAY = TODAY + timedelta(days=2)


@pytest.fixture(name="world")
def _world(database_url: str) -> Iterator[World]:
    yield from worlds(database_url)


def _free(world: World, wish: TimeWish = ANY_TIME, **how: object) -> FoundSlots:
    asked = {"count": 2, "visit_type_id": CHECK_UP, "provider_ids": (VOS, BERG), "now": world.now, **how}
    return world.work(lambda uow: uow.calendar.free_slots(wish, **asked))  # type: ignore[arg-type]  # each test's own


def test_free_times_keep_the_lead_time_and_differ_clearly(world: World) -> None:
    found = _free(world)
    # Now is Monday nine o'clock: two hours later at the earliest, and another day at another time of day.
    assert found == FoundSlots(slots=(slot(TODAY, 11), slot(TOMORROW, 13)), exact=True)


def test_a_time_at_which_two_could_treat_is_offered_with_the_preferred(world: World) -> None:
    at_five = TimeWish(dates=(WEDNESDAY,), earliest=time(17), latest=time(17))
    for preferred, other in ((VOS, BERG), (BERG, VOS)):
        found = _free(world, at_five, provider_ids=(preferred, other))
        assert found.slots == (slot(WEDNESDAY, 17, provider=preferred),)


def test_a_wish_is_met_exactly_or_the_nearest_is_offered(world: World) -> None:
    five = TimeWish(dates=(WEDNESDAY,), earliest=time(17), latest=time(17))
    assert _free(world, five) == FoundSlots(slots=(slot(WEDNESDAY, 17),), exact=True)
    _, someone = world.guest()
    for provider in (VOS, BERG):
        patient, _ = world.guest()
        world.work(
            lambda uow, patient=patient, provider=provider: uow.calendar.book(  # type: ignore[misc]  # bound at once
                patient, None, slot(WEDNESDAY, 17, provider=provider), NOW, BookedBy.STAFF
            )
        )
    found = _free(world, five, not_held_by=someone)
    assert not found.exact
    assert len(found.slots) == 2
    assert all(offered.starts_at.astimezone().date() for offered in found.slots)
    assert slot(WEDNESDAY, 17, provider=BERG) not in found.slots


def test_later_means_after_the_instant_named(world: World) -> None:
    found = _free(world, after=slot(WEDNESDAY, 9).starts_at)
    assert min(found.slots) == slot(WEDNESDAY, 9, 15)


def test_closed_days_and_providers_who_left_offer_nothing(world: World) -> None:
    rules = OfferRules(closed=frozenset({TODAY, TOMORROW}))
    assert min(_free(world, rules=rules).slots) == slot(WEDNESDAY, 9)
    assert _free(world, provider_ids=(GONE,)) == FoundSlots(slots=(), exact=False)
    assert _free(world, provider_ids=()) == FoundSlots(slots=(), exact=False)


def test_offers_prefer_the_clinics_grid_and_fall_back_to_any_quarter(world: World) -> None:
    patient, _ = world.guest()
    wish = TimeWish(dates=(TOMORROW,), latest=time(10))
    rules = OfferRules(grid_minutes=30)
    assert _free(world, wish, rules=rules, count=3).slots == tuple(
        slot(TOMORROW, hour, minute) for hour, minute in ((9, 0), (9, 30), (10, 0))
    )
    # Taking 9:15 to 9:45 leaves only 10:00 on the grid, which is not enough for two.
    world.work(lambda uow: uow.calendar.book(patient, None, slot(TOMORROW, 9, 15, minutes=30), NOW, BookedBy.STAFF))
    assert _free(world, wish, rules=rules).slots == (slot(TOMORROW, 9, 45), slot(TOMORROW, 10))
    exactly = TimeWish(dates=(TOMORROW,), earliest=time(9, 45), latest=time(9, 45))
    assert _free(world, exactly, rules=rules).slots == (slot(TOMORROW, 9, 45),)


def test_a_wish_far_ahead_is_looked_for_on_its_own_day(world: World) -> None:
    day = date(2027, 3, 10)
    assert _free(world, TimeWish(dates=(day,)), count=1) == FoundSlots(slots=(slot(day, 9),), exact=True)
    beyond = date(2029, 3, 10)
    assert not _free(world, TimeWish(dates=(beyond,))).exact
    past = date(2026, 11, 2)
    assert not _free(world, TimeWish(dates=(past,))).exact


def test_days_with_free_time_leave_out_full_ones(world: World) -> None:
    patient, _ = world.guest()
    for start in (9, 13):
        whole = slot(TOMORROW, start, minutes=180 if start == 9 else 300)
        assert world.work(lambda uow, whole=whole: uow.calendar.book(patient, None, whole, NOW, BookedBy.STAFF))  # type: ignore[misc]  # bound at once
    days = world.work(
        lambda uow: uow.calendar.free_days(count=3, visit_type_id=CHECK_UP, provider_ids=(VOS,), now=world.now)
    )
    assert days == (TODAY, WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert (
        world.work(lambda uow: uow.calendar.free_days(count=3, visit_type_id=CHECK_UP, provider_ids=(), now=world.now))
        == ()
    )


def test_the_count_of_free_times_is_of_visits_side_by_side(world: World) -> None:
    one_day = OfferRules(horizon_days=1)

    def count(*providers: object, rules: OfferRules = one_day) -> int:
        return world.work(
            lambda uow: uow.calendar.free_count(
                visit_type_id=CHECK_UP,
                provider_ids=providers,  # type: ignore[arg-type]  # ids
                now=world.now,
                rules=rules,
            )
        )

    # Monday from eleven: 2 before noon and 10 after one; Tuesday 6 and 10.
    assert count(VOS) == 28
    assert count() == 0


def test_what_one_chat_holds_no_other_is_offered(world: World) -> None:
    (_, mine), (_, other) = world.guest(), world.guest()
    held = world.work(lambda uow: uow.calendar.hold(mine, [slot(TODAY, 11), slot(TOMORROW, 13)], 10, world.now))
    assert held == (slot(TODAY, 11), slot(TOMORROW, 13))
    assert min(_free(world, not_held_by=other).slots) == slot(TODAY, 11, 30)
    assert min(_free(world).slots) == slot(TODAY, 11, 30)
    assert min(_free(world, not_held_by=mine).slots) == slot(TODAY, 11)
    world.now += timedelta(minutes=10)
    # The hold has run out at that very moment; the lead time has moved on too.
    assert min(_free(world, not_held_by=other).slots) == slot(TODAY, 11, 15)


def test_holding_gives_back_what_was_held_before(world: World) -> None:
    _, mine = world.guest()
    _, other = world.guest()
    world.work(lambda uow: uow.calendar.hold(mine, [slot(TODAY, 11)], 10, world.now))
    assert world.work(lambda uow: uow.calendar.hold(other, [slot(TODAY, 11)], 10, world.now)) == ()
    world.work(lambda uow: uow.calendar.hold(mine, [slot(TODAY, 15)], 10, world.now))
    assert world.work(lambda uow: uow.calendar.hold(other, [slot(TODAY, 11, 15)], 10, world.now)) != ()
    world.work(lambda uow: uow.calendar.release(mine))
    assert [hold.conversation_id for hold in world.all(Hold)] == [other]
    assert len(world.all(ChairTime)) == 2


def test_of_two_times_only_the_free_one_is_held(world: World) -> None:
    (_, mine), (_, other) = world.guest(), world.guest()
    world.work(lambda uow: uow.calendar.hold(other, [slot(TODAY, 11)], 10, world.now))
    wanted = [slot(TODAY, 15), slot(TODAY, 11, 15)]
    assert world.work(lambda uow: uow.calendar.hold(mine, wanted, 10, world.now)) == (slot(TODAY, 15),)
    assert len(world.all(Hold)) == 2


def test_expired_holds_are_swept_and_living_ones_stay(world: World) -> None:
    (_, first), (_, second) = world.guest(), world.guest()
    world.work(lambda uow: uow.calendar.hold(first, [slot(TODAY, 11)], 10, world.now))
    world.work(lambda uow: uow.calendar.hold(second, [slot(TODAY, 14)], 30, world.now))
    assert world.work(lambda uow: uow.calendar.expire_holds(NOW + timedelta(minutes=9))) == 0
    assert world.work(lambda uow: uow.calendar.expire_holds(NOW + timedelta(minutes=10))) == 1
    assert [hold.conversation_id for hold in world.all(Hold)] == [second]
    assert len(world.all(ChairTime)) == 2


def test_booking_uses_up_the_holds_of_the_chat(world: World) -> None:
    patient, chat = world.guest()
    offers = [slot(TODAY, 11), slot(TOMORROW, 13)]
    world.work(lambda uow: uow.calendar.hold(chat, offers, 10, world.now))
    visit = world.work(lambda uow: uow.calendar.book(patient, chat, offers[1], world.now, BookedBy.PATIENT))
    assert visit is not None
    assert visit.slot == offers[1]
    assert visit.provider_name == "Dr Vos"
    assert world.all(Hold) == []
    assert {row.appointment_id for row in world.all(ChairTime)} == {visit.appointment_id}
    assert world.next_visit_at(patient) == offers[1].starts_at


def test_a_time_that_is_taken_cannot_be_booked_and_nothing_changes(world: World) -> None:
    patient, chat = world.guest()
    other, _ = world.guest()
    world.work(lambda uow: uow.calendar.hold(chat, [slot(TODAY, 15)], 10, world.now))
    world.work(lambda uow: uow.calendar.book(other, None, slot(TODAY, 11), world.now, BookedBy.STAFF))
    taken = slot(TODAY, 11, 15)
    assert world.work(lambda uow: uow.calendar.book(patient, chat, taken, world.now, BookedBy.PATIENT)) is None
    assert len(world.all(Hold)) == 1
    assert len(world.all(Appointment)) == 1
    assert world.next_visit_at(patient) is None


def test_a_time_that_has_passed_cannot_be_booked(world: World) -> None:
    patient, chat = world.guest()
    past = slot(TODAY, 9)
    assert world.work(lambda uow: uow.calendar.book(patient, chat, past, world.now, BookedBy.PATIENT)) is None


def test_an_expired_hold_of_another_does_not_stand_in_the_way(world: World) -> None:
    (_, other), (patient, chat) = world.guest(), world.guest()
    world.work(lambda uow: uow.calendar.hold(other, [slot(TODAY, 15)], 10, world.now))
    world.now += timedelta(minutes=11)
    visit = world.work(lambda uow: uow.calendar.book(patient, chat, slot(TODAY, 15), world.now, BookedBy.PATIENT))
    assert visit is not None
    assert world.work(lambda uow: uow.calendar.expire_holds(world.now)) == 1
    assert len(world.all(ChairTime)) == 2


def test_a_time_partly_held_no_longer_is_taken_whole_and_one_partly_booked_is_not(world: World) -> None:
    (_, late), (_, chat), (patient, _) = world.guest(), world.guest(), world.guest()
    world.work(lambda uow: uow.calendar.hold(late, [slot(TODAY, 15)], 10, world.now))
    _book(world, patient, None, slot(TODAY, 16))
    world.now += timedelta(minutes=11)
    wanted = [slot(TODAY, 15, 15), slot(TODAY, 15, 45)]
    assert world.work(lambda uow: uow.calendar.hold(chat, wanted, 10, world.now)) == (slot(TODAY, 15, 15),)
    # Of the expired hold the quarter nobody wanted, the two held now, and the two booked.
    assert len(world.all(ChairTime)) == 5


def test_moving_keeps_the_id_gives_the_old_time_back_and_counts(world: World) -> None:
    patient, chat = world.guest()
    visit = _book(world, patient, chat, slot(TODAY, 15))
    world.work(lambda uow: uow.calendar.confirm(visit, world.now))
    moved = world.work(
        lambda uow: uow.calendar.book(patient, chat, slot(TODAY, 15, 15), world.now, BookedBy.PATIENT, moving=visit)
    )
    assert moved is not None
    assert moved.appointment_id == visit
    assert world.work(lambda uow: uow.calendar.sequence_of(visit)) == 1
    assert len(world.all(ChairTime)) == 2
    assert world.next_visit_at(patient) == slot(TODAY, 15, 15).starts_at
    stored = world.work(lambda uow: uow.calendar.stored(visit))
    assert stored is not None
    assert stored.confirmed_at is None


def test_a_move_to_a_taken_time_leaves_the_visit_where_it_was(world: World) -> None:
    (patient, chat), (other, _) = world.guest(), world.guest()
    visit = _book(world, patient, chat, slot(TODAY, 15))
    _book(world, other, None, slot(TODAY, 16))
    moved = world.work(
        lambda uow: uow.calendar.book(patient, chat, slot(TODAY, 15, 45), world.now, BookedBy.PATIENT, moving=visit)
    )
    assert moved is None
    stored = world.work(lambda uow: uow.calendar.appointment(visit))
    assert stored is not None
    assert stored.slot == slot(TODAY, 15)
    assert len(world.all(ChairTime)) == 4
    assert world.next_visit_at(patient) == slot(TODAY, 15).starts_at


def test_moving_a_visit_that_is_gone_or_anothers_books_a_new_one(world: World) -> None:
    (patient, chat), (other, _) = world.guest(), world.guest()
    theirs = _book(world, other, None, slot(TODAY, 16))
    visit = world.work(
        lambda uow: uow.calendar.book(patient, chat, slot(TODAY, 15), world.now, BookedBy.PATIENT, moving=theirs)
    )
    assert visit is not None
    assert visit.appointment_id != theirs
    assert world.next_visit_at(other) == slot(TODAY, 16).starts_at


def test_cancelling_frees_the_time_and_the_patient(world: World) -> None:
    patient, chat = world.guest()
    visit = _book(world, patient, chat, slot(TODAY, 15))
    later = _book(world, patient, None, slot(TOMORROW, 15))
    cancelled = world.work(lambda uow: uow.calendar.cancel(visit, world.now))
    assert cancelled is not None
    assert cancelled.slot == slot(TODAY, 15)
    assert world.next_visit_at(patient) == slot(TOMORROW, 15).starts_at
    assert world.work(lambda uow: uow.calendar.cancel(visit, world.now)) is None
    assert world.work(lambda uow: uow.calendar.cancel(later, world.now)) is not None
    assert world.next_visit_at(patient) is None
    assert world.all(ChairTime) == []
    assert world.work(lambda uow: uow.calendar.appointment(visit)) is None
    assert world.work(lambda uow: uow.calendar.open_of(patient)) == ()


def test_a_visit_that_has_begun_cannot_be_cancelled(world: World) -> None:
    patient, chat = world.guest()
    visit = _book(world, patient, chat, slot(TODAY, 11))
    begun = slot(TODAY, 11).starts_at
    assert world.work(lambda uow: uow.calendar.cancel(visit, begun)) is None
    assert world.work(lambda uow: uow.calendar.cancel(AppointmentId(9), world.now)) is None


def test_a_next_visit_from_elsewhere_survives_what_happens_here(world: World) -> None:
    patient = world.patient(next_visit_at=slot(TOMORROW, 9).starts_at)
    later = _book(world, patient, None, slot(WEDNESDAY, 15))
    assert world.next_visit_at(patient) == slot(TOMORROW, 9).starts_at
    world.work(lambda uow: uow.calendar.cancel(later, world.now))
    assert world.next_visit_at(patient) == slot(TOMORROW, 9).starts_at


def test_confirming_is_remembered_once(world: World) -> None:
    patient, chat = world.guest()
    visit = _book(world, patient, chat, slot(TODAY, 15))
    for minutes in (1, 2):
        world.work(
            lambda uow, minutes=minutes: uow.calendar.confirm(visit, NOW + timedelta(minutes=minutes))  # type: ignore[misc]  # bound at once
        )
    (stored,) = world.work(lambda uow: uow.calendar.open_of(patient))
    assert stored.confirmed_at == NOW + timedelta(minutes=1)
    assert stored.status is AppointmentStatus.BOOKED


def test_another_clinic_sees_nothing_of_it(world: World) -> None:
    patient, chat = world.guest()
    visit = _book(world, patient, chat, slot(TODAY, 15))
    assert world.work(lambda uow: uow.calendar.appointment(visit), ELSEWHERE) is None
    assert world.work(lambda uow: uow.calendar.cancel(visit, world.now), ELSEWHERE) is None
    assert world.work(lambda uow: uow.calendar.expire_holds(NOW + timedelta(days=1)), ELSEWHERE) == 0
    with pytest.raises(NotFoundError):
        world.work(lambda uow: uow.calendar.sequence_of(visit), ELSEWHERE)
    assert [row.clinic_id for row in world.all(Patient)] == [CLINIC]


def _book(world: World, patient: object, chat: object, wanted: Slot) -> AppointmentId:
    visit = world.work(
        lambda uow: uow.calendar.book(patient, chat, wanted, world.now, BookedBy.PATIENT)  # type: ignore[arg-type]  # ids
    )
    assert visit is not None
    return visit.appointment_id
