"""Other times than those offered first: by day and part of the day, in presses and in words."""

from datetime import time

import pytest

from flows.dialogs.states import ChoosingDay, ChoosingPart, Offered
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.events import ChoicePressed
from flows.meaning import Intent
from flows.messages import booking as confirmed
from flows.messages import times
from tests.flows.beginnings import invite, offered
from tests.flows.house import FREE, THURSDAY_EVENING, House, booked, on, slot


def test_other_times_are_chosen_by_day_and_part_of_the_day() -> None:
    house = offered(House())
    assert house.presses(Choice.OTHER_TIMES) == [times.WhichDay]
    assert house.did(requests.ReleaseHolds)
    assert house.presses(Choice.DAY, 1) == [times.WhichPart]
    assert house.presses(Choice.PART_OF_DAY, 2) == [times.OneTime]
    assert house.presses(Choice.SLOT, 0) == [confirmed.Booked]
    assert house.visit == booked(THURSDAY_EVENING, appointment=8)


@pytest.mark.parametrize(("part", "exact"), [(0, True), (1, False), (2, False), (3, True)])
def test_parts_of_a_day_are_morning_afternoon_evening_and_any(part: int, *, exact: bool) -> None:
    house = offered(House())
    house.presses(Choice.OTHER_TIMES)
    house.presses(Choice.DAY, 0)
    said = house.presses(Choice.PART_OF_DAY, part)
    assert said == ([times.OneTime] if exact else [times.NearestTwo])


def test_later_dates_go_on_after_the_days_on_the_table() -> None:
    house = offered(House())
    house.presses(Choice.OTHER_TIMES)
    days = house.chat.state
    assert isinstance(days, ChoosingDay)
    house.free = (*FREE, slot(8, 9, month=12))
    assert house.presses(Choice.LATER_DATES) == [times.WhichDay]
    assert house.stands_at() != days
    assert house.writes(Intent.NO) == [times.NothingFree]


def test_later_dates_of_an_offer_keep_the_hours_that_were_wished_for() -> None:
    house = invite(House())
    house.writes(Intent.SLOT_CHOICE, times=on((11, 28), earliest=time(9), latest=time(12)))
    assert house.presses(Choice.LATER_DATES) == [times.NearestTwo]
    state = house.chat.state
    assert isinstance(state, Offered)
    assert state.wish == on(earliest=time(9), latest=time(12))
    assert state.offers[0].starts_at > FREE[2].starts_at


def test_neither_of_the_offers_leads_to_other_days() -> None:
    assert offered(House()).writes(Intent.NO) == [times.WhichDay]
    assert offered(House()).writes(Intent.RESCHEDULE) == [times.WhichDay]
    assert offered(House()).writes(Intent.RESCHEDULE, times=on((11, 28))) == [times.OneTime]


def test_days_may_be_named_in_words() -> None:
    house = offered(House())
    house.presses(Choice.OTHER_TIMES)
    assert house.writes(Intent.SLOT_CHOICE) == [times.WhichDay]
    assert house.writes(Intent.SLOT_CHOICE, times=on((11, 28))) == [times.OneTime]
    house.presses(Choice.OTHER_TIMES)
    assert house.writes(Intent.SLOT_CHOICE, ordinal=0) == [times.WhichPart]


def test_parts_may_be_named_in_words_and_mean_the_chosen_day() -> None:
    house = offered(House())
    house.presses(Choice.OTHER_TIMES)
    house.presses(Choice.DAY, 1)
    assert house.stands_at() == ChoosingPart(day=on((11, 27)).dates[0])  # type: ignore[index]
    assert house.writes(Intent.SLOT_CHOICE) == [times.WhichPart]
    assert house.writes(Intent.SLOT_CHOICE, times=on(earliest=time(17))) == [times.OneTime]
    house.presses(Choice.OTHER_TIMES)
    house.presses(Choice.DAY, 0)
    assert house.writes(Intent.BOOK, times=on((12, 4))) == [times.OneTime]
    house.presses(Choice.OTHER_TIMES)
    house.presses(Choice.DAY, 0)
    assert house.writes(Intent.YES) == [times.OneTime]
    house.presses(Choice.OTHER_TIMES)
    house.presses(Choice.DAY, 0)
    assert house.writes(Intent.NO) == [times.WhichDay]


def test_a_place_that_no_button_has_is_asked_back() -> None:
    house = offered(House())
    assert house.hears(ChoicePressed(choice=Choice.SLOT, argument=9, asked=house.chat.asked)) == [times.WhichOfTwo]
    house.presses(Choice.OTHER_TIMES)
    assert house.hears(ChoicePressed(choice=Choice.DAY, argument=9, asked=house.chat.asked)) == [times.WhichDay]
    house.presses(Choice.DAY, 0)
    assert house.hears(ChoicePressed(choice=Choice.PART_OF_DAY, argument=9, asked=house.chat.asked)) == [
        times.WhichPart
    ]
