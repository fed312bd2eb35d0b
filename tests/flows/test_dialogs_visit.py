"""A booked visit: reminded of, confirmed, shown and moved."""

from datetime import time

import pytest

from flows.dialogs.outreach_texts import reminder
from flows.dialogs.states import Idle, Offered, Reminded, WaitingForStaff
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts
from flows.engine.decision import Attachment
from flows.engine.events import ChatOpened, ReminderSent
from flows.ids import AppointmentId
from flows.meaning import Intent
from flows.messages import booking, cancel, repair, times, visit
from flows.vocabulary import TicketReason
from tests.flows.beginnings import press, with_visit
from tests.flows.house import FREE, TUESDAY_MORNING, House, booked, on


def reminded() -> House:
    house = with_visit()
    assert house.visit is not None
    house.hears(ReminderSent(appointment_id=house.visit.appointment_id))
    house.on_the_table = reminder(house.visit, house.context).buttons
    return house


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


def test_running_late_tells_staff_now_and_keeps_the_question() -> None:
    house = reminded()
    assert house.writes(Intent.RUNNING_LATE) == [visit.RunningLate]
    assert house.tickets() == [TicketReason.RUNNING_LATE]
    assert house.stands_at() == Reminded(appointment_id=AppointmentId(7))


def test_a_reminder_answered_with_cancel_is_not_guessed() -> None:
    assert reminded().writes(Intent.CANCEL) == [cancel.CancelWhich]
