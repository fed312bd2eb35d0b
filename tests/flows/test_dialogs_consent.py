"""Asking what may be written about, how and how often: once, beside the errand, and changed at any time."""

import pytest

from flows.dialogs.outreach_texts import invitation
from flows.dialogs.states import (
    AskedFrom,
    ConsentAsked,
    GuardianAsked,
    Idle,
    Offered,
    RhythmAsked,
    SettingsOpen,
    WayAsked,
)
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts
from flows.engine.decision import Attachment
from flows.engine.events import ChatOpened, ChoicePressed, InvitationSent
from flows.meaning import Intent
from flows.messages import booking, cancel, consent, notices, recall, safety, settings, stop, times, welcome
from flows.messages import buttons as label
from flows.outreach.ledger import ActedBy
from flows.vocabulary import Channel, Purpose
from tests.flows.house import TUESDAY_MORNING, House

NOTHING: frozenset[Purpose] = frozenset()
ALL_ASKED = frozenset({Purpose.RECALL, Purpose.POSTVISIT, Purpose.OFFER})
OFFERING = ClinicFacts(asks_for=ALL_ASKED)


def newcomer(clinic: ClinicFacts | None = None) -> House:
    house = House(permitted=NOTHING, unasked=ALL_ASKED, clinic=clinic or ClinicFacts())
    house.hears(ChatOpened())
    return house


def child() -> House:
    house = House(permitted=NOTHING, unasked=ALL_ASKED, minor=True, clinic=OFFERING)
    house.hears(ChatOpened())
    return house


def presses_old(house: House, choice: Choice) -> list[type]:
    return list(house.hears(ChoicePressed(choice=choice, argument=0, asked=0)))


def recorded(house: House) -> list[requests.RecordConsent]:
    return [each for each in house.asked_for if isinstance(each, requests.RecordConsent)]


def test_who_comes_first_is_greeted_and_asked_one_thing() -> None:
    house = House(permitted=NOTHING, unasked=ALL_ASKED)
    assert house.hears(ChatOpened()) == [welcome.WelcomeAsking, consent.MayWeRemind]
    assert house.asked_for == [requests.RememberAsking()]
    assert house.stands_at() == ConsentAsked(asking=(Purpose.RECALL, Purpose.POSTVISIT))


def test_each_yes_is_recorded_by_itself_and_the_way_and_the_rhythm_follow() -> None:
    house = newcomer()
    assert house.presses(Choice.ALLOW) == [consent.MayWeAskAfter]
    assert [each.permitted for each in recorded(house)] == [{Purpose.RECALL}]
    assert house.writes(Intent.YES) == [consent.HowMayWeWrite]
    assert [each.permitted for each in recorded(house)] == [{Purpose.POSTVISIT}]
    assert requests.FindWays(purposes=frozenset({Purpose.RECALL, Purpose.POSTVISIT})) in house.asked_for
    assert house.presses(Choice.WAY, 1) == [consent.HowOften]
    assert house.asked_for == [requests.ChooseWay(channel=Channel.LETTER)]
    assert house.presses(Choice.RHYTHM, 6) == [consent.ConsentNoted]
    assert house.asked_for == [requests.ChooseRhythm(months=6)]
    assert house.said[0].attachment is Attachment.RECEIPT
    assert house.stands_at() == Idle()


def test_two_noes_end_it_with_a_receipt_and_permit_nothing() -> None:
    house = newcomer(OFFERING)
    assert house.presses(Choice.NO_THANKS) == [consent.MayWeAskAfter]
    assert [each.refused for each in recorded(house)] == [{Purpose.RECALL}]
    assert house.writes(Intent.NO) == [consent.ConsentNoted]
    assert house.said[0].attachment is Attachment.RECEIPT
    assert house.permitted == NOTHING


def test_only_who_wants_reminders_is_asked_about_offers() -> None:
    house = newcomer(OFFERING)
    house.presses(Choice.ALLOW)
    assert house.presses(Choice.NO_THANKS) == [consent.MayWeOffer]
    assert house.presses(Choice.NO_THANKS) == [consent.HowMayWeWrite]
    assert house.permitted == {Purpose.RECALL}


def test_nobody_is_asked_about_what_the_policy_forbids() -> None:
    house = newcomer(ClinicFacts(asks_for=frozenset({Purpose.RECALL})))
    assert house.presses(Choice.ALLOW) == [consent.HowMayWeWrite]
    nothing = House(permitted=NOTHING, unasked=ALL_ASKED, clinic=ClinicFacts(asks_for=frozenset({Purpose.OFFER})))
    nothing.hears(ChatOpened())
    assert nothing.stands_at() == Idle()


def test_with_one_way_only_the_rhythm_is_asked_at_once() -> None:
    house = newcomer()
    house.ways = (Channel.WEBCHAT,)
    house.presses(Choice.ALLOW)
    assert house.presses(Choice.ALLOW) == [consent.HowOften]
    assert house.stands_at() == RhythmAsked(asked_from=AskedFrom.CONSENT)
    assert house.presses(Choice.RHYTHM, 0) == [consent.ConsentNoted]
    assert house.asked_for == [requests.ChooseRhythm(months=None)]


def test_what_exactly_shows_the_notice_with_the_bound_of_the_policy_and_asks_again() -> None:
    house = newcomer(ClinicFacts(at_most={Purpose.RECALL: 2}))
    assert house.presses(Choice.WHAT_EXACTLY) == [notices.NoticeRecall, consent.MayWeRemind]
    assert next(reply.text for reply in house.said) == notices.NoticeRecall(most=2)
    assert house.asked_for == []
    house.presses(Choice.NO_THANKS)
    house.presses(Choice.WHAT_EXACTLY)
    assert next(reply.text for reply in house.said) == notices.NoticePostvisit(most=1)


def test_who_came_to_book_books_and_is_not_asked_again() -> None:
    house = newcomer()
    assert house.writes(Intent.BOOK) == [times.TwoTimes]
    assert isinstance(house.stands_at(), Offered)
    assert house.presses(Choice.SLOT, 0) == [booking.Booked]
    assert house.stands_at() == Idle()
    assert house.permitted == NOTHING


def test_who_came_with_an_invitation_is_asked_after_their_errand() -> None:
    house = House(unasked=ALL_ASKED)
    house.hears(InvitationSent(offers=(TUESDAY_MORNING,)))
    house.on_the_table = invitation(1, (TUESDAY_MORNING,), house.context).buttons
    assert house.hears(ChatOpened()) == [recall.FirstInvitationOneTime]
    assert house.presses(Choice.SLOT, 0) == [booking.Booked, consent.MayWeAskAfter]
    assert house.said[0].attachment is Attachment.CALENDAR_FILE
    assert house.did(requests.RememberAsking)
    assert Choice.MY_VISIT in {button.choice for button in house.on_the_table}


def test_later_passes_the_question_over_and_permits_nothing() -> None:
    house = newcomer()
    assert house.writes(Intent.LATER) == [welcome.WhatCanWeDo]
    assert house.asked_for == []
    assert house.stands_at() == Idle()
    assert house.hears(ChatOpened()) == [welcome.Welcome]


def test_a_stop_is_heard_while_we_ask() -> None:
    house = newcomer()
    assert house.writes(Intent.STOP) == [stop.Stopped]
    assert house.did(requests.RecordStop)


@pytest.mark.parametrize("intent", [Intent.WRONG_PERSON, Intent.DECEASED])
def test_who_is_not_the_patient_is_asked_nothing_more(intent: Intent) -> None:
    house = newcomer()
    assert house.writes(intent) in ([safety.WrongPersonSorry], [safety.Condolence])
    assert house.hears(ChatOpened()) == [safety.LineClosed]


def test_for_a_child_it_is_asked_first_who_answers_and_never_about_offers() -> None:
    house = child()
    assert house.stands_at() == GuardianAsked(asking=(Purpose.RECALL, Purpose.POSTVISIT))
    assert house.presses(Choice.GUARDIAN) == [consent.MayWeRemind]
    house.presses(Choice.ALLOW)
    assert [each.acted_by for each in recorded(house)] == [ActedBy.GUARDIAN]
    assert house.presses(Choice.NO_THANKS) == [consent.HowMayWeWrite]


def test_a_child_cannot_permit_but_can_do_everything_else() -> None:
    house = child()
    assert house.presses(Choice.MYSELF) == [consent.GuardianDecides]
    assert house.asked_for == []
    assert house.presses(Choice.LOOK_FOR_TIME) == [times.TwoTimes]


def test_in_the_settings_of_a_child_the_guardian_permits_and_the_child_refuses() -> None:
    house = House(minor=True)
    assert presses_old(house, Choice.SETTINGS) == [consent.WhoAnswers]
    assert house.presses(Choice.MYSELF) == [settings.SettingsShown]
    assert house.presses(Choice.SWITCH, 1) == [consent.GuardianDecides, settings.SettingsShown]
    assert house.asked_for == []
    house.presses(Choice.SWITCH, 0)
    assert [each.refused for each in recorded(house)] == [{Purpose.RECALL}]
    presses_old(house, Choice.SETTINGS)
    house.presses(Choice.GUARDIAN)
    house.presses(Choice.SWITCH, 0)
    assert [each.permitted for each in recorded(house)] == [{Purpose.RECALL}]
    assert [each.acted_by for each in recorded(house)] == [ActedBy.GUARDIAN]


def test_a_child_takes_no_stop_back() -> None:
    house = House(minor=True)
    house.writes(Intent.STOP)
    assert house.presses(Choice.START_AGAIN) == [consent.WhoAnswers]
    assert house.permitted == NOTHING
    house = House(minor=True)
    assert house.writes(Intent.CANCEL) == [cancel.CancelMessages]
    assert house.presses(Choice.KEEP_MESSAGES) == [consent.WhoAnswers]
    assert house.permitted == NOTHING


def test_settings_show_how_and_how_often_and_change_both() -> None:
    house = House()
    presses_old(house, Choice.SETTINGS)
    shown = {type(button.label) for button in house.on_the_table}
    assert {label.ButtonHowChat, label.ButtonOftenDue} <= shown
    assert house.presses(Choice.HOW) == [consent.HowMayWeWrite]
    assert house.stands_at() == WayAsked(ways=house.ways, asked_from=AskedFrom.SETTINGS)
    assert house.presses(Choice.WAY, 1) == [settings.SettingsShown]
    assert house.asked_for == [requests.ChooseWay(channel=Channel.LETTER)]
    assert house.presses(Choice.HOW_OFTEN) == [consent.HowOften]
    assert house.presses(Choice.RHYTHM, 12) == [settings.SettingsShown]
    shown = {type(button.label) for button in house.on_the_table}
    assert {label.ButtonHowLetter, label.ButtonOftenOnce} <= shown
    state = house.stands_at()
    assert isinstance(state, SettingsOpen)
    assert (state.preferred_channel, state.rhythm_months) == (Channel.LETTER, 12)


def test_a_way_or_a_rhythm_that_no_button_has_is_asked_back() -> None:
    house = House()
    presses_old(house, Choice.SETTINGS)
    house.presses(Choice.HOW)
    press = ChoicePressed(choice=Choice.WAY, argument=7, asked=house.chat.asked)
    assert house.hears(press) == [consent.HowMayWeWrite]
    house.presses(Choice.WAY, 0)
    house.presses(Choice.HOW_OFTEN)
    press = ChoicePressed(choice=Choice.RHYTHM, argument=7, asked=house.chat.asked)
    assert house.hears(press) == [consent.HowOften]
    assert house.asked_for == []


def test_settings_show_the_notices_and_give_a_receipt() -> None:
    house = House()
    presses_old(house, Choice.SETTINGS)
    shown = [notices.NoticeRecall, notices.NoticePostvisit, settings.SettingsShown]
    assert house.presses(Choice.WHAT_EXACTLY) == shown
    assert house.presses(Choice.RECEIPT) == [settings.SettingsReceipt, settings.SettingsShown]
    assert house.said[0].attachment is Attachment.RECEIPT


def test_whoever_saw_the_settings_is_not_asked_any_more() -> None:
    house = House(unasked=ALL_ASKED)
    presses_old(house, Choice.SETTINGS)
    assert house.did(requests.RememberAsking)
    house.presses(Choice.DONE)
    house.writes(Intent.BOOK)
    assert house.presses(Choice.SLOT, 0) == [booking.Booked]
