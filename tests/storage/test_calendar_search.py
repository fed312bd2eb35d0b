"""The search for free time offers what its plain definition offers, however little of the calendar it reads."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import event, given
from hypothesis import strategies as st

from flows.ids import ProviderId, VisitTypeId
from flows.meaning import ANY_TIME, TimeWish
from storage.calendars.free_time import Diary, Opening, VisitLength, free_starts
from storage.calendars.quarters import beginning_of, quarter_of
from storage.calendars.search import OfferRules, Search
from tests.storage import plain_search
from tests.storage.plain_search import Quarters, taken_of

VOS, BERG, MAES = ProviderId(1), ProviderId(2), ProviderId(3)
A_WEEK = timedelta(days=7)
# The clocks change: forward and back, at midnight, by half an hour; one zone's never do.
AROUND = {
    "Europe/Amsterdam": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/Toronto": (date(2026, 3, 8), date(2026, 11, 1)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 29)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kathmandu": (date(2026, 6, 1),),
}

quarters_of_a_day = st.integers(0, 96).map(lambda quarter: quarter * 15)
times = st.times(time(0), time(23, 45)).map(lambda moment: moment.replace(minute=moment.minute // 15 * 15, second=0))


@st.composite
def openings(draw: st.DrawFn) -> tuple[Opening, ...]:
    """Draw a week of up to three providers, now and then overlapping, in the order of preference."""
    week = draw(
        st.lists(
            st.builds(
                Opening,
                provider_id=st.sampled_from([VOS, BERG, MAES]),
                weekday=st.integers(0, 6) | st.just(6),  # the clocks mostly change on a Sunday
                opens_minute=quarters_of_a_day | st.sampled_from([0, 60, 120, 540, 545]),
                closes_minute=quarters_of_a_day | st.sampled_from([180, 720, 725, 1080, 1440]),
            ),
            max_size=12,
        )
    )
    rank = draw(st.permutations([VOS, BERG, MAES]))
    return tuple(
        sorted(week, key=lambda opening: (rank.index(opening.provider_id), opening.weekday, opening.opens_minute))
    )


@st.composite
def searches(draw: st.DrawFn) -> Search:
    """Draw a search shortly before a change of the clocks, or in the week of one."""
    name = draw(st.sampled_from(sorted(AROUND)))
    day = draw(st.sampled_from(AROUND[name])) - timedelta(days=draw(st.integers(0, 10)))
    now = datetime.combine(day, time(), UTC) + timedelta(minutes=draw(st.integers(0, 24 * 60)))
    rules = OfferRules(
        lead_minutes=draw(st.sampled_from([0, 30, 120])),
        grid_minutes=draw(st.sampled_from([15, 15, 30, 60])),
        horizon_days=draw(st.integers(0, 16)),
        closed=draw(st.frozensets(st.dates(day, day + A_WEEK), max_size=2)),
    )
    return Search(
        zone=ZoneInfo(name),
        openings=draw(openings()),
        length=VisitLength(visit_type_id=VisitTypeId(1), minutes=draw(st.sampled_from([15, 20, 30, 45, 90]))),
        rules=rules,
        now=now,
        after=draw(st.none() | st.integers(-60, 7 * 24 * 60).map(lambda minutes: now + timedelta(minutes=minutes))),
    )


@st.composite
def takens(draw: st.DrawFn, search: Search) -> Quarters:
    """Draw taken time: nothing, single quarters, or most of the first days."""
    first = quarter_of(search.now)
    quarters = st.integers(first, first + 96 * 10)
    stretches = st.builds(lambda begin, length: range(begin, begin + length), quarters, st.integers(1, 200))
    return {
        provider: frozenset(quarter for stretch in draw(st.lists(stretches, max_size=4)) for quarter in stretch)
        for provider in draw(st.frozensets(st.sampled_from([VOS, BERG, MAES])))
    }


@st.composite
def wishes(draw: st.DrawFn, search: Search) -> TimeWish:
    """Draw a wish: for any time, for days near by, for a part of the day, for one minute."""
    today = search.now.astimezone(search.zone).date()
    days = st.frozensets(st.dates(today - timedelta(days=2), today + 2 * A_WEEK), min_size=1, max_size=4)
    earliest, latest = draw(st.none() | times), draw(st.none() | times)
    if draw(st.booleans()):
        latest = earliest
    return TimeWish(
        dates=draw(st.none() | days.map(lambda named: tuple(sorted(named)))), earliest=earliest, latest=latest
    )


@given(st.data(), searches(), st.sampled_from([2, 2, 1, 3, 5, 0]))
def test_what_is_offered_is_what_choosing_from_all_free_times_offers(
    data: st.DataObject, search: Search, count: int
) -> None:
    taken = data.draw(takens(search))
    wish = data.draw(st.just(ANY_TIME) | wishes(search))
    found = search.find(wish, count=count, taken=taken_of(taken))
    event(f"{len(found.slots)} of {count}, {'exact' if found.exact else 'near'}")
    assert found == plain_search.find(search, wish, count=count, taken=taken)


@given(st.data(), searches(), st.integers(1, 5))
def test_the_days_offered_are_the_first_of_all_that_have_free_time(
    data: st.DataObject, search: Search, count: int
) -> None:
    taken = data.draw(takens(search))
    days = search.wished_days(ANY_TIME)
    found = search.find_days(count=count, taken=taken_of(taken))
    assert found == plain_search.find_days(search, days, count=count, taken=taken)


@given(st.data(), searches())
def test_the_visits_that_still_fit_are_counted_chair_by_chair(data: st.DataObject, search: Search) -> None:
    taken = data.draw(takens(search))
    days = list(search.wished_days(ANY_TIME))
    assert search.count(taken=taken_of(taken)) == plain_search.count(search, days, taken)


@given(st.data(), searches())
def test_free_times_come_in_the_order_of_a_plain_list(data: st.DataObject, search: Search) -> None:
    taken = data.draw(takens(search))
    days = list(search.wished_days(ANY_TIME))
    diary = Diary(zone=search.zone, openings=search.openings, taken=taken_of(taken), closed=search.rules.closed)
    each_time_once = plain_search.each_start_once(plain_search.free(search, days, taken))
    found = list(free_starts(diary, days=days, length=search.length, not_before=search.not_before))
    assert [search.length.slot_of(start) for start in found] == each_time_once
    shown = [beginning_of(start.quarter).astimezone(search.zone) for start in found]
    assert [(start.day, start.minute) for start in found] == [(at.date(), at.hour * 60 + at.minute) for at in shown]
