"""Feasts fall on the days that public calendars give them, year after year."""

from datetime import date, timedelta

import pytest
from holidays import country_holidays

from bot.understanding.feasts import Easter, easter_sunday, read_feast

YEARS = range(1970, 2100)


@pytest.mark.parametrize(("easter", "country"), [(Easter.WESTERN, "NL"), (Easter.ORTHODOX, "GR")])
def test_easter_is_when_a_country_keeps_it(easter: Easter, country: str) -> None:
    kept = country_holidays(country, years=YEARS, language="en_US")
    mondays = [easter_sunday(year, easter) + timedelta(days=1) for year in YEARS]
    assert [day for day in mondays if "Easter Monday" not in kept.get(day, "")] == []


def test_a_feast_that_is_on_is_the_one_that_is_meant() -> None:
    christmas = read_feast("12-25", "12-26")
    assert christmas.next_days(date(2026, 12, 26)) == {date(2026, 12, 26)}
    assert christmas.next_days(date(2026, 12, 27)) == {date(2027, 12, 25), date(2027, 12, 26)}


def test_a_feast_may_go_on_into_the_next_year() -> None:
    turn = read_feast("12-31", "01-01")
    assert turn.next_days(date(2026, 6, 1)) == {date(2026, 12, 31), date(2027, 1, 1)}
    assert turn.next_days(date(2027, 1, 1)) == {date(2027, 1, 1)}


@pytest.mark.parametrize("text", ["", "12", "13-01", "02-29", "easter", "passover+1", "12-25-1"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whoever reads the file says where and why
        read_feast(text, "12-26")
