"""Which free times are offered: within the wish or near it, and clearly different from each other."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from flows.ids import ProviderId
from flows.meaning import ANY_TIME, TimeWish
from storage.calendars.free_time import Start
from storage.calendars.offers import (
    PartOfDay,
    choose_days,
    choose_nearest,
    choose_soonest,
    distance,
    on_grid,
    part_of_day,
    within,
)
from storage.calendars.quarters import quarter_of

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in range(1, 5))


def _start(day: date, hour: int, minute: int = 0, provider: int = 1) -> Start:
    quarter = quarter_of(datetime.combine(day, time(hour, minute), PARIS))
    return Start(quarter=quarter, day=day, minute=hour * 60 + minute, provider_id=ProviderId(provider))


def _fits(start: Start, wish: TimeWish) -> bool:
    return list(within(wish, [start])) == [start]


def _is_readable(start: Start, grid_minutes: int) -> bool:
    return list(on_grid(grid_minutes, [start])) == [start]


def test_two_offers_differ_in_day_and_part_of_day() -> None:
    free = [_start(TUESDAY, 9, 30), _start(TUESDAY, 10), _start(WEDNESDAY, 9), _start(THURSDAY, 17, 45)]
    assert choose_soonest(free, count=2) == (_start(TUESDAY, 9, 30), _start(THURSDAY, 17, 45))


def test_another_day_is_better_than_another_part_of_the_same_day() -> None:
    free = [_start(TUESDAY, 9), _start(TUESDAY, 17), _start(WEDNESDAY, 9)]
    assert choose_soonest(free, count=2) == (_start(TUESDAY, 9), _start(WEDNESDAY, 9))


def test_on_one_day_the_offers_lie_in_different_parts_of_it() -> None:
    free = [_start(TUESDAY, 9), _start(TUESDAY, 9, 15), _start(TUESDAY, 14), _start(TUESDAY, 17)]
    assert choose_soonest(free, count=2) == (_start(TUESDAY, 9), _start(TUESDAY, 14))


def test_in_one_part_of_one_day_the_offers_are_an_hour_apart_if_they_can() -> None:
    free = [_start(TUESDAY, 9), _start(TUESDAY, 9, 15), _start(TUESDAY, 10)]
    assert choose_soonest(free, count=2) == (_start(TUESDAY, 9), _start(TUESDAY, 10))
    assert choose_soonest(free[:2], count=2) == (_start(TUESDAY, 9), _start(TUESDAY, 9, 15))


def test_an_offer_weeks_later_does_not_displace_one_of_this_week() -> None:
    free = [_start(TUESDAY, 9), _start(WEDNESDAY, 9), _start(TUESDAY + timedelta(days=14), 17)]
    assert choose_soonest(free, count=2) == (_start(TUESDAY, 9), _start(WEDNESDAY, 9))


def test_a_sparse_calendar_is_read_as_far_as_needed() -> None:
    free = [_start(TUESDAY, 9), _start(TUESDAY + timedelta(days=21), 9), _start(TUESDAY + timedelta(days=22), 9)]
    assert choose_soonest(free, count=2) == tuple(free[:2])


def test_of_a_full_calendar_no_more_is_read_than_a_week() -> None:
    def endless() -> object:
        day = MONDAY
        while True:
            assert day <= MONDAY + timedelta(days=9)
            yield _start(day, 9)
            day += timedelta(days=1)

    assert len(choose_soonest(endless(), count=2)) == 2  # type: ignore[arg-type]  # a generator


def test_reading_ends_as_soon_as_nothing_can_be_more_unlike() -> None:
    free = iter(
        [_start(TUESDAY, 9), _start(TUESDAY, 14), _start(WEDNESDAY, 9), _start(WEDNESDAY, 14), _start(FRIDAY, 9)]
    )
    assert choose_soonest(free, count=2) == (_start(TUESDAY, 9), _start(WEDNESDAY, 14))
    assert list(free) == [_start(FRIDAY, 9)]


def test_when_all_parts_of_the_day_are_offered_another_day_is_enough() -> None:
    free = iter([*(_start(TUESDAY + timedelta(days=day), hour) for day in range(5) for hour in (9, 14, 18))])
    offered = (_start(TUESDAY, 9), _start(WEDNESDAY, 14), _start(THURSDAY, 18), _start(FRIDAY, 9))
    assert choose_soonest(free, count=4) == offered
    assert next(free) == _start(FRIDAY, 14)


def test_nothing_wanted_and_nothing_free_is_nothing_offered() -> None:
    assert choose_soonest([], count=2) == ()
    assert choose_soonest([_start(TUESDAY, 9)], count=0) == ()
    assert choose_nearest([], wish=ANY_TIME, count=2) == ()


def test_bounds_of_a_wish_belong_to_it() -> None:
    wish = TimeWish(earliest=time(17), latest=time(18))
    assert not _fits(_start(TUESDAY, 16, 45), wish)
    assert _fits(_start(TUESDAY, 17), wish)
    assert _fits(_start(TUESDAY, 18), wish)
    assert not _fits(_start(TUESDAY, 18, 15), wish)


def test_equal_bounds_mean_exactly_then() -> None:
    wish = TimeWish(dates=(TUESDAY,), earliest=time(10), latest=time(10))
    assert _fits(_start(TUESDAY, 10), wish)
    assert not _fits(_start(TUESDAY, 10, 15), wish)
    assert not _fits(_start(WEDNESDAY, 10), wish)


def test_a_bound_within_a_minute_leaves_out_the_start_of_that_minute() -> None:
    assert not _fits(_start(TUESDAY, 10), TimeWish(earliest=time(10, 0, 1)))
    assert not _fits(_start(TUESDAY, 10), TimeWish(earliest=time(10, 0, 0, 1)))
    assert _fits(_start(TUESDAY, 10), TimeWish(latest=time(10, 0, 1)))


def test_when_the_wish_is_taken_the_nearest_times_are_offered() -> None:
    wish = TimeWish(dates=(TUESDAY,), earliest=time(10), latest=time(10))
    free = [_start(MONDAY, 15), _start(TUESDAY, 11), _start(TUESDAY, 17), _start(WEDNESDAY, 10), _start(FRIDAY, 10)]
    assert choose_nearest(free, wish=wish, count=2) == (_start(TUESDAY, 11), _start(WEDNESDAY, 10))


def test_a_time_without_a_day_is_looked_for_soon() -> None:
    wish = TimeWish(earliest=time(20))
    free = [_start(TUESDAY, 17), _start(WEDNESDAY, 16), _start(TUESDAY + timedelta(days=20), 19)]
    assert choose_nearest(free, wish=wish, count=1) == (_start(TUESDAY, 17),)


def test_distance_grows_with_days_and_minutes() -> None:
    wish = TimeWish(dates=(TUESDAY,), earliest=time(10), latest=time(12))
    assert distance(_start(TUESDAY, 11), wish) == 0
    assert distance(_start(TUESDAY, 9), wish) == 60
    assert distance(_start(TUESDAY, 12, 30), wish) == 30
    assert distance(_start(THURSDAY, 11), wish) == 360


def test_parts_of_the_day_are_those_people_mean() -> None:
    starts = [_start(TUESDAY, *moment) for moment in ((8, 0), (11, 45), (12, 0), (16, 45), (17, 0))]
    assert [part_of_day(start.minute) for start in starts] == [
        PartOfDay.MORNING,
        PartOfDay.MORNING,
        PartOfDay.AFTERNOON,
        PartOfDay.AFTERNOON,
        PartOfDay.EVENING,
    ]


def test_a_readable_time_stands_on_the_grid_of_the_wall_clock() -> None:
    assert _is_readable(_start(TUESDAY, 9, 30), 30)
    assert not _is_readable(_start(TUESDAY, 9, 15), 30)
    assert _is_readable(_start(TUESDAY, 9, 15), 15)


def test_days_with_free_time_are_named_once_and_in_order() -> None:
    free = [_start(TUESDAY, 9), _start(TUESDAY, 10), _start(THURSDAY, 9), _start(FRIDAY, 9)]
    assert choose_days(free, count=2) == (TUESDAY, THURSDAY)
    assert choose_days(free, count=9) == (TUESDAY, THURSDAY, FRIDAY)


starts_ = st.builds(
    _start,
    st.dates(MONDAY, MONDAY + timedelta(days=20)),
    st.integers(8, 19),
    st.sampled_from([0, 15, 30, 45]),
    st.integers(1, 2),
)


@given(st.lists(starts_, max_size=30, unique_by=lambda start: start.quarter), st.integers(0, 4))
def test_offers_are_free_different_and_ascending(free: list[Start], count: int) -> None:
    ascending = sorted(free, key=lambda start: start.quarter)
    wish = TimeWish(dates=(WEDNESDAY,), earliest=time(10))
    for offered in (
        choose_soonest(ascending, count=count),
        choose_nearest(ascending, wish=wish, count=count),
    ):
        starts = [start.quarter for start in offered]
        assert set(offered) <= set(free)
        assert starts == sorted(set(starts))
        assert len(offered) == min(count, len(free))
    if free and count:
        assert choose_soonest(ascending, count=count)[0].quarter == ascending[0].quarter
