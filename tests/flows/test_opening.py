"""When somebody is at the clinic, on the wall clock of its zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.opening import ALWAYS_OPEN, OpeningHours

ZONE = ZoneInfo("Europe/Amsterdam")
MORNING, AFTERNOON = (9 * 60, 12 * 60), (13 * 60, 17 * 60)
WORKDAYS = ((MORNING, AFTERNOON),) * 5 + ((), ())
HOURS = OpeningHours(week=WORKDAYS, closed=frozenset({date(2026, 3, 30)}), zone=ZONE)
NEVER = OpeningHours(week=((),) * 7, closed=frozenset(), zone=ZONE)

THURSDAY = datetime(2026, 3, 26, 10, tzinfo=ZONE).astimezone(UTC)


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """Make an instant of 2026 from the clinic's wall clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def test_while_somebody_is_there_nobody_is_to_come_back() -> None:
    assert HOURS.next_opening(THURSDAY) is None
    assert HOURS.next_opening(at(26, 9)) is None
    assert ALWAYS_OPEN.next_opening(THURSDAY) is None


def test_in_a_break_they_are_back_after_it_and_at_night_in_the_morning() -> None:
    assert HOURS.next_opening(at(26, 12)) == at(26, 13)
    assert HOURS.next_opening(at(26, 8, 59)) == at(26, 9)
    assert HOURS.next_opening(at(26, 17)) == at(27, 9)


def test_over_a_weekend_a_closed_day_and_a_change_of_the_clock_they_are_back_at_the_hour_on_the_wall() -> None:
    assert HOURS.next_opening(at(27, 18)) == at(31, 9) == datetime(2026, 3, 31, 7, tzinfo=UTC)


def test_where_nobody_ever_is_nobody_comes_back() -> None:
    assert NEVER.next_opening(THURSDAY) is None


def test_opening_time_passes_only_while_it_is_open() -> None:
    hour = timedelta(hours=1)
    assert HOURS.after(THURSDAY, hour) == at(26, 11)
    assert HOURS.after(at(26, 8), hour) == at(26, 10)
    assert HOURS.after(at(26, 12, 30), hour) == at(26, 14)
    assert HOURS.after(at(27, 16), 4 * hour) == at(31, 12)


def test_where_nobody_ever_is_time_passes_all_the_same() -> None:
    assert NEVER.after(THURSDAY, timedelta(hours=1)) == THURSDAY + timedelta(hours=1)
