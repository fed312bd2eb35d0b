"""A person, please; and the check-in after a visit, whose worries go to people."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.dialogs.outreach_texts import check_in
from flows.dialogs.states import CheckInAsked, Closed, Frozen, Idle, MayWeWrite, WaitingForStaff
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.events import (
    AttachmentReceived,
    CheckInSent,
    ChoicePressed,
    Event,
    HandedBack,
    InvitationSent,
    ReminderSent,
)
from flows.meaning import Flag, Intent, TimeWish
from flows.messages import answers, checkin, objections, person, repair, safety, times, visit
from flows.messages.text import Text
from flows.vocabulary import AttachmentKind, Purpose, TicketReason, Urgency
from tests.flows.beginnings import offered_one
from tests.flows.house import FREE, House, booked, puzzling, understood

MONDAY = datetime(2025, 11, 24, 8, tzinfo=UTC)


def press(choice: Choice) -> ChoicePressed:
    return ChoicePressed(choice=choice, argument=0, asked=0)


def test_a_person_is_told_and_the_patient_hears_when() -> None:
    house = offered_one()
    assert house.presses(Choice.PERSON) == [person.PersonComing]
    assert house.tickets() == [TicketReason.PERSON_ASKED]
    closed = offered_one(staff_back_at=MONDAY)
    assert closed.writes(Intent.HUMAN) == [person.PersonFrom]
    assert closed.said[0].text == person.PersonFrom(back_at=MONDAY)


def test_whoever_waits_is_answered_but_no_second_ticket_is_opened() -> None:
    house = offered_one()
    house.writes(Intent.HUMAN)
    assert house.writes(Intent.HUMAN) == [person.PersonKnows]
    assert house.tickets() == []
    house.staff_back_at = MONDAY
    assert house.writes(Intent.HUMAN) == [person.PersonKnowsFrom]
    assert house.writes(Intent.INFO_QUESTION) == [person.Noted]
    assert house.tickets() == []
    assert house.writes(Intent.CHITCHAT) == [answers.Pleasantry]
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.PERSON_ASKED)
    assert house.writes(Intent.BOOK) == [times.TwoTimes]


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (AttachmentReceived(kind=AttachmentKind.PICTURE), repair.AttachmentPassedOn),
        (AttachmentReceived(kind=AttachmentKind.VOICE), repair.VoicePassedOn),
        (AttachmentReceived(kind=AttachmentKind.PICTURE, kept=False), repair.FileNotKept),
        (AttachmentReceived(kind=AttachmentKind.VOICE, kept=False), repair.FileNotKept),
    ],
)
def test_whoever_waits_hears_what_becomes_of_the_file_they_send(sent: AttachmentReceived, text: type[Text]) -> None:
    house = offered_one()
    house.writes(Intent.HUMAN)
    assert house.hears(sent) == [text]
    assert house.tickets() == []
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.PERSON_ASKED)


def test_a_time_that_is_named_for_a_call_is_noted_and_no_visit_is_looked_for() -> None:
    house = offered_one()
    house.writes(Intent.COMPLAINT)
    assert house.writes(Intent.SLOT_CHOICE) == [person.Noted]
    assert house.stands_at() == Frozen(reason=TicketReason.COMPLAINT)
    afraid = offered_one()
    afraid.writes(Intent.FEAR)
    afraid.presses(Choice.CALL_ME)
    assert afraid.writes(Intent.SLOT_CHOICE) == [person.Noted]
    today = TimeWish(dates=(afraid.context.now.date(),))
    assert afraid.writes(Intent.SLOT_CHOICE, times=today) == [person.Noted]
    later = TimeWish(dates=(afraid.context.now.date() + timedelta(days=1),))
    assert afraid.writes(Intent.SLOT_CHOICE, times=later) == [times.NearestTwo]
    waiting = offered_one()
    waiting.writes(Intent.HUMAN)
    assert waiting.writes(Intent.SLOT_CHOICE) == [times.TwoTimes]


@pytest.mark.parametrize("closed_till", [None, MONDAY])
def test_whoever_was_offered_a_call_and_asks_for_somebody_in_words_is_called(closed_till: datetime | None) -> None:
    house = offered_one(staff_back_at=closed_till)
    house.writes(Intent.MONEY)
    called = objections.CallComing if closed_till is None else objections.CallComingFrom
    assert house.writes(Intent.HUMAN) == [called]
    assert house.tickets() == [TicketReason.PAYMENT]


def test_a_frozen_chat_offers_no_guesses_at_words_that_were_not_understood() -> None:
    house = offered_one()
    house.writes(Intent.URGENT)
    assert house.hears(puzzling(Intent.DECEASED)) == [person.Noted]
    assert house.hears(puzzling(Intent.DECEASED)) == []
    assert house.hears(puzzling(Intent.STOP)) == [repair.NotUnderstoodOnce]
    assert house.stands_at() == Frozen(reason=TicketReason.EMERGENCY)


def test_whoever_asks_for_a_person_after_danger_is_not_told_to_wait_for_the_morning() -> None:
    house = offered_one(staff_back_at=MONDAY)
    house.writes(Intent.URGENT)
    assert house.writes(Intent.HUMAN) == [safety.StillWithTeam]
    assert house.tickets() == [TicketReason.PERSON_ASKED]
    assert house.stands_at() == Frozen(reason=TicketReason.EMERGENCY)


def test_whoever_goes_on_talking_after_a_crisis_hears_the_kind_text_again_and_no_form() -> None:
    house = offered_one()
    house.hears(understood(Intent.CHITCHAT, flags=frozenset({Flag.CRISIS})))
    assert house.writes(Intent.NO) == [safety.Crisis]
    assert house.hears(puzzling(Intent.CANCEL)) == [safety.Crisis]
    assert house.said[-1].buttons == ()
    assert house.hears(puzzling(Intent.CANCEL)) == []
    assert house.writes(Intent.OTHER) == [safety.Crisis]
    assert house.writes(Intent.BOOK) != [safety.Crisis]


def test_a_thank_you_after_the_last_word_is_answered_with_silence() -> None:
    house = offered_one()
    house.writes(Intent.DECEASED)
    assert house.writes(Intent.CHITCHAT) == []
    assert house.stands_at() == Closed(reason=TicketReason.DECEASED)


def test_reasons_for_staying_away_are_left_to_staff_in_a_frozen_chat() -> None:
    for intent in (Intent.NO_NEED, Intent.MONEY, Intent.MOVED):
        house = offered_one()
        house.writes(Intent.URGENT)
        assert house.writes(intent) == [person.Noted]
        assert house.stands_at() == Frozen(reason=TicketReason.EMERGENCY)


def test_whoever_waits_is_not_nagged_about_words_that_were_not_understood() -> None:
    house = offered_one()
    house.writes(Intent.HUMAN)
    assert house.hears(puzzling()) == [person.Noted]
    assert house.hears(puzzling()) == []
    assert house.hears(puzzling()) == []


def test_handing_back_says_so_in_one_line() -> None:
    house = offered_one()
    house.writes(Intent.HUMAN)
    assert house.hears(HandedBack(answered=True)) == [person.AssistantBack]
    assert house.stands_at() == Idle()
    assert house.hears(HandedBack(answered=True)) == [person.AssistantBack]
    house.writes(Intent.MONEY)
    assert house.hears(HandedBack(answered=False))[0] is person.AssistantBack
    assert len(house.said) == 2


def test_what_staff_have_spoken_about_is_not_asked_again() -> None:
    invited, offered = House(), House()
    invited.hears(InvitationSent(offers=FREE[:2]))
    offered.writes(Intent.BOOK)
    for house in (invited, offered):
        assert house.hears(HandedBack(answered=True)) == [person.AssistantBack]
        assert house.stands_at() == Idle()
    assert offered.did(requests.ReleaseHolds)
    reminded = House(visit=booked())
    reminded.hears(ReminderSent(appointment_id=booked().appointment_id))
    assert reminded.hears(HandedBack(answered=False)) == [person.AssistantBack, visit.Reminder]
    assert reminded.hears(HandedBack(answered=True)) == [person.AssistantBack]
    assert reminded.stands_at() == Idle()


def checked(unasked: frozenset[Purpose] = frozenset()) -> House:
    house = House(permitted=frozenset({Purpose.POSTVISIT}), unasked=unasked)
    house.hears(CheckInSent())
    house.on_the_table = check_in(house.context).buttons
    return house


def test_all_well_asks_whether_to_write_when_the_next_check_up_is_due() -> None:
    house = checked(unasked=frozenset({Purpose.RECALL}))
    assert house.presses(Choice.ALL_GOOD) == [checkin.GladMayWeWrite]
    assert house.did(requests.RememberAsking)
    assert house.presses(Choice.KEEP_MESSAGES) == [checkin.WillWrite]
    assert house.asked_for == [requests.RecordConsent(permitted=frozenset({Purpose.RECALL}))]
    assert house.stands_at() == Idle()


def test_whoever_was_asked_before_is_thanked_and_not_asked_again() -> None:
    house = checked()
    assert house.presses(Choice.ALL_GOOD) == [checkin.Glad]
    assert house.stands_at() == Idle()
    child = checked(unasked=frozenset({Purpose.RECALL}))
    child.minor = True
    assert child.writes(Intent.YES) == [checkin.Glad]
    assert not child.did(requests.RememberAsking)


def test_a_no_to_being_written_to_is_kept() -> None:
    house = checked(unasked=frozenset({Purpose.RECALL}))
    house.writes(Intent.FEEDBACK_GOOD)
    assert house.stands_at() == MayWeWrite()
    assert house.writes(Intent.NO) == [checkin.WillNotWrite]
    assert house.asked_for == [requests.RecordConsent(refused=frozenset({Purpose.RECALL}))]


def test_all_well_with_a_permission_or_a_visit_asks_nothing() -> None:
    permitted = checked()
    permitted.permitted = frozenset({Purpose.RECALL})
    assert permitted.writes(Intent.YES) == [checkin.GladWillWrite]
    next_visit = checked()
    next_visit.visit = booked(FREE[2])
    assert next_visit.writes(Intent.FEEDBACK_GOOD) == [checkin.GladNextVisit]


@pytest.mark.parametrize("event", [press(Choice.NOT_QUITE), understood(Intent.FEEDBACK_BAD), understood(Intent.NO)])
def test_a_worry_after_a_visit_reaches_staff_at_once(event: Event) -> None:
    house = checked()
    assert house.hears(event) == [checkin.WorryHeard]
    assert house.asked_for == [requests.OpenTicket(reason=TicketReason.WORRY, urgency=Urgency.NOW)]
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.WORRY)


def test_small_talk_keeps_the_check_in_open() -> None:
    house = checked()
    assert house.writes(Intent.CHITCHAT) == [answers.Pleasantry, checkin.CheckIn]
    assert house.stands_at() == CheckInAsked()


def test_an_old_check_in_button_still_tells_staff() -> None:
    house = checked()
    house.now += timedelta(days=2)
    house.writes(Intent.BOOK)
    assert house.hears(press(Choice.NOT_QUITE)) == [checkin.WorryHeard]
    assert house.did(requests.ReleaseHolds)


def test_an_old_button_is_said_to_have_moved_on() -> None:
    house = checked()
    assert house.hears(press(Choice.WILL_COME)) == [repair.MovedOn, checkin.CheckIn]
