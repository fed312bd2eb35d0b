"""An offer that a text points at, by its place among all or among those of a day it names."""

from datetime import UTC, date, datetime, time

import pytest

from bot.understanding import Reading
from bot.understanding.offers import named_offer
from flows.meaning import ANY_TIME, Expecting, Intent, Meaning, TimeWish
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS, OFFERS, WEDNESDAY

MONDAY = TimeWish(dates=(date(2025, 11, 24),), earliest=time(9, 30), latest=time(9, 30))
THURSDAY = TimeWish(dates=(date(2025, 11, 27),), earliest=time(17, 45), latest=time(17, 45))
TWO_ON_THURSDAY = (OFFERS[0], datetime(2025, 11, 27, 8, 0, tzinfo=UTC), OFFERS[1])


def named(ordinal: int | None, times: TimeWish = ANY_TIME, offers: tuple[datetime, ...] = OFFERS) -> TimeWish:
    reading = Reading(language=Language.EN, expecting=Expecting.SLOTS, now=WEDNESDAY, zone=BRUSSELS, offers=offers)
    meaning = Meaning(intent=Intent.SLOT_CHOICE, sure=True, confidence=1, times=times, ordinal=ordinal)
    return named_offer(meaning, reading)


@pytest.mark.parametrize(("ordinal", "meant"), [(0, MONDAY), (1, THURSDAY), (-1, THURSDAY), (-2, MONDAY)])
def test_a_place_is_the_date_and_time_of_that_offer_in_the_clinics_zone(ordinal: int, meant: TimeWish) -> None:
    assert named(ordinal) == meant


@pytest.mark.parametrize("ordinal", [None, 2, -3])
def test_without_a_place_that_exists_the_times_of_the_text_stay(ordinal: int | None) -> None:
    wish = TimeWish(dates=(date(2025, 11, 25),))
    assert named(ordinal, wish) == wish


def test_without_offers_there_is_nothing_to_point_at() -> None:
    assert named(0, offers=()) == ANY_TIME


def test_a_place_beside_a_day_counts_among_the_offers_of_that_day() -> None:
    thursday = TimeWish(dates=(date(2025, 11, 27),))
    assert named(0, thursday, TWO_ON_THURSDAY).earliest == time(9, 0)
    assert named(-1, thursday, TWO_ON_THURSDAY) == THURSDAY


def test_a_place_that_is_of_the_day_it_names_is_that_one() -> None:
    assert named(1, TimeWish(dates=(date(2025, 11, 27),))) == THURSDAY
    assert named(1, TimeWish(earliest=time(17))) == THURSDAY


def test_a_place_beside_a_day_without_offers_is_one_of_all() -> None:
    assert named(1, TimeWish(dates=(date(2025, 11, 25),))) == THURSDAY
