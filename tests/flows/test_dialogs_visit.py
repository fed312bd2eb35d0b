"""A booked visit: reminded of, confirmed, shown, moved, cancelled; and a "cancel" that may mean something else."""

from datetime import time

import pytest

from flows.dialogs.outreach_texts import reminder
from flows.dialogs.states import CancelAsked, CancelMeant, Idle, MessagesAsked, Offered, Reminded, WaitingForStaff
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts
from flows.engine.decision import Attachment
from flows.engine.events import ChatOpened, ChoicePressed, ReminderSent
from flows.ids import AppointmentId
from flows.meaning import Intent
from flows.messages import booking, cancel, objections, repair, stop, times, visit
from flows.messages import welcome as opening
from flows.vocabulary import Purpose, TicketReason
from tests.flows.house import FREE, TUESDAY_MORNING, House, booked, on

OUTREACH = frozenset({Purpose.RECALL, Purpose.OFFER})


def with_visit() -> House:
    return House(visit=booked(FREE[2]), permitted=OUTREACH)


def reminded() -> House:
    house = with_visit()
    assert house.visit is not None
    house.hears(ReminderSent(appointment_id=house.visit.appointment_id))
    house.on_the_table = reminder(house.visit, house.context).buttons
    return house


def press(house: House, choice: Choice) -> list[type]:
    return list(house.hears(ChoicePressed(choice=choice, argument=0, asked=house.chat.asked)))


def test_a_reminder_is_confirmed_by_a_press_or_a_yes() -> None:
    house = reminded()
    assert house.presses(Choice.WILL_COME) == [visit.SeeYou]
    assert house.asked_for == [requests.ConfirmVisit(appointment_id=AppointmentId(7))]
    assert reminded().writes(Intent.YES) == [visit.SeeYou]


def test_a_no_to_a_reminder_is_asked_back() -> None:
    house = reminded()
    assert house.writes(Intent.NO) == [cancel.CancelSure]
    assert house.writes(Intent.NO) == [cancel.VisitKept]
    assert house.has_visit()


def test_a_reminder_says_what_to_bring_where_the_clinic_does_and_has_the_calendar_file() -> None:
    house = House(clinic=ClinicFacts(says=frozenset({"bring"})))
    reply = reminder(booked(), house.context)
    assert isinstance(reply.text, visit.ReminderBring)
    assert reply.attachment is Attachment.CALENDAR_FILE


def test_a_reminder_asked_again_speaks_of_the_visit_that_stands() -> None:
    house = reminded()
    assert house.hears(ChatOpened()) == [visit.Reminder]
    house.visit = booked(FREE[3], appointment=9)
    assert house.hears(ChatOpened()) == [visit.VisitShown]
    house.visit = None
    assert house.hears(ChatOpened()) == [visit.NoVisit]
    assert press(house, Choice.WILL_COME) == [visit.NoVisit]


ANSWERS_TO_A_REMINDER = (Choice.WILL_COME, Choice.CHANGE_VISIT, Choice.CANCEL_VISIT, Intent.YES, Intent.NO)


def answers_reminder(house: House, answer: Choice | Intent) -> list[type]:
    return press(house, answer) if isinstance(answer, Choice) else list(house.writes(answer))


@pytest.mark.parametrize("answer", ANSWERS_TO_A_REMINDER)
def test_an_answer_to_the_reminder_of_a_visit_that_is_over_does_nothing_to_another(answer: Choice | Intent) -> None:
    house = reminded()
    house.visit = booked(FREE[3], appointment=9)
    assert answers_reminder(house, answer) == [repair.MovedOn, visit.VisitShown]
    assert house.asked_for == []
    assert house.stands_at() == Idle()


@pytest.mark.parametrize("answer", ANSWERS_TO_A_REMINDER)
def test_an_answer_to_the_reminder_of_the_last_visit_is_answered_politely(answer: Choice | Intent) -> None:
    house = reminded()
    house.visit = None
    assert answers_reminder(house, answer) == [visit.NoVisit]
    assert house.asked_for == []


def test_the_visit_is_shown_with_its_calendar_file() -> None:
    house = with_visit()
    assert press(house, Choice.MY_VISIT) == [visit.VisitShown]
    assert house.said[0].attachment is Attachment.CALENDAR_FILE
    assert press(House(), Choice.MY_VISIT) == [visit.NoVisit]


def test_a_visit_the_patient_speaks_of_is_shown_or_looked_for_by_staff() -> None:
    assert with_visit().writes(Intent.ALREADY_BOOKED) == [visit.VisitShown]
    house = House()
    assert house.writes(Intent.ALREADY_BOOKED) == [visit.VisitNotFound]
    assert house.tickets() == [TicketReason.QUESTION]
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.QUESTION)


def test_a_visit_is_moved_in_place() -> None:
    house = with_visit()
    press(house, Choice.CHANGE_VISIT)
    state = house.stands_at()
    assert isinstance(state, Offered)
    assert state.moving == AppointmentId(7)
    assert house.presses(Choice.SLOT, 0) == [booking.Rebooked]
    moved = requests.BookSlot(slot=TUESDAY_MORNING, moving=AppointmentId(7))
    assert moved in house.asked_for


def test_a_visit_is_moved_to_the_time_that_was_named() -> None:
    house = with_visit()
    assert house.writes(Intent.RESCHEDULE, times=on((11, 27), earliest=time(17))) == [times.OneTime]
    assert house.presses(Choice.SLOT, 0) == [booking.Rebooked]


def test_without_a_visit_there_is_nothing_to_move_but_a_time_to_find() -> None:
    assert House().writes(Intent.RESCHEDULE) == [times.TwoTimes]
    assert press(House(), Choice.CHANGE_VISIT) == [visit.NoVisit]


def test_a_visit_that_was_to_be_moved_can_be_kept_at_any_point() -> None:
    house = with_visit()
    press(house, Choice.CHANGE_VISIT)
    assert house.presses(Choice.KEEP_VISIT) == [cancel.VisitKept]
    press(house, Choice.CHANGE_VISIT)
    house.presses(Choice.OTHER_TIMES)
    assert house.presses(Choice.KEEP_VISIT) == [cancel.VisitKept]
    press(house, Choice.CHANGE_VISIT)
    house.presses(Choice.OTHER_TIMES)
    house.presses(Choice.DAY, 0)
    assert house.presses(Choice.KEEP_VISIT) == [cancel.VisitKept]
    press(house, Choice.CHANGE_VISIT)
    house.visit = None
    assert house.presses(Choice.KEEP_VISIT) == [visit.NoVisit]


def test_a_visit_with_no_other_time_stays_and_a_person_calls() -> None:
    house = with_visit()
    house.free = ()
    assert press(house, Choice.CHANGE_VISIT) == [times.NothingFreeVisitStays]
    assert house.tickets() == [TicketReason.NO_SLOTS]


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


def test_words_that_may_mean_the_contrary_permit_nothing() -> None:
    house = with_visit()
    house.writes(Intent.CANCEL)
    for intent in (Intent.YES, Intent.NO, Intent.CANCEL):
        assert house.writes(intent) == [cancel.CancelWhich]
        assert house.asked_for == []
    house.presses(Choice.CANCEL_VISIT)
    for intent in (Intent.YES, Intent.NO, Intent.CANCEL):
        assert house.writes(intent) == [cancel.CancelledMessagesOff]
    assert house.permitted == frozenset()


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


def test_running_late_tells_staff_now_and_keeps_the_question() -> None:
    house = reminded()
    assert house.writes(Intent.RUNNING_LATE) == [visit.RunningLate]
    assert house.tickets() == [TicketReason.RUNNING_LATE]
    assert house.stands_at() == Reminded(appointment_id=AppointmentId(7))


def test_a_reminder_answered_with_cancel_is_not_guessed() -> None:
    assert reminded().writes(Intent.CANCEL) == [cancel.CancelWhich]


def test_the_way_back_after_a_cancelled_visit_leads_to_a_kind_goodbye() -> None:
    house = with_visit()
    press(house, Choice.CANCEL_VISIT)
    house.presses(Choice.CONFIRM_CANCEL)
    house.presses(Choice.NOT_NOW)
    assert house.presses(Choice.NO_THANKS) == [objections.Goodbye]
    assert house.hears(ChatOpened()) == [opening.Welcome]
