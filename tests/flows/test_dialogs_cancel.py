"""A visit cancelled after asking back, and a bare "cancel" that may mean the visit or the messages."""

import pytest

from flows.dialogs.states import CancelAsked, CancelMeant, Idle, MessagesAsked
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.events import ChatOpened, ChoicePressed
from flows.meaning import Intent
from flows.messages import cancel, objections, stop, times, visit
from flows.messages import welcome as opening
from flows.vocabulary import Purpose
from tests.flows.beginnings import OUTREACH, press, with_visit
from tests.flows.house import FREE, House, on, puzzling, understood


def test_a_visit_is_cancelled_after_asking_back() -> None:
    house = with_visit()
    assert press(house, Choice.CANCEL_VISIT) == [cancel.CancelSure]
    assert house.has_visit()
    assert house.presses(Choice.CONFIRM_CANCEL) == [cancel.Cancelled]
    assert not house.has_visit()
    assert house.presses(Choice.LOOK_FOR_TIME) == [times.TwoTimes]


def test_asked_back_cancel_and_yes_mean_the_visit() -> None:
    for intent in (Intent.CANCEL, Intent.YES):
        house = with_visit()
        press(house, Choice.CANCEL_VISIT)
        assert house.writes(intent) == [cancel.Cancelled]
        assert not house.did(requests.RecordConsent)


def test_cancelling_what_is_gone_changes_nothing() -> None:
    house = with_visit()
    press(house, Choice.CANCEL_VISIT)
    house.visit = None
    assert house.presses(Choice.CONFIRM_CANCEL) == [cancel.AlreadyGone]
    assert press(House(), Choice.CANCEL_VISIT) == [visit.NoVisit]


def test_a_bare_cancel_ends_outreach_at_once_and_asks_what_is_meant() -> None:
    house = with_visit()
    assert house.writes(Intent.CANCEL) == [cancel.CancelWhich]
    assert house.asked_for == [requests.RecordConsent(refused=OUTREACH)]
    assert house.has_visit()
    assert isinstance(house.stands_at(), CancelMeant)


def test_neither_was_meant_and_the_patient_permits_again_what_was_permitted() -> None:
    house = with_visit()
    house.writes(Intent.CANCEL)
    assert house.presses(Choice.KEEP_MESSAGES) == [cancel.MessagesKept]
    assert house.permitted == OUTREACH
    assert house.visit is not None


def test_keeping_messages_does_not_permit_offers_that_were_not_permitted_before() -> None:
    house = House(permitted=frozenset({Purpose.RECALL}))
    house.writes(Intent.CANCEL)
    house.presses(Choice.KEEP_MESSAGES)
    assert house.permitted == frozenset({Purpose.RECALL})


def test_only_the_visit_was_meant_and_the_messages_are_asked_about() -> None:
    house = with_visit()
    house.writes(Intent.CANCEL)
    assert house.presses(Choice.CANCEL_VISIT) == [cancel.CancelledMessagesOff]
    assert isinstance(house.stands_at(), MessagesAsked)
    assert not house.has_visit()
    assert house.permitted == frozenset()
    assert house.presses(Choice.KEEP_MESSAGES) == [cancel.MessagesKept]
    assert house.permitted == OUTREACH


def test_a_no_to_three_things_at_once_permits_nothing() -> None:
    house = with_visit()
    house.writes(Intent.CANCEL)
    assert house.writes(Intent.NO) == [cancel.CancelWhich]
    assert house.asked_for == []
    assert house.writes(Intent.YES) == [cancel.CancelSure]
    assert house.permitted == frozenset()


def test_a_no_to_cancelling_the_visit_keeps_it_and_leaves_the_question_about_the_messages() -> None:
    house = with_visit()
    house.writes(Intent.CANCEL)
    house.writes(Intent.CANCEL)
    assert house.writes(Intent.NO) == [cancel.VisitKept, cancel.CancelMessages]
    assert house.has_visit()
    assert house.permitted == frozenset()
    assert house.writes(Intent.NO) == [cancel.MessagesKept]
    assert house.permitted == OUTREACH


@pytest.mark.parametrize("word", [Intent.YES, Intent.CANCEL])
def test_a_yes_to_messages_staying_off_ends_them(word: Intent) -> None:
    house = messages_asked()
    assert house.writes(word) == [stop.Stopped]
    assert house.did(requests.RecordStop)
    assert house.permitted == frozenset()


def test_a_no_to_messages_staying_off_lets_them_go_on() -> None:
    house = messages_asked()
    assert house.writes(Intent.NO) == [cancel.MessagesKept]
    assert house.permitted == OUTREACH


def test_yes_cancel_it_is_no_doubt_where_either_is_the_answer() -> None:
    both = puzzling(Intent.CANCEL, Intent.YES, Intent.NO)
    house = with_visit()
    press(house, Choice.CANCEL_VISIT)
    assert house.hears(both) == [cancel.Cancelled]
    assert messages_asked().hears(both) == [stop.Stopped]
    house = with_visit()
    house.writes(Intent.CANCEL)
    assert house.hears(both) == [cancel.CancelSure]
    assert house.hears(both) == [cancel.CancelledMessagesOff]


@pytest.mark.parametrize("next_likeliest", [(), (Intent.NO, Intent.YES)])
def test_a_cancel_in_doubt_with_a_no_is_asked_back(next_likeliest: tuple[Intent, ...]) -> None:
    house = with_visit()
    press(house, Choice.CANCEL_VISIT)
    house.hears(puzzling(Intent.CANCEL, *next_likeliest))
    assert house.has_visit()


@pytest.mark.parametrize("again", [Intent.CANCEL, Intent.YES])
def test_words_that_say_so_twice_cancel_the_visit_and_the_messages_are_asked_about(again: Intent) -> None:
    house = with_visit()
    house.writes(Intent.CANCEL)
    assert house.writes(Intent.CANCEL) == [cancel.CancelSure]
    assert house.has_visit()
    assert house.writes(again) == [cancel.CancelledMessagesOff]
    assert not house.has_visit()


def test_whoever_tells_more_than_cancel_is_asked_about_the_visit_alone() -> None:
    house = with_visit()
    assert house.writes(Intent.CANCEL, "cannot make it after all, sorry") == [cancel.CancelSure]
    assert not house.did(requests.RecordConsent)
    assert house.writes(Intent.YES) == [cancel.Cancelled]


def test_whoever_names_a_day_is_asked_about_the_visit_alone() -> None:
    house = with_visit()
    day = FREE[2].starts_at
    assert house.hears(understood(Intent.CANCEL, times=on((day.month, day.day)))) == [cancel.CancelSure]
    assert house.asked_for == []
    assert house.writes(Intent.YES) == [cancel.Cancelled]


def messages_asked() -> House:
    """The visit is cancelled, and it is open whether the messages stay off."""
    house = with_visit()
    house.writes(Intent.CANCEL)
    house.presses(Choice.CANCEL_VISIT)
    return house


def test_the_messages_were_meant() -> None:
    house = with_visit()
    house.writes(Intent.CANCEL)
    assert house.presses(Choice.STOP) == [stop.StoppedVisitGoesOn]
    assert house.did(requests.RecordStop)


def test_a_bare_cancel_without_a_visit_asks_about_the_messages() -> None:
    house = House()
    assert house.writes(Intent.CANCEL) == [cancel.CancelMessages]
    assert house.writes(Intent.YES) == [stop.Stopped]
    assert house.did(requests.RecordStop)
    assert house.stands_at() == Idle()


def test_a_no_to_ending_the_messages_lets_them_go_on() -> None:
    house = House()
    house.writes(Intent.CANCEL)
    assert house.writes(Intent.NO) == [cancel.MessagesKept]
    assert house.permitted == frozenset({Purpose.RECALL})


def test_a_visit_gone_meanwhile_leaves_the_question_about_the_messages() -> None:
    house = with_visit()
    house.writes(Intent.CANCEL)
    house.visit = None
    assert house.presses(Choice.CANCEL_VISIT) == [cancel.AlreadyGone, cancel.CancelMessages]
    assert house.hears(ChoicePressed(choice=Choice.CANCEL_VISIT, argument=0, asked=house.chat.asked)) == [
        cancel.CancelMessages
    ]


def test_cancelling_gives_back_the_offers_on_the_table() -> None:
    house = with_visit()
    press(house, Choice.CHANGE_VISIT)
    press(house, Choice.CANCEL_VISIT)
    assert house.did(requests.ReleaseHolds)
    assert isinstance(house.stands_at(), CancelAsked)


def test_the_way_back_after_a_cancelled_visit_leads_to_a_kind_goodbye() -> None:
    house = with_visit()
    press(house, Choice.CANCEL_VISIT)
    house.presses(Choice.CONFIRM_CANCEL)
    house.presses(Choice.NOT_NOW)
    assert house.presses(Choice.NO_THANKS) == [objections.Goodbye]
    assert house.hears(ChatOpened()) == [opening.Welcome]
