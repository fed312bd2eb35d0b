"""Pain reaches whoever looks after it already, and a visit booked for it is brought forward where it can be."""

from datetime import timedelta

import pytest

from flows.dialogs.outreach_texts import check_in
from flows.dialogs.states import Frozen, Idle, Offered, WaitingForStaff
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.events import CheckInSent, ReminderSent, TextUnderstood
from flows.meaning import Flag, Intent, Meaning
from flows.messages import booking as confirmed
from flows.messages import cancel, checkin, objections, pain, repair, safety, times, visit
from flows.vocabulary import TicketReason, Urgency
from tests.flows.house import FREE, House, booked, on, slot, understood

SOON, LATER = FREE[0], FREE[4]
FAR_AWAY = slot(18, 9, month=12)


def hurts(intent: Intent = Intent.BOOK) -> TextUnderstood:
    """Make a text that speaks of pain."""
    return understood(intent, flags=frozenset({Flag.PAIN}))


def worried() -> House:
    """A patient who said after a visit that something is not well."""
    house = House()
    house.hears(CheckInSent())
    house.on_the_table = check_in(house.context).buttons
    house.presses(Choice.NOT_QUITE)
    return house


@pytest.mark.parametrize("intent", [Intent.BOOK, Intent.FEEDBACK_BAD, Intent.CHITCHAT, Intent.SLOT_CHOICE, Intent.YES])
def test_pain_that_goes_on_reaches_the_ticket_and_is_offered_no_times(intent: Intent) -> None:
    house = worried()
    assert house.hears(hurts(intent)) == [pain.StillInPain]
    assert house.asked_for == [requests.OpenTicket(reason=TicketReason.WORRY, urgency=Urgency.NOW)]
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.WORRY)


def test_pain_in_words_that_were_hardly_understood_reaches_the_ticket_too() -> None:
    house = worried()
    unsure = Meaning(intent=Intent.OTHER, sure=False, confidence=0.3, flags=frozenset({Flag.PAIN}))
    assert house.hears(TextUnderstood(text="words", meaning=unsure)) == [pain.StillInPain]


def test_pain_after_an_emergency_reaches_its_ticket_and_the_freeze_stays() -> None:
    house = House()
    house.writes(Intent.URGENT)
    assert house.hears(hurts()) == [pain.StillInPain]
    assert house.asked_for == [requests.OpenTicket(reason=TicketReason.EMERGENCY, urgency=Urgency.NOW)]
    assert house.stands_at() == Frozen(reason=TicketReason.EMERGENCY)


def test_pain_amid_looking_for_a_time_goes_back_to_whoever_knows_of_it() -> None:
    house = worried()
    house.writes(Intent.BOOK)
    assert isinstance(house.stands_at(), Offered)
    assert house.hears(hurts()) == [pain.StillInPain]
    assert house.did(requests.ReleaseHolds)
    assert house.stands_at() == WaitingForStaff(reason=TicketReason.WORRY)


def test_what_is_more_than_pain_is_answered_as_ever() -> None:
    house = worried()
    assert house.hears(hurts(Intent.MONEY)) == [objections.MoneyPlain]
    assert house.hears(hurts(Intent.URGENT)) == [safety.Emergency]


def test_pain_without_a_ticket_or_a_visit_looks_for_times() -> None:
    house = House()
    assert house.hears(hurts()) == [times.TwoTimes]
    assert house.tickets() == []
    unsure = Meaning(intent=Intent.OTHER, sure=False, confidence=0.3, flags=frozenset({Flag.PAIN}))
    assert house.hears(TextUnderstood(text="words", meaning=unsure)) == [repair.NotUnderstoodOnce]


def test_a_visit_that_is_too_far_away_for_pain_can_be_brought_forward() -> None:
    house = House(visit=booked(FAR_AWAY))
    assert house.hears(hurts()) == [pain.SoonerThanVisit, times.TwoTimes]
    state = house.stands_at()
    assert isinstance(state, Offered)
    assert state.moving == booked().appointment_id
    assert house.presses(Choice.SLOT, 0) == [confirmed.Rebooked]
    assert house.visit is not None
    assert house.visit.slot == SOON


def test_a_visit_stays_for_whoever_wants_none_of_the_sooner_times() -> None:
    house = House(visit=booked(FAR_AWAY))
    house.hears(ReminderSent(appointment_id=booked().appointment_id))
    house.hears(hurts())
    assert house.hears(hurts()) == [times.WhichOfTwo]
    assert house.presses(Choice.KEEP_VISIT) == [cancel.VisitKept]
    assert house.visit == booked(FAR_AWAY)


def test_only_what_is_clearly_sooner_is_offered() -> None:
    between = slot(26, 9)
    house = House(visit=booked(between))
    assert house.hears(hurts()) == [pain.SoonerThanVisit, times.OneTime]
    state = house.stands_at()
    assert isinstance(state, Offered)
    assert state.offers == (SOON,)


def test_where_nothing_is_sooner_the_visit_stays_and_a_person_calls() -> None:
    house = House(visit=booked(slot(25, 10)))
    assert house.hears(hurts()) == [pain.NothingSooner]
    assert house.asked_for[-1] == requests.OpenTicket(reason=TicketReason.WORRY, urgency=Urgency.TODAY)
    assert house.did(requests.ReleaseHolds)
    assert house.hears(hurts()) == [pain.StillInPain]
    house.free, house.visit, house.worry = (), booked(FAR_AWAY), None
    assert house.hears(hurts()) == [pain.NothingSooner]


def test_pain_with_a_time_that_was_named_moves_the_visit_there() -> None:
    house = House(visit=booked(FAR_AWAY))
    named = understood(Intent.SLOT_CHOICE, times=on((12, 2)), flags=frozenset({Flag.PAIN}))
    assert house.hears(named) == [times.OneTime]
    assert house.presses(Choice.SLOT, 0) == [confirmed.Rebooked]
    assert house.visit is not None
    assert house.visit.slot == LATER


def test_pain_after_a_visit_is_for_staff_though_the_next_one_is_booked() -> None:
    house = House(visit=booked(FAR_AWAY))
    house.hears(CheckInSent())
    assert house.hears(hurts(Intent.FEEDBACK_BAD)) == [checkin.WorryHeard]


def test_somebody_in_the_chair_is_not_moved_away() -> None:
    house = House(visit=booked(FREE[0]), now=FREE[0].starts_at + timedelta(minutes=5))
    assert house.hears(hurts()) == [visit.AlreadyBooked]
    assert house.stands_at() == Idle()
