"""Things said beside the question, and what is done when nothing fits."""

from datetime import UTC, datetime

import pytest

from flows.dialogs.states import Idle, WaitingForStaff
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts
from flows.engine.events import AttachmentReceived, ChatOpened, ChoicePressed
from flows.meaning import Flag, Intent
from flows.messages import answers, buttons, later, meant, repair, safety, times
from flows.messages import welcome as opening
from flows.vocabulary import TicketReason
from tests.flows.house import FREE, House, booked, on, puzzling, understood

MONDAY = datetime(2025, 11, 24, 8, tzinfo=UTC)
ROBOT = frozenset({Flag.ROBOT_QUESTION})


def offered() -> House:
    house = House()
    house.writes(Intent.BOOK)
    return house


def test_whoever_opens_the_chat_is_greeted_and_offered_what_can_be_done() -> None:
    house = House()
    assert house.hears(ChatOpened()) == [opening.Welcome]
    assert [button.choice for button in house.on_the_table] == [
        Choice.LOOK_FOR_TIME,
        Choice.MY_DETAILS,
        Choice.SETTINGS,
        Choice.PERSON,
    ]
    house.visit = booked(FREE[2])
    house.hears(ChatOpened())
    assert house.on_the_table[0].choice is Choice.MY_VISIT


def test_opening_the_chat_again_does_not_lose_the_question() -> None:
    house = offered()
    state = house.stands_at()
    assert house.hears(ChatOpened()) == [times.WhichOfTwo]
    assert house.stands_at() == state


def test_fees_are_said_in_the_clinics_words_or_by_a_person() -> None:
    house = House(clinic=ClinicFacts(says=frozenset({"fees"})))
    assert house.writes(Intent.PRICE_QUESTION) == [answers.Fees]
    house = offered()
    assert house.writes(Intent.PRICE_QUESTION) == [answers.FeesFromPerson, times.WhichOfTwo]
    assert house.tickets() == [TicketReason.QUESTION]


def test_questions_and_files_go_to_staff_and_the_question_stays_open() -> None:
    house = offered()
    assert house.writes(Intent.INFO_QUESTION) == [answers.QuestionPassedOn, times.WhichOfTwo]
    assert house.tickets() == [TicketReason.QUESTION]
    assert house.hears(AttachmentReceived()) == [repair.AttachmentPassedOn, times.WhichOfTwo]
    assert house.tickets() == [TicketReason.QUESTION]


def test_praise_is_thanked_for_and_blame_reaches_staff() -> None:
    house = House()
    assert house.writes(Intent.FEEDBACK_GOOD) == [answers.PraisePassedOn]
    assert house.writes(Intent.FEEDBACK_BAD) == [answers.BlamePassedOn]
    assert house.tickets() == [TicketReason.WORRY]


def test_a_yes_to_nothing_is_answered_in_a_friendly_line() -> None:
    house = House()
    assert house.writes(Intent.YES) == [answers.Pleasantry]
    assert house.stands_at() == Idle()


def test_a_robot_says_so_and_goes_on() -> None:
    house = offered()
    assert house.hears(understood(Intent.CHITCHAT, flags=ROBOT)) == [answers.YesRobot, times.WhichOfTwo]
    assert house.chat.misunderstood == 0


def test_a_robot_says_so_beside_doing_what_was_asked() -> None:
    house = offered()
    said = house.hears(understood(Intent.SLOT_CHOICE, times=on((11, 28)), flags=ROBOT))
    assert said == [answers.YesRobot, times.OneTime]


def test_a_minor_is_made_known_to_staff_and_the_talk_goes_on() -> None:
    house = House()
    assert house.hears(understood(Intent.BOOK, flags=frozenset({Flag.MINOR}))) == [safety.MinorNoted, times.TwoTimes]
    assert house.tickets() == [TicketReason.MINOR]
    odd = understood(Intent.OTHER, flags=frozenset({Flag.MINOR}))
    assert house.hears(odd) == [safety.MinorNoted, repair.NotUnderstoodOnce]
    assert house.tickets() == [TicketReason.MINOR]


def test_what_is_not_understood_is_said_plainly_with_choices() -> None:
    house = offered()
    assert house.hears(puzzling(Intent.LATER, Intent.YES, Intent.MONEY)) == [repair.NotUnderstoodOnce]
    labels = [type(button.label) for button in house.on_the_table]
    assert labels[:2] == [meant.MeantLater, meant.MeantMoney]
    assert buttons.ButtonSlot in labels
    assert labels.count(buttons.ButtonPerson) == 1


@pytest.mark.parametrize(
    ("intent", "label"),
    [
        (Intent.STOP, meant.MeantStop),
        (Intent.WRONG_PERSON, meant.MeantWrongPerson),
        (Intent.DECEASED, meant.MeantDeceased),
        (Intent.ERASE, meant.MeantErase),
    ],
)
def test_what_ends_much_is_asked_back_unless_it_is_sure(intent: Intent, label: type) -> None:
    house = House()
    assert house.hears(puzzling(intent, Intent.LATER)) == [repair.NotUnderstoodOnce]
    assert house.asked_for == []
    assert type(house.on_the_table[0].label) is label
    house.presses(Choice.MEANT, 0)
    assert house.said != []
    assert house.asked_for != []


def test_the_open_choices_stay_good_after_a_misunderstanding() -> None:
    house = offered()
    house.hears(puzzling())
    house.presses(Choice.SLOT, 0)
    assert house.visit is not None


def test_a_reading_that_was_meant_is_taken_for_sure_with_all_the_words_said() -> None:
    house = offered()
    house.hears(puzzling(Intent.OTHER, Intent.UPDATE_CONTACT, text="06 12 34 56 78"))
    house.presses(Choice.MEANT, 1)
    assert type(house.said[0].text).__name__ == "ReadBackMobile"
    assert house.chat.doubt is None


def test_readings_that_say_the_same_are_offered_once_and_at_most_three() -> None:
    house = House()
    house.hears(puzzling(Intent.BOOK, Intent.SLOT_CHOICE, Intent.LATER, Intent.MONEY, Intent.FEAR))
    meant_buttons = [button for button in house.on_the_table if button.choice is Choice.MEANT]
    assert [type(button.label) for button in meant_buttons] == [
        buttons.ButtonLookForTime,
        meant.MeantLater,
        meant.MeantMoney,
    ]
    assert [button.argument for button in meant_buttons] == [0, 2, 3]
    assert Choice.LOOK_FOR_TIME not in {button.choice for button in house.on_the_table}


def test_an_old_reading_means_nothing_any_more() -> None:
    house = House()
    house.hears(puzzling(Intent.LATER))
    assert house.presses(Choice.MEANT, 0) == [later.WhenAgain]
    assert house.presses_old(Choice.MEANT, 0) == [repair.MovedOn, later.WhenAgain]


def test_a_reading_that_was_not_offered_is_no_reading() -> None:
    house = House()
    house.hears(puzzling(Intent.LATER))
    made_up = ChoicePressed(choice=Choice.MEANT, argument=7, asked=house.chat.asked)
    assert house.hears(made_up) == [repair.MovedOn, opening.WhatCanWeDo]


def test_the_second_time_a_person_is_told() -> None:
    house = offered()
    house.hears(puzzling())
    assert house.hears(puzzling()) == [repair.NotUnderstoodPerson]
    assert house.tickets() == [TicketReason.NOT_UNDERSTOOD]
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.NOT_UNDERSTOOD)
    closed = House(staff_back_at=MONDAY)
    closed.hears(puzzling())
    assert closed.hears(puzzling()) == [repair.NotUnderstoodPersonFrom]


def test_a_sure_word_between_starts_the_count_anew() -> None:
    house = offered()
    house.hears(puzzling())
    house.writes(Intent.CHITCHAT)
    assert house.hears(puzzling()) == [repair.NotUnderstoodOnce]


def test_an_old_button_does_not_count_as_a_misunderstanding() -> None:
    house = offered()
    assert house.presses_old(Choice.WILL_COME) == [repair.MovedOn, times.WhichOfTwo]
    assert house.chat.misunderstood == 0
