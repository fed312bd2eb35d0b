"""Which free times are offered: within the wish or near it, and clearly different from each other."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from flows.ids import ProviderId, VisitTypeId
from flows.meaning import ANY_TIME, TimeWish
from flows.slots import Slot
from storage.calendars.offers import (
    PartOfDay,
    choose_days,
    choose_nearest,
    choose_soonest,
    distance,
    fits,
    part_of_day,
    readable,
)

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in range(1, 5))


def _slot(day: date, hour: int, minute: int = 0, provider: int = 1) -> Slot:
    starts_at = datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)
    return Slot(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        provider_id=ProviderId(provider),
        visit_type_id=VisitTypeId(1),
    )


def test_two_offers_differ_in_day_and_part_of_day() -> None:
    free = [_slot(TUESDAY, 9, 30), _slot(TUESDAY, 10), _slot(WEDNESDAY, 9), _slot(THURSDAY, 17, 45)]
    assert choose_soonest(free, count=2, zone=PARIS) == (_slot(TUESDAY, 9, 30), _slot(THURSDAY, 17, 45))


def test_another_day_is_better_than_another_part_of_the_same_day() -> None:
    free = [_slot(TUESDAY, 9), _slot(TUESDAY, 17), _slot(WEDNESDAY, 9)]
    assert choose_soonest(free, count=2, zone=PARIS) == (_slot(TUESDAY, 9), _slot(WEDNESDAY, 9))


def test_on_one_day_the_offers_lie_in_different_parts_of_it() -> None:
    free = [_slot(TUESDAY, 9), _slot(TUESDAY, 9, 15), _slot(TUESDAY, 14), _slot(TUESDAY, 17)]
    assert choose_soonest(free, count=2, zone=PARIS) == (_slot(TUESDAY, 9), _slot(TUESDAY, 14))


def test_in_one_part_of_one_day_the_offers_are_an_hour_apart_if_they_can() -> None:
    free = [_slot(TUESDAY, 9), _slot(TUESDAY, 9, 15), _slot(TUESDAY, 10)]
    assert choose_soonest(free, count=2, zone=PARIS) == (_slot(TUESDAY, 9), _slot(TUESDAY, 10))
    assert choose_soonest(free[:2], count=2, zone=PARIS) == (_slot(TUESDAY, 9), _slot(TUESDAY, 9, 15))


def test_one_start_is_offered_once_with_the_preferred_provider() -> None:
    free = [_slot(TUESDAY, 9, provider=5), _slot(TUESDAY, 9, provider=2)]
    assert choose_soonest(free, count=2, zone=PARIS) == (_slot(TUESDAY, 9, provider=5),)


def test_an_offer_weeks_later_does_not_displace_one_of_this_week() -> None:
    free = [_slot(TUESDAY, 9), _slot(WEDNESDAY, 9), _slot(TUESDAY + timedelta(days=14), 17)]
    assert choose_soonest(free, count=2, zone=PARIS) == (_slot(TUESDAY, 9), _slot(WEDNESDAY, 9))


def test_a_sparse_calendar_is_read_as_far_as_needed() -> None:
    free = [_slot(TUESDAY, 9), _slot(TUESDAY + timedelta(days=21), 9), _slot(TUESDAY + timedelta(days=22), 9)]
    assert choose_soonest(free, count=2, zone=PARIS) == tuple(free[:2])


def test_of_a_full_calendar_no_more_is_read_than_a_week() -> None:
    def endless() -> object:
        day = MONDAY
        while True:
            assert day <= MONDAY + timedelta(days=9)
            yield _slot(day, 9)
            day += timedelta(days=1)

    assert len(choose_soonest(endless(), count=2, zone=PARIS)) == 2  # type: ignore[arg-type]  # a generator


def test_reading_ends_as_soon_as_nothing_can_be_more_unlike() -> None:
    free = iter([_slot(TUESDAY, 9), _slot(TUESDAY, 14), _slot(WEDNESDAY, 9), _slot(WEDNESDAY, 14), _slot(FRIDAY, 9)])
    assert choose_soonest(free, count=2, zone=PARIS) == (_slot(TUESDAY, 9), _slot(WEDNESDAY, 14))
    assert list(free) == [_slot(FRIDAY, 9)]


def test_when_all_parts_of_the_day_are_offered_another_day_is_enough() -> None:
    free = iter([*(_slot(TUESDAY + timedelta(days=day), hour) for day in range(5) for hour in (9, 14, 18))])
    offered = (_slot(TUESDAY, 9), _slot(WEDNESDAY, 14), _slot(THURSDAY, 18), _slot(FRIDAY, 9))
    assert choose_soonest(free, count=4, zone=PARIS) == offered
    assert next(free) == _slot(FRIDAY, 14)


def test_nothing_wanted_and_nothing_free_is_nothing_offered() -> None:
    assert choose_soonest([], count=2, zone=PARIS) == ()
    assert choose_soonest([_slot(TUESDAY, 9)], count=0, zone=PARIS) == ()
    assert choose_nearest([], wish=ANY_TIME, count=2, zone=PARIS) == ()


def test_bounds_of_a_wish_belong_to_it() -> None:
    wish = TimeWish(earliest=time(17), latest=time(18))
    assert not fits(_slot(TUESDAY, 16, 45), wish, PARIS)
    assert fits(_slot(TUESDAY, 17), wish, PARIS)
    assert fits(_slot(TUESDAY, 18), wish, PARIS)
    assert not fits(_slot(TUESDAY, 18, 15), wish, PARIS)


def test_equal_bounds_mean_exactly_then() -> None:
    wish = TimeWish(dates=(TUESDAY,), earliest=time(10), latest=time(10))
    assert fits(_slot(TUESDAY, 10), wish, PARIS)
    assert not fits(_slot(TUESDAY, 10, 15), wish, PARIS)
    assert not fits(_slot(WEDNESDAY, 10), wish, PARIS)


def test_when_the_wish_is_taken_the_nearest_times_are_offered() -> None:
    wish = TimeWish(dates=(TUESDAY,), earliest=time(10), latest=time(10))
    free = [_slot(MONDAY, 15), _slot(TUESDAY, 11), _slot(TUESDAY, 17), _slot(WEDNESDAY, 10), _slot(FRIDAY, 10)]
    assert choose_nearest(free, wish=wish, count=2, zone=PARIS) == (_slot(TUESDAY, 11), _slot(WEDNESDAY, 10))


def test_a_time_without_a_day_is_looked_for_soon() -> None:
    wish = TimeWish(earliest=time(20))
    free = [_slot(TUESDAY, 17), _slot(WEDNESDAY, 16), _slot(TUESDAY + timedelta(days=20), 19)]
    assert choose_nearest(free, wish=wish, count=1, zone=PARIS) == (_slot(TUESDAY, 17),)


def test_distance_grows_with_days_and_minutes() -> None:
    wish = TimeWish(dates=(TUESDAY,), earliest=time(10), latest=time(12))
    assert distance(_slot(TUESDAY, 11), wish, PARIS) == 0
    assert distance(_slot(TUESDAY, 9), wish, PARIS) == 60
    assert distance(_slot(TUESDAY, 12, 30), wish, PARIS) == 30
    assert distance(_slot(THURSDAY, 11), wish, PARIS) == 360


def test_parts_of_the_day_are_those_people_mean() -> None:
    moments = [time(8), time(11, 45), time(12), time(16, 45), time(17)]
    assert [part_of_day(datetime.combine(TUESDAY, moment, PARIS)) for moment in moments] == [
        PartOfDay.MORNING,
        PartOfDay.MORNING,
        PartOfDay.AFTERNOON,
        PartOfDay.AFTERNOON,
        PartOfDay.EVENING,
    ]


def test_a_readable_time_stands_on_the_grid_of_the_wall_clock() -> None:
    assert readable(_slot(TUESDAY, 9, 30), 30, PARIS)
    assert not readable(_slot(TUESDAY, 9, 15), 30, PARIS)
    assert readable(_slot(TUESDAY, 9, 15), 15, PARIS)


def test_days_with_free_time_are_named_once_and_in_order() -> None:
    free = [_slot(TUESDAY, 9), _slot(TUESDAY, 10), _slot(THURSDAY, 9), _slot(FRIDAY, 9)]
    assert choose_days(free, count=2, zone=PARIS) == (TUESDAY, THURSDAY)
    assert choose_days(free, count=9, zone=PARIS) == (TUESDAY, THURSDAY, FRIDAY)


slots_ = st.builds(
    _slot,
    st.dates(MONDAY, MONDAY + timedelta(days=20)),
    st.integers(8, 19),
    st.sampled_from([0, 15, 30, 45]),
    st.integers(1, 2),
)


@given(st.lists(slots_, max_size=30), st.integers(0, 4))
def test_offers_are_free_different_and_ascending(free: list[Slot], count: int) -> None:
    ascending = sorted(free, key=lambda slot: slot.starts_at)
    wish = TimeWish(dates=(WEDNESDAY,), earliest=time(10))
    for offered in (
        choose_soonest(ascending, count=count, zone=PARIS),
        choose_nearest(ascending, wish=wish, count=count, zone=PARIS),
    ):
        starts = [slot.starts_at for slot in offered]
        assert set(offered) <= set(free)
        assert starts == sorted(set(starts))
        assert len(offered) == min(count, len({slot.starts_at for slot in free}))
    if free and count:
        assert choose_soonest(ascending, count=count, zone=PARIS)[0].starts_at == ascending[0].starts_at
