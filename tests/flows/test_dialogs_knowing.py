"""Somebody writes who is not known yet: danger first, and nothing about any patient before it is known who they are.

Longer than other files: each way of becoming known, and each way of not, is one short scene.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.dialogs import step
from flows.dialogs.person_in_text import may_be_a_name, tells_birth_date, tells_name, tells_who
from flows.dialogs.states import BeingIdentified, Closed, Frozen, Idle, WaitingForStaff, WhoAsked
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.decision import Keyboard
from flows.engine.events import (
    AttachmentReceived,
    ChatOpened,
    Event,
    FreezeCleared,
    HandedBack,
    LinkOver,
    PersonNotFound,
    PhoneNotFound,
    PhoneNotOwn,
    Recognised,
    TooManyTries,
)
from flows.engine.state import Chat, State
from flows.meaning import Flag, Intent
from flows.messages import answers, knowing, person, repair, safety, stop, times, welcome
from flows.messages.text import Text
from flows.vocabulary import AttachmentKind, Owner, Purpose, TicketReason, Urgency
from tests.flows.house import House, booked, puzzling, understood
from tests.flows.samples import EVENTS, STRANGER_STATES

MONDAY = datetime(2025, 11, 24, 8, tzinfo=UTC)


def stranger(*, staff_back_at: datetime | None = None) -> House:
    return House(known=False, permitted=frozenset(), staff_back_at=staff_back_at)


def greeted(*, staff_back_at: datetime | None = None) -> House:
    house = stranger(staff_back_at=staff_back_at)
    house.hears(ChatOpened())
    return house


def test_whoever_is_not_known_is_greeted_and_asked_who_they_are() -> None:
    house = stranger()
    assert house.hears(ChatOpened()) == [knowing.WhoIsThis]
    reply = house.said[0]
    assert reply.keyboard is Keyboard.SHARE_PHONE
    assert reply.keyboard_label is not None
    assert [button.choice for button in reply.buttons] == [Choice.NEW_HERE, Choice.PERSON]
    assert house.stands_at() == WhoAsked()
    assert house.hears(ChatOpened()) == [knowing.WhoIsThisAgain]


@pytest.mark.parametrize("intent", [Intent.BOOK, Intent.CANCEL, Intent.PRICE_QUESTION, Intent.CHITCHAT, Intent.YES])
def test_whatever_they_want_comes_after_who_they_are(intent: Intent) -> None:
    house = stranger()
    assert house.writes(intent) == [knowing.WhoIsThis]
    assert house.writes(intent) == [knowing.WhoIsThisAgain]
    assert house.asked_for == []


@pytest.mark.parametrize(
    ("back_at", "text"), [(None, repair.NotUnderstoodPerson), (MONDAY, repair.NotUnderstoodPersonFrom)]
)
def test_whoever_tells_nothing_of_themselves_for_long_is_answered_by_a_person(
    back_at: datetime | None, text: type[Text]
) -> None:
    house = stranger(staff_back_at=back_at)
    for _ in range(2):
        house.writes(Intent.BOOK)
    assert house.writes(Intent.BOOK) == [text]
    assert house.tickets() == [TicketReason.NOT_UNDERSTOOD]


@pytest.mark.parametrize("state", STRANGER_STATES, ids=lambda state: state.name)
def test_nothing_that_is_stored_of_a_patient_changes_what_is_decided(state: State) -> None:
    bare = House(known=False, permitted=frozenset()).context
    rich = House(
        known=False,
        permitted=frozenset(Purpose),
        unasked=frozenset(Purpose),
        visit=booked(),
        minor=True,
        frozen=True,
        worry=TicketReason.WORRY,
    ).context
    # The house knows a last visit of everybody; here it must not matter either.
    poor = replace(bare, patient=replace(bare.patient, last_visit_on=None))
    for event in EVENTS:
        chat = Chat(state=state, asked=1)
        assert step(chat, event, rich) == step(chat, event, poor)


def test_danger_comes_before_who_they_are() -> None:
    house = greeted()
    assert house.writes(Intent.URGENT) == [safety.Emergency]
    assert house.tickets() == [TicketReason.EMERGENCY]
    assert house.stands_at() == Frozen(reason=TicketReason.EMERGENCY)
    assert house.hears(puzzling()) == [safety.StillWithTeam]
    assert [button.choice for button in house.on_the_table] == [Choice.TELL_WHO, Choice.PERSON]
    assert house.presses(Choice.TELL_WHO) == [knowing.WhoIsThisAgain]
    assert house.hears(puzzling(text="Anna Peeters 3.4.1980")) == [knowing.BeingLookedUp]
    assert house.asked_for == [requests.AskWhoThisIs(text="Anna Peeters 3.4.1980")]
    assert house.stands_at() == Frozen(reason=TicketReason.EMERGENCY)
    house.hears(FreezeCleared())
    assert house.stands_at() == Idle()


def test_a_crisis_the_law_a_death_and_the_own_data_are_heard_of_strangers_too() -> None:
    assert greeted().hears(understood(Intent.OTHER, flags=frozenset({Flag.CRISIS}))) == [safety.Crisis]
    assert greeted().hears(understood(Intent.OTHER, flags=frozenset({Flag.LEGAL}))) == [safety.LegalNoted]
    denied = understood(Intent.OTHER, flags=frozenset({Flag.DENIED_URGENT}))
    assert greeted().hears(denied) == [safety.Emergency]
    assert greeted().writes(Intent.ERASE) == [safety.DataRequestNoted]
    house = greeted()
    assert house.writes(Intent.DECEASED) == [safety.Condolence]
    assert isinstance(house.stands_at(), Closed)
    assert house.hears(LinkOver()) == [safety.LineClosed]


def test_a_stranger_who_says_stop_gets_one_confirmation_and_no_way_back_to_permit() -> None:
    house = greeted()
    assert house.writes(Intent.STOP) == [stop.Stopped]
    assert house.did(requests.RecordStop)
    assert house.said[0].buttons == ()
    assert house.stands_at() == Idle()


@pytest.mark.parametrize(
    "event", [understood(Intent.FEEDBACK_BAD), understood(Intent.OTHER, flags=frozenset({Flag.PAIN}))]
)
def test_pain_and_blame_reach_staff_before_it_is_known_whose(event: Event) -> None:
    house = greeted()
    assert house.hears(event) == [answers.BlamePassedOn, knowing.WhoIsThisAgain]
    assert house.asked_for == [requests.OpenTicket(reason=TicketReason.WORRY, urgency=Urgency.TODAY)]


def test_words_that_tell_of_pain_are_not_taken_for_a_name() -> None:
    house = greeted()
    hurts = replace(puzzling(text="my tooth hurts").meaning, flags=frozenset({Flag.PAIN}))
    house.hears(replace(puzzling(text="my tooth hurts"), meaning=hurts))
    assert house.stands_at() == WhoAsked()


def test_a_person_is_one_press_away_and_who_they_are_can_be_told_meanwhile() -> None:
    house = greeted()
    assert house.presses(Choice.PERSON) == [person.PersonComing]
    assert house.writes(Intent.BOOK) == [person.Noted]
    assert house.writes(Intent.BOOK) == []
    assert house.writes(Intent.HUMAN) == [person.PersonKnows]
    assert house.presses(Choice.TELL_WHO) == [knowing.WhoIsThisAgain]
    assert house.hears(puzzling(text="Anna Peeters, 3 April 1980")) == [knowing.BeingLookedUp]
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.PERSON_ASKED)
    assert house.hears(HandedBack(answered=True)) == [person.AssistantBack]
    assert house.stands_at() == Idle()


def test_name_and_birth_date_go_to_staff_and_the_keyboard_goes_away() -> None:
    house = greeted()
    assert house.hears(puzzling(text="Anna Peeters, 3.4.1980")) == [knowing.BeingLookedUp]
    assert house.asked_for == [requests.AskWhoThisIs(text="Anna Peeters, 3.4.1980")]
    assert house.said[0].keyboard is Keyboard.NONE
    assert house.said[0].buttons == ()
    assert house.stands_at() == BeingIdentified()
    assert house.writes(Intent.BOOK) == [person.Noted]
    assert house.hears(ChatOpened()) == [knowing.BeingLookedUp]
    closed = greeted(staff_back_at=MONDAY)
    assert closed.hears(puzzling(text="Anna Peeters 03/04/80")) == [knowing.BeingLookedUpFrom]


def test_a_first_message_with_name_and_birth_date_is_enough() -> None:
    house = stranger()
    assert house.hears(understood(Intent.BOOK, "this is Anna Peeters, 3.4.1980, a visit please")) == [
        knowing.BeingLookedUp
    ]
    assert house.stands_at() == BeingIdentified()


def test_name_and_birth_date_may_come_one_by_one_in_any_order() -> None:
    house = greeted()
    assert house.hears(puzzling(text="Anna Peeters")) == [knowing.BirthDateToo]
    assert house.hears(puzzling(text="3.4.1980")) == [knowing.BeingLookedUp]
    assert house.asked_for == [requests.AskWhoThisIs(text="Anna Peeters, 3.4.1980")]
    house = greeted()
    assert house.hears(puzzling(text="1980-04-03")) == [knowing.NameToo]
    assert house.hears(puzzling(text="Анна Петерс")) == [knowing.BeingLookedUp]


def test_a_name_that_is_a_word_too_is_taken_for_the_name_it_is_written_as() -> None:
    house = greeted()
    assert house.writes(Intent.LATER, "Jan de Vries") == [knowing.BirthDateToo]
    assert greeted().writes(Intent.LATER, "in january") == [knowing.WhoIsThisAgain]


def test_when_staff_find_nobody_it_is_said_and_asked_anew() -> None:
    house = greeted()
    house.hears(puzzling(text="Anna Peeters, 3.4.1980"))
    assert house.hears(PersonNotFound()) == [knowing.NobodyFound]
    assert house.said[0].keyboard is Keyboard.SHARE_PHONE
    assert house.stands_at() == WhoAsked()


def test_a_number_of_nobody_and_a_number_of_another_are_no_proof() -> None:
    house = stranger()
    assert house.hears(PhoneNotFound()) == [knowing.PhoneUnknown]
    assert house.hears(PhoneNotOwn()) == [knowing.PhoneOfAnother]
    assert house.stands_at() == WhoAsked()
    assert house.asked_for == []


def test_a_link_that_is_over_is_said_to_be_and_who_they_are_asked() -> None:
    assert stranger().hears(LinkOver()) == [knowing.LinkNotValid, knowing.WhoIsThis]
    assert greeted().hears(LinkOver()) == [knowing.LinkNotValid, knowing.WhoIsThisAgain]
    assert House().hears(LinkOver()) == [welcome.LinkNotNeeded, welcome.WhatCanWeDo]


@pytest.mark.parametrize("house", [stranger(), House()])
def test_whoever_tries_too_often_is_told_for_how_long_the_chat_pauses(house: House) -> None:
    assert house.hears(TooManyTries(minutes=5)) == [knowing.TriedTooOften]
    assert house.said[0].text == knowing.TriedTooOften(minutes=5)


@pytest.mark.parametrize(("back_at", "text"), [(None, knowing.NewHere), (MONDAY, knowing.NewHereFrom)])
def test_whoever_is_new_is_answered_by_a_person(back_at: datetime | None, text: type[Text]) -> None:
    house = greeted(staff_back_at=back_at)
    assert house.presses(Choice.NEW_HERE) == [text]
    assert house.tickets() == [TicketReason.PERSON_ASKED]
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.PERSON_ASKED)
    known = person.PersonKnows if back_at is None else person.PersonKnowsFrom
    assert house.writes(Intent.HUMAN) == [known]
    house.presses(Choice.TELL_WHO)
    assert house.presses(Choice.NEW_HERE) == [known]
    assert house.tickets() == []


@pytest.mark.parametrize("house", [stranger(), greeted(), greeted(staff_back_at=MONDAY)])
def test_a_stranger_who_never_meant_to_write_hears_an_apology_and_nothing_more(house: House) -> None:
    assert house.writes(Intent.WRONG_PERSON) == [safety.WrongPersonSorry]
    assert house.said[0].buttons == ()
    assert house.tickets() == [TicketReason.WRONG_PERSON]
    assert house.stands_at() == Closed(reason=TicketReason.WRONG_PERSON)
    assert house.writes(Intent.CHITCHAT) == []
    assert house.writes(Intent.BOOK) == [safety.LineClosed]


def test_whom_staff_looked_for_is_left_alone_after_they_said_it_was_a_mistake() -> None:
    house = greeted()
    house.hears(puzzling(text="Anna Peeters, 3.4.1980"))
    house.writes(Intent.WRONG_PERSON)
    assert house.hears(PersonNotFound()) == []
    assert isinstance(house.stands_at(), Closed)


def test_a_robot_says_so_to_strangers_too() -> None:
    asked = understood(Intent.CHITCHAT, flags=frozenset({Flag.ROBOT_QUESTION}))
    assert stranger().hears(asked) == [answers.YesRobot, knowing.WhoIsThis]


def test_a_picture_of_a_stranger_reaches_staff() -> None:
    house = greeted()
    assert house.hears(AttachmentReceived(kind=AttachmentKind.PICTURE)) == [
        repair.AttachmentPassedOn,
        knowing.WhoIsThisAgain,
    ]
    assert house.tickets() == [TicketReason.QUESTION]


@pytest.mark.parametrize("choice", [Choice.LOOK_FOR_TIME, Choice.MY_VISIT, Choice.SETTINGS, Choice.FAMILY])
def test_a_command_of_a_stranger_leads_to_who_they_are(choice: Choice) -> None:
    assert stranger().presses_old(choice) == [knowing.WhoIsThis]
    assert greeted().presses_old(choice) == [knowing.WhoIsThisAgain]


def test_where_we_are_is_no_secret() -> None:
    assert greeted().presses_old(Choice.WHERE) == [answers.HereWeAre, knowing.WhoIsThisAgain]


def test_an_old_button_of_a_stranger_does_nothing() -> None:
    assert greeted().presses_old(Choice.START_AGAIN) == [repair.MovedOn, knowing.WhoIsThisAgain]


def test_staff_who_talk_with_a_stranger_are_not_talked_over() -> None:
    house = greeted()
    house.owner = Owner.STAFF
    assert house.hears(puzzling(text="Anna Peeters, 3.4.1980")) == []
    assert house.writes(Intent.URGENT) == [safety.Emergency]


def test_whoever_is_recognised_is_thanked_and_goes_on_where_their_chat_stands() -> None:
    house = House()
    assert house.hears(Recognised()) == [knowing.KnownNow, welcome.Welcome]
    assert house.said[0].keyboard is Keyboard.NONE
    house.writes(Intent.BOOK)
    assert house.hears(Recognised()) == [knowing.KnownNow, times.WhichOfTwo]


@pytest.mark.parametrize(
    "text",
    ["3.4.1980", "03/04/80", "3 4 1980", "1980-04-03", "03041980", "3 April 1980", "3 апреля 1980 г.", "3 avril 1980"],
)
def test_a_birth_date_is_seen_in_the_ways_people_write_it(text: str) -> None:
    assert tells_birth_date(text)
    assert tells_who(f"Anna Peeters {text}")


@pytest.mark.parametrize("text", ["", "Anna Peeters", "at 9.30", "06 12 34 56 78", "room 1980", "14:30 on the 3rd"])
def test_what_is_no_date_is_taken_for_none(text: str) -> None:
    assert not tells_birth_date(text)


def test_a_name_is_a_few_words_and_no_question() -> None:
    assert may_be_a_name("Anna-Maria de Vries")
    assert may_be_a_name("Анна Сергеевна Петрова")
    assert may_be_a_name("anna peeters")
    assert not may_be_a_name("je ne suis pas patiente")
    assert not may_be_a_name("can I come?")
    assert not may_be_a_name("Anna 3")
    assert not may_be_a_name("1 2 3")
    assert not may_be_a_name("I would like to know what a visit costs")
    assert not tells_name("3.4.1980")
    assert not tells_who(" ".join(["word"] * 31) + " 3.4.1980")
