"""One account, several patients: for whom is it?"""

from datetime import UTC, datetime

import pytest

from flows.dialogs.states import Closed, ForWhomAsked, Frozen, Idle, WaitingForStaff
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.decision import Keyboard
from flows.engine.events import ChatOpened, ChoicePressed, SeveralPeople
from flows.engine.requests import StopCovers
from flows.engine.state import Chat
from flows.meaning import Intent
from flows.messages import household, knowing, repair, safety, stop, welcome
from flows.messages.text import Text
from flows.vocabulary import TicketReason
from tests.flows.house import ANNA, BEN, House

MONDAY = datetime(2025, 11, 24, 8, tzinfo=UTC)


def asked(*, staff_back_at: datetime | None = None) -> House:
    house = House(family=(ANNA, BEN), staff_back_at=staff_back_at)
    house.hears(SeveralPeople(people=house.family))
    return house


def test_whoever_looks_after_several_is_thanked_and_asked_for_whom_it_is() -> None:
    house = House(family=(ANNA, BEN))
    assert house.hears(SeveralPeople(people=house.family)) == [knowing.KnownNow, household.ForWhom]
    assert house.said[0].keyboard is Keyboard.NONE
    assert [button.choice for button in house.on_the_table] == [Choice.FOR_WHOM, Choice.FOR_WHOM, Choice.PERSON]
    assert house.hears(ChatOpened()) == [household.ForWhom]


def test_another_is_spoken_for_in_their_own_chat() -> None:
    house = asked()
    assert house.presses(Choice.FOR_WHOM, 1) == []
    assert house.asked_for == [requests.SpeakFor(patient_id=BEN.patient_id)]
    assert house.stands_at() == Idle()


def test_the_patient_of_this_chat_is_greeted_here() -> None:
    assert asked().presses(Choice.FOR_WHOM, 0) == [welcome.Welcome]


def test_nothing_is_done_for_anybody_before_it_is_said_for_whom() -> None:
    house = asked()
    assert house.writes(Intent.BOOK) == [household.ForWhomFirst]
    assert house.asked_for == []
    house.presses(Choice.FOR_WHOM, 1)
    assert house.did(requests.SpeakFor)


@pytest.mark.parametrize(
    ("back_at", "text"), [(None, repair.NotUnderstoodPerson), (MONDAY, repair.NotUnderstoodPersonFrom)]
)
def test_the_second_time_a_person_reads_it(back_at: datetime | None, text: type[Text]) -> None:
    house = asked(staff_back_at=back_at)
    house.writes(Intent.BOOK)
    assert house.writes(Intent.BOOK) == [text]
    assert house.tickets() == [TicketReason.NOT_UNDERSTOOD]
    assert isinstance(house.stands_at(), WaitingForStaff)


def test_danger_is_heard_before_for_whom() -> None:
    house = asked()
    assert house.writes(Intent.URGENT) == [safety.Emergency]
    assert isinstance(house.stands_at(), Frozen)


def test_a_stop_before_it_is_said_for_whom_is_meant_for_all() -> None:
    house = asked()
    assert house.writes(Intent.STOP) == [stop.Stopped]
    assert requests.RecordStop(covers=StopCovers.WHOLE_ACCOUNT) in house.asked_for
    alone = House()
    alone.writes(Intent.STOP)
    assert requests.RecordStop() in alone.asked_for


def test_the_menu_of_a_family_leads_to_the_others() -> None:
    house = House(family=(ANNA, BEN))
    house.hears(ChatOpened())
    assert house.presses(Choice.FAMILY) == [household.ForWhom]
    assert house.stands_at() == ForWhomAsked(people=(ANNA, BEN))
    alone = House()
    alone.hears(ChatOpened())
    assert Choice.FAMILY not in {button.choice for button in alone.on_the_table}
    assert alone.presses_old(Choice.FAMILY) == [welcome.WhatCanWeDo]


def test_times_on_the_table_are_given_back_when_it_is_for_somebody_else() -> None:
    house = House(family=(ANNA, BEN))
    house.writes(Intent.BOOK)
    house.presses_old(Choice.FAMILY)
    assert house.did(requests.ReleaseHolds)


def test_a_person_who_is_not_there_cannot_be_chosen() -> None:
    house = asked()
    press = ChoicePressed(choice=Choice.FOR_WHOM, argument=2, asked=house.chat.asked)
    assert house.hears(press) == [household.ForWhom]


def test_a_closed_line_stays_closed() -> None:
    house = House(chat=Chat(state=Closed(reason=TicketReason.WRONG_PERSON)), family=(ANNA, BEN))
    assert house.hears(SeveralPeople(people=house.family)) == [safety.LineClosed]
