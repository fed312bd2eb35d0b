"""From an invitation to a booked visit, in all the ways patients take."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from flows.dialogs.booking import confirmation
from flows.dialogs.outreach_texts import invitation
from flows.dialogs.states import Idle, Invited, Offered, WaitingForStaff, WhenAsked
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts
from flows.engine.decision import Attachment
from flows.engine.events import ChatOpened, ChoicePressed, HandedBack, InvitationSent, VisitBooked
from flows.meaning import Intent
from flows.messages import answers, cancel, later, person, recall, repair, times, visit
from flows.messages import booking as confirmed
from flows.messages import welcome as opening
from flows.messages.text import Text
from flows.slots import Slot
from flows.vocabulary import TicketReason
from tests.flows.beginnings import OFFERS, invite, offered
from tests.flows.house import FREE, NOW, THURSDAY_EVENING, TUESDAY_MORNING, House, booked, on, slot


@pytest.mark.parametrize(
    ("step_number", "two", "one"),
    [
        (1, recall.FirstInvitation, recall.FirstInvitationOneTime),
        (2, recall.SecondInvitation, recall.SecondInvitationOneTime),
        (3, recall.ThirdInvitation, recall.ThirdInvitationOneTime),
        (4, recall.ThirdInvitation, recall.ThirdInvitationOneTime),
    ],
)
def test_each_step_of_the_campaign_has_words_for_one_time_and_for_two(
    step_number: int, two: type[Text], one: type[Text]
) -> None:
    world = House().context
    assert type(invitation(step_number, OFFERS, world).text) is two
    assert type(invitation(step_number, OFFERS[:1], world).text) is one


def test_there_is_no_invitation_without_a_time_ahead() -> None:
    world = House().context
    for slots in ((), (slot(20, 9),)):
        with pytest.raises(ValueError, match="a time that lies ahead"):
            invitation(1, slots, world)


def test_an_invitation_is_shown_in_full_to_whoever_opens_the_chat_from_it() -> None:
    house = invite(House(), step_number=2)
    assert house.hears(ChatOpened()) == [recall.SecondInvitation]
    assert house.said == [invitation(2, OFFERS, house.context)]
    assert house.stands_at() == Invited(offers=OFFERS, step_number=2)


def test_a_pressed_offer_is_booked_and_confirmed_with_a_calendar_file() -> None:
    house = invite(House())
    assert house.presses(Choice.SLOT, 1) == [confirmed.Booked]
    assert house.visit == booked(THURSDAY_EVENING, appointment=8)
    assert house.said[0].attachment is Attachment.CALENDAR_FILE
    assert house.stands_at() == Idle()


def test_a_confirmation_says_what_to_bring_where_the_clinic_does() -> None:
    house = invite(House(clinic=ClinicFacts(says=frozenset({"bring"}))))
    assert house.presses(Choice.SLOT, 0) == [confirmed.BookedBring]


def test_a_button_pressed_twice_books_once() -> None:
    house = invite(House())
    house.presses(Choice.SLOT, 1)
    assert house.presses_old(Choice.SLOT, 1) == [repair.MovedOn, opening.WhatCanWeDo]
    assert not house.did(requests.BookSlot)


def test_a_taken_offer_is_owned_up_to_and_two_others_are_offered_at_once() -> None:
    house = invite(House(somebody_faster=True))
    assert house.presses(Choice.SLOT, 0) == [times.JustTaken, times.TwoTimes]
    assert house.stands_at() == Offered(offers=(THURSDAY_EVENING, FREE[2]), exact=True)


def test_a_time_named_in_words_takes_the_one_offer_it_fits() -> None:
    house = invite(House())
    assert house.writes(Intent.SLOT_CHOICE, times=on((11, 27))) == [confirmed.Booked]
    assert house.visit == booked(THURSDAY_EVENING, appointment=8)


@pytest.mark.parametrize(("ordinal", "taken"), [(0, TUESDAY_MORNING), (1, THURSDAY_EVENING), (-1, THURSDAY_EVENING)])
def test_an_offer_may_be_pointed_at_by_its_place(ordinal: int, taken: Slot) -> None:
    house = invite(House())
    assert house.writes(Intent.SLOT_CHOICE, ordinal=ordinal) == [confirmed.Booked]
    assert house.visit == booked(taken, appointment=8)


def test_a_place_beyond_the_offers_is_asked_back() -> None:
    house = invite(House(), TUESDAY_MORNING)
    assert house.writes(Intent.SLOT_CHOICE, ordinal=1) == [times.WouldSuit]


def test_words_that_fit_both_offers_are_asked_back() -> None:
    house = invite(House())
    assert house.writes(Intent.BOOK, times=on((11, 25), (11, 27))) == [times.WhichOfTwo]
    assert house.visit is None


def test_a_yes_takes_the_only_offer_and_asks_which_of_two() -> None:
    alone = invite(House(), TUESDAY_MORNING)
    assert alone.writes(Intent.YES) == [confirmed.Booked]
    both = invite(House())
    assert both.writes(Intent.YES) == [times.WhichOfTwo]


def test_a_yes_takes_the_only_offer_that_still_lies_ahead() -> None:
    house = invite(House())
    house.now = TUESDAY_MORNING.starts_at
    assert house.writes(Intent.YES) == [confirmed.Booked]
    assert house.visit == booked(THURSDAY_EVENING, appointment=8)


def test_a_no_to_the_invitation_is_asked_when_to_write_again() -> None:
    house = invite(House())
    assert house.writes(Intent.NO) == [later.WhenAgain]
    assert house.stands_at() == WhenAsked()


def test_a_wish_that_fits_no_offer_is_looked_for() -> None:
    house = invite(House())
    assert house.writes(Intent.SLOT_CHOICE, times=on((12, 2))) == [times.OneTime]
    assert house.stands_at() == Offered(offers=(slot(2, 8, month=12),), exact=True, wish=on((12, 2)))


def test_a_wish_that_cannot_be_met_is_said_to_be_so_and_the_nearest_is_offered() -> None:
    house = invite(House())
    assert house.writes(Intent.SLOT_CHOICE, times=on((11, 26))) == [times.NearestTwo]
    house.free = (TUESDAY_MORNING,)
    assert house.writes(Intent.SLOT_CHOICE, times=on((11, 26))) == [times.NearestOne]


def test_offers_are_kept_and_say_for_how_long() -> None:
    house = offered(House(clinic=ClinicFacts(hold_minutes=15)))
    assert house.said[0].text == times.TwoTimes(
        first=TUESDAY_MORNING.starts_at, second=THURSDAY_EVENING.starts_at, minutes=15
    )
    assert any(isinstance(each, requests.FindSlots) and each.hold_minutes == 15 for each in house.asked_for)


def test_nothing_free_is_said_and_a_person_told() -> None:
    house = House(free=())
    house.hears(ChatOpened())
    assert house.presses(Choice.LOOK_FOR_TIME) == [times.NothingFree]
    assert house.tickets() == [TicketReason.NO_SLOTS]
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.NO_SLOTS)


def test_small_talk_keeps_the_offers_on_the_table_and_their_older_buttons_good() -> None:
    house = invite(House())
    before = house.chat.asked
    assert house.writes(Intent.CHITCHAT) == [answers.Pleasantry, times.WhichOfTwo]
    assert house.hears(ChoicePressed(choice=Choice.SLOT, argument=0, asked=before)) == [confirmed.Booked]


def test_offers_that_are_over_are_not_booked() -> None:
    house = invite(House())
    house.now = NOW + timedelta(days=10)
    assert house.presses(Choice.SLOT, 0) == [recall.OffersPassed]
    assert house.visit is None
    assert house.hears(ChatOpened()) == [recall.OffersPassed]
    assert house.presses(Choice.LOOK_FOR_TIME) == [times.TwoTimes]


@pytest.mark.parametrize("agreed", [Intent.YES, Intent.BOOK, Intent.SLOT_CHOICE])
@pytest.mark.parametrize("house", [lambda: invite(House()), lambda: offered(House())], ids=["invited", "offered"])
def test_a_yes_to_new_times_finds_them(house: Callable[[], House], agreed: Intent) -> None:
    late = house()
    late.now = NOW + timedelta(days=10)
    late.hears(ChatOpened())
    assert late.writes(agreed) == [times.TwoTimes]
    state = late.stands_at()
    assert isinstance(state, Offered)
    assert all(offer.starts_at > late.now for offer in state.offers)


def test_a_no_to_new_times_is_asked_when_to_write_again() -> None:
    for house in (invite(House()), offered(House())):
        house.now = NOW + timedelta(days=10)
        assert house.hears(ChatOpened()) == [recall.OffersPassed]
        assert house.writes(Intent.NO) == [later.WhenAgain]


def test_a_no_to_new_times_for_a_visit_leaves_it_as_it_is() -> None:
    house = House(visit=booked(FREE[-1]))
    house.hears(ChoicePressed(choice=Choice.CHANGE_VISIT, argument=0, asked=0))
    house.now = NOW + timedelta(days=9)
    assert house.hears(ChatOpened()) == [recall.OffersPassed]
    assert house.writes(Intent.NO) == [cancel.VisitKept]
    assert house.stands_at() == Idle()


def test_a_reminder_is_promised_only_where_one_will_come() -> None:
    for says, soon in ((frozenset[str](), confirmed.BookedSoon), (frozenset({"bring"}), confirmed.BookedBringSoon)):
        context = House(clinic=ClinicFacts(says=says)).context
        reply = confirmation(VisitBooked(visit=booked(), reminder_at=None), None, context)
        assert type(reply.text) is soon


def test_whoever_has_a_visit_gets_no_second_one() -> None:
    house = invite(House())
    house.visit = booked(FREE[2])
    assert house.presses(Choice.SLOT, 0) == [visit.AlreadyBooked]
    assert not house.did(requests.BookSlot)
    assert house.writes(Intent.BOOK) == [visit.AlreadyBooked]
    assert house.hears(ChoicePressed(choice=Choice.OTHER_TIMES, argument=0, asked=0)) == [visit.AlreadyBooked]


def test_an_invitation_without_times_changes_nothing() -> None:
    house = House()
    house.hears(InvitationSent(offers=()))
    assert house.stands_at() == Idle()


def test_handing_back_asks_the_open_offer_again_unless_staff_booked() -> None:
    house = invite(House())
    assert house.hears(HandedBack(answered=False)) == [person.AssistantBack, times.WhichOfTwo]
    house.visit = booked()
    assert house.hears(HandedBack(answered=False)) == [person.AssistantBack]
    assert house.stands_at() == Idle()


def test_handing_back_amid_moving_a_visit_asks_the_offer_again() -> None:
    house = House(visit=booked(FREE[2]))
    house.writes(Intent.RESCHEDULE)
    assert house.hears(HandedBack(answered=False)) == [person.AssistantBack, times.WhichOfTwo]


def test_an_offer_of_a_visit_to_be_moved_that_is_gone_books_anew() -> None:
    house = House(visit=booked(FREE[2]))
    house.writes(Intent.RESCHEDULE)
    house.visit = None
    assert house.presses(Choice.SLOT, 0) == [confirmed.Booked]
    assert house.stands_at() == Idle()


def test_an_hour_alone_is_looked_for_on_the_days_wished_for_before() -> None:
    house = offered(House())
    house.writes(Intent.SLOT_CHOICE, times=on((4, 12)))
    house.writes(Intent.SLOT_CHOICE, times=on(earliest=time(9), latest=time(9)))
    found = [each for each in house.asked_for if isinstance(each, requests.FindSlots)]
    assert [each.wish for each in found] == [on((4, 12), earliest=time(9), latest=time(9))]
