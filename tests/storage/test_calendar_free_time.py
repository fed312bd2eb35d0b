"""Free time: what could be booked, and what the changing clocks do to it."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from flows.ids import ProviderId, VisitTypeId
from flows.slots import Slot
from storage.calendars.free_time import Diary, Opening, VisitLength, free_starts, instant_at
from storage.calendars.quarters import beginning_of, first_quarter_from, quarter_of, quarters
from storage.calendars.taken import BLOCK, Taken
from tests.storage.plain_search import taken_of

BRUSSELS = ZoneInfo("Europe/Brussels")
VOS = ProviderId(1)
MAES = ProviderId(2)
CHECK_UP = VisitLength(visit_type_id=VisitTypeId(7), minutes=45)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


def _diary(*openings: Opening, **rest: object) -> Diary:
    return Diary(zone=BRUSSELS, openings=openings, **rest)  # type: ignore[arg-type]  # each test names what it needs


def _opening(provider_id: ProviderId, weekday: int, opens: float, closes: float) -> Opening:
    return Opening(
        provider_id=provider_id, weekday=weekday, opens_minute=int(opens * 60), closes_minute=int(closes * 60)
    )


def _slots(
    diary: Diary, days: list[date], length: VisitLength = CHECK_UP, not_before: datetime = LONG_AGO
) -> list[Slot]:
    return [length.slot_of(start) for start in free_starts(diary, days=days, length=length, not_before=not_before)]


def _starts(diary: Diary, day: date, length: VisitLength = CHECK_UP, not_before: datetime = LONG_AGO) -> list[str]:
    found = _slots(diary, [day], length, not_before)
    return [f"{slot.starts_at.astimezone(diary.zone):%H:%M}" for slot in found]


def test_a_visit_must_end_before_the_chair_closes() -> None:
    assert _starts(_diary(_opening(VOS, 0, 9, 10.25)), MONDAY) == ["09:00", "09:15", "09:30"]


def test_taken_quarters_and_their_neighbourhood_are_not_offered() -> None:
    half_past_nine = quarter_of(instant_at(MONDAY, 570, BRUSSELS))
    diary = _diary(_opening(VOS, 0, 8, 11), taken=taken_of({VOS: {half_past_nine}}))
    assert _starts(diary, MONDAY) == ["08:00", "08:15", "08:30", "08:45", "09:45", "10:00", "10:15"]


def test_time_taken_from_one_provider_is_free_for_another() -> None:
    nine = quarter_of(instant_at(MONDAY, 540, BRUSSELS))
    openings = (_opening(VOS, 0, 9, 9.75), _opening(MAES, 0, 9, 9.75))
    diary = _diary(*openings, taken=taken_of({VOS: {nine}}))
    (slot,) = _slots(diary, [MONDAY])
    assert slot.provider_id == MAES


def test_a_time_at_which_two_are_free_is_one_time_with_whoever_comes_first() -> None:
    eleven = quarter_of(instant_at(MONDAY, 660, BRUSSELS))
    openings = (_opening(MAES, 0, 10, 12), _opening(VOS, 0, 9.5, 11))
    diary = _diary(*openings, taken=taken_of({MAES: {eleven}}))
    found = [
        (slot.starts_at.hour + slot.starts_at.minute / 60 + 1, slot.provider_id) for slot in _slots(diary, [MONDAY])
    ]
    assert found == [(9.5, VOS), (9.75, VOS), (10, MAES), (10.25, MAES), (11.25, MAES)]


def test_what_is_taken_is_told_in_blocks_of_half_a_day() -> None:
    first = 7 * BLOCK
    told = Taken.of_blocks([(VOS, 7, 0b101), (VOS, 9, 1 << (BLOCK - 1)), (MAES, 8, 1)], since=first + 5)
    taken = {VOS: {first, first + 2, first + 3 * BLOCK - 1}, MAES: {first + BLOCK}}
    for looked_at in (range(first, first + 4 * BLOCK), range(first + 2, first + BLOCK + 1), range(first, first)):
        for provider, quarters_of_one in taken.items():
            bits = told.free(provider, looked_at)
            free = {quarter for place, quarter in enumerate(looked_at) if bits >> place & 1}
            assert free == set(looked_at) - quarters_of_one
            assert bits.bit_length() <= len(looked_at)


def test_nobody_works_on_a_closed_day_or_another_weekday() -> None:
    diary = _diary(_opening(VOS, 0, 9, 12), closed=frozenset({MONDAY}))
    assert _starts(diary, MONDAY) == []
    assert _starts(diary, MONDAY + timedelta(days=1)) == []
    assert _starts(diary, MONDAY + timedelta(days=7)) != []


def test_nothing_starts_before_the_lead_time() -> None:
    diary = _diary(_opening(VOS, 0, 9, 10.5))
    assert _starts(diary, MONDAY, not_before=datetime(2026, 11, 23, 8, 20, tzinfo=UTC)) == ["09:30", "09:45"]


def test_a_visit_of_twenty_minutes_takes_two_quarters_and_ends_on_time() -> None:
    short = VisitLength(visit_type_id=VisitTypeId(1), minutes=20)
    nine = quarter_of(instant_at(MONDAY, 540, BRUSSELS))
    diary = _diary(_opening(VOS, 0, 9, 10), taken=taken_of({VOS: {nine + 1}}))
    (slot,) = _slots(diary, [MONDAY], short)
    assert slot.starts_at.astimezone(BRUSSELS).hour == 9
    assert slot.starts_at.astimezone(BRUSSELS).minute == 30
    assert slot.ends_at - slot.starts_at == timedelta(minutes=20)


def test_overlapping_hours_of_one_provider_offer_each_slot_once() -> None:
    diary = _diary(_opening(VOS, 0, 9, 11), _opening(VOS, 0, 10, 12))
    starts = _starts(diary, MONDAY)
    assert len(starts) == len(set(starts))


def test_the_hour_that_does_not_exist_is_never_offered() -> None:
    # On 29 March 2026 the clocks of Brussels jump from 2:00 to 3:00.
    diary = _diary(_opening(VOS, 6, 1, 4))
    short = VisitLength(visit_type_id=VisitTypeId(1), minutes=30)
    starts = _starts(diary, date(2026, 3, 29), short)
    assert starts == ["01:00", "01:15", "01:30", "01:45", "03:00", "03:15", "03:30"]


def test_of_the_hour_that_comes_twice_only_the_first_is_offered() -> None:
    # On 25 October 2026 the clocks of Brussels fall back from 3:00 to 2:00.
    diary = _diary(_opening(VOS, 6, 1.5, 4))
    short = VisitLength(visit_type_id=VisitTypeId(1), minutes=30)
    found = _slots(diary, [date(2026, 10, 25)], short)
    local = [slot.starts_at.astimezone(BRUSSELS) for slot in found]
    assert [f"{moment:%H:%M}" for moment in local] == [
        "01:30", "01:45", "02:00", "02:15", "02:30", "02:45", "03:00", "03:15", "03:30",
    ]  # fmt: skip
    assert not any(moment.fold for moment in local)


def test_nine_in_the_morning_stays_nine_across_the_clock_change() -> None:
    diary = _diary(_opening(VOS, 4, 9, 10), _opening(VOS, 0, 9, 10))
    days = [date(2026, 10, 23), date(2026, 10, 26)]
    found = _slots(diary, days)
    assert [slot.starts_at.hour for slot in found] == [7, 7, 8, 8]
    assert {slot.starts_at.astimezone(BRUSSELS).hour for slot in found} == {9}


def test_a_chair_may_close_at_midnight() -> None:
    assert _starts(_diary(_opening(VOS, 0, 23, 24)), MONDAY) == ["23:00", "23:15"]


minutes = st.integers(0, 96).map(lambda quarter: quarter * 15)
openings_ = st.builds(
    Opening,
    provider_id=st.sampled_from([VOS, MAES]),
    weekday=st.integers(0, 6),
    opens_minute=minutes,
    closes_minute=minutes,
)
zones = st.sampled_from(["Europe/Brussels", "America/Toronto", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo"])
days_ = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(st.lists(openings_, max_size=4), zones, days_, st.integers(5, 120), st.sets(st.integers(0, 95)))
@example([_opening(VOS, 6, 0, 24)], "Europe/Brussels", date(2026, 10, 25), 30, set())
@example([_opening(VOS, 6, 0, 24)], "Europe/Brussels", date(2026, 3, 29), 30, set())
def test_every_slot_lies_in_the_opening_hours_on_free_chair_time(
    openings: list[Opening], zone_name: str, day: date, length: int, busy: set[int]
) -> None:
    zone = ZoneInfo(zone_name)
    first = quarter_of(instant_at(day, 0, zone))
    taken = {VOS: {first + quarter for quarter in busy}}
    diary = Diary(zone=zone, openings=tuple(openings), taken=taken_of(taken))
    visit = VisitLength(visit_type_id=VisitTypeId(1), minutes=length)
    found = _slots(diary, [day], visit)
    for slot in found:
        local = slot.starts_at.astimezone(zone)
        assert local.date() == day
        assert local.minute % 15 == 0
        assert not taken.get(slot.provider_id, set()) & set(quarters(slot.starts_at, slot.ends_at))
        assert any(_covers(opening, slot, day, zone) for opening in openings)
    assert all(one.starts_at <= other.starts_at for one, other in pairwise(found))
    assert len(found) == len(set(found))


def _covers(opening: Opening, slot: Slot, day: date, zone: ZoneInfo) -> bool:
    return (
        opening.provider_id == slot.provider_id
        and opening.weekday == day.weekday()
        and instant_at(day, opening.opens_minute, zone) <= slot.starts_at
        and slot.ends_at <= instant_at(day, opening.closes_minute, zone)
    )


@given(st.integers(0, 5_000_000))
def test_a_quarter_begins_where_it_is(quarter: int) -> None:
    assert quarter_of(beginning_of(quarter)) == quarter
    assert quarter_of(beginning_of(quarter) + timedelta(minutes=14, seconds=59)) == quarter
    assert first_quarter_from(beginning_of(quarter)) == quarter
    assert first_quarter_from(beginning_of(quarter) + timedelta(seconds=1)) == quarter + 1
