"""Public holidays, by where somebody lives."""

from datetime import date

from bot.settings.holidays import YEARS, public_holidays


def test_each_country_has_its_own() -> None:
    assert date(2026, 7, 14) in public_holidays("FR")
    assert date(2026, 7, 21) in public_holidays("BE")
    assert date(2026, 4, 27) in public_holidays("NL")
    assert date(2026, 7, 14) not in public_holidays("NL")


def test_a_part_of_a_country_adds_its_own() -> None:
    assert date(2026, 6, 24) in public_holidays("CA-QC")
    assert date(2026, 6, 24) not in public_holidays("CA-ON")
    assert date(2026, 12, 25) in public_holidays("CA-ON")


def test_a_part_that_nobody_knows_has_those_of_its_country() -> None:
    assert public_holidays("NL-ZH") == public_holidays("NL")


def test_a_country_that_nobody_knows_has_none() -> None:
    assert public_holidays("ZZ") == frozenset()
    assert public_holidays("ZZ-A") == frozenset()


def test_they_are_known_far_ahead() -> None:
    assert {day.year for day in public_holidays("GB")} == set(YEARS)
